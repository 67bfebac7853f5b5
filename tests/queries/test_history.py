"""What was ever said about a node, commit by commit."""

import pytest

from graph.errors import InvalidQuestion, NodeNotFound
from graph.ledger.change import Assert, Close, LiftRefutation, Merge, Refute, Unmerge, Withdraw
from graph.ledger.claims import claim_id_of
from graph.ledger.ledger import Ledger
from graph.model import Claim, CommitNumber, EdgeFacts, RowKey, Scope, SourceInstance, Uid, as_text
from graph.store import open_store
from graph.vocabulary import Kind
from queries.basis import Truncation
from queries.estate import Estate, Standpoint
from queries.history import Event, HistoryAnswer, HistoryQuestion, ValueChange, What, find_history
from tests.support.saying import RECORDS, day, days, edge, node, record
from tests.support.world import ledger_of

PEOPLE = Scope(SourceInstance("people"), "staff")


def ask(ledger: Ledger, uid: str = "x", **question) -> HistoryAnswer:
    return find_history(Estate(ledger), HistoryQuestion(Uid(uid), **question))


def told(answer: HistoryAnswer) -> list[tuple[int, What]]:
    return [(event.commit.sequence, event.what) for event in answer.events]


def keys(ledger: Ledger, uid: str) -> tuple[RowKey, ...]:
    at = ledger.at(day(20))
    return tuple(row.key for row in ledger.claims(Uid(uid), at))


def test_a_change_names_what_is_different_and_since_when():
    ledger = ledger_of(node("x", name="old", size=1, region="eu"))
    record(ledger, node("x", name="new", size=1, colour="red"), read_at=day(5), run="run-2")
    answer = ask(ledger)
    assert told(answer) == [(1, What.SAID), (2, What.CHANGED)]
    [said, changed] = answer.events
    assert said.changes == ()
    assert changed.changes == (
        ValueChange("colour", None, "red"),
        ValueChange("name", "old", "new"),
        ValueChange("region", "eu", None),
    )
    assert changed.row is not None
    assert as_text(changed.row.valid.start) == "2026-01-05T00:00:00.000Z"
    assert changed.row.claim.scope == RECORDS
    assert (changed.commit.actor, changed.commit.run) == ("test", "run-2")


def test_one_and_true_are_different_values():
    ledger = ledger_of(node("x", flag=1))
    record(ledger, node("x", flag=True), read_at=day(5))
    assert ask(ledger).events[1].changes == (ValueChange("flag", 1, True),)


def test_closing_and_taking_back_and_saying_again():
    ledger = ledger_of(node("x"))
    record(ledger, Close(keys(ledger, "x"), day(9)))
    record(ledger, node("x"), read_at=day(15))
    record(ledger, Withdraw(keys(ledger, "x")))
    assert told(ask(ledger)) == [
        (1, What.SAID),
        (2, What.CLOSED),
        (3, What.SAID_AGAIN),
        (4, What.TAKEN_BACK),
    ]


def test_edges_are_part_of_it_unless_not_wanted():
    ledger = ledger_of(node("x"), edge("x", "INVOKES", "y"))
    record(ledger, edge("z", "INVOKES", "x"))
    assert told(ask(ledger)) == [(1, What.SAID), (1, What.SAID), (2, What.SAID)]
    assert told(ask(ledger, edges=False)) == [(1, What.SAID)]
    assert told(ask(ledger, "y")) == [(1, What.SAID)]


def test_a_refutation_is_an_event_and_marks_what_it_refutes():
    ledger = ledger_of(node("x"))
    record(ledger, Refute(claim_id_of(RECORDS, Uid("x")), "it is a ghost"))
    [said, refuted] = ask(ledger).events
    assert (said.what, said.refuted) == (What.SAID, True)
    assert (refuted.what, refuted.reason, refuted.claim_id) == (What.REFUTED, "it is a ghost", said.claim_id)


def test_a_refutation_that_was_lifted_is_not_forgotten():
    ledger = ledger_of(node("x"))
    claim = claim_id_of(RECORDS, Uid("x"))
    record(ledger, Refute(claim, "it is a ghost"))
    record(ledger, LiftRefutation(claim, "seen alive"))
    record(ledger, Refute(claim, "a ghost after all"))
    said, *decided = ask(ledger).events
    assert said.refuted
    assert [(event.what, event.reason, event.claim_id, event.commit.actor) for event in decided] == [
        (What.REFUTED, "it is a ghost", claim, "test"),
        (What.LIFTED, "seen alive", claim, "test"),
        (What.REFUTED, "a ghost after all", claim, "test"),
    ]
    # As it was known before, it was refuted and not lifted; before that, neither.
    for known, expected in ((2, [What.SAID, What.REFUTED]), (1, [What.SAID])):
        answer = ask(ledger, standpoint=Standpoint(known=CommitNumber(known)))
        assert [event.what for event in answer.events] == expected
        assert answer.events[0].refuted is (known == 2)


def test_a_refutation_shows_what_it_is_of_where_a_claim_says_several_things():
    ledger = ledger_of(node("x", size=1))
    record(ledger, node("x", size=2), read_at=day(5))
    claim = claim_id_of(RECORDS, Uid("x"))
    [first] = ledger.claims(Uid("x"), ledger.at(day(2)))
    [second] = ledger.claims(Uid("x"), ledger.at(day(6)))
    record(ledger, Refute(claim, "never so small", first.key))
    record(ledger, Refute(claim, "nor so large"))
    record(ledger, LiftRefutation(claim, "both were so"))
    decided = [event for event in ask(ledger).events if event.claim_id == claim and event.said]
    assert [(event.what, [row.key for row in event.said]) for event in decided[:2]] == [
        (What.REFUTED, [first.key]),
        (What.REFUTED, [second.key]),
    ]
    lifted = [event for event in decided if event.what is What.LIFTED]
    assert sorted(row.key for event in lifted for row in event.said) == sorted([first.key, second.key])


def test_what_sources_contradict_each_other_on_is_said_at_the_times_asked_about():
    ledger = ledger_of(node("x", region="eu", size=1))
    record(ledger, node("x", region="us", size=1), scope=PEOPLE, read_at=day(5))
    assert dict(ask(ledger, standpoint=Standpoint(as_of=day(6))).contested) == {"region": ("eu", "us")}
    assert dict(ask(ledger, standpoint=Standpoint(as_of=day(3))).contested) == {}


def test_merges_and_their_undoing_are_events_of_both_nodes():
    ledger = ledger_of(node("x"), node("y"))
    record(ledger, Merge((Uid("x"), Uid("y")), "one thing"))
    merged = ask(ledger, "y")
    assert told(merged) == [(1, What.SAID), (1, What.SAID), (2, What.MERGED)]
    assert (merged.uid, merged.members) == ("x", ("x", "y"))
    record(ledger, Unmerge((Uid("x"), Uid("y")), "two things"))
    parted = ask(ledger, "y")
    assert told(parted) == [(1, What.SAID), (2, What.MERGED), (3, What.UNMERGED)]
    assert parted.members == ("y",)
    assert parted.events[2].uids == ("x", "y")
    assert [event.reason for event in parted.events] == [None, "one thing", "two things"]


def test_it_ends_at_the_commit_that_was_asked_for():
    ledger = ledger_of(node("x", size=1))
    record(ledger, node("x", size=2), read_at=day(5))
    answer = ask(ledger, standpoint=Standpoint(known=CommitNumber(1)))
    assert told(answer) == [(1, What.SAID)]
    assert answer.basis.commit.sequence == 1


def test_the_newest_come_first_and_older_ones_on_demand():
    ledger = ledger_of(node("x", size=0))
    for number in range(1, 6):
        record(ledger, node("x", size=number), read_at=day(number + 1))
    newest = ask(ledger, limit=2)
    assert told(newest) == [(5, What.CHANGED), (6, What.CHANGED)]
    assert newest.basis.truncated == Truncation("limit", 2, hidden=4)
    older = ask(ledger, limit=9, before=newest.next_before)
    assert [event.commit.sequence for event in older.events] == [1, 2, 3, 4]
    assert older.next_before is None
    assert older.basis.truncated is None


def test_events_of_one_commit_are_never_parted():
    ledger = ledger_of(node("x"), edge("x", "INVOKES", "y"), edge("x", "INVOKES", "z"))
    assert len(ask(ledger, limit=1).events) == 3


def test_an_erased_value_is_named_and_not_shown():
    ledger = ledger_of(node("x", Kind.IDENTITY, type_="person", name="Ada"))
    ledger.erase_personal(Uid("x"), actor="test", reason="as was asked for")
    [event] = ask(ledger).events
    assert isinstance(event, Event)
    assert event.row is not None
    assert event.row.erased == ("name",)
    assert "Ada" not in repr(event)


def test_what_was_never_said_has_no_history():
    with pytest.raises(NodeNotFound):
        ask(ledger_of(node("x")), "nothing")
    with pytest.raises(InvalidQuestion):
        ask(ledger_of(node("x")), limit=0)
    with pytest.raises(InvalidQuestion, match="before"):
        ask(ledger_of(node("x")), before=CommitNumber(0))


def test_within_a_commit_claims_are_in_order_of_time_then_of_what_they_are_about():
    ledger = Ledger(open_store(":memory:"))
    facts = [
        Assert(Claim(RECORDS, edge("x", "INVOKES", "b"), days(3))),
        Assert(Claim(RECORDS, edge("x", "INVOKES", "a"), days(3))),
        Assert(Claim(RECORDS, edge("x", "BUILT_FROM", "z"), days(3))),
        Assert(Claim(PEOPLE, edge("x", "INVOKES", "a"), days(3))),
        Assert(Claim(RECORDS, edge("x", "INVOKES", "old"), days(2))),
        Assert(Claim(RECORDS, node("x"), days(3))),
    ]
    record(ledger, *facts)
    said = [event.row.claim for event in ask(ledger).events if event.row is not None]
    assert [(as_text(c.valid.start)[:10], str(c.scope.source), *about(c)) for c in said if c.valid] == [
        ("2026-01-02", "records/default", "INVOKES", "old"),
        ("2026-01-03", "records/default", "x"),
        ("2026-01-03", "records/default", "BUILT_FROM", "z"),
        ("2026-01-03", "people/default", "INVOKES", "a"),
        ("2026-01-03", "records/default", "INVOKES", "a"),
        ("2026-01-03", "records/default", "INVOKES", "b"),
    ]


def about(claim: Claim) -> tuple[str, ...]:
    facts = claim.about
    return (facts.relation, facts.object) if isinstance(facts, EdgeFacts) else (facts.uid,)
