"""When sources were looked at: what tells how old a fact is, and for how long absence has meant anything.

Complete reads are in the run log and carry no commit number; what a commit could know of
them is what had finished before the next commit was recorded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from graph.ledger.ledger import Ledger
from graph.model import Basis, ClaimRow, CommitNumber, Instant, Scope

RUNS_PAGE = 500


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


def complete_reads(ledger: Ledger, known: CommitNumber) -> Mapping[Scope, Sequence[Instant]]:
    """Return the complete reads of each scope, in order, made by the time a commit was overtaken by the next.

    Runs are not part of the chain of commits, so an answer for an older commit must not
    see those of later days.
    """
    following = ledger.commits(after=known, limit=1)
    if not following:
        return ledger.store.complete_reads()
    reads: dict[Scope, list[Instant]] = defaultdict(list)
    before: int | None = None
    while page := ledger.store.runs(before=before, limit=RUNS_PAGE):
        before = page[-1].position
        for run in page:
            if run.finished_at < following[0].recorded_at and run.read_at is not None:
                for scope in run.completed:
                    reads[scope].append(run.read_at)
    return {scope: sorted(moments) for scope, moments in reads.items()}
