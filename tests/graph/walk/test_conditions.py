"""What rules ask beyond their edge has the answers that the definitions give, on random worlds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.ledger.timeline import EdgeSpell, EdgeTimeline, NodeSpell, NodeTimeline
from graph.model import ALWAYS, CommitNumber, Instant, Interval, Uid
from graph.topology import build
from graph.vocabulary import Certainty, Kind
from graph.walk.conditions import Conditions
from graph.walk.liveness import ALIVE, DEAD, UNCLEAR, liveness
from graph.walk.tables import Answer
from tests.graph.walk.oracle import NO, UNKNOWN, YES, Oracle
from tests.support.worlds import DATES, World, worlds

LIFE = {YES: ALIVE, NO: DEAD, UNKNOWN: UNCLEAR}
ANSWERS = {YES: Answer.YES, NO: Answer.NO, UNKNOWN: Answer.UNKNOWN}
MANY = settings(max_examples=300, deadline=None)


def topology_of(world: World):
    return build(CommitNumber(1), world.nodes, world.edges)


@MANY
@given(worlds(), DATES)
def test_people_are_alive_while_active_and_groups_while_somebody_in_them_is(world, as_of):
    topology = topology_of(world)
    states = liveness(topology.view(as_of), None, None)
    oracle = Oracle(world, as_of)
    for node in world.nodes:
        if node.kind is Kind.IDENTITY:
            assert states[topology.get(node.uid)] == LIFE[oracle.alive(node.uid)], node.uid


@MANY
@given(worlds(), DATES, st.sampled_from([None, 9, 10, 12]), st.sampled_from([None, (5, 15), (12, 40)]))
def test_conditions_have_the_answers_of_the_definitions(world, as_of, since, window):
    topology = topology_of(world)
    window = None if window is None else Interval(Instant(window[0]), Instant(window[1]))
    oracle = Oracle(world, as_of, window, since)
    conditions = Conditions(
        view=topology.view(as_of, window),
        moment=as_of if window is None else window.start,
        windowed=window is not None,
        since=None if oracle.since is None else Instant(oracle.since),
        left_out=None,
        gone=None,
    )
    asked_of = {
        "VERSION_OF": "version_not_revoked",
        "VERIFIED_BY": "verified_after_since",
        "OWNS": "no_other_living_owner",
    }
    for edge in world.edges:
        if edge.relation in asked_of and oracle.live_spells(edge):
            name = asked_of[edge.relation]
            ends = [np.array([topology.get(uid)], dtype=np.int32) for uid in (edge.subject, edge.object)]
            answer = conditions.ask(name, *ends)[0]
            assert answer == ANSWERS[oracle.answer(name, edge.subject, edge.object)], edge


def identity(uid: str, kind: str | None, status: str | None = None) -> NodeTimeline:
    said = {} if status is None else {"status": status}
    return NodeTimeline(Uid(uid), Kind.IDENTITY, (NodeSpell(ALWAYS, kind, said),))


def member(uid: str, group: str, certainty: Certainty = Certainty.CERTAIN) -> EdgeTimeline:
    spell = EdgeSpell(ALWAYS, certainty, frozenset())
    return EdgeTimeline("MEMBER_OF", Uid(uid), Uid(group), "", (spell,))


def life_of(uid: str, nodes: list[NodeTimeline], edges: list[EdgeTimeline]) -> int:
    topology = build(CommitNumber(1), nodes, edges)
    return int(liveness(topology.view(Instant(0)), None, None)[topology.get(uid)])


def test_a_team_lives_through_a_living_person_in_a_team_within_it():
    nodes = [identity("a", "team"), identity("b", "team"), identity("p", "person", "active")]
    assert life_of("a", nodes, [member("b", "a"), member("p", "b")]) == ALIVE


def test_teams_within_each_other_and_nobody_in_them_are_unclear():
    nodes = [identity("a", "team"), identity("b", "team")]
    assert life_of("a", nodes, [member("b", "a"), member("a", "b")]) == UNCLEAR


def test_a_team_whose_known_people_have_all_gone_is_unclear_as_others_may_be_in_it():
    nodes = [identity("a", "team"), identity("p", "person", "departed"), identity("q", "person", "suspended")]
    assert life_of("a", nodes, [member("p", "a"), member("q", "a")]) == UNCLEAR


def test_a_team_of_machines_and_one_without_members_are_unclear():
    nodes = [identity("a", "team"), identity("m", "service_account", "active"), identity("b", "team")]
    assert life_of("a", nodes, [member("m", "a")]) == UNCLEAR
    assert life_of("b", nodes, [member("m", "a")]) == UNCLEAR


def test_a_living_person_who_is_only_possibly_a_member_leaves_it_unclear():
    nodes = [identity("a", "team"), identity("p", "person", "active")]
    assert life_of("a", nodes, [member("p", "a", Certainty.POSSIBLE)]) == UNCLEAR


def test_a_person_without_a_status_is_unclear():
    assert life_of("p", [identity("p", "person")], []) == UNCLEAR


@pytest.mark.parametrize("kind", ["service_account", "workload_identity", "oauth_app", "oidc_subject", None])
@pytest.mark.parametrize("status", ["active", "suspended", "departed", None])
def test_who_is_no_person_is_unclear_whatever_the_status(kind, status):
    assert life_of("m", [identity("m", kind, status)], []) == UNCLEAR


@pytest.mark.parametrize("status", ["suspended", "departed"])
def test_a_person_who_is_not_active_is_dead(status):
    assert life_of("p", [identity("p", "person", status)], []) == DEAD
