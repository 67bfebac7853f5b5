"""The walk: from harms at some nodes to all that they lead to, or back to all that could lead to them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graph.errors import InvalidQuestion, NodeNotFound
from graph.model import Instant, Interval, State, Uid
from graph.topology import DatedView, Topology
from graph.topology.arrays import Flags
from graph.vocabulary import Harm
from graph.walk.bounded import Clock, reach_bounded
from graph.walk.bounds import NOTHING, UNBOUNDED, Bounds, Direction, Without
from graph.walk.conditions import Conditions
from graph.walk.forest import Forest
from graph.walk.ground import Frontier, Ground, gathered
from graph.walk.states import shown_of, states_of
from graph.walk.tables import RuleTables
from graph.walk.trails import Trails


@dataclass(frozen=True, slots=True)
class When:
    """The times of a question: which edges count, and since when the harm holds.

    Edges count that are valid at `as_of`, or with a `window` those valid at any time in it; what
    nodes are is read at `as_of` in both cases. `since` is when the harm began; with a window and
    no `since` it is the window's start.
    """

    as_of: Instant
    window: Interval | None = None
    since: Instant | None = None


def walk(
    topology: Topology,
    rules: RuleTables,
    seeds: Sequence[tuple[Uid, Harm]],
    when: When,
    *,
    direction: Direction = Direction.FORWARD,
    bounds: Bounds = UNBOUNDED,
    without: Without = NOTHING,
    clock: Clock = time.monotonic,
) -> Forest:
    """Return every state that the seeds lead to, or backward every state that could lead to them.

    Seeds are canonical uids with a harm each. The same question always has the same answer,
    whatever the order of seeds and of what the topology was built from; only `max_seconds`
    depends on the machine.

    Raises:
        NodeNotFound: for a uid, of a seed or to be left out, that nothing mentions at these times.
        InvalidQuestion: for no seeds, a harm that cannot happen to its seed's kind, a seed that is
            to be left out, or an edge to be left out that does not exist.

    Cost: linear in the edges of the nodes reached; at most as many passes over them as it takes
    to find where a bound on states cuts.
    """
    begun = clock()
    ground = lay_ground(topology, rules, when, without)
    pairs = checked_seeds(ground, rules, seeds, without)
    frontier = frontier_of([(node, rules.bit_of[harm]) for node, harm in pairs])
    forward, backward = ground.compiled.forward, ground.compiled.backward
    turned, opposite = (forward, backward) if direction is Direction.FORWARD else (backward, forward)
    outcome = reach_bounded(ground, turned, frontier, bounds, clock)
    states = states_of(outcome.reach)
    shown = states
    if outcome.most_states is not None:
        shown = shown_of(states, outcome.reach, ground, turned, outcome.most_states)
    begins = frozenset((node, rules.bit_of[harm]) for node, harm in pairs)
    return Forest(
        topology=topology,
        harms=rules.harms,
        direction=direction,
        as_of=when.as_of,
        bounds=bounds,
        seeds=tuple(State(topology.ref(node), harm) for node, harm in pairs),
        shown=shown,
        trails=Trails(ground, opposite, states, begins),
        truncation=outcome.truncation,
        seconds=clock() - begun,
        visited=len(states),
    )


def lay_ground(topology: Topology, rules: RuleTables, when: When, without: Without) -> Ground:
    """Return what walks at some times without some nodes and edges run on.

    Raises:
        NodeNotFound: for a node to be left out that does not exist.
        InvalidQuestion: for an edge to be left out that does not exist.
    """
    view = topology.view(when.as_of, when.window)
    since = when.since
    if since is None and when.window is not None:
        since = when.window.start
    left_out, gone = _rows_left_out(topology, without), _nodes_gone(topology, without)
    conditions = Conditions(
        view=view,
        moment=when.as_of if when.window is None else when.window.start,
        windowed=when.window is not None,
        since=since,
        left_out=left_out,
        gone=gone,
    )
    return Ground(
        topology=topology,
        view=view,
        compiled=rules.compiled(topology.codes),
        classes=rules.node_classes(topology.kinds, view.type_number, topology.types),
        conditions=conditions,
        left_out=left_out,
        gone=gone,
    )


def _nodes_gone(topology: Topology, without: Without) -> Flags | None:
    if not without.nodes:
        return None
    gone = np.zeros(topology.node_count, dtype=np.bool_)
    gone[[topology.get(uid) for uid in sorted(without.nodes)]] = True
    return gone


def _rows_left_out(topology: Topology, without: Without) -> Flags | None:
    if not (without.edges or without.between):
        return None
    left_out = np.zeros(topology.row_count, dtype=np.bool_)
    found = topology.rows_of(without.edges)
    for eid in sorted(without.edges):
        if eid not in found:
            raise _no_such_edge(eid)
        left_out[found[eid]] = True
    for edge in without.between:
        subject, object_ = topology.get(edge.subject), topology.get(edge.object)
        between = topology.rows_between(subject, object_)
        rows = [row for row in between if topology.code_of(row).relation == edge.relation]
        if not rows:
            raise _no_such_edge(f"{edge.subject} {edge.relation} {edge.object}")
        left_out[rows] = True
    return left_out


def _no_such_edge(said: str) -> InvalidQuestion:
    return InvalidQuestion("without", f"there is no edge {said!r}", "edges that the ledger holds")


def checked_seeds(
    ground: Ground, rules: RuleTables, seeds: Sequence[tuple[Uid, Harm]], without: Without
) -> list[tuple[int, Harm]]:
    """Return the seeds by node number, each once, in the order of uids and harms.

    Raises:
        NodeNotFound, InvalidQuestion: as `walk` says.
    """
    if not seeds:
        raise InvalidQuestion("seeds", "there are none", "at least one node with a harm")
    topology, pairs = ground.topology, set[tuple[int, int]]()
    for uid, harm in seeds:
        number = existing(ground.view, uid, without)
        kind = topology.ref(number).kind
        if harm not in rules.vocabulary.harms_of(kind):
            can = [name.value for name in rules.harms if name in rules.vocabulary.harms_of(kind)]
            reason = f"{harm} cannot happen to {uid!r}, which is of the kind {kind}"
            raise InvalidQuestion("harm", reason, f"one of {', '.join(can) or 'none'} for this kind")
        pairs.add((number, rules.bit_of[harm]))
    return [(number, rules.harms[bit]) for number, bit in sorted(pairs)]


def existing(view: DatedView, uid: Uid, without: Without) -> int:
    """Return the number of a node from which a walk may begin.

    Raises:
        NodeNotFound: if nothing describes or mentions it at the date.
        InvalidQuestion: if it is to be left out.
    """
    number = view.topology.get(uid)
    if not view.exists(number):
        raise NodeNotFound(uid)
    if uid in without.nodes:
        raise InvalidQuestion("without", f"{uid!r} is also where the walk begins", "other nodes")
    return number


def frontier_of(states: Sequence[tuple[int, int]]) -> Frontier:
    """Return pairs of node number and bit as a frontier."""
    nodes = np.array([node for node, _ in states], dtype=np.int32)
    bits = np.array([1 << bit for _, bit in states], dtype=np.uint8)
    return gathered(nodes, bits, int(nodes.max()) + 1)
