"""Where data comes from, and where it goes."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast_client.answers.basis import Basis, Truncation
from holdfast_client.answers.nodes import NodeBrief
from holdfast_client.answers.stated import Window
from holdfast_client.words import Certainty, Kind, LineageDirection


@dataclass(frozen=True, slots=True)
class LineageNodes:
    """The nodes of one side as arrays of equal length, nearest first."""

    certainty: tuple[Certainty, ...]
    hidden: tuple[int, ...]
    hops: tuple[int, ...]
    kind: tuple[Kind, ...]
    name: tuple[str | None, ...]
    type: tuple[str | None, ...]
    uid: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineageEdges:
    """The edges of one side as arrays; data moves from source to target."""

    certainty: tuple[Certainty, ...]
    edge: tuple[str, ...]
    relation: tuple[str, ...]
    source: tuple[str, ...]
    target: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineageSide:
    """The lineage one way."""

    direction: LineageDirection
    edges: LineageEdges
    hidden: int
    nodes: LineageNodes
    truncated: Truncation | None


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where the data of some nodes comes from, and where it goes."""

    basis: Basis
    during: Window | None
    sides: tuple[LineageSide, ...]
    starts: tuple[NodeBrief, ...]
    without_data: tuple[str, ...]
