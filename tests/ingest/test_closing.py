"""What a complete read ends, and what nothing ends. Days are those of January 2026."""

from itertools import permutations
from typing import Any

import pytest

from graph.model import Uid
from ingest.report import RunReport, RunState
from tests.ingest.jobs import Desk, d, edge, node, section
from tests.support.saying import day


def services(*numbers: int) -> list[dict[str, object]]:
    return [node(f"n{i}") for i in numbers]


def live(desk: Desk, on: int) -> set[Uid]:
    return {found.uid for found in desk.ledger.all_nodes(desk.ledger.at(day(on)))}


def test_what_a_complete_read_does_not_say_ends_when_it_was_read(desk: Desk) -> None:
    desk.read(node("a"), node("b"), edge("a", "INVOKES", "b"), on=1)
    report = desk.read(node("a"), on=5)
    assert desk.when("a") == [(1, None)]
    assert desk.when("b") == [(1, 5)]
    assert desk.when("a INVOKES b") == [(1, 5)]
    assert (report.nodes.closed, report.edges.closed) == (1, 1)
    assert live(desk, 4) == {"a", "b"}
    assert live(desk, 5) == {"a"}


def test_silence_means_nothing_in_an_incomplete_read(desk: Desk) -> None:
    desk.read(node("a"), node("b"), on=1)
    report = desk.read(node("a"), on=5, end=False)
    assert report.state is RunState.COMPLETED
    assert desk.when("b") == [(1, None)]
    assert report.scopes[0].why == "it has no end line, so that nothing of it was closed"


def test_a_rejected_line_keeps_the_scope_from_closing(desk: Desk) -> None:
    desk.read(node("a"), node("b"), on=1)
    report = desk.read(node("a"), {"node": {"uid": "b", "kind": "Server"}}, on=5)
    assert desk.when("b") == [(1, None)]
    assert (report.state, report.scopes[0].complete) == (RunState.PARTIAL, False)
    assert report.scopes[0].why == "1 of its records was rejected"


def test_a_claim_that_the_ledger_refuses_keeps_the_scope_from_closing(desk: Desk) -> None:
    desk.run(desk.file(*section(node("c", "Dataset"), name="other")))
    desk.read(node("a"), node("b"), on=1)
    report = desk.read(node("a"), node("c"), on=5)
    assert [p.field for p in report.rejected] == ["kind"]
    assert desk.when("b") == [(1, None)]


@pytest.mark.parametrize("other", [{"name": "other"}, {"name": "estate", "source": "crm"}])
def test_other_scopes_and_sources_are_left_alone(desk: Desk, other: dict[str, Any]) -> None:
    desk.run(desk.file(*section(node("a"), node("b"), on=1, **other)))
    desk.read(node("a"), on=5)
    assert desk.when("b") == [(1, None)]
    # What one source lets go, another still claims.
    desk.run(desk.file(*section(on=6, **other)))
    assert live(desk, 7) == {"a"}


def test_evidence_and_decisions_are_never_closed_nor_counted(desk: Desk) -> None:
    past = [node(f"e{i}", "Evidence", type="test") for i in range(20)]
    about = [edge(f"e{i}", "ABOUT", "a") for i in range(20)]
    desk.read(node("a"), node("d", "Decision"), *past, *about, on=1)
    report = desk.read(node("b"), on=5)
    assert report.state is RunState.COMPLETED
    assert (report.nodes.closed, report.edges.closed) == (1, 0)
    assert desk.when("a") == [(1, 5)]
    for lasting in ("d", "e0", "e19", "e0 ABOUT a"):
        assert desk.when(lasting) == [(1, None)]


# What is only to come


def test_a_plan_that_a_complete_read_no_longer_has_is_taken_back(desk: Desk) -> None:
    desk.read(node("a"), node("b", valid_from=d(20)), edge("a", "INVOKES", "c", valid_from=d(20)), on=1)
    report = desk.read(node("a"), on=5)
    assert desk.when("b") == []
    assert desk.when("a INVOKES c") == []
    assert (report.nodes.closed, report.edges.closed) == (1, 1)
    assert live(desk, 25) == {"a"}


def test_a_plan_that_is_still_said_stands(desk: Desk) -> None:
    plan = node("b", valid_from=d(20), valid_to=d(25))
    desk.read(node("a"), plan, on=1)
    assert desk.read(node("a"), plan, on=5).commits == 0
    assert desk.when("b") == [(20, 25)]


def test_a_plan_for_a_past_read_is_not_taken_back_by_an_incomplete_one(desk: Desk) -> None:
    desk.read(node("a"), node("b", valid_from=d(20)), on=1)
    desk.read(node("a"), on=5, end=False)
    assert desk.when("b") == [(20, None)]


def test_planned_evidence_is_not_taken_back(desk: Desk) -> None:
    desk.read(node("e", "Evidence", type="test", valid_from=d(20)), on=1)
    desk.read(on=5)
    assert desk.when("e") == [(20, None)]


def test_a_plan_for_something_that_goes_on_leaves_it_whole_when_it_is_dropped(desk: Desk) -> None:
    desk.read(node("a", name="x"), on=1)
    desk.read(node("a", name="y", valid_from=d(20), valid_to=d(25)), on=2, end=False)
    assert [(s, e, c["name"]) for s, e, c in desk.spans("a")] == [
        (1, 20, "x"),
        (20, 25, "y"),
        (25, None, "x"),
    ]
    desk.read(node("a", name="x"), on=5)
    names = [(desk.ledger.nodes([Uid("a")], desk.ledger.at(day(on)))[Uid("a")].name) for on in (4, 22, 27)]
    assert names == ["x", "x", "x"]
    assert desk.read(node("a", name="x"), on=5).commits == 0


def test_plans_count_for_the_guard(desk: Desk) -> None:
    desk.read(*services(*range(30)), *(node(f"p{i}", valid_from=d(20)) for i in range(20)), on=1)
    report = desk.read(*services(*range(30)), on=5)
    assert "would close 20 of the 50 claims" in (report.scopes[0].why or "")
    assert desk.when("p0") == [(20, None)]


# The guard


@pytest.mark.parametrize(
    ("held", "gone", "refused"),
    [
        pytest.param(50, 10, False, id="a fifth is not more than a fifth"),
        pytest.param(50, 11, True, id="more than a fifth"),
        pytest.param(9, 9, False, id="fewer than ten are few, whatever part of the scope"),
        pytest.param(10, 10, True, id="ten and all of the scope"),
    ],
)
def test_the_guard(desk: Desk, held: int, gone: int, refused: bool) -> None:
    desk.read(*services(*range(held)), on=1)
    report = desk.read(*services(*range(gone, held)), on=5)
    assert report.scopes[0].refused is refused
    assert report.nodes.closed == (0 if refused else gone)
    assert report.state is (RunState.PARTIAL if refused else RunState.COMPLETED)
    assert len(live(desk, 6)) == (held if refused else held - gone)


def test_a_refused_read_still_says_what_is_new_and_counts_as_no_complete_read(desk: Desk) -> None:
    desk.read(*services(*range(20)), on=1)
    report = desk.read(node("new"), on=5)
    assert "would close 20 of the 20 claims" in (report.scopes[0].why or "")
    assert desk.when("new") == [(5, None)]
    assert [list(reads) for reads in desk.store.complete_reads().values()] == [[day(1)]]


def test_a_person_may_allow_it(desk: Desk) -> None:
    desk.read(*services(*range(20)), on=1)
    desk.read(node("new"), on=5)
    report = desk.read(node("new"), on=5, allow_closing=True)
    assert (report.state, report.nodes.closed) == (RunState.COMPLETED, 20)
    assert live(desk, 5) == {"new"}


def test_a_refusal_does_not_pass_on_being_repeated(desk: Desk) -> None:
    """What the refused read added must not count as the scope's size in the next one."""
    desk.read(*services(*range(20)), on=1)
    others = services(*range(100, 300))
    assert desk.read(*others, on=5).scopes[0].refused
    assert desk.read(*others, on=5).scopes[0].refused
    assert desk.read(*others, on=6).scopes[0].refused
    assert len(live(desk, 7)) == 220


def test_a_refusal_does_not_pass_on_being_repeated_in_a_scope_never_read_completely(desk: Desk) -> None:
    desk.read(*services(*range(20)), on=1, end=False)
    others = services(*range(100, 300))
    assert desk.read(*others, on=5).scopes[0].refused
    assert desk.read(*others, on=6).scopes[0].refused


def test_claims_that_only_changed_count_as_live(desk: Desk) -> None:
    """Sixty are there, ten go, fifty change: ten are a sixth of the scope, not half of what stayed."""
    desk.read(*(node(f"n{i}", name="old") for i in range(60)), on=1)
    report = desk.read(*(node(f"n{i}", name="new") for i in range(10, 60)), on=5)
    assert (report.state, report.nodes.changed, report.nodes.closed) == (RunState.COMPLETED, 50, 10)


# Late reads


def test_an_older_complete_read_closes_nothing_and_adds_history(desk: Desk) -> None:
    desk.read(node("a", name="1"), on=1)
    desk.read(node("a", name="1"), node("c"), on=9)
    report = desk.read(node("b"), node("c"), on=5)
    # a was not said on the fifth, but on the ninth it was there: nothing is known to have ended.
    assert desk.when("a") == [(1, None)]
    # b alone was said on the fifth; the complete read of the ninth lacks it.
    assert desk.when("b") == [(5, 9)]
    # c was there on the fifth already, and is still.
    assert desk.when("c") == [(5, 9), (9, None)]
    assert report.nodes.closed == 0
    assert "older than the complete read of 2026-01-09" in (report.scopes[0].why or "")


def test_a_late_read_never_reopens(desk: Desk) -> None:
    desk.read(node("a"), node("b"), on=1)
    desk.read(node("a"), on=5)
    desk.read(node("a"), node("b"), on=3)
    assert desk.when("b") == [(1, 5)]


def test_a_late_read_that_differs_holds_until_the_next_complete_read(desk: Desk) -> None:
    desk.read(node("a", name="x"), on=1)
    desk.read(node("a", name="x"), on=9)
    desk.read(node("a", name="y"), on=5)
    assert [(s, e, c["name"]) for s, e, c in desk.spans("a")] == [(1, 5, "x"), (5, 9, "y"), (9, None, "x")]


def test_a_late_read_with_stated_times_fills_what_nobody_speaks_of(desk: Desk) -> None:
    desk.read(node("a", valid_from=d(4)), node("b", valid_from=d(2)), on=5)
    desk.read(node("a", valid_from=d(4)), on=9)
    assert desk.when("b") == [(2, 9)]
    late = [node("a", valid_from=d(1)), node("b", valid_from=d(2)), node("c", valid_from=d(3))]
    desk.read(*late, on=7)
    assert desk.when("a") == [(1, 4), (4, None)]
    assert desk.when("b") == [(2, 9)]
    assert desk.when("c") == [(3, 9)]
    again = desk.read(*late, on=7)
    assert again.commits == 0


@pytest.mark.parametrize("order", [(1, 5, 9), (9, 1, 5), (1, 9, 5), (5, 9, 1)])
def test_evidence_goes_on_in_whatever_order_files_come(desk: Desk, order: tuple[int, ...]) -> None:
    reads = {
        1: [node("a")],
        5: [node("a"), node("e", "Evidence", type="test"), edge("e", "ABOUT", "a")],
        9: [node("a")],
    }
    for on in order:
        desk.read(*reads[on], on=on)
    assert desk.when("e") == [(5, None)]
    assert desk.when("e ABOUT a") == [(5, None)]


def test_stated_evidence_goes_on_too(desk: Desk) -> None:
    desk.read(node("a"), on=9)
    desk.read(node("a"), node("e", "Evidence", type="test", valid_from=d(3)), on=5)
    assert desk.when("e") == [(3, None)]


@pytest.mark.parametrize("order", list(permutations((1, 2, 4, 6))))
def test_evidence_that_changes_is_the_same_in_whatever_order_files_come(
    desk: Desk, order: tuple[int, ...]
) -> None:
    names = {1: "x", 2: "x", 4: "y", 6: "x"}
    for on in order:
        desk.read(node("e", "Evidence", type="test", name=names[on]), on=on, end=on != 4)
    said = [desk.ledger.nodes([Uid("e")], desk.ledger.at(day(on)))[Uid("e")].name for on in range(1, 8)]
    assert said == ["x", "x", "x", "y", "y", "x", "x"]


# What was last seen in reads that were not complete


def names(desk: Desk, uid: str = "a") -> list[tuple[int, int | None, str]]:
    return [(start, end, said["name"]) for start, end, said in desk.spans(uid)]


def test_an_older_incomplete_read_does_not_win_over_a_newer_one(desk: Desk) -> None:
    for on, name in ((1, "x"), (3, "x"), (2, "y")):
        desk.read(node("a", name=name), on=on, end=False)
    assert names(desk) == [(1, 2, "x"), (2, 3, "y"), (3, None, "x")]


def test_what_an_older_read_says_ends_with_the_next_mention_that_differs(desk: Desk) -> None:
    for on, name in ((1, "x"), (3, "x"), (4, "x"), (6, "x"), (2, "y"), (5, "z")):
        desk.read(node("a", name=name), on=on, end=False)
    assert names(desk) == [(1, 2, "x"), (2, 3, "y"), (3, 5, "x"), (5, 6, "z"), (6, None, "x")]


def test_a_complete_read_and_then_mentions(desk: Desk) -> None:
    desk.read(node("a", name="x"), on=1)
    desk.read(node("a", name="x"), on=3)
    desk.read(node("a", name="x"), on=6, end=False)
    desk.read(node("a", name="y"), on=4, end=False)
    assert names(desk) == [(1, 4, "x"), (4, 6, "y"), (6, None, "x")]


def test_a_complete_read_ends_nothing_from_a_newer_mention_on(desk: Desk) -> None:
    desk.read(node("a", name="x"), node("b"), on=1)
    desk.read(node("a", name="x"), node("new"), on=6, end=False)
    report = desk.read(node("b"), on=4)
    assert names(desk) == [(1, 4, "x"), (6, None, "x")]
    assert desk.when("new") == [(6, None)]
    assert report.nodes.closed == 1


def test_an_interval_that_a_newer_read_stated_again_stays(desk: Desk) -> None:
    stated = node("a", name="x", valid_from=d(1), valid_to=d(9))
    desk.read(stated, on=2, end=False)
    desk.read(stated, on=6, end=False)
    desk.read(node("a", name="y", valid_from=d(1), valid_to=d(12)), on=4, end=False)
    assert names(desk) == [(1, 9, "x"), (9, 12, "y")]


def test_what_an_older_read_states_of_an_earlier_time_is_history(desk: Desk) -> None:
    desk.read(node("a", name="x"), on=1, end=False)
    desk.read(node("a", name="x"), on=6, end=False)
    desk.read(node("a", name="y", valid_from=d(2), valid_to=d(9)), on=4, end=False)
    assert names(desk) == [(1, 2, "x"), (2, 6, "y"), (6, None, "x")]


def test_reading_again_in_any_order_makes_no_commit(desk: Desk) -> None:
    reads = [(1, "x", True), (3, "x", False), (2, "y", False), (6, "x", False), (4, "z", True)]
    for _ in range(2):
        head = desk.ledger.head().sequence
        for on, name, end in reads:
            desk.read(node("a", name=name), on=on, end=end)
    assert desk.ledger.head().sequence == head


def test_three_reads_in_any_order_tell_the_same_about_their_days(desk: Desk) -> None:
    reads = {1: [node("a"), node("b")], 5: [node("b"), node("c")], 9: [node("a"), node("c")]}
    for on in (9, 1, 5):
        desk.read(*reads[on], on=on)
    for on, said in reads.items():
        assert live(desk, on) >= {line["node"]["uid"] for line in said}
    assert live(desk, 9) == {"a", "c"}


def test_sections_of_one_scope_are_read_in_the_order_of_the_file(desk: Desk) -> None:
    """An older section after a newer one is late, within a run as between runs."""
    path = desk.file(*section(node("a"), on=9), *section(node("a"), node("b"), on=5))
    report = desk.run(path)
    assert desk.when("b") == [(5, 9)]
    assert [scope.complete for scope in report.scopes] == [True, True]
    assert [list(reads) for reads in desk.store.complete_reads().values()] == [[day(5), day(9)]]
    assert desk.run(path).commits == 0


def test_files_of_one_reading_of_a_scope_add_up(desk: Desk) -> None:
    desk.read(node("a"), node("b"), node("c"), on=1)
    desk.run(desk.file(*section(node("a"), on=5)), desk.file(*section(node("b"), on=5)))
    assert desk.when("a") == [(1, None)]
    assert desk.when("b") == [(1, None)]
    assert desk.when("c") == [(1, 5)]


def test_a_scope_whose_every_claim_is_gone_can_be_read_as_empty(desk: Desk) -> None:
    desk.read(node("a"), on=1)
    report: RunReport = desk.read(on=5)
    assert report.scopes[0].complete
    assert desk.when("a") == [(1, 5)]
