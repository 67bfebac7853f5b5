"""When a missing edge means that there is none: by a scope's word, and by a claim's own word on its node."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from graph.errors import InvalidValue, UnknownRelation
from graph.ledger.change import Cover, Merge, Refute, Step
from graph.ledger.ledger import Ledger
from graph.ledger.port import RunRecord
from graph.model import AsOf, CommitNumber, Extent, Instant, NodeFacts, RunId, Scope, SourceInstance, Uid
from graph.store import open_store
from graph.vocabulary import Kind
from tests.support.saying import RECORDS, Clock, attempt, day, days, record

BOM = Scope(SourceInstance("cyclonedx"), "build")
COMPLETE, INCOMPLETE = Extent.COMPLETE, Extent.INCOMPLETE


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    store = open_store(":memory:")
    yield Ledger(store, Clock())
    store.close()


def asset(uid: str = "app", kind: Kind = Kind.ASSET, **coverage: Extent) -> NodeFacts:
    return NodeFacts(Uid(uid), kind, coverage=coverage)


def covered(*relations: str, on: int = 2, scope: Scope = RECORDS, restates: bool = False) -> Step:
    return Cover(scope, frozenset({"Asset"}), frozenset(relations), day(on), restates=restates)


def is_covered(ledger: Ledger, relation: str, on: int, uid: str = "app") -> bool:
    at = ledger.at(day(on))
    (node,) = ledger.nodes([Uid(uid)], at).values()
    coverage = ledger.coverage(at)
    found = coverage.is_covered(node, relation)
    assert bool(coverage.covering(node, relation)) is found
    assert (relation in coverage.relations_of(node)) is found
    return found


def test_a_node_may_be_complete_where_its_scope_covers_nothing(ledger: Ledger):
    record(ledger, asset(READS=COMPLETE), read_at=day(2))
    assert is_covered(ledger, "READS", on=2)
    assert not is_covered(ledger, "WRITES", on=2)


def test_a_node_may_be_incomplete_where_its_scope_covers_the_relation(ledger: Ledger):
    record(ledger, asset(READS=INCOMPLETE), asset("other"), covered("READS", "WRITES"), read_at=day(2))
    assert not is_covered(ledger, "READS", on=2)
    assert is_covered(ledger, "WRITES", on=2)
    assert is_covered(ledger, "READS", on=2, uid="other")


def test_another_source_may_cover_what_one_says_is_incomplete(ledger: Ledger):
    record(ledger, asset(READS=INCOMPLETE), covered("READS"), read_at=day(2))
    record(ledger, asset(), covered("READS", on=4, scope=BOM), scope=BOM, read_at=day(4))
    assert not is_covered(ledger, "READS", on=3)
    assert is_covered(ledger, "READS", on=4)


def test_before_it_was_read_nothing_is_known(ledger: Ledger):
    record(ledger, asset(READS=COMPLETE), read_at=day(5), valid=days(1))
    assert not is_covered(ledger, "READS", on=4)
    assert is_covered(ledger, "READS", on=5)


def test_what_is_no_longer_said_covers_no_longer(ledger: Ledger):
    record(ledger, asset(READS=COMPLETE), read_at=day(2))
    record(ledger, asset(), read_at=day(4))
    assert is_covered(ledger, "READS", on=3)
    assert not is_covered(ledger, "READS", on=4)
    before = AsOf(day(4), ledger.head().sequence)
    (known_then,) = ledger.nodes([Uid("app")], AsOf(day(4), ledger.commits()[0].sequence)).values()
    assert ledger.coverage(before).is_covered(known_then, "READS")


def test_a_refuted_word_counts_for_nothing(ledger: Ledger):
    record(ledger, asset(READS=COMPLETE), read_at=day(2))
    record(ledger, asset(), scope=BOM, read_at=day(2))
    (claim,) = [c for c in ledger.claims(Uid("app"), ledger.at(day(3))) if c.claim.scope == RECORDS]
    record(ledger, Refute(claim.claim_id, "it never looks"))
    assert not is_covered(ledger, "READS", on=3)


def test_of_two_uids_that_are_one_each_claim_speaks_for_itself(ledger: Ledger):
    record(ledger, asset("a", READS=INCOMPLETE), asset("b"), covered("READS"), read_at=day(2))
    assert not is_covered(ledger, "READS", on=3, uid="a")
    record(ledger, Merge((Uid("a"), Uid("b")), "one service"))
    assert is_covered(ledger, "READS", on=3, uid="a")


def test_on_whose_word_a_node_is_covered(ledger: Ledger):
    record(ledger, asset(READS=COMPLETE), read_at=day(5), valid=days(1))
    record(ledger, asset(WRITES=INCOMPLETE), covered("READS", "WRITES", on=3, scope=BOM), scope=BOM)
    at = ledger.at(day(6))
    (node,) = ledger.nodes([Uid("app")], at).values()
    assert ledger.coverage(at).covering(node, "READS") == {RECORDS: day(5), BOM: day(3)}
    assert ledger.coverage(at).covering(node, "WRITES") == {}


def test_saying_it_again_changes_nothing(ledger: Ledger):
    record(ledger, asset(READS=COMPLETE, INVOKES=INCOMPLETE), read_at=day(2))
    assert record(ledger, asset(INVOKES=INCOMPLETE, READS=COMPLETE), read_at=day(3)).commit is None
    assert ledger.verify().intact


def test_a_relation_that_there_is_not_is_refused(ledger: Ledger):
    (outcome,) = attempt(ledger, asset(LIKES=COMPLETE)).steps
    assert isinstance(outcome.error, UnknownRelation)


def test_a_relation_that_the_kind_cannot_have_is_refused(ledger: Ledger):
    (outcome,) = attempt(ledger, asset("key", Kind.SECRET, READS=COMPLETE)).steps
    assert isinstance(outcome.error, InvalidValue)
    assert "READS, which joins no Secret to anything" in str(outcome.error)
    assert "USES_SECRET" in str(outcome.error)


def test_both_ends_of_a_relation_may_be_complete(ledger: Ledger):
    record(ledger, asset("key", Kind.SECRET, USES_SECRET=COMPLETE), read_at=Instant(1))
    assert is_covered(ledger, "USES_SECRET", on=1, uid="key")


# A read before a node was first shown says nothing about it.


def read_completely(ledger: Ledger, on: int, finished: int | None = None) -> None:
    """Log a complete read of the scope that changed nothing."""
    moment = ledger.clock() if finished is None else day(finished)
    run = RunRecord(0, RunId("run"), "records", day(on), moment, moment, (RECORDS,), "{}")
    ledger.store.add_run(run)


def test_a_node_that_only_a_part_of_its_scope_has_shown_is_not_covered(ledger: Ledger):
    record(ledger, asset(), covered("OWNS"), read_at=day(2))
    record(ledger, asset("late"), read_at=day(5))
    assert is_covered(ledger, "OWNS", on=9)
    assert not is_covered(ledger, "OWNS", on=9, uid="late")


def test_the_next_complete_read_covers_it_and_not_the_time_before(ledger: Ledger):
    record(ledger, asset(), covered("OWNS"), read_at=day(2))
    record(ledger, asset("late"), read_at=day(5))
    read_completely(ledger, on=7)
    assert [is_covered(ledger, "OWNS", on, uid="late") for on in (6, 7, 9)] == [False, True, True]
    at = ledger.at(day(9))
    (late,) = ledger.nodes([Uid("late")], at).values()
    assert ledger.coverage(at).covering(late, "OWNS") == {RECORDS: day(7)}


def test_what_a_part_of_the_scope_says_anew_of_a_node_does_not_uncover_it(ledger: Ledger):
    record(ledger, asset(), covered("OWNS"), read_at=day(2))
    record(ledger, NodeFacts(Uid("app"), Kind.ASSET, name="App"), read_at=day(5))
    assert is_covered(ledger, "OWNS", on=9)


def test_a_commit_knows_no_read_that_finished_after_the_next_one(ledger: Ledger):
    record(ledger, asset(), covered("OWNS"), read_at=day(2))
    record(ledger, asset("late"), read_at=day(5))
    record(ledger, asset("another"), read_at=day(6))
    read_completely(ledger, on=7)
    at = ledger.at(day(9), known=CommitNumber(2))
    (late,) = ledger.nodes([Uid("late")], at).values()
    assert not ledger.coverage(at).is_covered(late, "OWNS")
    assert is_covered(ledger, "OWNS", on=9, uid="late")


def test_each_scope_counts_for_itself(ledger: Ledger):
    record(ledger, covered("OWNS"), read_at=day(2))
    record(ledger, asset(), read_at=day(5))
    assert not is_covered(ledger, "OWNS", on=9)
    record(ledger, asset(), covered("OWNS", on=6, scope=BOM), scope=BOM, read_at=day(6))
    assert is_covered(ledger, "OWNS", on=9)


def test_what_a_restating_read_shows_first_was_covered_since_the_first_of_them(ledger: Ledger):
    record(ledger, asset(), covered("OWNS", restates=True), read_at=day(2))
    late = record(ledger, asset("late"), covered("OWNS", on=6, restates=True), read_at=day(6), valid=days(1))
    assert late.commit is not None
    read_completely(ledger, on=6)
    assert [is_covered(ledger, "OWNS", on, uid="late") for on in (1, 2, 5, 9)] == [False, True, True, True]


def test_what_no_whole_read_has_shown_yet_is_not_covered_by_restating(ledger: Ledger):
    """What is missing of it may be in the rest of a file that was cut off."""
    record(ledger, asset(), covered("OWNS", restates=True), read_at=day(2))
    record(ledger, asset("late"), read_at=day(6), valid=days(1))
    assert not is_covered(ledger, "OWNS", on=9, uid="late")
    read_completely(ledger, on=8)
    assert [is_covered(ledger, "OWNS", on, uid="late") for on in (1, 2, 5, 9)] == [False, True, True, True]


def test_a_read_that_does_not_restate_covers_what_it_shows_first_from_then_on_only(ledger: Ledger):
    record(ledger, asset(), covered("OWNS", restates=True), read_at=day(2))
    record(ledger, asset("late"), covered("OWNS", on=6), read_at=day(6), valid=days(1))
    assert [is_covered(ledger, "OWNS", on, uid="late") for on in (2, 5, 6, 9)] == [False, False, True, True]
    assert [is_covered(ledger, "OWNS", on) for on in (2, 5, 6, 9)] == [True] * 4
    record(ledger, asset("later"), covered("OWNS", on=8, restates=True), read_at=day(8), valid=days(1))
    assert [is_covered(ledger, "OWNS", on, uid="later") for on in (2, 5, 9)] == [True] * 3
    assert [is_covered(ledger, "OWNS", on, uid="late") for on in (2, 5, 6, 9)] == [False, False, True, True]


def test_what_was_first_read_before_readings_began_to_restate_goes_by_the_reads_themselves(ledger: Ledger):
    record(ledger, asset(), covered("OWNS", on=4), read_at=day(4), valid=days(1))
    record(ledger, asset("late"), covered("OWNS", on=6, restates=True), read_at=day(6), valid=days(1))
    assert [is_covered(ledger, "OWNS", on) for on in (3, 4, 9)] == [False, True, True]
    assert [is_covered(ledger, "OWNS", on, uid="late") for on in (3, 5, 6, 9)] == [False, False, True, True]


def test_of_two_uids_that_are_one_both_must_have_been_shown_by_a_complete_read(ledger: Ledger):
    """What the other one lacks may be in the rest of the file that was cut off."""
    record(ledger, asset("a"), covered("OWNS"), read_at=day(2))
    record(ledger, asset("b"), read_at=day(6))
    record(ledger, Merge((Uid("a"), Uid("b")), "one thing"))
    assert [is_covered(ledger, "OWNS", on, uid="a") for on in (3, 9)] == [True, False]
    read_completely(ledger, on=11)
    assert [is_covered(ledger, "OWNS", on, uid="b") for on in (3, 9, 12)] == [True, False, True]


def test_a_whole_read_that_does_not_restate_tells_no_history_of_what_was_cut_off_before(ledger: Ledger):
    record(ledger, asset(), covered("OWNS", restates=True), read_at=day(2))
    record(ledger, asset("late"), read_at=day(5), valid=days(1))
    record(ledger, covered("OWNS", on=8), read_at=day(8))
    assert [is_covered(ledger, "OWNS", on, uid="late") for on in (4, 7, 8, 9)] == [False, False, True, True]
    record(ledger, covered("OWNS", on=12, restates=True), read_at=day(12))
    assert [is_covered(ledger, "OWNS", on, uid="late") for on in (1, 4, 9)] == [False, True, True]
