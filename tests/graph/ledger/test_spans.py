"""One claim over time: what one more statement or read does to the spans that stand.

Times are days, written as small numbers; the expected spans are worked out by hand
from the rules in docs/ledger.md.
"""

from __future__ import annotations

import pytest

from graph.ledger.spans import Said, Span, add_history, close, see, state_interval, withdraw
from graph.model import OPEN_END, Basis, Instant, Interval

OPEN = int(OPEN_END)


def said(text: str) -> Said:
    return Said({"name": text}, text, None)


def spans(*parts: tuple[int, int, str]) -> list[Span]:
    return [
        Span(Interval(Instant(start), Instant(end)), Basis.FIRST_SEEN, said(text))
        for start, end, text in parts
    ]


def shown(result: list[Span]) -> list[tuple[int, int, str]]:
    return [(span.valid.start, span.valid.end, span.said.digest) for span in result]


@pytest.mark.parametrize(
    ("before", "read_at", "text", "reads", "after"),
    [
        pytest.param([], 5, "a", [], [(5, OPEN, "a")], id="first sight opens a span"),
        pytest.param([(1, OPEN, "a")], 5, "a", [1], [(1, OPEN, "a")], id="same again is nothing"),
        pytest.param([(1, OPEN, "a")], 5, "b", [1], [(1, 5, "a"), (5, OPEN, "b")], id="change splits"),
        pytest.param([(5, OPEN, "a")], 5, "b", [], [(5, OPEN, "b")], id="same read corrected"),
        pytest.param(
            [(1, 3, "a")], 5, "a", [1, 3], [(1, 3, "a"), (5, OPEN, "a")], id="seen again after it ended"
        ),
        pytest.param([(1, 9, "a")], 5, "b", [1], [(1, 5, "a"), (5, 9, "b")], id="a stated end stays"),
        pytest.param([(7, OPEN, "a")], 5, "a", [], [(5, 7, "a"), (7, OPEN, "a")], id="older incomplete read"),
        pytest.param([], 2, "a", [1, 4, 8], [(2, 4, "a")], id="late: until the next complete read"),
        pytest.param(
            [(1, OPEN, "a")],
            2,
            "b",
            [1, 4, 8],
            [(1, 2, "a"), (2, 4, "b"), (4, OPEN, "a")],
            id="late and different: between two complete reads",
        ),
        pytest.param([(1, OPEN, "a")], 2, "a", [1, 4], [(1, OPEN, "a")], id="late and the same"),
        pytest.param(
            [(3, OPEN, "a")], 2, "b", [1, 4], [(2, 3, "b"), (3, OPEN, "a")], id="late: until the next mention"
        ),
        pytest.param([(1, 4, "a")], 6, "a", [1, 4, 8], [(1, 4, "a"), (6, 8, "a")], id="late never reopens"),
    ],
)
def test_a_read_without_stated_times(
    before: list[tuple[int, int, str]],
    read_at: int,
    text: str,
    reads: list[int],
    after: list[tuple[int, int, str]],
) -> None:
    moments = [Instant(read) for read in reads]
    assert shown(see(spans(*before), said(text), Instant(read_at), moments)) == after


@pytest.mark.parametrize(
    ("before", "interval", "text", "after"),
    [
        pytest.param([], (2, 4), "a", [(2, 4, "a")], id="new"),
        pytest.param([(2, 4, "a")], (2, 4), "a", [(2, 4, "a")], id="the same is nothing"),
        pytest.param([(1, OPEN, "a")], (1, 4), "a", [(1, 4, "a"), (4, OPEN, "a")], id="cuts"),
        pytest.param(
            [(1, 3, "a"), (5, 9, "b")],
            (2, 6),
            "c",
            [(1, 2, "a"), (2, 6, "c"), (6, 9, "b")],
            id="replaces what overlaps",
        ),
        pytest.param([(1, 3, "a")], (3, 5), "b", [(1, 3, "a"), (3, 5, "b")], id="touching is apart"),
    ],
)
def test_a_stated_interval_replaces_what_overlaps(
    before: list[tuple[int, int, str]],
    interval: tuple[int, int],
    text: str,
    after: list[tuple[int, int, str]],
) -> None:
    stated = Interval(Instant(interval[0]), Instant(interval[1]))
    assert shown(state_interval(spans(*before), said(text), stated)) == after


@pytest.mark.parametrize(
    ("before", "start", "at", "after"),
    [
        pytest.param([(1, OPEN, "a")], 1, 5, [(1, 5, "a")], id="ends at the read"),
        pytest.param([(1, 4, "a")], 1, 5, [(1, 4, "a")], id="over before"),
        pytest.param([(5, OPEN, "a")], 5, 5, [], id="began at the same read"),
        pytest.param([(7, OPEN, "a")], 7, 5, [], id="was to begin later"),
        pytest.param([(1, 3, "a"), (7, 9, "b")], 7, 5, [(1, 3, "a")], id="only the one asked for"),
        pytest.param([(1, OPEN, "a")], 2, 5, [(1, OPEN, "a")], id="one that is not there"),
    ],
)
def test_closing(
    before: list[tuple[int, int, str]], start: int, at: int, after: list[tuple[int, int, str]]
) -> None:
    assert shown(close(spans(*before), Instant(start), Instant(at))) == after


@pytest.mark.parametrize(
    ("plan", "read_at", "after"),
    [
        pytest.param((7, 9), 5, [(1, 9, "a"), (9, OPEN, "a")], id="it fills the gap"),
        pytest.param((7, OPEN), 5, [(1, OPEN, "a")], id="it goes on without end"),
        pytest.param((7, 9), 7, [(1, 7, "a"), (9, OPEN, "a")], id="what has begun leaves its gap"),
        pytest.param((7, 9), None, [(1, 7, "a"), (9, OPEN, "a")], id="so does what no reading takes back"),
    ],
)
def test_what_a_plan_had_cut_goes_on_once_it_is_taken_back(
    plan: tuple[int, int], read_at: int | None, after: list[tuple[int, int, str]]
) -> None:
    valid = Interval(Instant(plan[0]), Instant(plan[1]))
    planned = state_interval(spans((1, OPEN, "a")), said("b"), valid)
    moment = None if read_at is None else Instant(read_at)
    assert shown(withdraw(planned, valid.start, moment)) == after


@pytest.mark.parametrize(
    ("before", "stated", "until", "after"),
    [
        pytest.param([], (1, OPEN), 10, [(1, 10, "late")], id="open until the next complete read"),
        pytest.param([], (1, 3), 10, [(1, 3, "late")], id="its own end where that comes first"),
        pytest.param([], (12, OPEN), 10, [], id="nothing of what begins after that read"),
        pytest.param([(1, 10, "a")], (1, OPEN), 10, [(1, 10, "a")], id="what has ended stays ended"),
        pytest.param(
            [(5, OPEN, "a")], (1, OPEN), 10, [(1, 5, "late"), (5, OPEN, "a")], id="only what nobody speaks of"
        ),
        pytest.param(
            [(2, 4, "a"), (6, 8, "b")],
            (1, 9),
            10,
            [(1, 2, "late"), (2, 4, "a"), (4, 6, "late"), (6, 8, "b"), (8, 9, "late")],
            id="every gap",
        ),
    ],
)
def test_an_interval_stated_by_a_late_read(
    before: list[tuple[int, int, str]],
    stated: tuple[int, int],
    until: int,
    after: list[tuple[int, int, str]],
):
    valid = Interval(Instant(stated[0]), Instant(stated[1]))
    result = add_history(spans(*before), said("late"), valid, Instant(until))
    assert shown(result) == after
    assert shown(add_history(result, said("late"), valid, Instant(until))) == after
