"""Lineage: where data comes from and where it goes, as a walk over the relations that move data.

Data that reaches a node is taken in there (`TAKEN`) and mostly passed on (`FLOW`). A job whose
finer lineage is known takes its inputs in and does not pass them on as a whole: which output
comes from which input is then told by the datasets themselves.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final

import numpy as np

from graph.errors import InvalidQuestion
from graph.model import EdgeId, NodeRef, Uid
from graph.topology import Topology
from graph.topology.arrays import Flags, Indices
from graph.vocabulary import Certainty
from graph.walk.bounded import reach_bounded
from graph.walk.bounds import NOTHING, Bounds, CutBy, Truncation, Without
from graph.walk.fan_out import NarrowGround
from graph.walk.ground import Frontier, Ground
from graph.walk.states import States, states_of
from graph.walk.tables import FLOW, TAKEN, RuleTables
from graph.walk.walk import When, existing, frontier_of, lay_ground


class LineageDirection(StrEnum):
    """Which way data is followed: to where it comes from, or to where it goes."""

    UPSTREAM = "upstream"
    DOWNSTREAM = "downstream"


@dataclass(frozen=True, slots=True)
class LineageBounds:
    """How much lineage is shown; None is without bound.

    A dataset read by a job that writes another is two hops from it. `max_fan_out` is how many
    neighbours of one node are followed, the first by uid.

    Raises:
        InvalidQuestion: for a bound that leaves nothing.
    """

    max_hops: int | None = None
    max_fan_out: int | None = None
    max_nodes: int | None = None

    def __post_init__(self) -> None:
        """Refuse bounds that leave no room for an answer."""
        for bound, least in (("max_hops", 0), ("max_fan_out", 1), ("max_nodes", 1)):
            value: int | None = getattr(self, bound)
            if value is not None and value < least:
                raise InvalidQuestion(bound, f"{value} is too few", f"{least} or more")


ALL_LINEAGE: Final = LineageBounds()


@dataclass(frozen=True, slots=True)
class LineageNode:
    """A node that data comes from or goes to; `hidden` neighbours further that way are not shown."""

    node: NodeRef
    hops: int
    certainty: Certainty
    hidden: int


@dataclass(frozen=True, slots=True)
class LineageEdge:
    """An edge over which data moves from `source` to `target`."""

    edge: EdgeId
    relation: str
    source: NodeRef
    target: NodeRef
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Lineage:
    """The lineage of some nodes, one way: nodes by hops and uid, edges by id.

    The nodes asked about are in it, at 0 hops. Edges are all those between shown nodes over
    which the data moves, those that the fan-out passed over included.
    """

    nodes: tuple[LineageNode, ...]
    edges: tuple[LineageEdge, ...]
    truncation: Truncation | None
    seconds: float

    @property
    def complete_to_hops(self) -> int | None:
        """Return up to how many hops nothing is missing; None if nothing is missing at all."""
        return None if self.truncation is None else self.truncation.complete_to_hops


def lineage(
    topology: Topology,
    rules: RuleTables,
    starts: Sequence[Uid],
    when: When,
    *,
    direction: LineageDirection,
    bounds: LineageBounds = ALL_LINEAGE,
    without: Without = NOTHING,
) -> Lineage:
    """Return where the data of some nodes comes from, or where it goes.

    A node is certain if a path of certain steps leads there; its hops are then those of the
    shortest such path. The same question always has the same answer.

    Raises:
        NodeNotFound: for a uid that nothing mentions at these times.
        InvalidQuestion: for no starts, a start that is to be left out, or an edge to be left out
            that does not exist.

    Cost: linear in the data edges of the nodes reached, twice with a bound on the fan-out.
    """
    begun = time.monotonic()
    if not starts:
        raise InvalidQuestion("starts", "there are none", "at least one node")
    plain = lay_ground(topology, rules, when, without)
    numbers = sorted({existing(plain.view, uid, without) for uid in starts})
    downstream = direction is LineageDirection.DOWNSTREAM
    bits = (FLOW,) if downstream else (FLOW, TAKEN)
    seeds = frontier_of([(number, bit) for number in numbers for bit in bits])
    ground = _narrowed(plain, seeds, bounds, downstream=downstream)
    walked = reach_bounded(ground, ground.turned, seeds, Bounds(max_hops=bounds.max_hops), time.monotonic)
    found = _folded(states_of(walked.reach))
    shown = found.first(bounds.max_nodes)
    neighbours = ground.neighbours(shown.leading)
    hidden = _hidden(shown, neighbours)
    return Lineage(
        nodes=tuple(
            LineageNode(topology.ref(node), hops, _certainty(certain=certain), hidden.get(node, 0))
            for node, hops, certain in zip(
                shown.node.tolist(), shown.hops.tolist(), shown.certain.tolist(), strict=True
            )
        ),
        edges=_edges(ground, shown, downstream=downstream),
        truncation=_truncation(walked.truncation, bounds, found, shown, ground),
        seconds=time.monotonic() - begun,
    )


def _narrowed(plain: Ground, seeds: Frontier, bounds: LineageBounds, *, downstream: bool) -> NarrowGround:
    leaving = np.full(plain.topology.node_count, 1 << FLOW, dtype=np.uint8)
    leaving[seeds.nodes] = seeds.bits
    return NarrowGround(
        **{part.name: getattr(plain, part.name) for part in fields(plain)},
        turned=plain.compiled.forward if downstream else plain.compiled.backward,
        leaving=leaving,
        most=bounds.max_fan_out,
    )


@dataclass(frozen=True, slots=True)
class _Nodes:
    """One entry a node, by hops and uid; `leads` flags the nodes from which data goes on."""

    node: Indices
    hops: Indices
    certain: Flags
    leads: Flags

    def first(self, count: int | None) -> _Nodes:
        return _Nodes(self.node[:count], self.hops[:count], self.certain[:count], self.leads[:count])

    @property
    def leading(self) -> Indices:
        """The nodes from which data goes on, in the order of uids."""
        return np.sort(self.node[self.leads])


def _folded(states: States) -> _Nodes:
    """Each node with its strongest and nearest state."""
    order = np.lexsort((states.hops, ~states.certain, states.node))
    ordered = states.taken(order)
    best = ordered.taken(np.flatnonzero(np.diff(ordered.node, prepend=np.int32(-1))))
    leads = np.isin(best.node, states.node[states.bit == FLOW])
    rows = np.lexsort((best.node, best.hops))
    return _Nodes(best.node[rows], best.hops[rows], best.certain[rows], leads[rows])


def _hidden(shown: _Nodes, neighbours: tuple[Indices, Indices]) -> dict[int, int]:
    """How many neighbours of each node are not shown, for nodes that have such."""
    parents, children = neighbours
    nodes, counts = np.unique(parents[~np.isin(children, shown.node)], return_counts=True)
    return dict(zip(nodes.tolist(), counts.tolist(), strict=True))


def _edges(ground: NarrowGround, shown: _Nodes, *, downstream: bool) -> tuple[LineageEdge, ...]:
    nodes, topology = shown.leading, ground.topology
    frontier = Frontier(nodes, ground.leaving[nodes])
    found: dict[EdgeId, LineageEdge] = {}
    # Certain steps last: of two spells of one edge the stronger counts.
    for steps, certain in ((ground.turned.every, False), (ground.turned.certain, True)):
        crossings = Ground.cross(ground, frontier, steps, None)
        inside = np.isin(crossings.far, shown.node)
        near = nodes[crossings.owner[inside]].tolist()
        for row, start, end in zip(
            crossings.row[inside].tolist(), near, crossings.far[inside].tolist(), strict=True
        ):
            source, target = (start, end) if downstream else (end, start)
            eid, relation = topology.edge_id(row), topology.code_of(row).relation
            found[eid] = LineageEdge(
                eid, relation, topology.ref(source), topology.ref(target), _certainty(certain=certain)
            )
    return tuple(found[eid] for eid in sorted(found))


def _truncation(
    by_hops: Truncation | None, bounds: LineageBounds, found: _Nodes, shown: _Nodes, ground: NarrowGround
) -> Truncation | None:
    """The bound that cut nearest to the start; of several there, hops before nodes before fan-out."""
    cuts = [by_hops] if by_hops is not None else []
    if len(shown.node) < len(found.node):
        cuts.append(Truncation(CutBy.STATES, int(found.hops[len(shown.node)]) - 1))
    if bounds.max_fan_out is not None:
        leading = np.sort(found.node[found.leads])
        parents, children = ground.neighbours(leading)
        unseen = parents[~np.isin(children, found.node)]
        short = {*unseen.tolist(), *_stopping(ground, found, leading)}
        if short:
            steps = _steps_to(found.node[found.hops == 0].tolist(), parents.tolist(), children.tolist())
            cuts.append(Truncation(CutBy.FAN_OUT, min(steps[node] for node in short)))
    return min(cuts, key=lambda cut: cut.complete_to_hops, default=None)


def _stopping(ground: NarrowGround, found: _Nodes, nodes: Indices) -> list[int]:
    """Return those of some nodes whose data would have gone on from a neighbour, had it been followed.

    The neighbour is shown, but only takes the data in on the way that was followed.
    """
    parents, children, bits = ground.passed_over(nodes)
    stopped = ((bits & (1 << FLOW)) != 0) & ~np.isin(children, found.node[found.leads])
    lost: list[int] = parents[stopped].tolist()
    return lost


def _steps_to(starts: list[int], parents: list[int], children: list[int]) -> dict[int, int]:
    """The least steps to each node, certain or not.

    A node that becomes certain only far off has more hops than that, and would pass for
    farther than it is from what it hides.
    """
    following: dict[int, list[int]] = defaultdict(list)
    for parent, child in zip(parents, children, strict=True):
        following[parent].append(child)
    steps = dict.fromkeys(starts, 0)
    level, taken = starts, 0
    while level:
        level, taken = [c for node in level for c in following[node] if c not in steps], taken + 1
        steps.update(dict.fromkeys(level, taken))
    return steps


def _certainty(*, certain: bool) -> Certainty:
    return Certainty.CERTAIN if certain else Certainty.POSSIBLE
