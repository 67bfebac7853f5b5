"""A topology that follows commits equals one that is built anew."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.ledger.timeline import EdgeTimeline, NodeTimeline, TimelineChanges
from graph.model import CommitNumber, Uid
from graph.topology import build
from graph.topology.splice import spliced
from graph.vocabulary import VOCABULARY, Kind
from tests.graph.topology.decoding import decoded
from tests.graph.topology.test_build import asset, edge
from tests.support.worlds import UIDS, Maker, World, worlds

FIRST, SECOND = CommitNumber(1), CommitNumber(2)


def key(each: EdgeTimeline) -> tuple[str, Uid, Uid, str]:
    return each.relation, each.subject, each.object, each.discriminator


def changed_world(world: World, number: int) -> tuple[World, TimelineChanges]:
    """Another world, and what makes the one into the other."""
    maker, random = Maker(number), Random(number)
    nodes = {node.uid: node for node in world.nodes}
    edges = {key(each): each for each in world.edges}
    gone_edges = {each for each in edges if random.random() < 0.3}
    for each in gone_edges:
        del edges[each]
    mentioned = {uid for each in edges.values() for uid in (each.subject, each.object)}
    removed = {uid for uid in nodes if uid not in mentioned and random.random() < 0.5}
    for uid in removed:
        del nodes[uid]
    fresh: dict[Uid, NodeTimeline] = {}
    for uid in map(Uid, random.sample(UIDS, 3)):
        if uid not in removed:
            fresh[uid] = maker.node(uid, _kind(uid, edges.values(), random))
    nodes |= fresh
    added = {key(each): each for each in maker.edges(list(nodes.values()), random.randrange(6))}
    edges |= added
    ended = [EdgeTimeline(*each, ()) for each in gone_edges if each not in added]
    changes = TimelineChanges(SECOND, list(fresh.values()), [*added.values(), *ended], sorted(removed))
    return World(tuple(nodes.values()), tuple(edges.values())), changes


def _kind(uid: Uid, edges, random: Random) -> Kind:
    """A kind that the edges of a node still allow."""
    allowed = set(Kind)
    for each in edges:
        term = VOCABULARY.relation(each.relation)
        if each.subject == uid:
            allowed &= {Kind.UNKNOWN} | {pair[0] for pair in term.pairs}
        if each.object == uid:
            allowed &= {Kind.UNKNOWN} | {pair[1] for pair in term.pairs}
    return random.choice(sorted(allowed))


@settings(max_examples=500, deadline=None)
@given(worlds(), st.lists(st.integers(0, 2**32), min_size=1, max_size=4))
def test_a_spliced_topology_equals_one_built_anew(world, numbers):
    topology = build(FIRST, world.nodes, world.edges)
    before = decoded(topology)
    following = topology
    for number in numbers:
        world, changes = changed_world(world, number)
        following = spliced(following, changes)
        assert decoded(following) == decoded(build(SECOND, world.nodes, world.edges))
    assert decoded(topology) == before


def test_codes_keep_their_numbers():
    topology = build(FIRST, [asset("a"), asset("b")], [edge("a", "b")])
    after = spliced(topology, TimelineChanges(SECOND, [], [edge("a", "b", "BUILT_FROM")]))
    assert after.codes.codes[: len(topology.codes)] == topology.codes.codes


def test_uids_are_shared_while_no_node_comes_or_goes():
    topology = build(FIRST, [asset("a"), asset("b")], [])
    assert spliced(topology, TimelineChanges(SECOND, [], [edge("a", "b")])).uids is topology.uids


def test_removing_a_node_that_an_edge_leads_to_is_refused():
    topology = build(FIRST, [asset("a"), asset("b")], [edge("a", "b")])
    with pytest.raises(ValueError, match="still leads to"):
        spliced(topology, TimelineChanges(SECOND, [], [], [Uid("b")]))


def test_an_edge_to_a_node_that_is_nowhere_is_refused():
    topology = build(FIRST, [asset("a")], [])
    with pytest.raises(ValueError, match="'b', which is not among the nodes"):
        spliced(topology, TimelineChanges(SECOND, [], [edge("a", "b")]))


def test_a_node_cannot_both_change_and_go():
    topology = build(FIRST, [asset("a")], [])
    with pytest.raises(ValueError, match="both changed and removed"):
        spliced(topology, TimelineChanges(SECOND, [asset("a")], [], [Uid("a")]))
