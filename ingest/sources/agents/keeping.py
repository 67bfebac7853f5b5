"""Secrets of a configuration as nodes: those referred to by name, those written out by fingerprint."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from graph.model import EdgeFacts, NodeFacts, PropertyValue, Uid
from graph.vocabulary import Certainty, Kind
from ingest.facts import Fact
from ingest.fingerprint import Fingerprinter
from ingest.redaction import redact_text
from ingest.sources.agents.held import Held
from ingest.sources.agents.names import Holder


def secret_facts(
    held: Iterable[Held],
    holder: Holder,
    user: Uid,
    owner: tuple[str, ...],
    fingerprints: Fingerprinter,
    *,
    used: bool = True,
) -> Iterator[Fact]:
    """Yield secrets, and that an asset uses them; ``owner`` names what the written ones stand at.

    A variable of the client's environment is one secret for all servers that are given it.
    """
    for one in held:
        if one.refers_to is not None:
            sort, name = one.refers_to
            uid, told = holder.secret(sort, name), redact_text(name)
        else:
            uid, told = holder.secret(*owner, one.where, one.name), redact_text(one.name)
        yield Fact(NodeFacts(uid, Kind.SECRET, one.type, told, _properties(one, fingerprints)), one.position)
        if not used:
            continue
        facts = EdgeFacts("USES_SECRET", user, uid, subject_kind=Kind.ASSET, object_kind=Kind.SECRET)
        certainty = Certainty.POSSIBLE if one.condition else Certainty.CERTAIN
        yield Fact(facts, one.position, certainty, one.condition)


def _properties(held: Held, fingerprints: Fingerprinter) -> dict[str, PropertyValue]:
    if held.literal is None:
        return {}
    properties: dict[str, PropertyValue] = {"written_out": True}
    fingerprint = fingerprints.of_secret(held.literal.encode("utf-8", "surrogatepass"))
    if fingerprint is not None:
        properties["fingerprint"] = fingerprint
    if held.key_ids:
        properties["key_ids"] = held.key_ids
    return properties
