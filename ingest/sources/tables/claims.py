"""What one row comes to: a node and edges, or the cell that keeps the whole row out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final

from graph.model import EdgeFacts, ExternalId, NodeFacts, PropertyValue, Uid
from graph.vocabulary import Kind, Origin
from ingest.facts import Fact
from ingest.people import ADDRESS_EXPECTED, NO_ADDRESS, is_address
from ingest.record import ReadContext
from ingest.sources.tables.cells import BadCell, Cell, id_texts
from ingest.sources.tables.columns import check_declared
from ingest.sources.tables.ends import End
from ingest.sources.tables.mapping import EdgeMapping, IdColumns, NodeMapping, TableMapping
from ingest.sources.tables.rows import TableRow
from ingest.uids import external_id

_EMAIL: Final = "email"


@dataclass(frozen=True, slots=True)
class _Own:
    """The node that a row stands for."""

    uid: Uid
    kind: Kind


def facts_of(row: TableRow, table: TableMapping, context: ReadContext) -> list[Fact]:
    """Return what a row says; an empty list where none of its edges has two ends.

    Raises:
        BadCell: for a cell that may not hold what it holds; then nothing of the row is said.
    """
    for column in sorted(row.faulty & table.columns) if row.faulty else ():
        raise BadCell(column, "holds an object", "a text, a number, true or false, or a list of these")
    facts: list[Fact] = []
    own = None
    if table.node is not None:
        node = _node(row, table.node, context)
        own = _Own(node.uid, node.kind)
        facts.append(Fact(node, row.position))
    for edge in table.edges:
        if edge.rows.take(row.cells):
            facts.extend(_edges(row, edge, own, context))
    return facts


def _node(row: TableRow, node: NodeMapping, context: ReadContext) -> NodeFacts:
    kind = _kind(row, node)
    uids = list(node.own.uids(row.cells, kind, context))
    if not uids:
        empty = next(cell for cell in node.own.cells if not cell.written(row.cells))
        raise BadCell(empty.column, "is empty", "an id")
    return NodeFacts(
        uid=uids[0],
        kind=kind,
        type=_text(row, node.type),
        name=_text(row, node.name),
        properties=_properties(row, node.properties, frozenset({kind}), context),
        external_ids=tuple(_external_ids(row, node.external_ids)),
    )


def _kind(row: TableRow, node: NodeMapping) -> Kind:
    said = node.kind.value(row.cells)
    if said is None:
        raise BadCell(node.kind.column, "is empty", "what tells the kind")
    return Kind(str(said))


def _text(row: TableRow, cell: Cell | None) -> str | None:
    value = None if cell is None else cell.value(row.cells)
    return None if value is None else str(value)


def _properties(
    row: TableRow, cells: Mapping[str, Cell], kinds: frozenset[Kind], context: ReadContext
) -> dict[str, PropertyValue]:
    found: dict[str, PropertyValue] = {}
    for name, cell in cells.items():
        value = _fingerprint(row, cell, context) if cell.type == "secret" else cell.value(row.cells)
        if value is not None:
            check_declared(name, value, kinds, cell.column)
            found[name] = value
    return found


def _fingerprint(row: TableRow, cell: Cell, context: ReadContext) -> str | None:
    """Return the fingerprint of a value, which goes no further than this; None where it is too short."""
    texts = cell.written(row.cells)
    return (
        context.fingerprints.of_secret(texts[0].encode("utf-8", "surrogatepass")) if len(texts) == 1 else None
    )


def _external_ids(row: TableRow, given: tuple[IdColumns, ...]) -> Iterator[ExternalId]:
    for one in given:
        texts = [_id_part(row, cell, one.scheme) for cell in one.cells]
        if all(texts):
            whole = len(texts) == 1
            yield ExternalId(one.scheme, texts[0]) if whole else external_id(one.scheme, *texts)


def _id_part(row: TableRow, cell: Cell, scheme: str) -> str:
    (text,) = id_texts(cell, row.cells) or ("",)
    if scheme != _EMAIL or not text:
        return text
    if not is_address(text):
        raise BadCell(cell.column, NO_ADDRESS, ADDRESS_EXPECTED)
    return text.lower()


def _edges(row: TableRow, edge: EdgeMapping, own: _Own | None, context: ReadContext) -> Iterator[Fact]:
    subjects = _ends(row, edge.subject, own, context)
    objects = _ends(row, edge.object, own, context)
    if not subjects or not objects:
        return
    environment = _text(row, edge.environment)
    properties = _properties(row, edge.properties, frozenset(), context)
    for subject, target in product(subjects, objects):
        facts = EdgeFacts(
            relation=edge.relation.name,
            subject=subject.uid,
            object=target.uid,
            marks=edge.marks,
            environment=environment,
            properties=properties,
            subject_kind=subject.kind,
            object_kind=target.kind,
        )
        yield Fact(facts, row.position, edge.certainty, edge.condition, Origin.DECLARED)


@dataclass(frozen=True, slots=True)
class _End:
    """One node at an end, and its kind where the mapping says it."""

    uid: Uid
    kind: Kind | None


def _ends(row: TableRow, end: End | None, own: _Own | None, context: ReadContext) -> list[_End]:
    if end is not None:
        return [_End(uid, end.kind) for uid in dict.fromkeys(end.uids(row.cells, None, context))]
    return [] if own is None else [_End(own.uid, own.kind)]
