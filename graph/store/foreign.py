"""What can be asked of a database that somebody else fills, and what it answers: no driver is needed here.

Whoever asks names labels, types of relationships and properties; see ``graph.store.neo4j.foreign``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

Value: TypeAlias = "str | int | float | bool | list[Value] | Other | None"
Seen: TypeAlias = "str | int | float | bool | None"


@dataclass(frozen=True, slots=True)
class Other:
    """A value of a type that this reading does not pass on, such as a point; its type's name."""

    type: str


@dataclass(frozen=True, slots=True)
class Tenants:
    """The nodes that elements belong to, such as accounts: by labels, an id, and what joins them to these."""

    labels: tuple[str, ...]
    id: str
    relationships: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Nodes:
    """Nodes with one of some labels. ``seen`` is the property with the run that last saw them."""

    labels: tuple[str, ...]
    properties: tuple[str, ...]
    tenants: Tenants | None = None
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class Relationships:
    """Relationships of a type between nodes with some labels; ``of_start`` says whose tenant counts."""

    type: str
    start: Nodes
    end: Nodes
    properties: tuple[str, ...]
    tenants: Tenants | None = None
    seen: str | None = None
    of_start: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """How many elements of a tenant one run saw last; the tenant is empty for those of none."""

    tenant: str
    seen: Seen
    count: int


@dataclass(frozen=True, slots=True)
class ForeignNode:
    """The labels of a node, and its properties by name; those that it lacks are None."""

    labels: frozenset[str]
    properties: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class ForeignEdge:
    """Two nodes, and what each relationship of the type between them says."""

    start: ForeignNode
    end: ForeignNode
    said: tuple[Mapping[str, Value], ...]


@dataclass(frozen=True, slots=True)
class NodeCount:
    """How many nodes have exactly these labels and these values of the properties asked for."""

    labels: frozenset[str]
    properties: Mapping[str, Value]
    count: int


@dataclass(frozen=True, slots=True)
class EdgeCount:
    """How many relationships of a type join nodes with exactly these labels and values."""

    type: str
    start: NodeCount
    end: NodeCount
    count: int


class Foreign(Protocol):
    """A database that is read only. Every method raises StoreUnavailable where the server does not answer."""

    @property
    def shown(self) -> str:
        """Return the address with the database, without the user."""
        ...

    def groups(self, of: Nodes | Relationships) -> Sequence[Group]:
        """Return how many elements there are of each tenant and run."""
        ...

    def nodes(self, of: Nodes, group: Group) -> Iterator[ForeignNode]:
        """Yield the nodes of a group."""
        ...

    def relationships(self, of: Relationships, group: Group) -> Iterator[ForeignEdge]:
        """Yield the pairs of nodes that relationships of a group join."""
        ...

    def node_counts(self, properties: Sequence[str]) -> Iterator[NodeCount]:
        """Yield how many nodes there are of each set of labels and values."""
        ...

    def edge_counts(self, properties: Sequence[str]) -> Iterator[EdgeCount]:
        """Yield how many relationships there are of each type between nodes of such sets."""
        ...


def is_plain_name(name: str) -> bool:
    r"""Return whether a label, a type or a property may be asked for: nothing in it could end its quotes.

    >>> is_plain_name("Größe 2"), is_plain_name("a`b"), is_plain_name("a\\u0060b")
    (True, False, False)
    """
    return bool(name) and name.isprintable() and not set(name) & {"`", "\\"}
