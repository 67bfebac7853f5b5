"""When each source reported, from the run log.

A source has reported when a run of it ended and took something in, or read a scope whole; it
then speaks as of the time at which its input was read.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, Final, cast

from graph.ledger.port import RunRecord, Store
from graph.model import Instant, Scope, SourceInstance, instant

_RUNS: Final = 50
_REPORTED: Final = frozenset({"completed", "partial"})


@dataclass(frozen=True, slots=True)
class _Report:
    position: int
    finished_at: Instant
    read_at: Instant


class ReportLog:
    """When sources reported, and in which scopes; safe to share between threads.

    The log only grows, so each look reads on from where the one before ended.
    """

    def __init__(self, store: Store) -> None:
        self._store: Final = store
        self._lock: Final = Lock()
        self._position = 0
        self._reports: Final = defaultdict[SourceInstance, list[_Report]](list)
        self._spoken_as: Final = defaultdict[SourceInstance, set[SourceInstance]](set)
        self._scopes: Final = defaultdict[SourceInstance, dict[Scope, int]](dict)

    def last(
        self,
        source: SourceInstance,
        by: Instant,
        *,
        before: Instant | None = None,
        up_to: int | None = None,
    ) -> Instant | None:
        """Return the newest time at which input of a source was read, `by` a date; None without one.

        Of runs only those count that had finished `before` a moment of the clock, and stand in the
        log `up_to` a position; None is without end.
        """
        with self._lock:
            self._read_on()
            reports = self._reports.get(source, ())
            return max(
                (
                    report.read_at
                    for report in reports
                    if report.read_at <= by
                    and (before is None or report.finished_at < before)
                    and (up_to is None or report.position <= up_to)
                ),
                default=None,
            )

    def spoken_as(self, source: SourceInstance) -> frozenset[SourceInstance]:
        """Return the sources whose claims came by a source's runs: `records` names others than itself."""
        with self._lock:
            self._read_on()
            return frozenset((source, *self._spoken_as.get(source, ())))

    def scopes(self, source: SourceInstance) -> Mapping[Scope, int]:
        """Return the scopes in which a source ever spoke, each with the place of its last run in the log."""
        with self._lock:
            self._read_on()
            return dict(self._scopes.get(source, {}))

    def _read_on(self) -> None:
        newest = self._store.head().runs
        before: int | None = None
        unread: list[RunRecord] = []
        while (before is None or before > self._position + 1) and newest > self._position:
            page = self._store.runs(before=before, limit=_RUNS)
            if not page:
                break
            unread += [record for record in page if record.position > self._position]
            before = page[-1].position
        for record in reversed(unread):
            self._take(record)
        self._position = max([self._position, *(record.position for record in unread)])

    def _take(self, record: RunRecord) -> None:
        by = SourceInstance.parse(record.source)
        for scope in _scopes_of(record):
            self._spoken_as[by].add(scope.source)
            self._scopes[scope.source][scope] = record.position
        for told_by, read_at in reported(record):
            for source in {by, told_by}:
                self._reports[source].append(_Report(record.position, record.finished_at, read_at))


def reported(record: RunRecord) -> frozenset[tuple[SourceInstance, Instant]]:
    """Return as which sources, and as of when, a run reported; nothing where it took nothing in."""
    report = _report_of(record)
    if report.get("state") not in _REPORTED:
        return frozenset()
    took_in = report["state"] == "completed" or report.get("records", {}).get("accepted", 0) > 0
    return frozenset(
        (SourceInstance.parse(scope["source"]), instant(datetime.fromisoformat(scope["read_at"])))
        for scope in report.get("scopes", ())
        if took_in or scope["complete"]
    )


def _scopes_of(record: RunRecord) -> Sequence[Scope]:
    """Return the scopes that a run spoke in, however it ended."""
    scopes = _report_of(record).get("scopes", ())
    return [*(Scope(SourceInstance.parse(one["source"]), one["name"]) for one in scopes), *record.completed]


def _report_of(record: RunRecord) -> Mapping[str, Any]:
    """Return the report of a run; an empty one where something else wrote it."""
    try:
        report: object = json.loads(record.report)
    except ValueError:
        return {}
    return cast("Mapping[str, Any]", report) if isinstance(report, dict) else {}
