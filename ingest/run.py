"""One run in progress: what its parts share, and how it gets into the run log."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from graph.errors import Problem
from graph.ledger.ledger import Ledger
from graph.ledger.port import RunRecord, VolatileValue
from graph.model import EdgeFacts, Instant, NodeFacts, Scope
from ingest.batch import Batch
from ingest.options import JobOptions
from ingest.rejections import cleaned, safe
from ingest.report import LISTED, SCHEMA_VERSION, Counts, RunReport
from ingest.seen import Seen
from ingest.writer import Writer


@dataclass
class Run:
    """The working state of one run.

    ``batch`` waits to be committed; ``completed`` are scopes read completely, not yet in the log.
    """

    ledger: Ledger
    options: JobOptions
    report: RunReport
    writer: Writer
    seen: Seen
    batch: Batch = field(default_factory=Batch)
    unread: Counter[Scope] = field(default_factory=Counter[Scope])
    completed: dict[Instant, dict[Scope, None]] = field(default_factory=dict[Instant, dict[Scope, None]])
    newest_read: Instant | None = None
    _warned: set[str] = field(default_factory=set[str])

    def reject(self, problem: Problem) -> None:
        """Count something that could not be read or recorded, and list it while there is room."""
        self.report.rejected_count += 1
        if len(self.report.rejected) < LISTED:
            self.report.rejected.append(cleaned(problem))

    def warn(self, message: str) -> None:
        """Note a warning once; while there is room, in words."""
        if message in self._warned:
            return
        self.report.warnings_count += 1
        if len(self.report.warnings) < LISTED:
            self._warned.add(message)
            self.report.warnings.append(safe(message))

    def counts(self, about: NodeFacts | EdgeFacts) -> Counts:
        """Return where a claim is counted."""
        return self.report.edges if isinstance(about, EdgeFacts) else self.report.nodes

    def complete(self, scope: Scope, read_at: Instant) -> None:
        """Note that a scope has been read completely, for the run log."""
        self.completed.setdefault(read_at, {})[scope] = None

    def log_earlier_read(self, scope: Scope, read_at: Instant) -> None:
        """Log what is complete, if this scope is among it with another time: its order matters now."""
        if any(scope in scopes for at, scopes in self.completed.items() if at != read_at):
            for at in sorted(self.completed):
                self._log_part(at)

    def log(self) -> None:
        """Append the run to the run log.

        A record of the log has one time of reading. Where scopes were read at several,
        the newest is in the record with the report, and the others in records before it
        that name the same run and are marked as parts.
        """
        newest = max(self.completed, default=None)
        for at in sorted(self.completed):
            if at != newest:
                self._log_part(at)
        scopes = tuple(self.completed.pop(newest, {})) if newest is not None else ()
        read_at = newest if newest is not None else self.newest_read
        self._add(read_at, scopes, self.report.to_text(), self._volatile())

    def _log_part(self, read_at: Instant) -> None:
        head = {"before": self.report.head_before, "after": self.ledger.head().sequence}
        part = {"schema_version": SCHEMA_VERSION, "run": self.report.run, "part": True, "head": head}
        self._add(read_at, tuple(self.completed.pop(read_at)), json.dumps(part), ())

    def _add(
        self,
        read_at: Instant | None,
        completed: tuple[Scope, ...],
        report: str,
        volatile: Sequence[VolatileValue],
    ) -> None:
        record = RunRecord(
            position=0,
            run=self.report.run,
            source=self.report.source,
            read_at=read_at,
            started_at=self.report.started_at,
            finished_at=self.finish_time(),
            completed=completed,
            report=report,
        )
        self.ledger.store.add_run(record, volatile)

    def finish_time(self) -> Instant:
        """Return the time now, and never before what was committed."""
        return max(self.options.clock(), self.ledger.head().recorded_at)

    def _volatile(self) -> list[VolatileValue]:
        return [
            VolatileValue(observed.uid, observed.name, observed.value, at, self.report.run)
            for observed, at in self.seen.all_observed()
        ]
