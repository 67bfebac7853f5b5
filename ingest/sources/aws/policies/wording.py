"""Open conditions in words: several ways to the same thing, each with what it depends on."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

OR: Final = "; or "
AND: Final = " and "


def in_words(ways: Iterable[Collection[str]]) -> str | None:
    """Return on which conditions any of several ways is open; None where one of them has none.

    >>> in_words([{"b", "a"}, {"c"}, {"c", "d"}]), in_words([{"a"}, set()])
    ('a and b; or c', None)
    """
    found = {frozenset(way) for way in ways}
    fewest = [way for way in found if not any(other < way for other in found)]
    if not all(fewest):
        return None
    return OR.join(sorted(AND.join(sorted(way)) for way in fewest))


def either(first: str | None, second: str | None) -> str:
    """Return two such texts as one."""
    return OR.join(sorted({way for text in (first, second) if text for way in text.split(OR)}))
