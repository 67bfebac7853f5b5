"""Stretches of time: when something held that was named now and then, and what held when.

Pure functions over moments; nothing here knows of events.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypeVar

from graph.model import OPEN_END, Instant, Interval

Key = TypeVar("Key")
State = TypeVar("State")


def intervals(named: Iterable[Instant], ended: Iterable[Instant]) -> list[Interval]:
    """Return when something held that begins when it is named and ends at the next end after that.

    Naming it at the very moment of an end begins anew; the two stretches are then one.
    Both may come in any order. The result is ordered, disjoint, and no two touch.

    >>> intervals([Instant(1), Instant(2), Instant(9)], [Instant(5), Instant(6)])
    [Interval(start=1, end=5), Interval(start=9, end=253402300799999)]
    """
    moments, ends = sorted(set(named)), sorted(set(ended))
    found: list[Interval] = []
    position = 0
    while position < len(moments):
        start = moments[position]
        after = bisect_right(ends, start)
        end = ends[after] if after < len(ends) else OPEN_END
        if found and found[-1].end == start:
            found[-1] = Interval(found[-1].start, end)
        elif start < end:
            found.append(Interval(start, end))
        position = bisect_left(moments, end, lo=position + 1)
    return found


def is_cut(said: int, cuts: Sequence[int], until: Instant) -> bool:
    """Return whether one of some ordered moments came after something was said and by a millisecond.

    What is said and the cuts are in nanoseconds. A cut at the very nanosecond comes after:
    the event that tells of the end names nothing.

    >>> is_cut(5_000_000, [5_000_000], Instant(5)), is_cut(5_000_001, [5_000_000], Instant(9))
    (True, False)
    """
    position = bisect_left(cuts, said)
    return position < len(cuts) and millisecond(cuts[position]) <= until


def millisecond(nanoseconds: int) -> Instant:
    """Return a moment in nanoseconds as the graph keeps it, cut off and not rounded."""
    return Instant(nanoseconds // 1_000_000)


def together(parts: Iterable[Interval]) -> list[Interval]:
    """Return the stretches in which any of the parts holds, ordered, disjoint and not touching."""
    found: list[Interval] = []
    for part in sorted(parts):
        if found and part.start <= found[-1].end:
            found[-1] = Interval(found[-1].start, Instant(max(found[-1].end, part.end)))
        else:
            found.append(part)
    return found


def without(parts: Iterable[Interval], holes: Iterable[Interval]) -> list[Interval]:
    """Return what is left of the parts outside the holes, ordered, disjoint and not touching.

    >>> without([Interval(Instant(1), Instant(9))], [Interval(Instant(3), Instant(5))])
    [Interval(start=1, end=3), Interval(start=5, end=9)]
    """
    cut_out = together(holes)
    cuts = edges_of_time(cut_out)
    pieces = (piece for part in parts for piece in pieces_of(part, cuts))
    return together(piece for piece in pieces if not holds_at(cut_out, piece.start))


def inside(part: Interval, held: Sequence[Interval]) -> list[Interval]:
    """Return what of a part lies in ordered, disjoint stretches.

    >>> inside(Interval(Instant(1), Instant(9)), [Interval(Instant(3), Instant(5))])
    [Interval(start=3, end=5)]
    """
    return [piece for piece in pieces_of(part, edges_of_time(held)) if holds_at(held, piece.start)]


def holds_at(parts: Sequence[Interval], moment: Instant) -> bool:
    """Return whether one of the ordered, disjoint parts holds at a moment."""
    position = bisect_right(parts, moment, key=lambda part: part.start)
    return position > 0 and moment < parts[position - 1].end


def edges_of_time(parts: Iterable[Interval]) -> set[Instant]:
    """Return every moment at which one of the parts begins or ends."""
    return {moment for part in parts for moment in (part.start, part.end)}


def pieces_of(part: Interval, cuts: Iterable[Instant]) -> list[Interval]:
    """Return a part cut at the moments that lie inside it.

    >>> pieces_of(Interval(Instant(1), Instant(9)), [Instant(4), Instant(20)])
    [Interval(start=1, end=4), Interval(start=4, end=9)]
    """
    inside = sorted({cut for cut in cuts if part.start < cut < part.end})
    bounds = [part.start, *inside, part.end]
    return [Interval(start, end) for start, end in pairwise(bounds)]


def joined(states: Iterable[tuple[Interval, State]]) -> list[tuple[Interval, State]]:
    """Return the same states with neighbours that touch and are equal made one; they come in order."""
    found: list[tuple[Interval, State]] = []
    for part, state in states:
        if found and found[-1][0].end == part.start and found[-1][1] == state:
            found[-1] = (Interval(found[-1][0].start, part.end), state)
        else:
            found.append((part, state))
    return found


def settings(
    changes: Iterable[tuple[Instant, Mapping[Key, State] | None]],
) -> list[tuple[Interval, Mapping[Key, State]]]:
    """Return what was set when: each change adds to what was set before, None takes all of it back.

    The changes come in order of time; of those at one moment the last decides. Nothing
    holds before the first change, nor after one that takes all back, until the next.

    >>> found = settings([(Instant(1), {"a": 1}), (Instant(5), {"b": 2})])
    >>> [(part.start, dict(state)) for part, state in found]
    [(1, {'a': 1}), (5, {'a': 1, 'b': 2})]
    """
    return joined(_settings(changes))


def _settings(
    changes: Iterable[tuple[Instant, Mapping[Key, State] | None]],
) -> Iterator[tuple[Interval, Mapping[Key, State]]]:
    current: dict[Key, State] | None = None
    since = Instant(0)
    for moment, change in changes:
        if current is not None and since < moment:
            yield Interval(since, moment), current
        since = moment
        # A new dictionary each time: the one before has been handed out.
        current = None if change is None else {**(current or {}), **change}
    if current is not None and since < OPEN_END:
        yield Interval(since, OPEN_END), current
