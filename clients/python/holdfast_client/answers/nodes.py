"""What is known of nodes, and which nodes there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from holdfast_client.answers.basis import Basis
from holdfast_client.pages import Pages
from holdfast_client.words import Kind


@dataclass(frozen=True, slots=True)
class NodeBrief:
    """What a list shows of a node."""

    criticality: int | None
    described: bool
    environment: str
    kind: Kind
    name: str | None
    type: str | None
    uid: str


@dataclass(frozen=True, slots=True)
class NodeName:
    """A node by uid and kind."""

    kind: Kind
    uid: str


@dataclass(frozen=True, slots=True)
class ExternalId:
    """An id that another system gives a node."""

    scheme: str
    value: str


@dataclass(frozen=True, slots=True)
class Property:
    """A property's value, and the claim it comes from."""

    claim: str
    name: str
    since: datetime | None
    source: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One value that a contested property may have."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contested:
    """A property in which sources of equal precedence contradict each other."""

    name: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """Everything that all sources together say about a node at one pair of times."""

    basis: Basis
    brief: NodeBrief
    contested: tuple[Contested, ...]
    external_ids: tuple[ExternalId, ...]
    members: tuple[str, ...]
    properties: tuple[Property, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Nodes:
    """Several nodes at once."""

    basis: Basis
    nodes: tuple[NodeBrief, ...]
    not_found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many matches there are of a kind."""

    count: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class TypeCount:
    """How many matches there are of a type."""

    count: int
    kind: Kind
    type: str | None


@dataclass(frozen=True, slots=True)
class SearchResults:
    """A page of matches, best first."""

    basis: Basis
    kinds: tuple[KindCount, ...]
    matches: int
    matches_complete: bool
    nodes: Pages[NodeBrief]
    total_count: int | None
    types: tuple[TypeCount, ...]
