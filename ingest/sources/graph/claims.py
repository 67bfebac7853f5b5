"""What a node or a relationship comes to: facts, or the property that keeps it out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from graph.model import EdgeFacts, ExternalId, NodeFacts, PropertyValue, Uid
from graph.store.foreign import ForeignEdge, ForeignNode, Value
from graph.vocabulary import VOCABULARY, Certainty
from ingest.facts import Fact
from ingest.record import ReadContext
from ingest.redaction import redact_text
from ingest.sources.graph.mapping import EdgeMapping, GraphMapping, IdMapping, NodeMapping
from ingest.sources.graph.names import as_text, names_person, node_uid, written
from ingest.sources.tables.cells import BadCell, Cell, Written, id_texts
from ingest.sources.tables.columns import check_declared
from ingest.uids import external_id

NOT_SEEN: Final = "the newest run did not see it again"
"""On what an edge depends that an older run left: whether it is still there."""

_PERSON: Final = "person"
_PERSONAL: Final = frozenset(scheme.name for scheme in VOCABULARY.schemes if scheme.personal)


@dataclass(frozen=True, slots=True)
class Claims:
    """Makes facts of what a database holds, by a mapping."""

    mapping: GraphMapping
    context: ReadContext

    def entry_of(self, node: ForeignNode) -> NodeMapping | None:
        """Return the entry of the mapping that a node is read by."""
        return entry_of(self.mapping, node.labels, node.properties)

    def of_node(self, node: ForeignNode, entry: NodeMapping) -> Fact:
        """Return what a node is.

        Raises:
            BadCell: for a property that may not hold what it holds.
        """
        cells = written(node, entry.read)
        name = _text(entry.called, cells)
        ids = tuple(_external_ids(entry, cells))
        facts = NodeFacts(
            uid=self._uid(node, entry),
            kind=entry.kind,
            type=entry.type,
            name=name,
            properties=self._properties(entry, cells),
            external_ids=ids,
        )
        if entry.may_be_person and any(names_person(text) for text in (name or "", *(i.value for i in ids))):
            # Who is named by an address is a person, and only what is personal data may show it.
            shown = tuple(i for i in ids if i.scheme in _PERSONAL or not names_person(i.value))
            facts = replace(facts, type=_PERSON, external_ids=shown)
        return Fact(facts, f"nodes/{entry.name}")

    def of_edge(self, edge: ForeignEdge, entry: EdgeMapping, *, is_stale: bool) -> Fact | None:
        """Return what relationships of a type say of two nodes; None where the entry is not about these.

        Raises:
            BadCell: for an end without a key.
        """
        start, end = self.entry_of(edge.start), self.entry_of(edge.end)
        if start is None or end is None or start not in entry.start or end not in entry.end:
            return None
        subject, target = (self._uid(edge.start, start), start.kind), (self._uid(edge.end, end), end.kind)
        if entry.is_reversed:
            subject, target = target, subject
        doubts = [entry.condition] if entry.condition and not _is_certain(entry, edge) else []
        doubts += [NOT_SEEN] if is_stale else []
        facts = EdgeFacts(
            entry.relation.name,
            subject[0],
            target[0],
            marks=entry.marks,
            subject_kind=subject[1],
            object_kind=target[1],
        )
        certainty = Certainty.POSSIBLE if doubts else Certainty.CERTAIN
        return Fact(facts, f"edges/{entry.name}", certainty, "; ".join(doubts) or None)

    def _uid(self, node: ForeignNode, entry: NodeMapping) -> Uid:
        return node_uid(node, entry, self.context.source, self.context.fingerprints)

    def _properties(self, entry: NodeMapping, cells: Mapping[str, Written]) -> dict[str, PropertyValue]:
        found: dict[str, PropertyValue] = {}
        for name, cell in entry.properties.items():
            value = self._fingerprint(cell, cells) if cell.type == "secret" else cell.value(cells)
            if value is not None:
                check_declared(name, value, frozenset({entry.kind}), cell.column)
                found[name] = _clean(value)
        return found

    def _fingerprint(self, cell: Cell, cells: Mapping[str, Written]) -> str | None:
        """Return the fingerprint of a value, which goes no further; None where it is too short."""
        texts = cell.written(cells)
        if len(texts) != 1:
            return None
        return self.context.fingerprints.of_secret(texts[0].encode("utf-8", "surrogatepass"))


def entry_of(
    mapping: GraphMapping, labels: frozenset[str], properties: Mapping[str, Value]
) -> NodeMapping | None:
    """Return the first entry of a mapping that fits labels and values."""
    return mapping.entry_of(labels, {name: as_text(properties.get(name)) for name in mapping.told_apart_by})


def _is_certain(entry: EdgeMapping, edge: ForeignEdge) -> bool:
    """Return whether one of the relationships holds all values that make it certain."""
    return bool(entry.certain_where) and any(
        all(as_text(said.get(name)) in allowed for name, allowed in entry.certain_where.items())
        for said in edge.said
    )


def _text(cell: Cell | None, cells: Mapping[str, Written]) -> str | None:
    value = None if cell is None else cell.value(cells)
    return None if value is None else redact_text(str(value))


def _clean(value: PropertyValue) -> PropertyValue:
    """Return a value without what is recognised as secret in its texts."""
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, tuple):
        return tuple(redact_text(item) if isinstance(item, str) else item for item in value)
    return value


def _external_ids(entry: NodeMapping, cells: Mapping[str, Written]) -> Iterator[ExternalId]:
    for given in entry.external_ids:
        texts = [_id_text(cell, cells) for cell in given.cells]
        if all(texts):
            yield _id(given, texts)


def _id(given: IdMapping, texts: list[str]) -> ExternalId:
    return ExternalId(given.scheme, texts[0]) if len(texts) == 1 else external_id(given.scheme, *texts)


def _id_text(cell: Cell, cells: Mapping[str, Written]) -> str:
    texts = id_texts(cell, cells)
    if len(texts) > 1:
        raise BadCell(cell.column, "holds several values", "one value")
    return texts[0] if texts else ""
