"""One claim over time: what one more statement or read does to the spans that stand.

Times are days, written as small numbers; the expected spans are worked out by hand
from the rules in docs/ledger.md.
"""

from __future__ import annotations

import pytest

from graph.ledger.spans import NEWEST, Later, Said, Span, close, see, state_interval, withdraw
from graph.model import OPEN_END, Basis, Instant, Interval

OPEN = int(OPEN_END)


def said(text: str, read_at: int | None = None) -> Said:
    return Said({"name": text}, text, None, None if read_at is None else Instant(read_at))


def spans(*parts: tuple[int, int, str]) -> list[Span]:
    """Spans that were seen without a time, each when it begins."""
    return [
        Span(Interval(Instant(start), Instant(end)), Basis.FIRST_SEEN, said(text, start))
        for start, end, text in parts
    ]


def stated(*parts: tuple[int, int, str, int]) -> list[Span]:
    """Spans that were stated, each with when it was read."""
    return [
        Span(Interval(Instant(start), Instant(end)), Basis.STATED, said(text, read_at))
        for start, end, text, read_at in parts
    ]


def later(complete: int = OPEN, seen: int = OPEN, *again: tuple[int, str]) -> Later:
    return Later(Instant(complete), Instant(seen), frozenset((Instant(start), text) for start, text in again))


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
    following = later(min((read for read in reads if read > read_at), default=OPEN))
    result = see(spans(*before), said(text, read_at), Instant(read_at), following)
    assert shown(result) == after
    assert shown(see(result, said(text, read_at), Instant(read_at), following)) == after


@pytest.mark.parametrize(
    ("before", "interval", "text", "after"),
    [
        pytest.param([], (2, 4), "a", [(2, 4, "a")], id="new"),
        pytest.param([(2, 4, "a")], (2, 4), "a", [(2, 4, "a")], id="the same is nothing"),
        pytest.param([(1, OPEN, "a")], (1, 4), "a", [(1, 4, "a")], id="the same, with an end"),
        pytest.param([(1, OPEN, "a")], (3, 5), "a", [(3, 5, "a")], id="the same, with another start"),
        pytest.param([(1, OPEN, "a")], (1, 4), "b", [(1, 4, "b")], id="another from the same start on"),
        pytest.param([(1, OPEN, "a")], (3, 5), "b", [(1, 3, "a"), (3, 5, "b"), (5, OPEN, "a")], id="cuts"),
        pytest.param(
            [(1, 3, "a"), (5, 7, "a")], (2, 4), "a", [(2, 4, "a"), (5, 7, "a")], id="only what it meets"
        ),
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
    told = stated(*((*part, 1) for part in before))
    assert shown(close(told, Instant(start), Instant(at))) == after


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


# Readings that are not the newest. The late one is of the seventh day.

_part_of_a = [Span(Interval(Instant(9), OPEN_END), Basis.FIRST_SEEN, said("a", 1))]
"""What was seen on the first day, behind something stated in its midst."""


@pytest.mark.parametrize(
    ("before", "stated_for", "following", "after"),
    [
        pytest.param([], (1, OPEN), later(10), [(1, 10, "x")], id="open until the next complete read"),
        pytest.param([], (1, 3), later(10), [(1, 3, "x")], id="its own end where that comes first"),
        pytest.param([], (12, OPEN), later(10), [], id="nothing of what begins after that read"),
        pytest.param(
            stated((1, 10, "a", 5)), (1, OPEN), later(10), [(1, 10, "a")], id="what was stated stays as it is"
        ),
        pytest.param(
            [*stated((2, 4, "a", 9)), *stated((6, 8, "b", 9))],
            (1, 9),
            NEWEST,
            [(1, 2, "x"), (2, 4, "a"), (4, 6, "x"), (6, 8, "b"), (8, 9, "x")],
            id="every gap beside what a newer one stated",
        ),
        pytest.param(
            spans((5, OPEN, "a")),
            (1, OPEN),
            later(10),
            [(1, 10, "x"), (10, OPEN, "a")],
            id="until it is seen again",
        ),
        pytest.param(
            spans((5, OPEN, "a")),
            (6, 8),
            later(OPEN, 9),
            [(5, 6, "a"), (6, 8, "x"), (8, OPEN, "a")],
            id="before it was seen again",
        ),
        pytest.param(
            stated((2, 9, "a", 5)),
            (3, 5),
            later(OPEN, OPEN, (2, "a")),
            [(2, 9, "a")],
            id="what was stated again stays",
        ),
        pytest.param(
            stated((2, 9, "a", 5)), (1, 12), NEWEST, [(1, 12, "x")], id="what was stated before gives way"
        ),
        pytest.param(
            spans((5, OPEN, "x")),
            (2, 6),
            later(10),
            [(2, 5, "x"), (5, OPEN, "x")],
            id="nothing ends that it says too",
        ),
    ],
)
def test_an_interval_stated_by_a_late_read(
    before: list[Span], stated_for: tuple[int, int], following: Later, after: list[tuple[int, int, str]]
) -> None:
    valid = Interval(Instant(stated_for[0]), Instant(stated_for[1]))
    result = state_interval(before, said("x", 7), valid, following)
    assert shown(result) == after
    assert shown(state_interval(result, said("x", 7), valid, following)) == after


@pytest.mark.parametrize(
    ("before", "following", "after"),
    [
        pytest.param(
            spans((1, OPEN, "a")),
            later(OPEN, 9),
            [(1, 7, "a"), (7, 9, "x"), (9, OPEN, "a")],
            id="until seen again",
        ),
        pytest.param(
            stated((1, 12, "a", 9)),
            NEWEST,
            [(1, 12, "a"), (12, OPEN, "x")],
            id="beside what a newer one stated",
        ),
        pytest.param(
            [*spans((1, 3, "a")), *stated((3, 9, "b", 10)), *_part_of_a],
            NEWEST,
            [(1, 3, "a"), (3, 9, "b"), (9, OPEN, "x")],
            id="in place of what was only seen before, also behind what is stated",
        ),
        pytest.param(
            stated((12, 15, "plan", 2)), NEWEST, [(7, 12, "x"), (12, 15, "plan")], id="until what is planned"
        ),
        pytest.param(
            stated((12, 15, "plan", 8)),
            NEWEST,
            [(7, 12, "x"), (12, 15, "plan"), (15, OPEN, "x")],
            id="and on behind what was planned later",
        ),
    ],
)
def test_something_seen_by_a_late_read(
    before: list[Span], following: Later, after: list[tuple[int, int, str]]
) -> None:
    result = see(before, said("x", 7), Instant(7), following)
    assert shown(result) == after
    assert shown(see(result, said("x", 7), Instant(7), following)) == after


@pytest.mark.parametrize(
    ("before", "following", "after"),
    [
        pytest.param(
            spans((1, OPEN, "a")), later(OPEN, 9), [(1, 7, "a"), (9, OPEN, "a")], id="it was seen again"
        ),
        pytest.param(spans((9, OPEN, "a")), NEWEST, [(9, OPEN, "a")], id="a newer reading saw it first"),
        pytest.param(
            stated((1, OPEN, "a", 2)), later(OPEN, OPEN, (1, "a")), [(1, OPEN, "a")], id="it was stated again"
        ),
    ],
)
def test_closing_by_a_complete_read_that_an_incomplete_one_follows(
    before: list[Span], following: Later, after: list[tuple[int, int, str]]
) -> None:
    (span,) = before
    assert shown(close(before, span.valid.start, Instant(7), following)) == after
