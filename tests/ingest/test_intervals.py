"""Lines that state intervals, and sources that state a whole history. Days are those of January 2026."""

from graph.errors import Problem
from graph.model import Claim, Interval, Scope, SourceInstance
from ingest.record import Record, Rejected, Said, ScopeClosed, ScopeOpened
from ingest.report import RunState
from tests.ingest.jobs import Desk, Scripted, d, edge, node
from tests.support.saying import day, days
from tests.support.saying import node as claimed

HISTORY = Scope(SourceInstance("scripted"), "jobs")


def test_a_stated_interval_replaces_what_stood_even_in_an_incomplete_read(desk: Desk) -> None:
    desk.read(node("a", valid_from=d(1)), on=2, end=False)
    report = desk.read(node("a", valid_from=d(1), valid_to=d(5)), on=9, end=False)
    assert desk.when("a") == [(1, 5)]
    assert report.nodes.changed == 1


def test_a_file_that_is_cut_short_takes_no_interval_back(desk: Desk) -> None:
    lines = [node("a", valid_from=d(1), valid_to=d(3)), node("a", valid_from=d(5))]
    desk.read(*lines, on=9)
    report = desk.read(lines[0], on=10, end=False)
    assert desk.when("a") == [(1, 3), (5, None)]
    assert (report.nodes.withdrawn, report.commits) == (0, 0)
    desk.read(lines[0], on=11)
    assert desk.when("a") == [(1, 3)]


def test_an_interval_replaces_only_what_it_meets_in_an_incomplete_read(desk: Desk) -> None:
    lines = [node("a", name=n, valid_from=d(s), valid_to=d(e)) for n, s, e in [("x", 1, 5), ("y", 7, 9)]]
    desk.read(*lines, on=10)
    desk.read(node("a", name="z", valid_from=d(4), valid_to=d(6)), on=11, end=False)
    assert [(s, e, c["name"]) for s, e, c in desk.spans("a")] == [(1, 4, "x"), (4, 6, "z"), (7, 9, "y")]


def test_what_is_announced_does_not_end_what_is_there(desk: Desk) -> None:
    desk.read(node("a", name="x"), on=1)
    desk.read(node("a", name="y", valid_from=d(20), valid_to=d(25)), on=2, end=False)
    assert desk.when("a") == [(1, 20), (20, 25), (25, None)]


def test_intervals_that_are_stated_no_more_are_taken_back(desk: Desk) -> None:
    line = [node("a", valid_from=d(1), valid_to=d(3)), node("a", valid_from=d(5), valid_to=d(7))]
    desk.read(*line, on=9)
    assert desk.when("a") == [(1, 3), (5, 7)]
    desk.read(line[1], on=10)
    assert desk.when("a") == [(5, 7)]


def test_other_claims_keep_their_intervals(desk: Desk) -> None:
    desk.read(node("a", valid_from=d(1), valid_to=d(3)), node("b", valid_from=d(1)), on=9, end=False)
    desk.read(node("a", valid_from=d(2), valid_to=d(3)), on=10, end=False)
    assert desk.when("a") == [(2, 3)]
    assert desk.when("b") == [(1, None)]


def test_a_rejected_line_may_have_stated_what_seems_gone(desk: Desk) -> None:
    first, second = node("a", valid_from=d(1), valid_to=d(3)), node("a", valid_from=d(5), valid_to=d(7))
    desk.read(first, second, on=9)
    broken = {"node": second["node"] | {"colour": "red"}}
    desk.read(first, broken, on=10)
    assert desk.when("a") == [(1, 3), (5, 7)]


def test_first_seen_gives_way_to_a_stated_start(desk: Desk) -> None:
    desk.read(node("a"), on=5)
    desk.read(node("a", valid_from=d(2)), on=6)
    assert desk.when("a") == [(2, None)]


def test_a_past_interval_survives_complete_reads_that_no_longer_say_it(desk: Desk) -> None:
    desk.read(edge("a", "INVOKES", "b", valid_from=d(1), valid_to=d(3)), on=5)
    desk.read(node("a"), on=9)
    assert desk.when("a INVOKES b") == [(1, 3)]


def test_the_same_statements_again_make_no_commit(desk: Desk) -> None:
    lines = [node("a", valid_from=d(1), valid_to=d(3)), node("a", valid_from=d(5)), node("b")]
    desk.read(*lines, on=9)
    assert desk.read(*lines, on=9).commits == 0


# Sources that state a whole history


def history(*said: tuple[str, Interval], on: int = 9, complete: bool = True) -> list[Record]:
    return [
        ScopeOpened(HISTORY, day(on), states_history=True),
        *(Said(Claim(HISTORY, claimed(uid), valid), "f", str(i)) for i, (uid, valid) in enumerate(said)),
        ScopeClosed(HISTORY, complete),
    ]


def test_what_a_history_no_longer_says_was_never_so(desk: Desk) -> None:
    desk.run(source=Scripted(history(("a", days(1, 3)), ("a", days(5)), ("b", days(2, 4)))))
    report = desk.run(source=Scripted(history(("a", days(1, 3)))))
    assert desk.when("a") == [(1, 3)]
    assert desk.when("b") == []
    assert (report.nodes.withdrawn, report.nodes.closed) == (2, 0)


def test_the_guard_does_not_keep_a_history_from_being_stated_anew(desk: Desk) -> None:
    desk.run(source=Scripted(history(*((f"n{i}", days(1)) for i in range(50)))))
    report = desk.run(source=Scripted(history(("n0", days(1)))))
    assert (report.state, report.nodes.withdrawn) == (RunState.COMPLETED, 49)


def test_a_history_read_in_part_takes_nothing_back_that_it_does_not_speak_of(desk: Desk) -> None:
    desk.run(source=Scripted(history(("a", days(1)), ("b", days(1)))))
    desk.run(source=Scripted(history(("a", days(2)), complete=False)))
    assert desk.when("a") == [(2, None)]
    assert desk.when("b") == [(1, None)]


def test_a_history_is_never_late(desk: Desk) -> None:
    desk.run(source=Scripted(history(("a", days(1)), on=9)))
    desk.run(source=Scripted(history(("a", days(1, 4)), on=5)))
    assert desk.when("a") == [(1, 4)]


def test_a_record_rejected_before_its_scope_opens_counts_for_it(desk: Desk) -> None:
    problem = Problem("f", "event 3", "", "broken", "an event")
    desk.run(source=Scripted(history(("a", days(1)), ("b", days(1)))))
    report = desk.run(source=Scripted([Rejected(problem, HISTORY), *history(("a", days(1)))]))
    assert desk.when("b") == [(1, None)]
    assert not report.scopes[0].complete
