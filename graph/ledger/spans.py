"""How one more statement changes the stretches of time for which a claim already stands.

A claim's spans are disjoint. All functions are pure: spans in, spans out; the
planner compares the two to find what has to be recorded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

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


def state_interval(spans: Sequence[Span], said: Said, valid: Interval) -> list[Span]:
    """Return the spans after a source states what held in an interval: it replaces what overlaps.

    Cost: the number of spans of one claim, rarely more than a few.
    """
    if any(span.valid == valid and span.said.digest == said.digest for span in spans):
        return list(spans)
    kept = [part for span in spans for part in _outside(span, valid)]
    return _ordered([*kept, Span(valid, Basis.STATED, said)])


def add_history(spans: Sequence[Span], said: Said, valid: Interval, until: Instant) -> list[Span]:
    """Return the spans after a late read states an interval: it fills what nothing else speaks of.

    ``until`` is the next complete read after the late one. What is said about a time
    by a newer reading stays, and nothing is opened again that one has ended.
    """
    gaps = [Interval(valid.start, min(valid.end, until))] if valid.start < until else []
    for span in spans:
        gaps = [part for gap in gaps for part in _parts_outside(gap, span.valid)]
    return _ordered([*spans, *(Span(gap, Basis.STATED, said) for gap in gaps)])


def see(spans: Sequence[Span], said: Said, read_at: Instant, reads: Sequence[Instant]) -> list[Span]:
    """Return the spans after a read at ``read_at`` showed this, with no time stated.

    ``reads`` are the times of the scope's complete reads, in order. A read older than
    the newest of them only adds history: what it shows holds until the next complete
    read, which showed otherwise, or until the next known span.
    """
    current = next((span for span in spans if span.valid.holds_at(read_at)), None)
    if current is not None and current.said.digest == said.digest:
        return list(spans)
    next_read = next((read for read in reads if read > read_at), OPEN_END)
    if current is None:
        starts = [span.valid.start for span in spans if span.valid.start > read_at]
        seen = Interval(read_at, min([next_read, *starts]))
        return _ordered([*spans, Span(seen, Basis.FIRST_SEEN, said)])
    seen = Interval(read_at, min(next_read, current.valid.end))
    others = [span for span in spans if span is not current]
    return _ordered([*others, *_outside(current, seen), Span(seen, Basis.FIRST_SEEN, said)])


def close(spans: Sequence[Span], start: Instant, at: Instant) -> list[Span]:
    """Return the spans after a complete read at ``at`` no longer showed the one that begins at ``start``.

    What was over before stays, what held at that time ends there, and what was only to
    come is taken back: a plan that its source no longer has.
    """
    found = next((span for span in spans if span.valid.start == start), None)
    if found is None or found.valid.end <= at:
        return list(spans)
    if found.valid.start >= at:
        return withdraw(spans, start, at)
    ended = replace(found, valid=Interval(start, at))
    return [ended if span is found else span for span in spans]


def withdraw(spans: Sequence[Span], start: Instant, read_at: Instant | None) -> list[Span]:
    """Return the spans as if the one that begins at ``start`` had never been said.

    What was first seen and was to hold until then goes on in its place, where that was
    still to come at ``read_at``.
    """
    gone = next((span for span in spans if span.valid.start == start), None)
    if gone is None:
        return list(spans)
    rest = [span for span in spans if span is not gone]
    if gone.basis is not Basis.STATED or read_at is None or start <= read_at:
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


def _outside(span: Span, gone: Interval) -> list[Span]:
    """Return the parts of a span that lie before and after an interval."""
    if not span.valid.overlaps(gone):
        return [span]
    return [replace(span, valid=part) for part in _parts_outside(span.valid, gone)]


def _parts_outside(whole: Interval, gone: Interval) -> list[Interval]:
    """Return what is left of an interval before and after another."""
    if not whole.overlaps(gone):
        return [whole]
    parts = (Interval(whole.start, gone.start), Interval(gone.end, whole.end))
    return [part for part in parts if part.start < part.end]


def _ordered(spans: Sequence[Span]) -> list[Span]:
    return sorted(spans, key=lambda span: span.valid)
