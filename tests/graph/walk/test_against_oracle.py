"""The walk equals a second one that is written from the definitions, on random worlds."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from graph.errors import NodeNotFound
from graph.ledger.claims import edge_id_of
from graph.model import CommitNumber, Instant, Interval, Path, Uid
from graph.topology import build
from graph.vocabulary import VOCABULARY, Certainty, Harm
from graph.walk import Bounds, CutBy, Direction, Forest, RuleTables, When, Without, walk
from tests.graph.walk.oracle import HARM_ORDER, Oracle, key_of
from tests.support.worlds import DATES, World, asked_worlds

RULES = RuleTables(VOCABULARY)
CERTAIN, POSSIBLE = Certainty.CERTAIN, Certainty.POSSIBLE
MANY = settings(max_examples=300, deadline=None)


def topology_of(world: World):
    return build(CommitNumber(1), world.nodes, world.edges)


def found_by(forest: Forest) -> dict[tuple[Uid, Harm], tuple[int, bool]]:
    return {(r.state.node.uid, r.state.harm): (r.hops, r.certainty is CERTAIN) for r in forest}


def existing(world: World, oracle: Oracle, seeds):
    kept = [seed for seed in seeds if seed[0] in world.by_uid and oracle.exists(seed[0])]
    assume(kept)
    return kept


@MANY
@given(asked_worlds(), DATES)
def test_a_walk_reaches_what_the_definitions_say_with_their_hops_and_certainty(asked, as_of):
    world, seeds = asked
    oracle = Oracle(world, as_of)
    seeds = existing(world, oracle, seeds)
    forest = walk(topology_of(world), RULES, seeds, When(as_of))
    assert found_by(forest) == oracle.reach(seeds)
    assert forest.truncation is None
    assert forest.visited == len(forest)


@MANY
@given(asked_worlds(), DATES)
def test_states_come_by_hops_then_certainty_then_uid_then_harm(asked, as_of):
    world, seeds = asked
    oracle = Oracle(world, as_of)
    seeds = existing(world, oracle, seeds)
    forest = walk(topology_of(world), RULES, seeds, When(as_of))
    shown = [
        (r.hops, r.certainty is POSSIBLE, r.state.node.uid.encode(), HARM_ORDER[r.state.harm]) for r in forest
    ]
    assert shown == sorted(shown)


@MANY
@given(asked_worlds(), DATES, st.integers(0, 4))
def test_a_bound_on_hops_gives_the_result_within_them_and_says_whether_there_is_more(asked, as_of, hops):
    world, seeds = asked
    oracle = Oracle(world, as_of)
    seeds = existing(world, oracle, seeds)
    forest = walk(topology_of(world), RULES, seeds, When(as_of), bounds=Bounds(max_hops=hops))
    assert found_by(forest) == oracle.reach(seeds, hops)
    more = {state: certain for state, (_, certain) in oracle.reach(seeds).items()}
    here = {state: certain for state, (_, certain) in oracle.reach(seeds, hops).items()}
    if more == here:
        assert forest.truncation is None
    else:
        assert forest.truncation is not None
        assert forest.truncation.reason is CutBy.HOPS
        assert forest.complete_to_hops == hops


@MANY
@given(asked_worlds(), DATES, st.integers(1, 12), st.one_of(st.none(), st.integers(0, 4)))
def test_a_bound_on_states_finishes_the_level_that_passes_it_and_cuts_it(asked, as_of, most, hops):
    world, seeds = asked
    oracle = Oracle(world, as_of)
    seeds = sorted(set(existing(world, oracle, seeds)))
    bounds = Bounds(max_hops=hops, max_states=most)
    forest = walk(topology_of(world), RULES, seeds, When(as_of), bounds=bounds)
    expected, complete_to = oracle.cut(seeds, hops, most)
    assert found_by(forest) == expected
    if complete_to is not None:
        assert forest.truncation is not None
        assert forest.truncation.reason is CutBy.STATES
        assert forest.complete_to_hops == complete_to
        assert len(forest) == most < forest.visited


@MANY
@given(asked_worlds(), DATES, st.data())
def test_what_is_taken_away_is_as_if_it_had_never_been(asked, as_of, data):
    world, seeds = asked
    oracle = Oracle(world, as_of)
    seeds = existing(world, oracle, seeds)
    begun = {uid for uid, _ in seeds}
    others = [node.uid for node in world.nodes if node.uid not in begun]
    gone = frozenset(data.draw(st.sets(st.sampled_from(others), max_size=2)) if others else set())
    chosen = [
        edge for edge in world.edges if edge.spells and data.draw(st.integers(0, 3), label="left out") == 0
    ]
    left_out = frozenset(map(key_of, chosen))
    without = Without(nodes=gone, edges=frozenset(edge_id_of(*key) for key in left_out))
    forest = walk(topology_of(world), RULES, seeds, When(as_of), without=without)
    assert found_by(forest) == Oracle(world, as_of, gone=gone, left_out=left_out).reach(seeds)


@MANY
@given(asked_worlds(), DATES, st.sampled_from([(0, 10), (5, 15), (10, 20), (12, 40)]))
def test_with_a_window_edges_count_that_are_valid_at_any_time_in_it(asked, as_of, window):
    world, seeds = asked
    window = Interval(Instant(window[0]), Instant(window[1]))
    oracle = Oracle(world, as_of, window)
    seeds = existing(world, oracle, seeds)
    forest = walk(topology_of(world), RULES, seeds, When(as_of, window))
    assert found_by(forest) == oracle.reach(seeds)


@MANY
@given(asked_worlds(), DATES, st.sampled_from([8, 9, 10, 12, 13]))
def test_verifications_count_from_when_the_harm_began(asked, as_of, since):
    world, seeds = asked
    oracle = Oracle(world, as_of, since=since)
    seeds = existing(world, oracle, seeds)
    forest = walk(topology_of(world), RULES, seeds, When(as_of, since=Instant(since)))
    assert found_by(forest) == oracle.reach(seeds)


@MANY
@given(asked_worlds(), DATES)
def test_backward_holds_all_that_could_lead_to_the_target(asked, as_of):
    world, seeds = asked
    oracle = Oracle(world, as_of)
    seeds = existing(world, oracle, seeds)
    forest = walk(topology_of(world), RULES, seeds, When(as_of), direction=Direction.BACKWARD)
    assert found_by(forest) == oracle.backward(seeds)


@settings(max_examples=60, deadline=None)
@given(asked_worlds(most_seeds=1), DATES)
def test_backward_agrees_with_forward_in_reach_and_certainty(asked, as_of):
    world, seeds = asked
    seeds = existing(world, Oracle(world, as_of), seeds)
    topology, target = topology_of(world), seeds[0]
    back = found_by(walk(topology, RULES, [target], When(as_of), direction=Direction.BACKWARD))
    for node in world.nodes:
        for harm in VOCABULARY.harms_of(node.kind):
            try:
                forward = found_by(walk(topology, RULES, [(node.uid, harm)], When(as_of)))
            except NodeNotFound:
                assert (node.uid, harm) not in back
                continue
            assert (target in forward) == ((node.uid, harm) in back)
            if target in forward:
                assert forward[target][1] == back[node.uid, harm][1]


def check_path(path: Path, forest: Forest, oracle: Oracle, *, backward: bool) -> None:
    """Holds a path against the steps of the world, one by one."""
    steps: dict[tuple[object, object, object], bool] = {}
    steps |= {(step.start, step.end, step.edge): False for step in oracle.steps}
    for step in oracle.steps:
        steps[step.start, step.end, step.edge] |= step.certain
    by_id = {edge_id_of(*key_of(edge)): key_of(edge) for edge in oracle.world.edges}
    for hop in path.hops:
        start = (hop.start.node.uid, hop.start.harm)
        end = (hop.end.node.uid, hop.end.harm)
        edge = None if hop.edge is None else by_id[hop.edge]
        assert steps[start, end, edge] == (hop.certainty is CERTAIN)
        assert hop.relation == (None if edge is None else edge[0])
        if edge is not None:
            assert hop.along == (edge[1] == start[0])
        one, two = (forest.find(*state) for state in (start, end))
        if one is not None and two is not None:  # a path may pass through what a bound then cut off
            apart = one.hops - two.hops if backward else two.hops - one.hops
            assert apart == (0 if edge is None else 1)
    for before, after in zip(path.hops, path.hops[1:], strict=False):
        assert before.end == after.start


@MANY
@given(asked_worlds(), DATES, st.sampled_from(list(Direction)), st.one_of(st.none(), st.integers(1, 8)))
def test_every_path_is_made_of_steps_and_shows_no_other_hops_than_the_rows(asked, as_of, direction, most):
    world, seeds = asked
    oracle = Oracle(world, as_of)
    seeds = existing(world, oracle, seeds)
    backward = direction is Direction.BACKWARD
    bounds = Bounds(max_states=most)
    forest = walk(topology_of(world), RULES, seeds, When(as_of), direction=direction, bounds=bounds)
    for reached in forest:
        path = forest.path_to(reached.state.node.uid, reached.state.harm)
        assert path is not None
        check_path(path, forest, oracle, backward=backward)
        assert path.length == reached.hops
        state = (reached.state.node.uid, reached.state.harm)
        if state in seeds:
            assert path.hops == ()
            continue
        first, last = path.hops[0].start, path.hops[-1].end
        begin, end = (reached.state, last) if backward else (first, reached.state)
        assert (first, last) == (begin, end)
        seed = last if backward else first
        assert (seed.node.uid, seed.harm) in seeds
        if reached.certainty is CERTAIN:
            assert path.certainty is CERTAIN
        for hop in path.hops:  # nothing on the way that is not a row, too
            for passed in (hop.start, hop.end):
                assert forest.find(passed.node.uid, passed.harm) is not None


@MANY
@given(asked_worlds(), DATES)
def test_of_several_explaining_steps_the_smallest_is_shown(asked, as_of):
    world, seeds = asked
    oracle = Oracle(world, as_of)
    seeds = existing(world, oracle, seeds)
    found = oracle.reach(seeds)
    forest = walk(topology_of(world), RULES, seeds, When(as_of))
    for state, (hops, certain) in found.items():
        over_edges = [
            (step.start[0], edge_id_of(*step.edge), HARM_ORDER[step.start[1]])
            for step in oracle.steps
            if step.end == state
            and step.edge is not None
            and found.get(step.start, (None, False))[0] == hops - 1
            and (not certain or (step.certain and found[step.start][1]))
        ]
        path = forest.path_to(state[0], Harm(state[1]))
        if state in seeds or path is None:
            continue
        last = path.hops[-1]
        if over_edges:
            assert (last.start.node.uid, last.edge, HARM_ORDER[last.start.harm]) == min(over_edges)
        else:
            assert last.edge is None


@settings(max_examples=100, deadline=None)
@given(asked_worlds(), DATES, st.randoms(use_true_random=False))
def test_the_order_of_what_goes_in_does_not_matter(asked, as_of, random):
    world, seeds = asked
    seeds = existing(world, Oracle(world, as_of), seeds)
    first = walk(topology_of(world), RULES, seeds, When(as_of))
    nodes, edges, again = list(world.nodes), list(world.edges), list(seeds)
    for items in (nodes, edges, again):
        random.shuffle(items)
    shuffled = build(CommitNumber(1), nodes, edges)
    second = walk(shuffled, RuleTables(VOCABULARY), again, When(as_of))
    assert list(first) == list(second)
    for reached in first:
        state = (reached.state.node.uid, reached.state.harm)
        assert first.path_to(*state) == second.path_to(*state)


@MANY
@given(asked_worlds(), DATES)
def test_certain_hops_are_the_shortest_ways_that_networkx_finds_in_the_graph_of_states(asked, as_of):
    world, seeds = asked
    oracle = Oracle(world, as_of)
    seeds = existing(world, oracle, seeds)
    states: nx.DiGraph = nx.DiGraph()
    states.add_nodes_from(seeds)
    for step in oracle.steps:
        if step.certain:
            weight = min(step.weight, states.get_edge_data(step.start, step.end, {}).get("weight", 1))
            states.add_edge(step.start, step.end, weight=weight)
    expected = nx.multi_source_dijkstra_path_length(states, set(seeds))
    found = found_by(walk(topology_of(world), RULES, seeds, When(as_of)))
    assert {state: hops for state, (hops, certain) in found.items() if certain} == expected


@settings(max_examples=100, deadline=None)
@given(asked_worlds(), DATES, st.integers(1, 30))
def test_a_bound_on_time_gives_a_whole_result_within_fewer_hops(asked, as_of, ticks):
    world, seeds = asked
    oracle = Oracle(world, as_of)
    seeds = existing(world, oracle, seeds)
    time = iter(range(10**6))
    bounds = Bounds(max_seconds=ticks)
    forest = walk(
        topology_of(world), RULES, seeds, When(as_of), bounds=bounds, clock=lambda: float(next(time))
    )
    if forest.truncation is None:
        assert found_by(forest) == oracle.reach(seeds)
    else:
        assert forest.truncation.reason is CutBy.SECONDS
        assert found_by(forest) == oracle.reach(seeds, forest.complete_to_hops)


@settings(max_examples=60, deadline=None)
@given(asked_worlds(), DATES, st.data())
def test_one_more_edge_never_shrinks_what_is_reached(asked, as_of, data):
    world, seeds = asked
    seeds = existing(world, Oracle(world, as_of), seeds)
    # An owner more, or a member, may make another owner's loss less certain, and a mark may
    # silence a rule: those are new facts about old edges. Reach itself only ever grows.
    assume(world.edges)
    fewer = World(world.nodes, world.edges[:-1])
    assume(all(Oracle(fewer, as_of).exists(uid) for uid, _ in seeds))
    less = found_by(walk(topology_of(fewer), RULES, seeds, When(as_of)))
    more = found_by(walk(topology_of(world), RULES, seeds, When(as_of)))
    assert less.keys() <= more.keys()


def test_a_seed_that_nothing_mentions_is_an_error():
    with pytest.raises(NodeNotFound):
        walk(build(CommitNumber(0), [], []), RULES, [(Uid("nowhere"), Harm.TAINTED)], When(Instant(0)))
