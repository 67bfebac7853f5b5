"""What a walk refuses, and what its forest offers beside the states themselves."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from graph.errors import InvalidQuestion, NodeNotFound
from graph.ledger.claims import edge_id_of
from graph.ledger.timeline import EdgeSpell, EdgeTimeline, NodeSpell, NodeTimeline
from graph.model import ALWAYS, CommitNumber, EdgeId, Instant, Interval, Path, Uid
from graph.topology import build
from graph.vocabulary import VOCABULARY, Certainty, Harm, Kind
from graph.walk import Bounds, Direction, EdgeBetween, RuleTables, When, Without, walk

RULES = RuleTables(VOCABULARY)
NOW = When(Instant(100))
KEY, BOT, DATA, LAW = Uid("key"), Uid("bot"), Uid("data"), Uid("law")


def node(uid: Uid, kind: Kind, valid: Interval = ALWAYS) -> NodeTimeline:
    return NodeTimeline(uid, kind, (NodeSpell(valid, None, {}),))


def edge(relation: str, subject: Uid, target: Uid, valid: Interval = ALWAYS) -> EdgeTimeline:
    return EdgeTimeline(relation, subject, target, "", (EdgeSpell(valid, Certainty.CERTAIN, frozenset()),))


NODES = [
    node(KEY, Kind.SECRET),
    node(BOT, Kind.IDENTITY),
    node(DATA, Kind.DATASET),
    node(LAW, Kind.REGULATION),
]
EDGES = [edge("AUTHENTICATES", KEY, BOT), edge("CAN_WRITE", BOT, DATA)]
WORLD = build(CommitNumber(1), NODES, EDGES)
LEAK = [(KEY, Harm.DISCLOSED)]


def test_a_walk_needs_a_seed():
    with pytest.raises(InvalidQuestion, match="seeds"):
        walk(WORLD, RULES, [], NOW)


def test_a_harm_that_cannot_happen_to_a_kind_is_named_with_those_that_can():
    with pytest.raises(InvalidQuestion) as refused:
        walk(WORLD, RULES, [(KEY, Harm.CONTROLLED)], NOW)
    assert "CONTROLLED cannot happen to 'key', which is of the kind Secret" in str(refused.value)
    assert "DISCLOSED, UNAVAILABLE, ORPHANED" in str(refused.value)


def test_nothing_can_happen_to_a_regulation():
    with pytest.raises(InvalidQuestion, match="one of none for this kind"):
        walk(WORLD, RULES, [(LAW, Harm.ORPHANED)], NOW)


def test_a_node_that_is_not_there_at_the_date_is_not_found():
    later = build(CommitNumber(1), [node(KEY, Kind.SECRET, Interval(Instant(200)))], [])
    with pytest.raises(NodeNotFound):
        walk(later, RULES, LEAK, NOW)
    assert len(walk(later, RULES, LEAK, When(Instant(200)))) == 1


def test_a_node_that_is_only_mentioned_then_is_there():
    mentioned = build(
        CommitNumber(1),
        [NodeTimeline(KEY, Kind.SECRET, ()), node(BOT, Kind.IDENTITY)],
        [edge("AUTHENTICATES", KEY, BOT, Interval(Instant(50), Instant(150)))],
    )
    assert len(walk(mentioned, RULES, LEAK, NOW)) == 2
    with pytest.raises(NodeNotFound):
        walk(mentioned, RULES, LEAK, When(Instant(150)))


def test_what_is_to_be_left_out_must_exist():
    with pytest.raises(NodeNotFound):
        walk(WORLD, RULES, LEAK, NOW, without=Without(nodes=frozenset({Uid("nobody")})))
    with pytest.raises(InvalidQuestion, match="there is no edge 'feed'"):
        walk(WORLD, RULES, LEAK, NOW, without=Without(edges=frozenset({EdgeId("feed")})))
    nowhere = EdgeBetween("CAN_READ", BOT, DATA)
    with pytest.raises(InvalidQuestion, match="there is no edge 'bot CAN_READ data'"):
        walk(WORLD, RULES, LEAK, NOW, without=Without(between=frozenset({nowhere})))


def test_a_seed_cannot_be_left_out():
    with pytest.raises(InvalidQuestion, match="'key' is also where the walk begins"):
        walk(WORLD, RULES, LEAK, NOW, without=Without(nodes=frozenset({KEY})))


@pytest.mark.parametrize("bounds", [{"max_hops": -1}, {"max_states": 0}, {"max_seconds": 0.0}])
def test_bounds_that_leave_nothing_are_refused(bounds):
    with pytest.raises(InvalidQuestion, match=next(iter(bounds))):
        Bounds(**bounds)


def test_a_forest_counts_finds_and_pages():
    forest = walk(WORLD, RULES, LEAK, NOW)
    certain, possible = Certainty.CERTAIN, Certainty.POSSIBLE
    assert forest.counts() == {
        (Harm.CONTROLLED, certain): 1,
        (Harm.DISCLOSED, certain): 1,
        (Harm.TAINTED, certain): 1,
        (Harm.UNPROVEN, certain): 1,
        (Harm.UNAVAILABLE, possible): 1,
    }
    assert list(forest.page(1, 3)) == [forest[1], forest[2]]
    assert list(forest.page(4, 99)) == [forest[4]]
    found = forest.find(DATA, Harm.UNAVAILABLE)
    assert found is not None
    assert (found.hops, found.certainty) == (2, possible)
    assert forest.find(DATA, Harm.DISCLOSED) is None
    assert forest.find(Uid("nobody"), Harm.TAINTED) is None


def test_columns_say_the_same_as_the_states():
    forest = walk(WORLD, RULES, LEAK, NOW)
    rows = zip(forest.node_column, forest.harm_column, forest.hops_column, forest.certain_column, strict=True)
    for reached, (number, harm, hops, certain) in zip(forest, rows, strict=True):
        assert reached.state.node == WORLD.ref(int(number))
        assert reached.state.harm is forest.harms[harm]
        assert reached.hops == hops
        assert (reached.certainty is Certainty.CERTAIN) == certain


def test_the_path_of_a_seed_is_empty_and_there_is_none_to_what_is_not_reached():
    forest = walk(WORLD, RULES, LEAK, NOW)
    assert forest.path_to(KEY, Harm.DISCLOSED) == Path(())
    assert forest.path_to(DATA, Harm.DISCLOSED) is None
    assert forest.path_to(Uid("nobody"), Harm.TAINTED) is None


def test_hops_name_the_edge_they_cross():
    path = walk(WORLD, RULES, LEAK, NOW).path_to(BOT, Harm.CONTROLLED)
    assert path is not None
    assert path.hops[0].edge == edge_id_of("AUTHENTICATES", KEY, BOT, "")


def test_a_state_that_was_cut_off_is_not_found_and_has_no_path():
    forest = walk(WORLD, RULES, LEAK, NOW, bounds=Bounds(max_states=2))
    assert (len(forest), forest.visited) == (2, 5)
    assert forest.find(DATA, Harm.TAINTED) is None
    assert forest.path_to(DATA, Harm.TAINTED) is None


def test_a_forest_tells_what_it_was_asked():
    bounds = Bounds(max_hops=3)
    forest = walk(WORLD, RULES, LEAK, NOW, direction=Direction.BACKWARD, bounds=bounds)
    assert [(seed.node.uid, seed.harm) for seed in forest.seeds] == LEAK
    assert (forest.direction, forest.as_of, forest.bounds) == (Direction.BACKWARD, NOW.as_of, bounds)


def test_rules_of_another_edition_give_their_own_answer_over_the_same_topology():
    quieter = replace(
        VOCABULARY,
        rules_version=0,
        relations=tuple(
            replace(term, rules=()) if term.name == "CAN_WRITE" else term for term in VOCABULARY.relations
        ),
    )
    assert len(walk(WORLD, RuleTables(quieter), LEAK, NOW)) == 2
    assert len(walk(WORLD, RULES, LEAK, NOW)) == 5


def test_an_edition_older_than_a_relation_lets_its_facts_carry_nothing():
    older = replace(
        VOCABULARY,
        rules_version=0,
        relations=tuple(term for term in VOCABULARY.relations if term.name != "CAN_WRITE"),
    )
    assert len(walk(WORLD, RuleTables(older), LEAK, NOW)) == 2


def test_a_condition_that_this_release_cannot_answer_makes_its_rule_possible():
    strange = replace(VOCABULARY.conditions[0], name="full_moon")
    terms = {term.name: term for term in VOCABULARY.relations}
    rules = tuple(replace(rule, condition="full_moon") for rule in terms["AUTHENTICATES"].rules)
    terms["AUTHENTICATES"] = replace(terms["AUTHENTICATES"], rules=rules)
    edition = replace(
        VOCABULARY, relations=tuple(terms.values()), conditions=(*VOCABULARY.conditions, strange)
    )
    found = walk(WORLD, RuleTables(edition), LEAK, NOW).find(BOT, Harm.CONTROLLED)
    assert found is not None
    assert found.certainty is Certainty.POSSIBLE


def test_a_long_chain_is_walked_to_its_end():
    uids = [Uid(f"n{number:05}") for number in range(3000)]
    chain = build(
        CommitNumber(1),
        [node(uid, Kind.IDENTITY) for uid in uids],
        [edge("CAN_ASSUME", one, two) for one, two in pairwise(uids)],
    )
    forest = walk(chain, RULES, [(uids[0], Harm.CONTROLLED)], NOW)
    assert np.array_equal(forest.hops_column, np.arange(3000))
    path = forest.path_to(uids[-1], Harm.CONTROLLED)
    assert path is not None
    assert path.length == 2999
