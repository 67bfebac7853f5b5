"""Decisions of people: who may make them, what is recorded, and what they come to."""

from typing import Any

import pytest

from graph.errors import InvalidQuestion, InvalidValue, KindConflict, NodeNotFound, RelationNotAllowed
from graph.ledger.change import Close
from graph.ledger.claims import claim_id_of
from graph.ledger.ledger import Ledger
from graph.model import ClaimId, ClaimRow, Commit, Uid
from graph.store import open_store
from graph.vocabulary import End, Kind
from queries.estate import Estate, Standpoint
from queries.governance import (
    CONSOLE,
    Actor,
    Decided,
    IdentityQuestion,
    OwnerQuestion,
    RefutationQuestion,
    decide_identity,
    decide_owner,
    decide_refutation,
    refutable,
)
from tests.support.saying import RECORDS, SINCE_JANUARY, Clock, day, days, edge, node, record

EVE = Actor("eve")
A, B = Uid("a"), Uid("b")


@pytest.fixture
def estate() -> Estate:
    """Two tables, a key, and Ada and Ben, who might own them; in one commit."""
    ledger = Ledger(open_store(":memory:"), Clock())
    record(
        ledger,
        node("a", Kind.DATASET, name="first"),
        node("b", Kind.DATASET, name="second"),
        node("key", Kind.SECRET),
        node("ada", Kind.IDENTITY, type_="person", name="Ada", status="active"),
        node("ben", Kind.IDENTITY, type_="person", name="Ben", status="active"),
        valid=SINCE_JANUARY,
    )
    return Estate(ledger)


def merged(estate: Estate, *, same: bool = True, actor: Actor = EVE, reason: str = "one table") -> Decided:
    return decide_identity(estate, IdentityQuestion(actor, (A, B), reason, same))


def owned(estate: Estate, owner: str = "ada", **more) -> Decided:
    return decide_owner(estate, OwnerQuestion(EVE, A, Uid(owner), "it is hers", **more))


def refuted(estate: Estate, *, lifts: bool = False) -> Decided:
    claim = claim_id_of(RECORDS, A)
    return decide_refutation(estate, RefutationQuestion(EVE, claim, "a ghost", lifts))


def commit_of(decided: Decided) -> Commit:
    assert decided.commit is not None
    return decided.commit


def owners(estate: Estate, uid: str = "a") -> list[str]:
    edges = estate.view().edges([Uid(uid)], relations=["OWNS"], end=End.OBJECT)
    return [edge.subject.uid for edge in edges]


# ---------------------------------------------------------------- who decides, and how that is known


@pytest.mark.parametrize("decide", [merged, owned, refuted])
def test_every_decision_is_one_commit_that_says_that_its_actor_is_asserted(estate: Estate, decide):
    commit = commit_of(decide(estate))
    assert (commit.sequence, commit.actor, commit.source) == (2, "eve", "console/default")
    assert commit.summary.endswith("(actor_basis: asserted)")
    assert estate.ledger.head().sequence == 2


def test_taking_back_is_a_decision_like_any_other(estate: Estate):
    merged(estate)
    refuted(estate)
    for again in (merged(estate, same=False), refuted(estate, lifts=True)):
        assert commit_of(again).summary.endswith("(actor_basis: asserted)")


def test_what_is_assigned_carries_the_basis_in_its_claim(estate: Estate):
    owned(estate)
    [edge_] = estate.view().edges([A], relations=["OWNS"], end=End.OBJECT)
    assert {name: found.value for name, found in edge_.properties.items()} == {
        "actor_basis": "asserted",
        "reason": "it is hers",
    }
    [row] = estate.ledger.edge_claims(edge_, estate.view().at)
    assert row.claim.scope == CONSOLE


def test_no_actor_can_call_itself_authenticated():
    with pytest.raises(TypeError):
        Actor("eve", basis="authenticated")  # type: ignore[call-arg]
    assert Actor("eve (authenticated)").basis == "asserted"


@pytest.mark.parametrize(("name", "reason"), [("", "why"), ("  ", "why"), ("eve", ""), ("eve", " \n")])
def test_nobody_and_no_reason_decide_nothing(estate: Estate, name: str, reason: str):
    with pytest.raises(InvalidQuestion):
        merged(estate, actor=Actor(name), reason=reason)
    assert estate.ledger.head().sequence == 1


# ---------------------------------------------------------------- one thing, or two


def test_a_merge_makes_one_node_and_undoing_it_two(estate: Estate):
    assert merged(estate).notes == ("Both now count as a.",)
    assert estate.view().node(B).members == (A, B)
    assert merged(estate).commit is None
    assert merged(estate, same=False).notes == ()
    assert estate.view().node(B).members == (B,)


def test_two_that_others_tie_together_stay_one_and_that_is_said(estate: Estate):
    record(estate.ledger, node("c", Kind.DATASET), valid=SINCE_JANUARY)
    for one, other in (("a", "b"), ("b", "c"), ("a", "c")):
        question = IdentityQuestion(EVE, (Uid(one), Uid(other)), "one table")
        decide_identity(estate, question)
    assert merged(estate, same=False).notes == (
        "They still count as one thing, because others tie them together.",
    )


@pytest.mark.parametrize(
    ("other", "error"), [("a", InvalidQuestion), ("nowhere", NodeNotFound), ("key", KindConflict)]
)
def test_what_cannot_be_one_thing_is_refused_and_leaves_nothing(estate: Estate, other: str, error: type):
    with pytest.raises(error):
        decide_identity(estate, IdentityQuestion(EVE, (A, Uid(other)), "one thing"))
    assert estate.ledger.head().sequence == 1


# ---------------------------------------------------------------- wrong, or not


def test_a_refuted_claim_no_longer_counts_until_it_is_lifted(estate: Estate):
    refuted(estate)
    assert A not in estate.view().nodes([A])
    assert refuted(estate).commit is None
    refuted(estate, lifts=True)
    assert estate.view().node(A).name == "first"


def test_a_claim_that_does_not_stand_is_not_refuted(estate: Estate):
    with pytest.raises(InvalidValue):
        decide_refutation(estate, RefutationQuestion(EVE, ClaimId("0" * 32), "x"))


def test_what_can_be_refuted_of_a_node_is_what_stands_and_is_not_refuted(estate: Estate):
    record(estate.ledger, edge("a", "DERIVED_FROM", "b"), valid=SINCE_JANUARY)

    def claims(*, lifts: bool = False) -> set[str]:
        return {row.claim_id for row in refutable(estate.view(), A, lifts=lifts)}

    described = claim_id_of(RECORDS, A)
    assert len(claims()) == 2
    assert described in claims()
    refuted(estate)
    assert (described in claims(), claims(lifts=True)) == (False, {described})


def renamed(estate: Estate) -> tuple[ClaimRow, ClaimRow]:
    """Name the first table anew from the fifth of January on: what was said of it before, and since."""
    record(estate.ledger, node("a", Kind.DATASET, name="renamed"), valid=days(5))
    before, since = (estate.ledger.claims(A, estate.ledger.at(day(n)))[0] for n in (2, 6))
    return before, since


def named(estate: Estate, number: int) -> str | None:
    return estate.view(Standpoint(as_of=day(number))).node(A).name


def test_what_a_claim_says_now_is_refuted_and_what_it_said_before_stays(estate: Estate):
    renamed(estate)
    decided = refuted(estate)
    assert decided.notes == (
        "Refuted is what it says from 2026-01-05T00:00:00.000Z.",
        (
            "What it says from 2026-01-01T00:00:00.000Z until 2026-01-05T00:00:00.000Z "
            "is something else, and stays."
        ),
    )
    assert named(estate, 2) == "first"
    assert A not in estate.view().nodes([A])


@pytest.mark.parametrize("by", ["key", "content_digest"])
def test_one_of_the_things_that_a_claim_said_can_be_named(estate: Estate, by: str):
    before, since = renamed(estate)
    claim = claim_id_of(RECORDS, A)
    decide_refutation(estate, RefutationQuestion(EVE, claim, "never its name", said=getattr(before, by)))
    assert named(estate, 6) == "renamed"
    assert A not in estate.view(Standpoint(as_of=day(2))).nodes([A])
    assert [row.key for row in refutable(estate.view(), A)] == [since.key]
    assert [row.key for row in refutable(estate.view(), A, lifts=True)] == [before.key, since.key]


def test_what_a_claim_never_said_cannot_be_refuted_nor_part_of_it_lifted(estate: Estate):
    before, _ = renamed(estate)
    with pytest.raises(InvalidValue, match="said"):
        decide_refutation(estate, RefutationQuestion(EVE, claim_id_of(RECORDS, B), "x", said=before.key))
    with pytest.raises(InvalidQuestion, match="said"):
        decide_refutation(
            estate, RefutationQuestion(EVE, claim_id_of(RECORDS, A), "x", lifts=True, said=before.key)
        )


# ---------------------------------------------------------------- who answers for it


def test_an_owner_stands_beside_others_who_are_named(estate: Estate):
    assert owned(estate).notes == ()
    assert owned(estate, "ben").notes == ("Also accountable, as other claims say: Ada (ada).",)
    assert owners(estate) == ["ada", "ben"]


@pytest.mark.parametrize(
    ("told", "note"),
    [
        (
            {"status": "departed", "departed_at": day(9)},
            "Gone cannot answer for anything as things stand: they left",
        ),
        ({}, "It is not known whether Gone can answer for it: no source says whether they are active."),
    ],
)
def test_an_owner_who_is_not_there_is_told(estate: Estate, told: dict[str, Any], note: str):
    record(
        estate.ledger,
        node("gone", Kind.IDENTITY, type_="person", name="Gone", **told),
        valid=SINCE_JANUARY,
    )
    [said] = owned(estate, "gone").notes
    assert said.startswith(note)


def test_an_owner_decided_before_ends_with_the_same_commit(estate: Estate):
    owned(estate)
    replaced = owned(estate, "ben", instead_of=Uid("ada"))
    assert (owners(estate), replaced.notes) == (["ben"], ())


def test_a_refused_owner_leaves_the_one_before(estate: Estate):
    owned(estate)
    with pytest.raises(RelationNotAllowed):
        owned(estate, "key", instead_of=Uid("ada"))
    assert owners(estate) == ["ada"]
    assert estate.ledger.head().sequence == 2


def test_what_another_source_says_is_not_ended_by_a_decision(estate: Estate):
    record(estate.ledger, edge("ada", "OWNS", "a", "accountable"), valid=SINCE_JANUARY)
    with pytest.raises(InvalidQuestion, match="instead_of"):
        owned(estate, "ben", instead_of=Uid("ada"))
    assert owners(estate) == ["ada"]


@pytest.mark.parametrize(("uid", "owner"), [("nowhere", "ada"), ("a", "nobody")])
def test_what_nothing_mentions_now_has_and_is_no_owner(estate: Estate, uid: str, owner: str):
    with pytest.raises(NodeNotFound):
        decide_owner(estate, OwnerQuestion(EVE, Uid(uid), Uid(owner), "why"))


def test_a_closed_node_gets_no_owner(estate: Estate):
    at = estate.view().at
    keys = tuple(row.key for row in estate.ledger.claims(A, at))
    record(estate.ledger, Close(keys, at.valid))
    with pytest.raises(NodeNotFound):
        owned(estate)
