"""What a scope holds and a reading of it did not say: which rows end, and when none may.

Closing follows only on a complete read that is not older than another. A read that
would end more than a fifth of its scope ends nothing until a person allows it: half an
answer of a source must not look like half of the estate being gone. Taking back
intervals that a source has stated anew is no closing, and has no such guard: the
source itself says what held instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graph.ledger.lasting import is_lasting_row
from graph.ledger.ledger import Ledger
from graph.ledger.operations import EdgeKey
from graph.ledger.port import RunRecord, StoredRow
from graph.model import Basis, CommitNumber, Instant, Scope
from ingest.logged import head_of, report_of
from ingest.seen import End, PlannedEnd, Seen

GUARD_SHARE: Final = 0.2
"""The part of a scope's live claims beyond which closing needs a person's word."""

GUARD_FLOOR: Final = 10
"""Fewer claims than this are closed whatever part of the scope they are."""

_PAGE: Final = 1_000
_RUNS_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a scope. ``began_at`` is the ledger's head when it began."""

    scope: Scope
    read_at: Instant
    section: int
    states_history: bool
    began_at: CommitNumber


@dataclass(frozen=True, slots=True)
class Closings:
    """How many rows a reading would close, of how many live ones, and whether that is too many."""

    count: int
    live: int
    refused: bool


def complete_reads(ledger: Ledger, scope: Scope) -> Sequence[Instant]:
    """Return the times of a scope's complete reads, in order; one short transaction."""
    return ledger.store.write(lambda transaction: transaction.complete_reads(scope))


def plan_whole(ledger: Ledger, seen: Seen, reading: Reading) -> Closings:
    """Note which rows end because a whole reading of their scope did not say them.

    Cost: one pass over the scope's rows, page by page; where ten rows or more are to be
    closed, a second one for what the last complete read left, and the run log back to it.
    """
    tally = _Tally()
    for rows in _pages(ledger, reading.scope, ledger.head().sequence):
        _sort_page(seen, reading, rows, tally)
    if tally.closing < GUARD_FLOOR:
        return Closings(tally.closing, tally.live, refused=False)
    refused = tally.closing > GUARD_SHARE * tally.live or _shrinks(ledger, seen, reading)
    return Closings(tally.closing, tally.live, refused)


@dataclass
class _Tally:
    """Rows counted in one pass: live, or still to come, before this reading; and about to be closed."""

    live: int = 0
    closing: int = 0


def _sort_page(seen: Seen, reading: Reading, rows: Sequence[StoredRow], tally: _Tally) -> None:
    """Note which rows of a page are withdrawn and which closed; count what the guard asks for."""
    said = seen.said(reading.section, [row.key for row in rows])
    claims = {row.claim_id for row in rows}
    restated = seen.stated(reading.section, claims)
    mentioned = seen.mentioned(reading.section, claims)
    spared = seen.rejected(reading.section, claims)
    stood = seen.stood(reading.section, claims)
    withdrawn: list[PlannedEnd] = []
    closed: list[PlannedEnd] = []
    for row in rows:
        lasting = is_lasting_row(row)
        live = _is_to_be_said(row, reading)
        tally.live += live and (row.recorded_from <= reading.began_at or row.claim_id in stood)
        goes_on = row.claim_id in mentioned and row.basis is Basis.FIRST_SEEN and live
        if row.key in said or row.claim_id in spared or goes_on or _is_newer(row, reading):
            continue
        if row.claim_id in restated or (reading.states_history and not lasting):
            withdrawn.append(_end_of(row))
        elif live and not reading.states_history:
            closed.append(_end_of(row))
            tally.closing += 1
    seen.plan_ends(reading.section, End.WITHDRAW, withdrawn)
    seen.plan_ends(reading.section, End.CLOSE, closed)


def _shrinks(ledger: Ledger, seen: Seen, reading: Reading) -> bool:
    """Return whether too much is gone of what the last complete read left in the scope.

    Without this, what a refused run added would count as the scope's size in the next
    one, and a refusal would pass on being repeated.
    """
    baseline = _baseline(ledger, reading.scope)
    if baseline is None:
        return False
    live = gone = 0
    for rows in _pages(ledger, reading.scope, baseline):
        counted = [row for row in rows if _is_to_be_said(row, reading)]
        live += len(counted)
        gone += len(seen.closing(reading.section, [row.key for row in counted]))
    return gone >= GUARD_FLOOR and gone > GUARD_SHARE * live


def _baseline(ledger: Ledger, scope: Scope) -> CommitNumber | None:
    """Return the head after the scope's last complete read, else before its first refused one."""
    refused_since: CommitNumber | None = None
    for record in _runs(ledger):
        report = report_of(record)
        if scope in record.completed:
            return head_of(report, "after", ledger.store.newest_at(record.finished_at))
        if _refused(report, scope):
            refused_since = head_of(report, "before", ledger.store.newest_at(record.started_at))
    return refused_since


def _runs(ledger: Ledger) -> Iterator[RunRecord]:
    before: int | None = None
    while records := ledger.store.runs(before=before, limit=_RUNS_PAGE):
        yield from records
        before = records[-1].position


def _refused(report: Mapping[str, Any], scope: Scope) -> bool:
    return any(
        said["refused"] and said["source"] == str(scope.source) and said["name"] == scope.name
        for said in report.get("scopes", ())
    )


def _is_to_be_said(row: StoredRow, reading: Reading) -> bool:
    """Return whether a whole reading has to say a row: it holds then, or is still to come."""
    return row.valid.end > reading.read_at and not is_lasting_row(row) and not _is_newer(row, reading)


def _is_newer(row: StoredRow, reading: Reading) -> bool:
    """Return whether a newer reading, if not of the whole scope, was the first to say a row."""
    return not reading.states_history and row.read_at is not None and row.read_at > reading.read_at


def _pages(ledger: Ledger, scope: Scope, known: CommitNumber) -> Iterator[Sequence[StoredRow]]:
    after = None
    while rows := ledger.store.scope_rows(scope, known, after=after, limit=_PAGE):
        yield rows
        after = rows[-1].key


def _end_of(row: StoredRow) -> PlannedEnd:
    return PlannedEnd(row.key, isinstance(row.about, EdgeKey))
