"""Beside the chain: the run log, values that change at every look, and retained payloads."""

from functools import partial
from typing import TypeAlias

import pytest

from graph.errors import InvalidValue
from graph.ledger.port import Mention, RawRecord, RunRecord, Store, Transaction, VolatileValue
from graph.model import ClaimId, Instant, RunId, Scope, SourceInstance, Uid
from tests.support.places import Place
from tests.support.saying import RECORDS, day

ELSEWHERE = Scope(SourceInstance("kubernetes", "eu"), "prod: a/b")


def run(name: str, *completed: Scope, read_at: Instant | None = day(3)) -> RunRecord:
    report = '{"accepted":3,"file":"é.jsonl"}'
    return RunRecord(0, RunId(name), "records/default", read_at, day(4), day(5), completed, report)


def payload(digest: str, occurred_at: Instant, *, group: str = "job", text: str = "{}") -> RawRecord:
    return RawRecord("openlineage", group, digest, occurred_at, day(9), text, ("/run/facets/x",))


def test_runs_are_numbered_from_one_and_read_newest_first(store: Store):
    positions = [store.add_run(run(name)) for name in ("first", "second", "third")]
    assert positions == [1, 2, 3]
    assert [(r.position, r.run) for r in store.runs(before=None, limit=2)] == [(3, "third"), (2, "second")]
    assert [r.run for r in store.runs(before=2, limit=9)] == ["first"]
    assert store.head().runs == 3
    assert store.head().sequence == 0


def test_a_run_comes_back_as_it_was_logged(store: Store):
    logged = run("only", RECORDS, ELSEWHERE)
    store.add_run(logged)
    (read,) = store.runs(before=None, limit=1)
    assert (read.run, read.source, read.report) == (logged.run, logged.source, logged.report)
    assert (read.read_at, read.started_at, read.finished_at) == (day(3), day(4), day(5))
    assert read.completed == (RECORDS, ELSEWHERE)


def test_a_run_may_have_no_time_of_reading(store: Store):
    store.add_run(run("stream", read_at=None))
    (read,) = store.runs(before=None, limit=1)
    assert read.read_at is None


def test_a_complete_read_without_a_time_is_refused(store: Store):
    with pytest.raises(InvalidValue, match="read_at"):
        store.add_run(run("stream", RECORDS, read_at=None))
    assert store.head().runs == 0


def test_complete_reads_come_by_scope_in_order_of_time(store: Store):
    for read_at in (day(5), day(2), day(9)):
        store.add_run(run(f"run-{read_at}", RECORDS, read_at=read_at))
    store.add_run(run("other", ELSEWHERE, read_at=day(4)))
    store.add_run(run("incomplete", read_at=day(6)))
    reads = {scope: list(times) for scope, times in store.complete_reads().items()}
    assert reads == {RECORDS: [day(2), day(5), day(9)], ELSEWHERE: [day(4)]}
    assert list(store.write(lambda t: t.complete_reads(RECORDS))) == [day(2), day(5), day(9)]


def test_a_complete_read_can_be_marked_before_its_run_is_logged(store: Store):
    store.add_run(run("logged", RECORDS, read_at=day(5)))
    for read_at in (day(9), day(2), day(9), day(5)):
        store.write(partial(mark, scope=RECORDS, read_at=read_at))
    store.write(partial(mark, scope=ELSEWHERE, read_at=day(7)))
    assert list(store.write(lambda t: t.complete_reads(RECORDS))) == [day(2), day(5), day(9)]
    assert list(store.write(lambda t: t.complete_reads(ELSEWHERE))) == [day(7)]
    # What answers read is the log, whose length they state.
    assert {scope: list(times) for scope, times in store.complete_reads().items()} == {RECORDS: [day(5)]}
    assert (store.head().sequence, store.head().runs) == (0, 1)


def mark(transaction: Transaction, scope: Scope, read_at: Instant) -> None:
    transaction.mark_complete(scope, read_at)


Line: TypeAlias = tuple[ClaimId, Instant | None, str]


def mention(line: Line, on: int) -> Mention:
    return Mention(line[0], line[1], line[2], day(on))


def test_the_next_mention_of_each_claim_start_and_content(store: Store):
    one, two, three = (ClaimId(name * 32) for name in "123")
    seen, other, stated, planned = (one, None, ""), (two, None, ""), (two, day(1), "x"), (two, day(4), "x")
    changed = (two, day(1), "y")
    said: list[tuple[int, list[Line]]] = [
        (3, [seen, stated, planned]),
        (5, [seen, stated]),
        (9, [stated]),
        (7, [seen, other, changed]),
        (5, [seen, stated]),
        (8, []),
    ]
    for on, lines in said:
        store.add_mentions(RECORDS, [mention(line, on) for line in lines])
    store.add_mentions(ELSEWHERE, [Mention(three, None, "", day(4))])

    def after(on: int) -> set[Mention]:
        return set(store.write(lambda t: t.mentions(RECORDS, [one, two, ClaimId("no")], day(on))))

    seventh = {mention(other, 7), mention(changed, 7)}
    third = {mention(line, 3) for line in (seen, stated, planned)}
    assert after(2) == third | seventh
    assert after(3) == {mention(seen, 5), mention(stated, 5)} | seventh
    assert after(5) == {mention(seen, 7), mention(stated, 9)} | seventh
    assert after(7) == {mention(stated, 9)}
    assert after(9) == set()
    elsewhere = store.write(lambda t: t.mentions(ELSEWHERE, [three], day(1)))
    assert list(elsewhere) == [Mention(three, None, "", day(4))]
    assert store.head().sequence == 0


def test_a_claim_that_every_reading_says_again_takes_one_row(store: Store, place: Place):
    for on in range(1, 9):
        store.add_mentions(RECORDS, [Mention(ClaimId("1" * 32), None, "", day(on))])
    counts = place.counts()
    assert counts.get("mentions", counts.get("Mention")) == 1


def test_the_newest_look_at_a_volatile_value_counts(store: Store):
    def seen(value: str, at: Instant, name: str = "last_used") -> VolatileValue:
        return VolatileValue(Uid("key"), name, value, at, RunId(f"run-{value}"))

    store.add_run(run("second"), [seen("2", day(2)), seen("x", day(1), "last_seen")])
    store.add_run(run("first, late"), [seen("1", day(1))])
    assert {(v.name, v.value, v.observed_at, v.run) for v in store.volatile([Uid("key"), Uid("no")])} == {
        ("last_used", "2", day(2), "run-2"),
        ("last_seen", "x", day(1), "run-x"),
    }
    assert store.head().sequence == 0


def test_payloads_are_kept_once(store: Store):
    first, second = payload("a" * 64, day(1), text="first"), payload("b" * 64, day(2))
    assert list(store.add_raw([first, second, first])) == [first.digest, second.digest]
    again = payload("a" * 64, day(7), text="another")
    assert list(store.add_raw([again, payload("c" * 64, day(3))])) == ["c" * 64]
    assert [(r.digest[0], r.payload) for r in store.raw("openlineage", "job")] == [
        ("a", "first"),
        ("b", "{}"),
        ("c", "{}"),
    ]


def test_payloads_of_a_group_come_by_time_and_digest(store: Store):
    records = [payload(digest * 64, day(when)) for digest, when in [("d", 2), ("a", 3), ("c", 1), ("b", 2)]]
    store.add_raw([*records, payload("e" * 64, day(1), group="other job")])
    assert [r.digest[0] for r in store.raw("openlineage", "job")] == ["c", "b", "d", "a"]
    assert list(store.raw("openlineage", "no such job")) == []


def test_a_payload_comes_back_as_it_was_kept(store: Store):
    text = '{"name": "naïve 😀", "text": "' + "x" * 700_000 + '"}'
    kept = payload("a" * 64, day(1), text=text)
    store.add_raw([kept])
    assert list(store.raw("openlineage", "job")) == [kept]
