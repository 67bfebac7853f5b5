"""Lineage equals what the definitions say on random worlds, and its bounds cut honestly."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from graph.errors import InvalidQuestion, NodeNotFound
from graph.ledger.claims import edge_id_of
from graph.ledger.timeline import NodeSpell, NodeTimeline
from graph.model import ALWAYS, CommitNumber, Instant, Uid
from graph.topology import build
from graph.vocabulary import VOCABULARY, Certainty, End, Harm, Kind
from graph.walk import (
    CutBy,
    LineageBounds,
    LineageDirection,
    RuleTables,
    When,
    Without,
    lineage,
)
from tests.graph.walk.oracle import Oracle, Step, key_of, reach
from tests.support.worlds import DATES, Maker, World

RULES = RuleTables(VOCABULARY)
MANY = settings(max_examples=300, deadline=None)
DIRECTIONS = st.sampled_from(list(LineageDirection))
DATA_RELATIONS = tuple(term.name for term in VOCABULARY.relations if term.data_flow is not None)
KINDS = [Kind.DATASET, Kind.DATASET, Kind.ASSET, Kind.UNKNOWN]


@st.composite
def data_worlds(draw: st.DrawFn) -> World:
    maker = Maker(draw(st.integers(0, 2**32)))
    names = maker.random.sample("abcdefgh", draw(st.integers(2, 8)))
    nodes = [maker.node(Uid(name), maker.random.choice(KINDS)) for name in names]
    return World(tuple(nodes), tuple(maker.edges(nodes, draw(st.integers(0, 16)), DATA_RELATIONS)))


def flow_steps(oracle: Oracle, *, downstream: bool) -> list[Step]:
    """Every step of data: to being taken in, and where the edge lets it on, to being passed on."""
    steps = []
    for edge in oracle.world.edges:
        term = VOCABULARY.relation(edge.relation)
        kinds = oracle.kind(edge.subject), oracle.kind(edge.object)
        source_end = term.flows_from(*kinds)
        for spell in oracle.live_spells(edge) if source_end is not None else ():
            ends = [edge.subject, edge.object]
            if source_end is End.OBJECT:
                ends.reverse()
            sure = spell.certainty is Certainty.CERTAIN
            if Kind.UNKNOWN in kinds and term.data_flow_kinds is not None:
                sure = False
            passing = sure
            taints = [
                rule
                for rule in term.rules
                if rule.origin_end is source_end and rule.harm == rule.becomes == Harm.TAINTED
            ]
            worlds = [spell.marks]
            for mark in spell.possible_marks:
                worlds += [marks | {mark} for marks in worlds]
            firing = [
                rule
                for rule in taints
                if any(rule.with_marks <= marks and not rule.without_marks & marks for marks in worlds)
            ]
            if taints:
                passing = sure and any(
                    rule.certainty is Certainty.CERTAIN
                    and all(rule.with_marks <= marks and not rule.without_marks & marks for marks in worlds)
                    for rule in firing
                )
            steps.append(Step((ends[0], "flow"), (ends[1], "taken"), sure, key_of(edge)))
            if firing or not taints:
                steps.append(Step((ends[0], "flow"), (ends[1], "flow"), passing, key_of(edge)))
    if downstream:
        return steps
    return [Step(step.end, step.start, step.certain, step.edge) for step in steps]


def seeds_of(starts, *, downstream: bool):
    bits = ("flow",) if downstream else ("flow", "taken")
    return [(uid, bit) for uid in starts for bit in bits]


def folded(states) -> dict[Uid, tuple[int, bool]]:
    nodes: dict[Uid, tuple[int, bool]] = {}
    for (uid, _), (hops, certain) in states.items():
        best = nodes.get(uid)
        if best is None or (not certain, hops) < (not best[1], best[0]):
            nodes[uid] = (hops, certain)
    return nodes


def narrowed(steps: list[Step], seeds, most: int) -> list[Step]:
    """The steps to each node's first neighbours only."""
    leaving: dict[Uid, set[Uid]] = {}
    for step in steps:
        if step.start[1] == "flow" or step.start in seeds:
            leaving.setdefault(step.start[0], set()).add(step.end[0])
    followed = {uid: set(sorted(ends)[:most]) for uid, ends in leaving.items()}
    return [step for step in steps if step.end[0] in followed.get(step.start[0], ())]


def starts_in(world: World, as_of: int, random) -> list[Uid]:
    oracle = Oracle(world, as_of)
    able = [node.uid for node in world.nodes if oracle.exists(node.uid)]
    assume(able)
    chosen: list[Uid] = random.sample(able, min(len(able), random.choice([1, 1, 2])))
    return chosen


@MANY
@given(
    data_worlds(),
    DATES,
    DIRECTIONS,
    st.one_of(st.none(), st.integers(0, 4)),
    st.one_of(st.none(), st.integers(1, 3)),
    st.randoms(use_true_random=False),
)
def test_lineage_shows_what_the_definitions_say(world, as_of, direction, hops, most, random):
    starts = starts_in(world, as_of, random)
    downstream = direction is LineageDirection.DOWNSTREAM
    steps = flow_steps(Oracle(world, as_of), downstream=downstream)
    seeds = seeds_of(starts, downstream=downstream)
    walkable = steps if most is None else narrowed(steps, seeds, most)
    states = reach(walkable, seeds, hops)
    expected = folded(states)
    topology = build(CommitNumber(1), world.nodes, world.edges)
    bounds = LineageBounds(max_hops=hops, max_fan_out=most)
    found = lineage(topology, RULES, starts, When(as_of), direction=direction, bounds=bounds)
    assert {n.node.uid: (n.hops, n.certainty is Certainty.CERTAIN) for n in found.nodes} == expected
    order = [(node.hops, node.node.uid) for node in found.nodes]
    assert order == sorted(order)
    hidden: dict[Uid, set[Uid]] = {}
    drawn: dict[str, bool] = {}
    for step in steps:
        if step.start in states and (step.start[1] == "flow" or step.start in seeds):
            if step.end[0] not in expected:
                hidden.setdefault(step.start[0], set()).add(step.end[0])
            elif step.edge is not None:
                eid = edge_id_of(*step.edge)
                drawn[eid] = drawn.get(eid, False) or step.certain
    assert {n.node.uid: n.hidden for n in found.nodes if n.hidden} == {
        uid: len(missing) for uid, missing in hidden.items()
    }
    assert {edge.edge: edge.certainty is Certainty.CERTAIN for edge in found.edges} == drawn
    whole = folded(reach(steps, seeds, None))
    if found.truncation is None:
        assert expected.keys() == whole.keys()
    else:
        assert found.truncation.reason in (CutBy.HOPS, CutBy.FAN_OUT)
        # Nothing is missing up to the hops that it says: nothing nearer is left out.
        near = folded(reach(steps, seeds, found.complete_to_hops))
        assert near.keys() <= expected.keys()


@MANY
@given(data_worlds(), DATES)
def test_what_is_upstream_of_a_node_has_it_downstream(world, as_of):
    topology = build(CommitNumber(1), world.nodes, world.edges)
    oracle = Oracle(world, as_of)
    uids = [node.uid for node in world.nodes if oracle.exists(node.uid)]
    reached = {
        direction: {
            (uid, node.node.uid, node.certainty)
            for uid in uids
            for node in lineage(topology, RULES, [uid], When(as_of), direction=direction).nodes
        }
        for direction in LineageDirection
    }
    turned = {(other, uid, certainty) for uid, other, certainty in reached[LineageDirection.UPSTREAM]}
    assert turned == reached[LineageDirection.DOWNSTREAM]


@MANY
@given(data_worlds(), DATES, DIRECTIONS, st.integers(1, 4), st.randoms(use_true_random=False))
def test_a_bound_on_nodes_keeps_the_nearest(world, as_of, direction, most, random):
    starts = starts_in(world, as_of, random)
    topology = build(CommitNumber(1), world.nodes, world.edges)
    whole = lineage(topology, RULES, starts, When(as_of), direction=direction)
    bounds = LineageBounds(max_nodes=most)
    found = lineage(topology, RULES, starts, When(as_of), direction=direction, bounds=bounds)
    assert [node.node for node in found.nodes] == [node.node for node in whole.nodes[:most]]
    if len(whole.nodes) > most:
        assert found.truncation is not None
        assert found.truncation.reason is CutBy.STATES
        assert found.complete_to_hops == whole.nodes[most].hops - 1
    else:
        assert found.truncation is None


def test_lineage_of_nothing_or_of_what_is_nowhere_is_refused():
    topology = build(CommitNumber(0), [], [])
    up = LineageDirection.UPSTREAM
    with pytest.raises(InvalidQuestion, match="starts"):
        lineage(topology, RULES, [], When(Instant(0)), direction=up)
    with pytest.raises(NodeNotFound):
        lineage(topology, RULES, [Uid("nowhere")], When(Instant(0)), direction=up)


def test_a_start_that_is_left_out_is_refused():
    described = NodeTimeline(Uid("a"), Kind.DATASET, (NodeSpell(ALWAYS, "table", {}),))
    topology = build(CommitNumber(1), [described], [])
    with pytest.raises(InvalidQuestion, match="also where the walk begins"):
        lineage(
            topology,
            RULES,
            [Uid("a")],
            When(Instant(5)),
            direction=LineageDirection.UPSTREAM,
            without=Without(nodes=frozenset({Uid("a")})),
        )


@pytest.mark.parametrize("bounds", [{"max_hops": -1}, {"max_fan_out": 0}, {"max_nodes": 0}])
def test_bounds_that_leave_nothing_are_refused(bounds):
    with pytest.raises(InvalidQuestion, match=next(iter(bounds))):
        LineageBounds(**bounds)
