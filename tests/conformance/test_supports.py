"""A derived claim says no more than what it rests on, on either engine."""

import pytest

from graph.ledger.change import Assert, Change, Effect, Refute
from graph.ledger.claims import about_of, claim_id_of
from graph.ledger.ledger import Ledger
from graph.model import Claim, ClaimId, Scope, SourceInstance
from graph.vocabulary import Certainty, Kind, Origin
from tests.support.saying import JANUARY, RECORDS, days, edge, node, record

DERIVED = Scope(SourceInstance("derived"), "derived:test")
MEMBERSHIP = edge("user", "MEMBER_OF", "set")
TEN_DAYS = days(2, 10)


def said(facts, valid=None, certainty=Certainty.CERTAIN) -> ClaimId:
    return claim_id_of(RECORDS, about_of(Claim(RECORDS, facts, valid, certainty=certainty)))


def derived(ledger: Ledger, *supports: ClaimId, valid=TEN_DAYS, certainty=Certainty.CERTAIN):
    claim = Claim(DERIVED, MEMBERSHIP, valid, Origin.DERIVED, certainty, supports=tuple(supports))
    (step,) = ledger.commit(Change("test", "derived", (Assert(claim),), read_at=JANUARY)).steps
    return step


@pytest.fixture
def user(ledger: Ledger) -> ClaimId:
    record(ledger, node("user", Kind.IDENTITY), valid=days(1, 20))
    return said(node("user", Kind.IDENTITY))


def test_it_is_recorded_while_its_supports_stand(ledger, user):
    assert derived(ledger, user).effect is Effect.CREATED


@pytest.mark.parametrize("valid", [days(2), days(0, 5), days(25, 30)])
def test_it_is_refused_for_a_time_at_which_a_support_does_not_stand(ledger, user, valid):
    step = derived(ledger, user, valid=valid)
    assert step.effect is Effect.REJECTED
    assert "does not stand for all of that time" in str(step.error)


def test_it_is_refused_where_it_rests_on_what_nobody_said(ledger, user):
    assert derived(ledger, user, ClaimId("nobody")).effect is Effect.REJECTED


def test_two_stretches_of_a_support_that_touch_carry_it_and_a_gap_does_not(ledger):
    record(ledger, node("user", Kind.IDENTITY, title="a"), valid=days(1, 5))
    record(ledger, node("user", Kind.IDENTITY, title="b"), valid=days(5, 8))
    record(ledger, node("user", Kind.IDENTITY, title="c"), valid=days(9, 20))
    claim = said(node("user", Kind.IDENTITY))
    assert derived(ledger, claim, valid=days(2, 8)).effect is Effect.CREATED
    assert derived(ledger, claim, valid=days(2, 10)).effect is Effect.REJECTED


def test_it_is_refused_as_certain_where_a_support_is_possible(ledger):
    claim = Claim(RECORDS, edge("user", "MEMBER_OF", "team"), days(1, 20), certainty=Certainty.POSSIBLE)
    ledger.commit(Change("test", "said", (Assert(claim),), read_at=JANUARY))
    support = claim_id_of(RECORDS, about_of(claim))
    step = derived(ledger, support)
    assert step.effect is Effect.REJECTED
    assert "only possible" in str(step.error)
    assert derived(ledger, support, certainty=Certainty.POSSIBLE).effect is Effect.CREATED


def test_it_is_refused_where_a_support_is_refuted(ledger, user):
    ledger.commit(Change("test", "wrong", (Refute(user, "it never existed"),)))
    assert derived(ledger, user).effect is Effect.REJECTED
