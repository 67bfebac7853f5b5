"""When each source last reported, and which of those that an answer rests on are overdue.

A source has reported when a run of it ended and took something in, or read a scope whole; it
then speaks as of the time at which its input was read. How often each is to report is
configured, and given to the estate: a source without a cadence is never overdue. An answer is
judged at its own date by what had been read by then, and never at a moment that lies after
the knowledge that it is given from.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from graph.duration import Duration
from graph.ledger.port import RunRecord, Store
from graph.model import Instant, Node, SourceInstance, instant

if TYPE_CHECKING:
    from queries.estate import EstateView

Cadences = Mapping[SourceInstance, Duration]
"""How often a source is to report, by its instance."""

_RUNS: Final = 200
_REPORTED: Final = frozenset({"completed", "partial"})


@dataclass(frozen=True, slots=True)
class Stale:
    """A source that has not reported within its cadence.

    `last_reported` is when its newest input was read, `stale_since` when the next was due;
    both are None where it had not reported at all by the date of the answer.
    """

    source: SourceInstance
    cadence: Duration
    last_reported: Instant | None
    stale_since: Instant | None


@dataclass(frozen=True, slots=True)
class _Report:
    position: int
    finished_at: Instant
    read_at: Instant


class ReportLog:
    """When sources reported, from the run log of a store; safe to share between threads.

    The log only grows, so each look reads on from where the one before ended.
    """

    def __init__(self, store: Store) -> None:
        self._store: Final = store
        self._lock: Final = Lock()
        self._position = 0
        self._reports: defaultdict[SourceInstance, list[_Report]] = defaultdict(list)
        self._spoken_as: defaultdict[SourceInstance, set[SourceInstance]] = defaultdict(set)

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

    def _read_on(self) -> None:
        newest, before = self._position, None
        while page := self._store.runs(before=before, limit=_RUNS):
            for record in page:
                if record.position <= self._position:
                    break
                newest = max(newest, record.position)
                self._take(record)
            before = page[-1].position
            if before <= self._position:
                break
        self._position = newest

    def _take(self, record: RunRecord) -> None:
        by = SourceInstance.parse(record.source)
        for told_by, read_at in reported(record):
            self._spoken_as[by].add(told_by)
            for source in {by, told_by}:
                self._reports[source].append(_Report(record.position, record.finished_at, read_at))


def reported(record: RunRecord) -> frozenset[tuple[SourceInstance, Instant]]:
    """Return as which sources, and as of when, a run reported; nothing where it took nothing in."""
    report: dict[str, Any] = json.loads(record.report)
    if report.get("state") not in _REPORTED:
        return frozenset()
    took_in = report["state"] == "completed" or report["records"]["accepted"] > 0
    return frozenset(
        (SourceInstance.parse(scope["source"]), instant(datetime.fromisoformat(scope["read_at"])))
        for scope in report["scopes"]
        if took_in or scope["complete"]
    )


def stale_at(
    view: EstateView, nodes: Collection[Node], relations: Callable[[], Collection[str]]
) -> tuple[Stale, ...]:
    """Return the overdue sources that describe these nodes, or say edges of these relations at them.

    In order of source. Cost: nothing while no source is overdue; else at most one read of the edges.
    """
    stale = _overdue(view)
    if not stale:
        return ()
    reports = view.estate.reports
    waited_for = {source for one in stale for source in reports.spoken_as(one.source)}
    found = {scope.source for node in nodes for scope in node.scopes} & waited_for
    names = relations() if found != waited_for else ()
    if names:
        edges = view.edges([node.uid for node in nodes], relations=names)
        found |= {source for edge in edges for source in edge.sources} & waited_for
    return tuple(one for one in stale if reports.spoken_as(one.source) & found)


def _overdue(view: EstateView) -> list[Stale]:
    if not view.estate.cadences:
        return []
    following = view.ledger.commits(after=view.at.known, limit=1)
    known_until = following[0].recorded_at if following else None
    # What a later commit says was not known, and a date yet to come has not been missed by anybody.
    by = min(view.at.valid, view.ledger.clock() if known_until is None else Instant(known_until - 1))
    reports = view.estate.reports
    judged = (
        overdue(source, cadence, reports.last(source, by, before=known_until, up_to=view.run_position), by)
        for source, cadence in view.estate.cadences.items()
    )
    return sorted((stale for stale in judged if stale is not None), key=lambda stale: stale.source)


def overdue(source: SourceInstance, cadence: Duration, last: Instant | None, at: Instant) -> Stale | None:
    """Return how a source is overdue at a moment, given when it last reported; None where it is not."""
    if last is None:
        return Stale(source, cadence, None, None)
    since = cadence.after(last)
    return Stale(source, cadence, last, since) if since < at else None
