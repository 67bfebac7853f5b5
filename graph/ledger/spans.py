"""How one more statement changes the stretches of time for which a claim already stands.

A claim's spans are disjoint. All functions are pure: spans in, spans out; the
planner compares the two to find what has to be recorded. Readings may come in any
order. What a newer reading said of a time stays, whenever an older one arrives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from graph.model import OPEN_END, Basis, CommitNumber, Instant, Interval, RunId


@dataclass(frozen=True, slots=True)
class Said:
    """What a claim says, sealed, with the digest by which two sayings are compared.

    And who said it: at which place of which source, read when, in which run and
    commit; no commit is the one that is being planned. Whatever becomes of the span,
    its parts keep this.
    """

    content: Mapping[str, Any]
    digest: str
    locator: str | None
    read_at: Instant | None = None
    run: RunId | None = None
    said_in: CommitNumber | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """An interval for which a claim says one thing."""

    valid: Interval
    basis: Basis
    said: Said


@dataclass(frozen=True, slots=True)
class Later:
    """What is known of readings of a claim's scope that are newer than the one at hand.

    ``complete`` is the next one that was complete, ``seen`` the next that said the claim
    again without a time, ``stated`` are the starts of the intervals that were stated again,
    each with the digest of what was said.
    What such readings said for the first time stands in spans of their own.
    """

    complete: Instant = OPEN_END
    seen: Instant = OPEN_END
    stated: frozenset[tuple[Instant, str]] = frozenset()

    @property
    def heard(self) -> Instant:
        """Return from when on a newer reading tells whether the claim still holds."""
        return min(self.complete, self.seen)


NEWEST: Final = Later()
"""No reading is newer than the one at hand."""


def state_interval(
    spans: Sequence[Span], said: Said, valid: Interval, later: Later | None = NEWEST
) -> list[Span]:
    """Return the spans after a source states what held in an interval.

    It replaces what overlaps; a row that said the same, or began at the same time, is
    restated by it and goes as a whole. With newer readings it only adds history: up to
    the next complete one, and beside what they said. ``later`` is None where it does
    not matter which reading is newer.

    Cost: the number of spans of one claim, rarely more than a few.
    """
    if any(span.valid == valid and span.said.digest == said.digest for span in spans):
        return list(spans)
    open_parts = _open_parts(spans, said.read_at, later)
    end = valid.end if later is None else min(valid.end, later.complete)
    filled = [Interval(valid.start, end)] if valid.start < end else []
    for span, part in zip(spans, open_parts, strict=True):
        filled = _without(filled, _without([span.valid], [part] if part else []))
    is_late = later is not None and _has_newer(spans, said.read_at, later)
    gone = list(filled)
    for span, part in zip(spans, open_parts, strict=True):
        says_the_same = span.said.digest == said.digest
        if is_late and says_the_same:
            filled = _without(filled, [span.valid])
            gone = _without(gone, [span.valid])
        elif part and not is_late and part.overlaps(valid) and (says_the_same or part.start == valid.start):
            gone.append(part)
    return _with(spans, gone, [Span(part, Basis.STATED, said) for part in filled])


def see(spans: Sequence[Span], said: Said, read_at: Instant, later: Later = NEWEST) -> list[Span]:
    """Return the spans after a read at ``read_at`` showed this, with no time stated.

    It holds in place of what held then, and of whatever else was only seen before; what
    is stated for a later time stays. With newer readings it only adds history: up to the
    next one that tells.
    """
    open_parts = _open_parts(spans, read_at, later)
    pairs = list(zip(spans, open_parts, strict=True))
    current = next((s for s, part in pairs if part and part.holds_at(read_at)), None)
    if current is None:
        following = [s.valid.start for s, part in pairs if part and s.valid.start > read_at]
        gap = Interval(read_at, min([later.heard, *following]))
        seen = _without([gap], [span.valid for span in spans])
    else:
        seen = [
            Interval(max(part.start, read_at), min(part.end, later.heard))
            for span, part in pairs
            if part and span.said == current.said and max(part.start, read_at) < min(part.end, later.heard)
        ]
    seen += [
        part
        for span, part in pairs
        if part and span.basis is Basis.FIRST_SEEN and part.start > read_at and part not in seen
    ]
    same = [span.valid for span in spans if span.said.digest == said.digest]
    seen = _joined(_without(seen, same))
    return _with(spans, seen, [Span(part, Basis.FIRST_SEEN, said) for part in seen])


def close(spans: Sequence[Span], start: Instant, at: Instant, later: Later = NEWEST) -> list[Span]:
    """Return the spans after a complete read at ``at`` no longer showed the one that begins at ``start``.

    What was over before stays, what held at that time ends there, and what was only to
    come is taken back: a plan that its source no longer has. What a newer reading said stays.
    """
    found = next((span for span in spans if span.valid.start == start), None)
    if found is None or found.valid.end <= at or _is_newer(found, at):
        return list(spans)
    if found.valid.start >= at:
        return withdraw(spans, start, at, later)
    part = _open_parts(spans, at, later)[spans.index(found)]
    if part is None or part.end <= at:
        return list(spans)
    return _with(spans, [Interval(at, part.end)], [])


def withdraw(
    spans: Sequence[Span], start: Instant, read_at: Instant | None, later: Later | None = NEWEST
) -> list[Span]:
    """Return the spans as if the one that begins at ``start`` had never been said.

    What was first seen and was to hold until then goes on in its place, where that was
    still to come at ``read_at``. What newer readings said again stays.
    """
    gone = next((span for span in spans if span.valid.start == start), None)
    if gone is None:
        return list(spans)
    # Whoever takes a row back has seen it, whenever it was first read.
    part = _open_parts(spans, None, later)[spans.index(gone)]
    if part is None:
        return list(spans)
    rest = _with(spans, [part], [])
    if gone.basis is not Basis.STATED or read_at is None or start <= read_at or part != gone.valid:
        return rest
    following = min((span.valid.start for span in rest if span.valid.start > start), default=OPEN_END)
    return [
        replace(span, valid=Interval(span.valid.start, following)) if _was_cut(span, gone, rest) else span
        for span in rest
    ]


def _was_cut(span: Span, gone: Span, rest: Sequence[Span]) -> bool:
    """Return whether a span ends only because of the one that stood behind it."""
    if span.basis is Basis.STATED or span.valid.end != gone.valid.start:
        return False
    goes_on = any(s.valid.start > gone.valid.start and s.said == span.said for s in rest)
    return goes_on or gone.valid.end >= OPEN_END


def _open_parts(spans: Sequence[Span], read_at: Instant | None, later: Later | None) -> list[Interval | None]:
    """Return of each span what a reading may change; what newer ones told is not its to change."""
    if later is None or not _has_newer(spans, read_at, later):
        return [span.valid for span in spans]
    restated = [
        span.said
        for span in spans
        if any(span.said.digest == digest and span.valid.holds_at(start) for start, digest in later.stated)
    ]
    return [
        None if _is_newer(span, read_at) or span.said in restated else _untold(span, later) for span in spans
    ]


def _has_newer(spans: Sequence[Span], read_at: Instant | None, later: Later) -> bool:
    return later != NEWEST or any(_is_newer(span, read_at) for span in spans)


def _is_newer(span: Span, read_at: Instant | None) -> bool:
    return read_at is not None and span.said.read_at is not None and span.said.read_at > read_at


def _untold(span: Span, later: Later) -> Interval | None:
    """Return the part of a span of which no newer reading can have told anything."""
    if span.basis is Basis.STATED:
        if later.complete < OPEN_END:
            return None
        end = later.seen if span.valid.holds_at(later.seen) else span.valid.end
    else:
        end = min(span.valid.end, later.heard)
    return Interval(span.valid.start, end) if span.valid.start < end else None


def _with(spans: Sequence[Span], gone: Sequence[Interval], new: Sequence[Span]) -> list[Span]:
    """Return the spans without what is gone, and with what is new."""
    kept = [
        span if part == span.valid else replace(span, valid=part)
        for span in spans
        for part in _without([span.valid], gone)
    ]
    return sorted([*kept, *new], key=lambda span: span.valid)


def _without(whole: Sequence[Interval], gone: Iterable[Interval]) -> list[Interval]:
    """Return what is left of intervals outside of others."""
    left = list(whole)
    for one in gone:
        left = [part for interval in left for part in _parts_outside(interval, one)]
    return left


def _parts_outside(whole: Interval, gone: Interval) -> list[Interval]:
    if not whole.overlaps(gone):
        return [whole]
    parts = (Interval(whole.start, gone.start), Interval(gone.end, whole.end))
    return [part for part in parts if part.start < part.end]


def _joined(intervals: Iterable[Interval]) -> list[Interval]:
    """Return intervals in order, those that touch as one."""
    joined: list[Interval] = []
    for interval in sorted(intervals):
        if joined and joined[-1].end >= interval.start:
            joined[-1] = Interval(joined[-1].start, max(joined[-1].end, interval.end))
        else:
            joined.append(interval)
    return joined
