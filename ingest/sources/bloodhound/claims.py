"""What nodes and edges come to: facts, or why nothing is said of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from graph.model import EdgeFacts, ExternalId, NodeFacts, PropertyValue, Uid
from graph.vocabulary import VOCABULARY, Certainty, Kind
from ingest.facts import Fact
from ingest.jsontext import shown
from ingest.people import is_address, opaque
from ingest.record import ReadContext, Skipped
from ingest.redaction import redact_text, secret_in
from ingest.repositories import repository_uid
from ingest.shapes import JsonObject, Misshapen
from ingest.sources.aws.names import identity_uid, parse_arn
from ingest.sources.bloodhound.book import Book
from ingest.sources.bloodhound.kinds import EDGES, PERSON, NodeTerm, term_of
from ingest.sources.bloodhound.payload import Edge, End, Node
from ingest.uids import external_id, native_uid

SCHEME: Final = "bloodhound"
DISPLAY_NAME: Final = "display-name"
ENTRA: Final = "entra-id"
LOGIN: Final = "github-login"

_FLAGS: Final = ("archived", "private")
_STATUS: Final = {True: "active", False: "suspended"}
_OTHER_ID: Final = "an id without a secret in it"


@dataclass(frozen=True, slots=True)
class Claims:
    """Makes facts of what stands in a book."""

    book: Book
    context: ReadContext

    def of_node(self, node: Node) -> Fact | Skipped:
        """Return what a node is.

        Raises:
            Misshapen: for one whose id gives a secret away.
        """
        term = term_of(node.kinds)
        if term is None:
            return Skipped(f"node of kind {shown(node.kinds[0]) if node.kinds else 'nothing'}")
        name = _text(node.properties, "name") or _text(node.properties, "displayname")
        ids = tuple(_external_ids(node, term, name))
        facts = NodeFacts(
            uid=self._uid(node.id, term, node.properties),
            kind=term.kind,
            type=term.type,
            name=None if name is None or _hides(term, name) else redact_text(name),
            properties=_properties(node.properties, term),
            external_ids=ids,
        )
        return Fact(facts, node.position)

    def of_edge(self, edge: Edge, file: int) -> Fact | Skipped:
        """Return what an edge says."""
        term = EDGES.get(edge.kind)
        if term is None:
            return Skipped(f"edge of kind {shown(edge.kind)}")
        start, end = self._end(edge.start, file), self._end(edge.end, file)
        if start is None or end is None:
            return Skipped(
                f"edge of kind {shown(edge.kind)} to a node that is not told or of a kind not mapped"
            )
        subject, target = (end, start) if term.is_reversed else (start, end)
        pair = (subject[1], target[1])
        if pair not in VOCABULARY.relation(term.relation).pairs or subject[1] not in term.subjects:
            return Skipped(f"edge of kind {shown(edge.kind)} between {start[1]} and {end[1]}")
        facts = EdgeFacts(
            term.relation, subject[0], target[0], subject_kind=subject[1], object_kind=target[1]
        )
        certainty = Certainty.CERTAIN if term.condition is None else Certainty.POSSIBLE
        return Fact(facts, edge.position, certainty, term.condition)

    def _end(self, end: End, file: int) -> tuple[Uid, Kind] | None:
        """Return the node at an end, None where nothing tells what it is."""
        if end.id is None:
            return None
        node = self.book.node(end.id, file)
        term = term_of(node.kinds) if node is not None else term_of((end.kind,) if end.kind else ())
        if term is None or secret_in(end.id, identifier=True) is not None:
            return None
        return self._uid(end.id, term, node.properties if node is not None else {}), term.kind

    def _uid(self, id_: str, term: NodeTerm, properties: Mapping[str, object]) -> Uid:
        what = secret_in(id_, identifier=True)
        if what is not None:
            raise Misshapen("/id", f"what looks like {what} stands here", _OTHER_ID)
        address = properties.get("html_url")
        if term.type == "repository" and isinstance(address, str) and address:
            return repository_uid(address)
        if term.kind is Kind.IDENTITY and parse_arn(id_) is not None:
            return identity_uid(id_, self.context.fingerprints)
        parts = (self.context.source.instance, id_)
        if term.may_be_person:
            return native_uid(term.kind, SCHEME, opaque(self.context.fingerprints, *parts))
        return native_uid(term.kind, SCHEME, *parts)


def _hides(term: NodeTerm, name: str) -> bool:
    """Return whether a name may only stand where personal data may: of who may be a person, an address."""
    return term.may_be_person and term.type != PERSON and is_address(name)


def _external_ids(node: Node, term: NodeTerm, name: str | None) -> list[ExternalId]:
    found: list[ExternalId] = []
    if name is not None and _hides(term, name):
        found.append(ExternalId(DISPLAY_NAME, name))
    tenant = _text(node.properties, "tenantid")
    if tenant is not None and term.kind in (Kind.IDENTITY, Kind.ASSET) and node.kinds[0].startswith("AZ"):
        found.append(external_id(ENTRA, tenant.lower(), node.id.lower()))
    login = _text(node.properties, "login")
    if login is not None and term.type == PERSON and node.kinds[0].startswith("GH"):
        found.append(ExternalId(LOGIN, login))
    return found


def _properties(held: JsonObject, term: NodeTerm) -> dict[str, PropertyValue]:
    """Return the few properties that have a clear meaning; all others may hold anything."""
    found: dict[str, PropertyValue] = {}
    if term.scope_type is not None:
        found["scope_type"] = term.scope_type
    enabled = held.get("enabled")
    if term.kind is Kind.IDENTITY and isinstance(enabled, bool):
        found["status"] = _STATUS[enabled]
    for name in _FLAGS:
        value = held.get(name)
        if isinstance(value, bool):
            found[name] = value
    return found


def _text(held: JsonObject, name: str) -> str | None:
    value = held.get(name)
    return value if isinstance(value, str) and value else None
