"""Two streams of entries compared without keeping either: equal sums mean equal entries.

Every entry has a digest under a key that is made up for this comparison only, so that
nobody can have chosen entries whose digests cancel out. Digests are added up by bucket for
one side and taken off for the other; what is left over says in which buckets to look again.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import Final

from graph.ledger.verifying.entry import ORDER, Break, Entry

_BUCKETS: Final = 4_096


def first_difference(
    recorded: Callable[[], Iterable[Entry]], kept: Callable[[], Iterable[Entry]]
) -> Break | None:
    """Return the first entry, by commit, that the log and a store do not agree on; None for none.

    Cost: one pass over both; two where they differ. Memory: a few kilobytes, and where
    they differ about one in four thousand of the entries for each difference.
    """
    tally = _Tally()
    for entry in recorded():
        tally.add(entry)
    for entry in kept():
        tally.take_off(entry)
    if tally.is_even:
        return None
    # Read again, so that a row which a writer was just moving is not taken for a difference.
    expected, found = tally.doubtful(recorded()), tally.doubtful(kept())
    different = sorted(expected ^ found, key=lambda e: (e.commit, ORDER[e.table], e.what, e.said))
    return _break(different[0], expected, found) if different else None


class _Tally:
    """What is left when one side's entries are taken off the other's."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._left = [0] * _BUCKETS

    def add(self, entry: Entry) -> None:
        self._left[self._bucket(entry)] += self._digest(entry)

    def take_off(self, entry: Entry) -> None:
        self._left[self._bucket(entry)] -= self._digest(entry)

    @property
    def is_even(self) -> bool:
        return not any(self._left)

    def doubtful(self, entries: Iterable[Entry]) -> set[Entry]:
        """Return those of some entries that lie in buckets where the sides differ."""
        return {entry for entry in entries if self._left[self._bucket(entry)]}

    def _bucket(self, entry: Entry) -> int:
        named = blake2b(f"{entry.table}\0{entry.what}".encode(), digest_size=2, key=self._key)
        return int.from_bytes(named.digest()) % _BUCKETS

    def _digest(self, entry: Entry) -> int:
        # No field holds a NUL, so that no two entries run together to one text.
        whole = "\0".join((entry.table, str(entry.commit), entry.what, entry.said))
        return int.from_bytes(blake2b(whole.encode(), digest_size=32, key=self._key).digest())


def _break(entry: Entry, expected: set[Entry], found: set[Entry]) -> Break:
    """Return a difference in words."""
    here = entry.table, entry.what
    if entry not in found and not any((e.table, e.what) == here for e in found):
        return Break(entry.table, entry.commit, f"{entry.what} is gone from the store")
    if entry not in expected and not any((e.table, e.what) == here for e in expected):
        return Break(entry.table, entry.commit, f"{entry.what} is not in the log")
    return Break(entry.table, entry.commit, f"{entry.what} is not as the log recorded it")
