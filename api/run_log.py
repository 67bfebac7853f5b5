"""The run log as people read it: one entry a run, newest first."""

from __future__ import annotations

import json

from graph.errors import InvalidQuestion
from graph.ledger.port import RunRecord, Store

_AT_ONCE = 200


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


def is_part(record: RunRecord) -> bool:
    """Return whether an entry is a part of a run that is reported by a later one."""
    return json.loads(record.report).get("part") is True
