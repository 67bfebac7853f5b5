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


def close(spans: Sequence[Span], at: Instant) -> list[Span]:
    """Return the spans after a complete read at ``at`` no longer showed the claim.

    Spans that were over before stay; what held at that time ends there.
    """
    ended: list[Span] = []
    for span in spans:
        if not span.valid.holds_at(at):
            ended.append(span)
        elif span.valid.start < at:
            ended.append(replace(span, valid=Interval(span.valid.start, at)))
    return ended


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
