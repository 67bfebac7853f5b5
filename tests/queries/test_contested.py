"""Where sources of equal precedence contradict each other, no harm is certain and none left out; by hand."""

from __future__ import annotations

import pytest

from graph.ledger.change import Assert
from graph.model import Claim, NodeFacts, Scope, SourceInstance, Uid
from graph.vocabulary import Certainty, Harm, Kind
from queries.blast_radius import BlastRadiusQuestion, find_blast_radius
from queries.filters import Hidden, NodeFilter, criticality_of, environment_of
from queries.ownership import OwnershipQuestion, find_ownership
from queries.ownership_rules import Reason, Standing
from tests.support.saying import day, days, edge, node
from tests.support.world import ON_DAY_20, Told, covering, estate_of, person

OTHER = Scope(SourceInstance("records", "other"), "estate")
C, P = Certainty.CERTAIN, Certainty.POSSIBLE


def also(fact: NodeFacts, since: int = 1) -> Assert:
    """Another source says this, from a day of January on."""
    return Assert(Claim(OTHER, fact, days(since)))


def harmed(seed: str, harm: Harm, *facts: Told) -> dict[tuple[str, str], Certainty]:
    question = BlastRadiusQuestion((Uid(seed),), harm, standpoint=ON_DAY_20)
    found = find_blast_radius(estate_of(*facts), question)
    return {(r.node.uid, r.harm.value): r.certainty for r in found if r.hops or r.harm is not harm}


@pytest.mark.parametrize(("first", "second"), [("agent", "service"), ("service", "agent")])
@pytest.mark.parametrize("since", [1, 3])
def test_what_may_be_an_agent_may_follow_instructions_in_what_it_reads(first, second, since):
    agent = node("a", type_=first), also(node("a", type_=second), since)
    assert harmed("a", Harm.TAINTED, *agent)["a", "CONTROLLED"] is P


def test_what_is_no_agent_by_either_source_does_not():
    service = node("a", type_="service"), also(node("a", type_="application"))
    assert ("a", "CONTROLLED") not in harmed("a", Harm.TAINTED, *service)


VERSION = edge("v", "VERSION_OF", "s")


def version(**said) -> NodeFacts:
    return node("v", Kind.SECRET, **said)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([version(revoked=False), also(version(revoked=True), 3)], P),
        ([version(revoked=True), also(version(revoked=False), 3)], P),
        ([version(revoked_at=day(30)), also(version(revoked_at=day(5)))], P),
        ([version(revoked=False, expires=day(30)), also(version(expires=day(5)))], P),
        ([version(revoked=False), also(version(revoked=False), 3)], C),
        ([version(revoked=True, revoked_at=day(30))], C),
        ([version(revoked=False, expires=day(30))], C),
        ([version(revoked=False, revoked_at=day(10))], P),
        ([version(expires=day(30))], P),
        ([version(revoked=False, expires=day(20))], None),
        ([version(revoked=True, revoked_at=day(20))], None),
    ],
)
def test_a_leaked_version_opens_the_secret_for_certain_only_where_it_is_known_to_stand(said, expected):
    found = harmed("v", Harm.DISCLOSED, *said, node("s", Kind.SECRET), VERSION)
    assert found.get(("s", "DISCLOSED")) is expected


@pytest.mark.parametrize(
    ("bob", "expected"),
    [
        ([person("bob", "departed"), also(person("bob"), 3)], P),
        ([person("bob"), also(person("bob", "departed"), 3)], P),
        ([person("bob"), also(node("bob", Kind.IDENTITY, type_="service_account"), 3)], P),
        ([person("bob", "departed"), also(person("bob", "suspended"))], P),
        ([person("bob", departed_at=day(3)), also(person("bob", "departed", departed_at=day(5)))], C),
        ([person("bob", "departed")], C),
    ],
)
def test_whether_an_owner_is_left_is_open_where_sources_contradict_each_other(bob, expected):
    owned = node("x"), edge("ada", "OWNS", "x", "accountable"), edge("bob", "OWNS", "x", "accountable")
    found = harmed("ada", Harm.UNAVAILABLE, person("ada"), *owned, *bob)
    assert found["x", "ORPHANED"] is expected


@pytest.mark.parametrize("since", [1, 3])
def test_where_and_how_critical_it_is_is_unknown_where_sources_contradict_each_other(since: int):
    estate = estate_of(
        node("x", environment="production", criticality=4, region="eu"),
        also(node("x", environment="staging", criticality=1, region="eu"), since),
    )
    found = estate.view(ON_DAY_20).node(Uid("x"))
    assert (environment_of(found), criticality_of(found)) == ("unknown", None)
    asked = NodeFilter(environments=frozenset({"production"}))
    assert (asked.admits(found), asked.hidden([found])) == (False, Hidden(0, 1, 0))
    assert NodeFilter(min_criticality=2).hidden([found]) == Hidden(0, 0, 1)


def test_a_node_of_unknown_kind_is_counted_where_kinds_are_asked_for():
    estate = estate_of(edge("x", "CAN_WRITE", "thing"), node("x", Kind.IDENTITY))
    found = estate.view(ON_DAY_20).node(Uid("thing"))
    assert found.kind is Kind.UNKNOWN
    assert NodeFilter(kinds=frozenset({Kind.DATASET})).hidden([found]) == Hidden(1, 0, 0)
    assert NodeFilter(kinds=frozenset({Kind.UNKNOWN})).admits(found)


@pytest.mark.parametrize(("first", "second"), [("service", "network_zone"), ("network_zone", "service")])
def test_whether_it_needs_an_owner_is_open_where_it_depends_on_a_contested_type(first: str, second: str):
    told = covering(), node("x", type_=first, environment="production"), also(node("x", type_=second), 3)
    answer = find_ownership(estate_of(*told), OwnershipQuestion(standpoint=ON_DAY_20))
    [found] = answer.nodes
    assert (found.standing, found.reasons) == (Standing.UNKNOWN, (Reason.UNCERTAIN,))
    assert "it may be something that needs no owner" in found.because
    assert (answer.gaps, answer.not_ownable) == ((), 0)
