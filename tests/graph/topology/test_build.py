"""A built topology holds what its timelines say, in one order."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import NodeNotFound
from graph.ledger.claims import edge_id_of
from graph.ledger.timeline import EdgeSpell, EdgeTimeline, NodeTimeline
from graph.model import ALWAYS, CommitNumber, EdgeId, Instant, Interval, NodeRef, Uid
from graph.topology import build
from graph.vocabulary import Certainty, Kind
from tests.graph.topology.decoding import decoded
from tests.support.worlds import DATES, worlds

FIRST = CommitNumber(1)
MANY = settings(max_examples=200, deadline=None)


def asset(uid: str) -> NodeTimeline:
    return NodeTimeline(Uid(uid), Kind.ASSET, ())


def edge(subject: str, target: str, relation: str = "INVOKES", *, valid: Interval = ALWAYS) -> EdgeTimeline:
    spell = EdgeSpell(valid, Certainty.CERTAIN, frozenset())
    return EdgeTimeline(relation, Uid(subject), Uid(target), "", (spell,))


@MANY
@given(worlds())
def test_rows_say_what_the_edges_say(world):
    _, nodes, _, rows, back = decoded(build(FIRST, world.nodes, world.edges))
    kinds = {node.uid: node.kind for node in world.nodes}
    assert nodes == sorted(kinds.items(), key=lambda item: item[0].encode())
    expected = [
        (
            each.subject,
            each.object,
            each.relation,
            each.discriminator,
            spell.valid.start,
            spell.valid.end,
            kinds[each.subject],
            kinds[each.object],
            spell.marks,
            spell.certainty,
            spell.possible_marks,
        )
        for each in world.edges
        for spell in each.spells
    ]
    assert sorted(row[:6] for row in rows) == sorted(row[:6] for row in expected)
    assert rows == sorted(rows, key=lambda row: row[:6])
    assert {row[:6]: row for row in rows} == {row[:6]: row for row in expected}
    ends = [(target, subject) for subject, target, *_ in rows]
    assert sorted(ends) == [(target, subject) for target, subject, _ in back]


@MANY
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_what_goes_in_does_not_matter(world, random):
    nodes, edges = list(world.nodes), list(world.edges)
    random.shuffle(nodes)
    random.shuffle(edges)
    assert decoded(build(FIRST, nodes, edges)) == decoded(build(FIRST, world.nodes, world.edges))


@MANY
@given(worlds(), DATES)
def test_a_view_flags_the_rows_and_spells_that_hold_at_its_date(world, as_of):
    topology = build(FIRST, world.nodes, world.edges)
    topology.view(Instant(12))  # a kept view of another date must not answer for this one
    view = topology.view(as_of)
    for row in range(topology.row_count):
        valid = Interval(
            Instant(int(topology.rows.valid_from[row])), Instant(int(topology.rows.valid_to[row]))
        )
        assert (view.live is None or bool(view.live[row])) == valid.holds_at(as_of)
    for node in world.nodes:
        number = topology.get(node.uid)
        holding = [spell for spell in node.spells if spell.valid.holds_at(as_of)]
        assert (view.node_spell[number] >= 0) == bool(holding)
        for spell in holding:
            said = spell.properties.get("criticality")
            assert view.criticality[number] == (said if isinstance(said, int) else -1)


def test_dates_between_which_nothing_changes_share_a_view():
    topology = build(
        FIRST, [asset("a"), asset("b")], [edge("a", "b", valid=Interval(Instant(10), Instant(20)))]
    )
    assert topology.view(Instant(10)) is topology.view(Instant(19))
    assert topology.view(Instant(20)) is not topology.view(Instant(19))
    assert topology.view(Instant(9)) is not topology.view(Instant(10))


def test_a_node_is_found_by_its_exact_uid_only():
    topology = build(FIRST, [asset("é"), asset("e\u0301"), asset("E")], [])
    assert topology.ref(topology.get("e\u0301")) == NodeRef(Uid("e\u0301"), Kind.ASSET)
    assert topology.find("e") is None
    with pytest.raises(NodeNotFound):
        topology.get("e")


def test_edges_are_found_by_their_ids():
    edges = [edge("a", "b"), edge("a", "b", "BUILT_FROM"), edge("b", "a")]
    topology = build(FIRST, [asset("a"), asset("b")], edges)
    wanted = edge_id_of("BUILT_FROM", Uid("a"), Uid("b"), "")
    found = topology.rows_of([wanted, EdgeId("none")])
    assert list(found) == [wanted]
    assert [topology.code_of(row).relation for row in found[wanted]] == ["BUILT_FROM"]


def test_an_edge_to_a_node_that_is_not_given_is_refused():
    with pytest.raises(ValueError, match="'b', which is not among the nodes"):
        build(FIRST, [asset("a")], [edge("a", "b")])


def test_a_node_given_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        build(FIRST, [asset("a"), asset("a")], [])


def test_nothing_at_all_is_a_topology_too():
    topology = build(CommitNumber(0), [], [])
    assert (topology.node_count, topology.row_count) == (0, 0)
    assert topology.view(Instant(0)).live is None
