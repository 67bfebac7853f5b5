"""Sets of resources: those that one of some patterns takes in and none of others keeps out.

Such regions are cut with each other and taken from each other without loss, so that what is
left after every Deny and every boundary is again a list of regions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ingest.sources.aws.policies.globs import ANY, TooManyPatterns, includes, matches, meeting


@dataclass(frozen=True, slots=True, order=True)
class Region:
    """What one of ``patterns`` takes in, without what one of ``excluded`` does; both in order."""

    patterns: tuple[str, ...]
    excluded: tuple[str, ...] = ()

    def holds(self, name: str) -> bool:
        """Return whether a name is in it."""
        return any(matches(p, name) for p in self.patterns) and not any(
            matches(p, name) for p in self.excluded
        )


EVERYTHING: Final = Region((ANY,))


def region(patterns: Iterable[str], excluded: Iterable[str] = ()) -> Region | None:
    """Return a region in its one spelling, or None where nothing is left of it.

    >>> region(["a*", "ab"], ["b*", "ac*"])
    Region(patterns=('a*',), excluded=('ac*',))
    >>> region(["ab"], ["a*"]) is None
    True
    """
    out = _widest(excluded)
    taken = [p for p in _widest(patterns) if not any(includes(e, p) for e in out)]
    if not taken:
        return None
    near = tuple(e for e in out if any(_may_meet(e, p) for p in taken))
    return Region(tuple(taken), near)


def common(left: Region, right: Region) -> Region | None:
    """Return what is in both regions.

    >>> common(Region(("a*",)), Region(("*",), ("ab*",)))
    Region(patterns=('a*',), excluded=('ab*',))
    """
    patterns = [p for a in left.patterns for b in right.patterns for p in meeting(a, b)]
    return region(patterns, (*left.excluded, *right.excluded))


def without(whole: Region, part: Region) -> list[Region]:
    """Return what is left of a region when another is taken from it, as up to several regions.

    >>> without(Region(("a*",)), Region(("*",), ("ab*",)))
    [Region(patterns=('ab*',), excluded=())]
    """
    left = [region(whole.patterns, (*whole.excluded, *part.patterns))]
    kept = [p for a in whole.patterns for b in part.excluded for p in meeting(a, b)]
    left.append(region(kept, whole.excluded))
    return [piece for piece in left if piece is not None]


def without_all_of(pieces: Iterable[Region], part: Region) -> list[Region]:
    """Return what is left of several regions when another is taken from each."""
    return [left for piece in pieces for left in without(piece, part)]


def may_meet(left: Region, right: Region) -> bool:
    """Return whether two regions may have anything in common; True where it cannot be told."""
    try:
        return common(left, right) is not None
    except TooManyPatterns:
        return True


def covers(wider: Region, narrower: Region) -> bool:
    """Return whether a region surely takes in all of another; False where it cannot be told."""
    if not all(any(includes(w, n) for w in wider.patterns) for n in narrower.patterns):
        return False
    return all(
        any(includes(n, e) for n in narrower.excluded) or not any(_may_meet(e, p) for p in narrower.patterns)
        for e in wider.excluded
    )


def _may_meet(left: str, right: str) -> bool:
    try:
        return bool(meeting(left, right))
    except TooManyPatterns:
        return True


def _widest(patterns: Iterable[str]) -> list[str]:
    """Return the patterns without those that others take in, in order."""
    found: Sequence[str] = sorted(set(patterns))
    return [p for p in found if not any(q != p and includes(q, p) for q in found)]
