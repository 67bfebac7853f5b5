"""When sources were looked at, which tells how old a fact is."""

from __future__ import annotations

from graph.ledger.ledger import Ledger
from graph.model import Basis, ClaimRow, CommitNumber, Instant


class CommitTimes:
    """When commits were recorded; each is asked for once."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._known: dict[CommitNumber, Instant] = {}

    def __call__(self, number: CommitNumber) -> Instant:
        """Return the time of a commit that exists."""
        if number not in self._known:
            [commit] = self._ledger.commits(after=CommitNumber(number - 1), limit=1)
            self._known[number] = commit.recorded_at
        return self._known[number]


def seen_at(row: ClaimRow, recorded: CommitTimes) -> Instant:
    """Return when the source of a row was looked at; where nothing says that, when it was recorded."""
    if row.basis is Basis.FIRST_SEEN:
        return row.valid.start
    return recorded(row.said_in) if row.read_at is None else row.read_at
