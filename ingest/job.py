"""The job: reads a source, commits what it says in batches, closes what is gone, reports.

Every commit is whole by itself, and saying something twice changes nothing. So a run
that is killed leaves what it committed and nothing to clean up, and the next run on the
same input does the rest. The order within a scope is: say, take back, close, cover, log;
wherever it is cut off, the ledger says too little and never too much.
"""

from __future__ import annotations

import logging
import secrets
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from graph.errors import HoldfastError, InvalidValue, Problem, SourceRejected
from graph.ledger.ledger import Ledger
from graph.ledger.port import RawRecord
from graph.model import Instant, NodeFacts, RunId, Scope, SourceInstance, as_datetime
from ingest.door import secret_in_identifier
from ingest.finishing import finish
from ingest.folders import size_of
from ingest.intake import observe, take
from ingest.options import JobOptions, Progress, TimeIsUp
from ingest.record import (
    Noted,
    Observed,
    ReadContext,
    Record,
    Rejected,
    Retained,
    Said,
    ScopeClosed,
    ScopeOpened,
    Skipped,
    Source,
)
from ingest.rejections import safe
from ingest.report import PENDING_LISTED, Pending, RunReport, RunState, in_order
from ingest.run import Run
from ingest.section import Section
from ingest.seen import Seen
from ingest.writer import Writer

_log = logging.getLogger(__name__)

_RETAINED_AT_ONCE: Final = 500
_TELL_EVERY: Final = 200
UNTOLD_SCOPE: Final = "a name that looks like a secret value"
"""What stands in reports and logs for a scope of such a name; nothing of it goes in."""

_STOPPED: Final = "the reading stopped before the scope's end"


def run_job(ledger: Ledger, source: Source, paths: Sequence[Path], options: JobOptions) -> RunReport:
    """Read files or folders with a source into the ledger, and return what came of it.

    The report is also appended to the run log. A keyboard interrupt, or `TimeIsUp`, ends the run
    early: the report then says so, and what was committed stays. Reading the same input again
    makes no commit. Memory does not grow with the input.

    Raises:
        InvalidValue: for an actor, an instance or a scope in whose name a secret stands;
            then nothing is read.
        HoldfastError: where the store gives up; the run log then says so, if it still
            can. Bad input raises nothing; it is in the report.
    """
    _check_names(options)
    with closing(Seen()) as seen:
        job = _Job(ledger, source, paths, options, seen)
        return job.run()


class _Job:
    """One run of one source."""

    def __init__(
        self, ledger: Ledger, source: Source, paths: Sequence[Path], options: JobOptions, seen: Seen
    ) -> None:
        started = options.clock()
        instance = SourceInstance(source.name, options.instance or "default")
        before = ledger.head().sequence
        report = RunReport(_run_id(started), str(instance), started, started, before)
        writer = Writer(ledger, options.actor, report.run, report, options.batch_size)
        self._run = Run(ledger, options, report, writer, seen)
        self._source = source
        self._paths = paths
        self._section: Section | None = None
        self._sections: dict[int, Section] = {}
        self._numbers: dict[Scope, int] = {}
        self._retained: list[RawRecord] = []
        self._total_bytes = size_of(paths)
        self._done_bytes = 0
        self._context = ReadContext(
            source=instance,
            fingerprints=options.fingerprints,
            now=started,
            scope=options.scope,
            read_at=options.read_at,
            complete=options.complete,
            addresses=options.addresses,
            retained=self._retained_of,
            progress=self._advance,
        )

    def run(self) -> RunReport:
        """Read everything, and log the run however it ends."""
        began = time.monotonic()
        report = self._run.report
        try:
            self._read()
        except TimeIsUp:
            report.state = RunState.TIMED_OUT
        except KeyboardInterrupt:
            report.state = RunState.INTERRUPTED
        except BaseException:
            report.state = RunState.FAILED
            with suppress(HoldfastError):
                self._log(began)
            raise
        self._log(began)
        self._tell()
        return report

    def _read(self) -> None:
        for count, record in enumerate(self._records(), start=1):
            self._take(record)
            if count % _TELL_EVERY == 0:
                self._tell()
        if self._section is not None:
            self._close(ScopeClosed(self._section.scope, complete=False, reason=_STOPPED))
        self._keep_retained()
        self._finish(list(self._sections))

    def _records(self) -> Iterator[Record]:
        """Yield the source's records; a plug-in that fails is a problem of the input, with its place."""
        records = self._source.read(self._paths, self._context)
        while True:
            try:
                record = next(records)
            except StopIteration:
                return
            except SourceRejected as rejected:
                yield from (Rejected(problem) for problem in rejected.problems)
                return
            except HoldfastError:
                raise
            except Exception as error:  # noqa: BLE001 - a plug-in is other people's code
                self._run.report.state = RunState.FAILED
                yield Rejected(self._plug_in_failed(error))
                return
            yield record

    def _plug_in_failed(self, error: Exception) -> Problem:
        # The message of a foreign error may quote input, so neither log nor report shows it.
        frames = "".join(traceback.format_tb(error.__traceback__))
        _log.error("The source %s stopped with %s:\n%s", self._source.name, type(error).__name__, frames)
        place = f"after record {self._run.report.records_read}"
        reason = f"the source stopped with {type(error).__name__}"
        return Problem(self._source.name, place, "", reason, "a source that reports what it cannot read")

    def _take(self, record: Record) -> None:
        report = self._run.report
        match record:
            case Said():
                report.records_read += 1
                self._say(record)
            case ScopeOpened():
                self._open(record)
            case ScopeClosed():
                self._close(record)
            case Rejected():
                report.records_read += 1
                self._reject(record)
            case Skipped(what):
                what = safe(what)
                report.skipped[what] = report.skipped.get(what, 0) + 1
            case Noted(message):
                self._run.warn(message)
            case Observed():
                observe(self._run, record, self._read_at())
            case Retained(payload):
                self._retained.append(payload)
                if len(self._retained) >= _RETAINED_AT_ONCE:
                    self._keep_retained()

    def _say(self, said: Said) -> None:
        if self._section is None:
            expected = "a scope to be opened first"
            problem = Problem(said.file, said.position, "scope", "a claim outside of any scope", expected)
            self._run.reject(problem)
            return
        take(self._run, self._section, said)

    def _open(self, opened: ScopeOpened) -> None:
        if self._section is not None:
            self._close(ScopeClosed(self._section.scope, complete=False, reason=_STOPPED))
        opened = replace(opened, scope=_tellable(opened.scope))
        run = self._run
        number = run.seen.section(opened.scope, opened.read_at)
        if number not in self._sections:
            # The order of two readings of one scope matters: the one before is finished first.
            before = self._numbers.get(opened.scope)
            self._finish([] if before is None else [before])
            self._numbers[opened.scope] = number
            run.log_earlier_read(opened.scope, opened.read_at)
            run.newest_read = max(opened.read_at, run.newest_read or opened.read_at)
            self._sections[number] = Section(opened, number, run.ledger.head().sequence)
        self._section = self._sections[number]
        self._section.begin_part(opened)

    def _close(self, closed: ScopeClosed) -> None:
        section, self._section = self._section, None
        if section is None or section.scope != _tellable(closed.scope):
            problem = Problem(
                self._source.name, "", "scope", "a scope is closed that is not open", "the open scope"
            )
            self._run.reject(problem)
            return
        section.end_part(closed)
        self._tell()

    def _finish(self, numbers: Sequence[int]) -> None:
        """Finish readings of scopes; late enough that another file may have held more of them."""
        if numbers:
            sections = [self._sections.pop(number) for number in numbers]
            for section in sections:
                del self._numbers[section.scope]
            finish(self._run, sections)
            self._tell()

    def _reject(self, rejected: Rejected) -> None:
        self._run.reject(rejected.problem)
        section = self._section
        if section is not None and rejected.scope in (None, section.scope):
            section.unread += 1
        elif rejected.scope is not None:
            self._run.unread[rejected.scope] += 1

    def _read_at(self) -> Instant:
        if self._section is not None:
            return self._section.opened.read_at
        return self._run.newest_read or self._run.report.started_at

    def _retained_of(self, group: str) -> Iterator[RawRecord]:
        self._keep_retained()
        return self._run.ledger.store.raw(str(self._context.source), group)

    def _keep_retained(self) -> None:
        if self._retained:
            self._run.report.retained += len(self._run.ledger.store.add_raw(self._retained))
            self._retained.clear()

    def _advance(self, done: int) -> None:
        self._done_bytes = done

    def _tell(self) -> None:
        report = self._run.report
        progress = Progress(report.records_read, self._done_bytes, self._total_bytes, report.commits)
        self._run.options.progress(progress)

    def _log(self, began: float) -> None:
        report = self._run.report
        if report.state is RunState.COMPLETED and _is_partial(report):
            report.state = RunState.PARTIAL
        elif report.state is RunState.COMPLETED and not (self._total_bytes or _has_content(report)):
            # A script whose file variable is empty must not look as if it had read something.
            report.state = RunState.PARTIAL
            self._run.warn("Nothing was read: no input was named, or there is nothing in it.")
        report.rejected = in_order(report.rejected)
        self._note_pending()
        report.seconds = time.monotonic() - began
        report.finished_at = self._run.finish_time()
        report.head_after = self._run.ledger.head().sequence
        self._run.log()

    def _note_pending(self) -> None:
        """Count the nodes that this run mentioned and no source has ever described; list some of them."""
        ledger, report = self._run.ledger, self._run.report
        picture = ledger.picture(ledger.head().sequence)
        canonical = picture.identity.canonical
        for part in self._run.seen.only_mentioned():
            described = {
                canonical(row.claim.about.uid)
                for row in picture.node_rows(list(part))
                if isinstance(row.claim.about, NodeFacts)
            }
            undescribed = {canonical(uid): Pending(uid, safe(place)) for uid, place in part.items()}
            pending = [told for uid, told in undescribed.items() if uid not in described]
            report.nodes.pending += len(pending)
            report.pending += pending[: PENDING_LISTED - len(report.pending)]


def _is_partial(report: RunReport) -> bool:
    return report.rejected_count > 0 or any(scope.refused for scope in report.scopes)


def _has_content(report: RunReport) -> bool:
    return bool(report.records_read or report.skipped or report.scopes)


def _run_id(started: Instant) -> RunId:
    """Return a name for a run that sorts by time; no two runs share one."""
    return RunId(f"run-{as_datetime(started):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}")


def _check_names(options: JobOptions) -> None:
    for field in ("actor", "instance", "scope"):
        what = secret_in_identifier(getattr(options, field) or "")
        if what is not None:
            raise InvalidValue(field, f"what looks like {what}", "a name without a secret in it")


def _tellable(scope: Scope) -> Scope:
    """Return a scope under a name that can be told; the claims of one that cannot are rejected."""
    return scope if secret_in_identifier(scope.name) is None else replace(scope, name=UNTOLD_SCOPE)
