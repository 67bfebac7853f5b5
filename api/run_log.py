"""The run log as people read it: one entry a run, newest first."""

from __future__ import annotations

import json

from api.errors import RunNotFound
from graph.errors import InvalidQuestion
from graph.ledger.port import RunRecord, Store

_AT_ONCE = 200
_DIGITS = 18


def runs_before(store: Store, before: int | None, limit: int) -> tuple[list[RunRecord], int | None]:
    """Return the newest runs with smaller positions, and what asks for the older ones; None at the end.

    A run that read several dates has several entries; only the last of them is its report.

    Raises:
        InvalidQuestion: for a position that no run has.
    """
    if before is not None and before < 1:
        raise InvalidQuestion("before", f"there is no run {before}", "1 or more")
    found: list[RunRecord] = []
    while page := store.runs(before=before, limit=_AT_ONCE):
        for record in page:
            if is_part(record):
                continue
            if len(found) == limit:
                return found, found[-1].position
            found.append(record)
        before = page[-1].position
    return found, None


def run_called(store: Store, word: str) -> RunRecord:
    """Return the run with this position or name; of several of one name the newest.

    Raises:
        RunNotFound: where there is none.

    Cost: for a name one pass over the run log.
    """
    before: int | None = int(word) + 1 if word.isascii() and word.isdigit() and len(word) < _DIGITS else None
    while page := store.runs(before=before, limit=_AT_ONCE):
        for record in page:
            if word in (str(record.position), record.run) and not is_part(record):
                return record
        before = page[-1].position
    raise RunNotFound(word)


def is_part(record: RunRecord) -> bool:
    """Return whether an entry is a part of a run that is reported by a later one."""
    return json.loads(record.report).get("part") is True
