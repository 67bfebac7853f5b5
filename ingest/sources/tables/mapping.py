"""What a mapping says once it has been read: which columns of a table become what in the graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graph.model import Instant
from graph.vocabulary import VOCABULARY, Certainty, Kind, Relation
from graph.vocabulary.nearest import nearest
from ingest.csvtable import Dialect
from ingest.sources.tables.cells import Cell, Rows
from ingest.sources.tables.ends import End


@dataclass(frozen=True, slots=True)
class IdColumns:
    """An external id: its scheme and the columns that its parts stand in."""

    scheme: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class NodeMapping:
    """What a row says of the thing that it stands for."""

    kinds: frozenset[Kind]
    kind: Cell
    own: End
    type: Cell | None
    name: Cell | None
    properties: Mapping[str, Cell]
    external_ids: tuple[IdColumns, ...]


@dataclass(frozen=True, slots=True)
class EdgeMapping:
    """What a row says of two things; an end that is None is the row's own.

    ``names_all`` says that the columns name all edges of the relation that the row's thing has.
    """

    relation: Relation
    subject: End | None
    object: End | None
    marks: frozenset[str]
    environment: Cell | None
    certainty: Certainty
    condition: str | None
    properties: Mapping[str, Cell]
    rows: Rows
    names_all: bool


@dataclass(frozen=True, slots=True)
class TableMapping:
    """One table of a mapping, and the file that the mapping stands in.

    ``files`` is a pattern of file names, None for every file. ``filter_defines`` says that the
    rows that ``rows`` takes are all that the scope is about.
    """

    file: str
    name: str
    files: str | None
    form: str | None
    dialect: Dialect
    scope: str
    read_at: Instant | None
    complete: bool
    rows: Rows
    filter_defines: bool
    node: NodeMapping | None
    edges: tuple[EdgeMapping, ...]

    @property
    def columns(self) -> frozenset[str]:
        """Return every column that the mapping names."""
        return frozenset(column for column in self._columns() if column)

    def unheeded(self) -> Iterator[tuple[str, str]]:
        """Yield properties that the vocabulary does not know, each with the known one that may be meant."""
        kinds = self.node.kinds if self.node is not None else frozenset[Kind]()
        known = {declared.name for declared in VOCABULARY.properties if declared.kinds & kinds}
        for name in self.node.properties if self.node is not None else ():
            meant = None if name in known else nearest(name, known)
            if meant is not None:
                yield name, meant

    @property
    def covers(self) -> frozenset[str]:
        """Return the relations of which a complete reading names all edges of its things."""
        return frozenset(edge.relation.name for edge in self.edges if edge.names_all)

    def _columns(self) -> Iterator[str]:
        yield from self.rows.columns
        if self.node is not None:
            said = (self.node.kind, self.node.type, self.node.name, *self.node.properties.values())
            yield from (cell.column for cell in said if cell is not None)
            yield from (cell.column for cell in self.node.own.cells)
            yield from (cell.column for given in self.node.external_ids for cell in given.cells)
        for edge in self.edges:
            yield from edge.rows.columns
            yield from (cell.column for cell in (edge.environment, *edge.properties.values()) if cell)
            yield from (cell.column for end in (edge.subject, edge.object) if end for cell in end.cells)
