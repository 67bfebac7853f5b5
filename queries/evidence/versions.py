"""Which versions of a subject run, which it ever had, and by which digests they are known."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from graph.ledger.timeline import EdgeTimeline
from graph.model import Instant, NodeFacts, Uid
from queries.evidence.dated import DatedFacts, spell_at
from queries.evidence.facts import Facts
from queries.evidence.records import normal_digests


@dataclass(frozen=True, slots=True)
class Version:
    """A version that runs. Without digests nothing can be shown to be about it.

    ``disputed`` says that sources name different digests for it; it then has none.
    """

    uid: Uid
    digests: frozenset[str]
    disputed: bool = False


def current(dated: DatedFacts, subject: Uid, environments: Collection[str]) -> tuple[Version, ...]:
    """Return the versions of a subject that run in any of some environments, in order of uid.

    Those that it is deployed as, that it serves, and versions of it that something else
    serves. Empty where no source says that any does.
    """
    dated.horizon.note(
        moment
        for timeline in _running(dated.facts, subject)
        for spell in timeline.spells
        for moment in (spell.valid.start, spell.valid.end)
    )
    uids = current_uids(dated.facts, subject, environments, dated.moment)
    return tuple(version(dated, uid) for uid in sorted(uids))


def current_uids(
    facts: Facts, subject: Uid, environments: Collection[str], moment: Instant
) -> frozenset[Uid]:
    """Return the versions that run at a moment."""
    versions_then = {
        edge.subject
        for edge in facts.edges_into.get(("VERSION_OF", subject), ())
        if spell_at(edge, moment) is not None
    }
    return frozenset(
        edge.object
        for edge in _running(facts, subject)
        if (edge.discriminator or "unknown") in environments
        and edge.relation != "VERSION_OF"
        and spell_at(edge, moment) is not None
        and (edge.subject == subject or edge.object in versions_then)
    )


def version(dated: DatedFacts, uid: Uid) -> Version:
    """Return a version with its digests."""
    dated.node(uid)
    rows = dated.facts.described(uid, dated.moment)
    said = [
        normal_digests((*_texts(row.claim.about, "digests"), *_texts(row.claim.about, "digest")))
        for row in rows
        if isinstance(row.claim.about, NodeFacts)
    ]
    if _disputed([digests for digests in said if digests]):
        return Version(uid, frozenset(), disputed=True)
    return Version(uid, frozenset[str]().union(*said))


def ever(dated: DatedFacts, subject: Uid) -> frozenset[Uid]:
    """Return every version that a subject had up to the date, running or not."""
    found = dated.until_now(_running(dated.facts, subject))
    return frozenset(edge.subject if edge.relation == "VERSION_OF" else edge.object for edge in found) - {
        subject
    }


def environments_of(dated: DatedFacts, subject: Uid) -> frozenset[str]:
    """Return where a subject is deployed; where no edge says it, its own environment, else unknown."""
    deployed = {
        edge.environment for relation in ("DEPLOYED_AS", "SERVES") for edge in dated.out(relation, subject)
    }
    deployed |= {
        served.environment
        for made in dated.into("VERSION_OF", subject)
        for served in dated.into("SERVES", made.subject)
    }
    if deployed:
        return frozenset(deployed)
    stated = dated.fact(subject, "environment").value
    return frozenset({stated if isinstance(stated, str) else "unknown"})


def first_change(
    facts: Facts, subject: Uid, environments: Collection[str], since: Instant, until: Instant
) -> Instant | None:
    """Return when the set of running versions first differed from that at ``since``, up to ``until``."""
    moments = sorted(
        moment
        for timeline in _running(facts, subject)
        for spell in timeline.spells
        for moment in (spell.valid.start, spell.valid.end)
        if since < moment <= until
    )
    before = current_uids(facts, subject, environments, since)
    return next((m for m in moments if current_uids(facts, subject, environments, m) != before), None)


def _running(facts: Facts, subject: Uid) -> Iterator[EdgeTimeline]:
    """Yield the edges that tell which versions a subject has and which run."""
    yield from facts.edges.get(("DEPLOYED_AS", subject), ())
    yield from facts.edges.get(("SERVES", subject), ())
    for made in facts.edges_into.get(("VERSION_OF", subject), ()):
        yield made
        yield from facts.edges_into.get(("SERVES", made.subject), ())


def _disputed(said: Collection[frozenset[str]]) -> bool:
    """Return whether two claims name digests of one algorithm and have none in common."""
    for one in said:
        for other in said:
            algorithms = {d.partition(":")[0] for d in one} & {d.partition(":")[0] for d in other}
            if algorithms and not one & other:
                return True
    return False


def _texts(facts: NodeFacts, name: str) -> tuple[str, ...]:
    value = facts.properties.get(name)
    if isinstance(value, str):
        return (value,)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, tuple) else ()
