"""What a search for secrets in a text finds, and the text without it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ingest.redaction.values import MARK


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of a text that is a secret value, what sort it is, and what is put in its place."""

    start: int
    end: int
    what: str
    put: str = MARK


def without(text: str, found: Iterable[Found]) -> tuple[str, str | None]:
    """Return a text with stretches replaced, and what the first of them was; None where there is none."""
    stretches = list(found)
    if not stretches:
        return text, None
    pieces: list[str] = []
    done, what = 0, None
    for one in _disjoint(stretches):
        what = what or one.what
        pieces += (text[done : one.start], one.put)
        done = one.end
    return "".join((*pieces, text[done:])), what


def _disjoint(found: Iterable[Found]) -> Iterator[Found]:
    """Yield stretches in order; those that overlap become one."""
    waiting: Found | None = None
    for one in sorted(found, key=lambda f: (f.start, f.end)):
        if waiting is not None and one.start < waiting.end:
            waiting = Found(waiting.start, max(waiting.end, one.end), waiting.what)
            continue
        if waiting is not None:
            yield waiting
        waiting = one
    if waiting is not None:
        yield waiting
