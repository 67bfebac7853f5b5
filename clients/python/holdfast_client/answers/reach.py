"""What harms what: blast radius, exposure, and the path between two nodes."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast_client.answers.basis import Basis
from holdfast_client.answers.nodes import KindCount, NodeBrief
from holdfast_client.answers.stated import ListedOnly, Window, Without
from holdfast_client.pages import Pages
from holdfast_client.words import Certainty, Harm


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a path."""

    along: bool
    certainty: Certainty
    edge: str | None
    from_name: str
    from_uid: str
    harm: Harm
    relation: str | None
    to_name: str
    to_uid: str


@dataclass(frozen=True, slots=True)
class ReachedState:
    """One harm at one node, with the path that explains it."""

    certainty: Certainty
    harm: Harm
    hops: int
    node: NodeBrief
    path: tuple[Hop, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class HarmCount:
    """How many states there are of a harm."""

    certain: int
    harm: Harm
    possible: int


@dataclass(frozen=True, slots=True)
class ValueCount:
    """How many nodes have a value."""

    count: int
    value: str


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts of what an answer lists; what no source says is counted apart."""

    complete: bool
    criticalities: tuple[ValueCount, ...]
    environments: tuple[ValueCount, ...]
    harms: tuple[HarmCount, ...]
    kind_unknown: int
    kinds: tuple[KindCount, ...]
    nodes: int
    not_ownable: int
    owners: tuple[ValueCount, ...]
    seeds: int
    states: int
    unknown_criticality: int
    unknown_owner: int
    unowned: int


@dataclass(frozen=True, slots=True)
class BlastRadius:
    """What else is harmed if a harm comes to some nodes."""

    basis: Basis
    during: Window | None
    harm: Harm
    hidden_for_unknown_criticality: int
    hidden_for_unknown_environment: int
    hidden_for_unknown_kind: int
    only: ListedOnly | None
    seeds: tuple[NodeBrief, ...]
    states: Pages[ReachedState]
    totals: Totals
    walked_states: int
    without: Without | None


@dataclass(frozen=True, slots=True)
class Exposure:
    """What could bring a harm to some nodes."""

    basis: Basis
    during: Window | None
    harm: Harm
    hidden_for_unknown_criticality: int
    hidden_for_unknown_environment: int
    hidden_for_unknown_kind: int
    only: ListedOnly | None
    states: Pages[ReachedState]
    targets: tuple[NodeBrief, ...]
    totals: Totals
    walked_states: int
    without: Without | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The shortest path from a harm at one node to a harm at another."""

    basis: Basis
    certainty: Certainty | None
    during: Window | None
    found: bool
    harm: Harm | None
    hops: int | None
    path: tuple[Hop, ...]
    sentence: str | None
    source: NodeBrief
    source_harm: Harm
    target: NodeBrief
    target_harm: Harm | None
    without: Without | None
