"""What a mapping says once it has been read: which labels and relationships become what in the graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from graph.vocabulary import VOCABULARY, Kind, Relation
from ingest.sources.graph.templates import Template
from ingest.sources.tables.cells import Cell


@dataclass(frozen=True, slots=True)
class SeenBy:
    """The property in which a database says when a run last saw an element, and its unit."""

    property: str
    milliseconds: int


@dataclass(frozen=True, slots=True)
class TenantMapping:
    """The nodes that others belong to: each of them is read, and closed, by itself."""

    labels: tuple[str, ...]
    id: str
    relationships: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IdMapping:
    """An external id: its scheme and the properties that its parts stand in."""

    scheme: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class NodeMapping:
    """What nodes with one of some labels are. ``uid`` is None where ``id`` makes the uid."""

    name: str
    labels: tuple[str, ...]
    where: Mapping[str, frozenset[str]]
    tenant: TenantMapping | None
    kind: Kind
    type: str | None
    id: tuple[str, ...]
    uid: Template | None
    called: Cell | None
    properties: Mapping[str, Cell]
    external_ids: tuple[IdMapping, ...]

    @property
    def may_be_person(self) -> bool:
        """Return whether a node may stand for a human being, whom no uid may show."""
        impersonal = VOCABULARY.kind(Kind.IDENTITY).impersonal_types
        return self.kind is Kind.IDENTITY and self.type not in impersonal

    @property
    def key(self) -> tuple[str, ...]:
        """Return the properties by which a node is told apart, and those that decide whether it counts."""
        named = self.uid.properties if self.uid is not None else self.id
        return tuple(dict.fromkeys((*named, *self.where)))

    @property
    def read(self) -> tuple[str, ...]:
        """Return all properties that are read."""
        cells = (*self.properties.values(), *([self.called] if self.called else ()))
        ids = (cell.column for given in self.external_ids for cell in given.cells)
        return tuple(dict.fromkeys((*self.key, *(c.column for c in cells if c.column), *ids)))


@dataclass(frozen=True, slots=True)
class EdgeMapping:
    """What relationships of a type between some nodes say.

    With ``certain_where`` an edge is certain only where one relationship holds these values;
    ``is_reversed`` says that the node at the relationship's end is the subject.
    """

    name: str
    type: str
    start: tuple[NodeMapping, ...]
    end: tuple[NodeMapping, ...]
    relation: Relation
    is_reversed: bool
    marks: frozenset[str]
    condition: str | None
    certain_where: Mapping[str, frozenset[str]]

    @property
    def read(self) -> tuple[str, ...]:
        """Return the properties of the relationship that are read."""
        return tuple(self.certain_where)


@dataclass(frozen=True, slots=True)
class GraphMapping:
    """A whole mapping. Of several entries that fit a node the first counts."""

    file: str
    name: str
    seen: SeenBy | None
    nodes: Mapping[str, NodeMapping]
    edges: tuple[EdgeMapping, ...]
    told_apart_by: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        names = dict.fromkeys(name for node in self.nodes.values() for name in node.where)
        object.__setattr__(self, "told_apart_by", tuple(names))

    def entry_of(self, labels: frozenset[str], texts: Mapping[str, object]) -> NodeMapping | None:
        """Return the first entry that fits a node, by its labels and what it holds; None if none does."""
        for node in self.nodes.values():
            if labels.intersection(node.labels) and _fits(node.where, texts):
                return node
        return None


def _fits(where: Mapping[str, frozenset[str]], texts: Mapping[str, object]) -> bool:
    return all(texts.get(name) in allowed for name, allowed in where.items())
