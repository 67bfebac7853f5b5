"""Patterns with ``*`` for any text and ``?`` for any character: what they take in, and what two share.

Policies of clouds and trusts of token issuers are written so. Case counts, and nothing is
escaped: neither a star nor a question mark can be meant as itself.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_WILD: Final = "*?"
_COMPILED: Final = 4_096


def matches(pattern: str, text: str) -> bool:
    """Return whether a pattern takes in a text.

    >>> matches("repo:o/r:*", "repo:o/r:ref:refs/heads/main"), matches("a?c", "ac")
    (True, False)
    """
    return _expression(pattern).fullmatch(text) is not None


def literal_prefix(pattern: str) -> str:
    """Return what every text begins with that a pattern takes in.

    >>> literal_prefix("arn:aws:s3:::lake/raw/*"), literal_prefix("*")
    ('arn:aws:s3:::lake/raw/', '')
    """
    end = next((i for i, character in enumerate(pattern) if character in _WILD), len(pattern))
    return pattern[:end]


def covers(wide: str, narrow: str) -> bool:
    """Return whether ``wide`` surely takes in every text that ``narrow`` does.

    False may also mean that it cannot be told by comparing them piece by piece; then they
    overlap at least. Cost: the product of their lengths.

    >>> covers("repo:o/*", "repo:o/r:*"), covers("a*b", "a*"), covers("*", "?x")
    (True, False, True)
    """
    # As matching, with the wildcards of the narrow one as characters that only a star, or for
    # "?" also a "?", takes in.
    reached = _stars_passed({0}, wide)
    for character in narrow:
        reached = _stars_passed(
            {after for place in reached for after in _taking(wide, place, character)},
            wide,
        )
    return len(wide) in reached


def overlap(first: str, second: str) -> bool:
    """Return whether any text is taken in by both. Cost: the product of their lengths.

    >>> overlap("a*c", "ab*"), overlap("a*", "b*"), overlap("a?", "a")
    (True, False, False)
    """
    seen = {(0, 0)}
    waiting = [(0, 0)]
    while waiting:
        i, j = waiting.pop()
        if i == len(first) and j == len(second):
            return True
        for place in _steps(first, i, second, j):
            if place not in seen:
                seen.add(place)
                waiting.append(place)
    return False


@lru_cache(maxsize=_COMPILED)
def _expression(pattern: str) -> re.Pattern[str]:
    first, *others = ("".join("." if c == "?" else re.escape(c) for c in p) for p in pattern.split("*"))
    if not others:
        return re.compile(first, re.DOTALL)
    # What a star stands for is as short as it may be, and never tried longer: many stars cost no more.
    *middle, last = others
    between = "".join(f"(?>.*?{part})" for part in middle)
    return re.compile(f"{first}{between}.*{last}", re.DOTALL)


def _stars_passed(places: set[int], pattern: str) -> set[int]:
    """Return the places with those behind stars, which may stand for nothing."""
    found = set(places)
    for place in sorted(places):
        following = place
        while following < len(pattern) and pattern[following] == "*":
            following += 1
            found.add(following)
    return found


def _taking(wide: str, place: int, character: str) -> tuple[int, ...]:
    """Return where a pattern may stand after taking in a character, or a wildcard, of another."""
    if place == len(wide):
        return ()
    standing = wide[place]
    if standing == "*":
        return (place,)
    if standing == "?":
        return () if character == "*" else (place + 1,)
    return (place + 1,) if standing == character else ()


def _steps(first: str, i: int, second: str, j: int) -> list[tuple[int, int]]:
    """Return where both may stand next while they read one text together."""
    left = first[i] if i < len(first) else None
    right = second[j] if j < len(second) else None
    steps: list[tuple[int, int]] = []
    if left == "*":
        steps.append((i + 1, j))
        if right is not None:
            steps.append((i, j + 1))
    if right == "*":
        steps.append((i, j + 1))
        if left is not None:
            steps.append((i + 1, j))
    if (
        left is not None
        and right is not None
        and "*" not in (left, right)
        and (left == right or "?" in (left, right))
    ):
        steps.append((i + 1, j + 1))
    return steps
