"""Deriving again: what no longer follows is taken back, and what is unchanged makes no commit."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.ledger.change import Change, LiftRefutation, Refute
from graph.ledger.claims import about_of, claim_id_of
from graph.model import Claim, ClaimId, EdgeFacts, Instant, Interval, Uid
from graph.vocabulary import Certainty
from ingest.derivers import SOURCE, deriving
from ingest.derivers.conclusions import Conclusion, settled
from tests.ingest.derivers.world import World, scope_of, subject, trusted

PIPELINE = subject("pipeline", "repo:o/r:environment:prod")
SET = trusted("set", "repo:o/r:*")
FOLLOWS = ["pipeline MEMBER_OF set"]


@pytest.fixture
def joined(world: World) -> tuple[World, ClaimId]:
    """A world in which one thing follows, and the claim that can be taken from it."""
    world.say("github", PIPELINE)
    (claim,) = world.say("aws", SET)
    assert world.derived() == FOLLOWS
    return world, claim


def test_deriving_twice_makes_no_commit(joined):
    world, _ = joined
    head = world.ledger.head()
    assert world.derive() is None
    assert world.ledger.head() == head


def test_a_commit_that_changes_nothing_for_it_makes_no_commit(joined):
    world, _ = joined
    world.say("github", subject("other", "repo:x/y:environment:prod"))
    head = world.ledger.head().sequence
    report = world.derive()
    assert report is not None
    assert report.commits == 0
    assert world.ledger.head().sequence == head


def test_it_ends_when_a_support_ends(joined):
    world, claim = joined
    world.end(claim, at=9)
    assert world.derived() == ["pipeline MEMBER_OF set [1,9)"]


def test_it_is_taken_back_when_a_support_is(joined):
    world, claim = joined
    world.take_back(claim)
    assert world.derived() == []


def test_it_is_taken_back_when_a_support_is_refuted_and_back_when_that_is_lifted(joined):
    world, claim = joined
    world.ledger.commit(Change("ada", "wrong", (Refute(claim, "the trust was never granted"),)))
    assert world.derived() == []
    world.ledger.commit(Change("ada", "right", (LiftRefutation(claim, "it was"),)))
    assert world.derived() == FOLLOWS


def test_it_was_known_as_long_as_it_stood(joined):
    world, claim = joined
    then = world.ledger.head().sequence
    world.take_back(claim)
    world.derive()
    edges = world.ledger.edges([Uid("pipeline")], world.ledger.at(known=then))
    assert [edge.relation for edge in edges] == ["MEMBER_OF"]


def test_it_names_its_supports_and_its_rule(joined):
    world, claim = joined
    (edge,) = world.ledger.edges([Uid("pipeline")], world.ledger.at())
    (row,) = world.ledger.edge_claims(edge, world.ledger.at())
    pipeline = claim_id_of(scope_of("github"), about_of(Claim(scope_of("github"), PIPELINE)))
    assert row.claim.supports == tuple(sorted((claim, pipeline)))
    assert str(row.claim.scope) == f"{SOURCE}:derived:trust-pattern"
    assert edge.certainty is Certainty.CERTAIN


@pytest.mark.parametrize("moment", ["run_job", "_section"])
def test_what_another_process_commits_meanwhile_is_not_missed(world, monkeypatch, moment):
    world.say("github", PIPELINE)
    (claim,) = world.say("aws", SET)
    real, others = getattr(deriving, moment), [world.take_back]

    def interrupted(*given):
        if others:
            others.pop()(claim)
        return real(*given)

    monkeypatch.setattr(deriving, moment, interrupted)
    assert world.derived() == []
    assert world.derive() is None


def test_a_derivation_that_was_not_alone_is_done_again_by_the_next(world, monkeypatch):
    world.say("github", PIPELINE)
    (claim,) = world.say("aws", SET)
    real = deriving._section

    def interrupted(*given):
        world.take_back(claim)
        raise KeyboardInterrupt

    monkeypatch.setattr(deriving, "_section", interrupted)
    world.derive()
    monkeypatch.setattr(deriving, "_section", real)
    assert world.derived() == []


def test_where_nothing_follows_nothing_is_logged(world):
    world.say("github", PIPELINE)
    head = world.ledger.head()
    assert world.derive() is None
    assert world.ledger.head() == head


def test_it_covers_nothing(joined):
    world, _ = joined
    coverage = world.ledger.store.coverage(world.ledger.head().sequence)
    assert [row for row in coverage if row.scope.source == SOURCE and (row.kinds or row.relations)] == []


def test_nothing_is_derived_from_what_was_derived(joined):
    """Otherwise what follows could carry itself after its supports are gone."""
    world, claim = joined
    world.say("aws", trusted("outer", "*"))
    assert world.derived() == ["pipeline MEMBER_OF outer", *FOLLOWS]
    world.take_back(claim)
    assert world.derived() == ["pipeline MEMBER_OF outer"]


# Several reasons for one edge

EDGE = EdgeFacts("MEMBER_OF", Uid("a"), Uid("b"))


@st.composite
def reasons(draw):
    start = draw(st.integers(0, 8))
    end = draw(st.integers(start + 1, 10))
    certain = draw(st.booleans())
    return Conclusion(
        EDGE,
        Interval(Instant(start), Instant(end)),
        Certainty.CERTAIN if certain else Certainty.POSSIBLE,
        None if certain else "perhaps",
        (ClaimId(draw(st.sampled_from("xyz"))),),
    )


@given(st.lists(reasons(), max_size=6))
def test_at_each_moment_the_strongest_reason_is_said_once(several):
    said = list(settled(several))
    for moment in map(Instant, range(11)):
        holding = [c for c in several if c.valid.holds_at(moment)]
        told = [c for c in said if c.valid.holds_at(moment)]
        assert len(told) == min(1, len(holding))
        if holding:
            best = min(holding, key=lambda c: (c.certainty is not Certainty.CERTAIN, c.supports))
            assert (told[0].certainty, told[0].supports) == (best.certainty, best.supports)
    for before, after in pairwise(said):
        same = (before.certainty, before.supports) == (after.certainty, after.supports)
        assert not (same and before.valid.end == after.valid.start)
