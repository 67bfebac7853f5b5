"""Patterns of names as AWS policies write them: ``*`` for any text, ``?`` for any one character.

The languages of two patterns are compared and cut with each other exactly, so that what a
policy allows and another takes away again can be written down as patterns once more.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product
from typing import Final

ANY: Final = "*"
_MOST: Final = 64
"""Patterns that an intersection may come to; real ones come to one or two."""

_LONGEST: Final = 600
"""Characters in which two patterns may differ; the ARNs that AWS gives are far shorter."""

_ARN_COLONS: Final = 5
_NONE: Final[frozenset[str]] = frozenset()
_STARS: Final = re.compile(r"\*[*?]*\*|\*\?+")


class TooManyPatterns(Exception):
    """An intersection that would take more patterns to write than anybody could check."""


def tidy(pattern: str) -> str:
    """Return a pattern in the one spelling of those that mean the same.

    >>> tidy("a**b"), tidy("a*?*"), tidy("a*??")
    ('a*b', 'a?*', 'a??*')
    """
    return _STARS.sub(lambda found: "?" * found.group().count("?") + "*", pattern)


@lru_cache(maxsize=65_536)
def matches(pattern: str, text: str) -> bool:
    """Return whether a text is one of those that a pattern stands for.

    >>> matches("arn:aws:s3:::lake/*", "arn:aws:s3:::lake/a/b"), matches("a?", "a")
    (True, False)
    """
    return _compiled(pattern).fullmatch(text) is not None


@lru_cache(maxsize=65_536)
def includes(wider: str, narrower: str) -> bool:
    """Return whether all that one pattern stands for, another does as well.

    >>> includes("a*", "ab*"), includes("ab*", "a*"), includes("a?", "a*")
    (True, False, False)
    """
    if "*" not in narrower and "?" not in narrower:
        return matches(wider, narrower)
    reached = {0}
    for symbol in narrower:
        reached = {next_ for at in _skipping(wider, reached) for next_ in _steps(wider, at, symbol)}
        if not reached:
            return False
    return len(wider) in _skipping(wider, reached)


@lru_cache(maxsize=65_536)
def intersection(left: str, right: str) -> tuple[str, ...]:
    """Return patterns that together stand for what both stand for; none where that is nothing.

    Raises:
        TooManyPatterns: where it takes more than anybody would read.

    >>> intersection("a*", "*b"), intersection("ab*", "a*"), intersection("a", "b")
    (('a*b',), ('ab*',), ())
    >>> intersection("*a", "a*")
    ('a', 'a*a')
    """
    if includes(left, right):
        return (right,)
    if includes(right, left):
        return (left,)
    start = _shared_start(left, right)
    if len(left) + len(right) - 2 * start > _LONGEST:
        raise TooManyPatterns
    found = {tidy(left[:start] + pattern) for pattern in _common(left[start:], right[start:])}
    kept = (p for p in found if not any(q != p and includes(q, p) for q in found))
    return tuple(sorted(kept))


def meeting(left: str, right: str) -> tuple[str, ...]:
    """Return what two patterns of ARNs have in common; each part of an ARN is compared by itself.

    A wildcard in the region does not reach into the account, as no ARN has a colon there.

    >>> meeting("arn:aws:ecr:*:1:repository/*", "arn:aws:ecr:eu-west-1:2:repository/a*")
    ()
    >>> meeting("arn:aws:ecr:*:1:repository/*", "arn:aws:ecr:eu-*:1:*")
    ('arn:aws:ecr:eu-*:1:repository/*',)
    """
    parts = left.split(":", _ARN_COLONS), right.split(":", _ARN_COLONS)
    if not all(len(part) > _ARN_COLONS and part[0] == "arn" for part in parts):
        return intersection(left, right)
    shared = [intersection(a, b) for a, b in zip(*parts, strict=True)]
    return tuple(":".join(each) for each in product(*shared))


def _shared_start(left: str, right: str) -> int:
    """Return how many characters both patterns begin with, as long as none stands for others."""
    for at, (a, b) in enumerate(zip(left, right, strict=False)):
        if a != b or a in "*?":
            return at
    return min(len(left), len(right))


def _steps(wider: str, at: int, symbol: str) -> tuple[int, ...]:
    """Return where the wider pattern may stand after one symbol of the narrower one."""
    if at >= len(wider):
        return ()
    if wider[at] == "*":
        return (at,)
    same = wider[at] == symbol or (wider[at] == "?" and symbol != "*")
    return (at + 1,) if same else ()


def _skipping(wider: str, reached: set[int]) -> set[int]:
    """Return the places reached, and those behind stars that stand for nothing."""
    found = set(reached)
    for at in reached:
        while at < len(wider) and wider[at] == "*":
            at += 1  # noqa: PLW2901 - the walk over a run of stars
            found.add(at)
    return found


@lru_cache(maxsize=65_536)
def _common(left: str, right: str) -> frozenset[str]:
    if not left or not right:
        rest = left or right
        return _NONE if rest.strip("*") else frozenset({""})
    if left[0] == "*" and right[0] == "*":
        found = _behind("*", _common(left[1:], right)) | _behind("*", _common(left, right[1:]))
    elif left[0] == "*":
        found = _common(left[1:], right) | _behind(right[0], _common(left, right[1:]))
    elif right[0] == "*":
        found = _common(left, right[1:]) | _behind(left[0], _common(left[1:], right))
    elif left[0] == right[0] or "?" in {left[0], right[0]}:
        symbol = right[0] if left[0] == "?" else left[0]
        found = _behind(symbol, _common(left[1:], right[1:]))
    else:
        found = _NONE
    if len(found) > _MOST:
        raise TooManyPatterns
    return found


def _behind(symbol: str, patterns: frozenset[str]) -> frozenset[str]:
    return frozenset(tidy(symbol + pattern) for pattern in patterns)


@lru_cache(maxsize=65_536)
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = ((".*" if c == "*" else "." if c == "?" else re.escape(c)) for c in pattern)
    return re.compile("".join(parts), re.DOTALL)
