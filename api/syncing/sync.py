"""Running configured sources, one after the other; what goes wrong with one is no other's business."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from api.errors import LOG, without_text
from api.ingesting import read_in
from api.session import Session
from api.syncing.configured import ConfiguredSource
from api.syncing.due import due_at
from api.syncing.exporting import Exported, export, seconds_of
from api.syncing.limits import time_limit
from api.syncing.locks import Busy, reading
from api.syncing.outcomes import Synced, SyncState
from graph.errors import HoldfastError, InvalidQuestion
from graph.model import Instant
from ingest.options import JobOptions, Progress, TimeIsUp, ignore_progress
from ingest.registry import load_source
from ingest.report import RunReport

ACTOR = "holdfast sync"

Progressing = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """How a sync is to run. ``always`` runs what is not due, too; ``only_looks`` runs nothing."""

    always: bool = False
    only_looks: bool = False
    actor: str = ACTOR
    progress: Progressing = ignore_progress


def chosen(configured: Sequence[ConfiguredSource], names: Sequence[str]) -> tuple[ConfiguredSource, ...]:
    """Return the configured sources that names mean: ``kubernetes`` for all of them, or ``kubernetes/eu-1``.

    Raises:
        InvalidQuestion: for a name that means none.
    """
    for name in names:
        if not any(_is_called(one, name) for one in configured):
            expected = ", ".join(str(one.source) for one in configured) or "a [[source]] in holdfast.toml"
            raise InvalidQuestion("source", f"{name!r} is not configured", expected)
    return tuple(one for one in configured if not names or any(_is_called(one, name) for name in names))


def sync(session: Session, sources: Sequence[ConfiguredSource], options: SyncOptions) -> Iterator[Synced]:
    """Run sources in order, and yield what came of each as it is done.

    When somebody interrupts, that is the state of the source that was being read, and the
    others are not begun.
    """
    for configured in sources:
        try:
            synced = _synced(session, configured, options)
        except KeyboardInterrupt:
            synced = Synced(configured.source, SyncState.INTERRUPTED, why="somebody stopped the sync")
        yield synced
        if synced.state is SyncState.INTERRUPTED:
            return


def _synced(session: Session, configured: ConfiguredSource, options: SyncOptions) -> Synced:
    outlook = _outlook(session, configured, options)
    if outlook.state is not SyncState.DUE or options.only_looks:
        return outlook
    try:
        with reading(session.settings, configured.source):
            outlook = _outlook(session, configured, options)  # another one may just have read it
            return _run(session, configured, options, outlook) if outlook.state is SyncState.DUE else outlook
    except Busy as busy:
        return replace(outlook, state=SyncState.BUSY, why=str(busy))
    except TimeIsUp:
        # The job itself reports this; here it came after the reading, or before it.
        return replace(outlook, state=SyncState.TIMED_OUT, why=_time_up(configured))
    except HoldfastError as error:
        return replace(outlook, state=SyncState.FAILED, why=" ".join(str(error).split()))
    except Exception as error:  # noqa: BLE001 - one source must not keep the others from running
        # The message of a stranger may quote input, so only its type is told.
        LOG.error("sync of %s: %s", configured.source, type(error).__name__, exc_info=without_text(error))
        return replace(outlook, state=SyncState.FAILED, why=f"it stopped with {type(error).__name__}")


def _outlook(session: Session, configured: ConfiguredSource, options: SyncOptions) -> Synced:
    """Return whether a source is to be read now, and when it last reported."""
    now = session.ledger.clock()
    last = session.estate.reports.last(configured.source, now)
    due = due_at(configured.cadence, last)
    if not configured.paths:
        state = SyncState.SENT_IN
    else:
        state = SyncState.DUE if options.always or due is None or due <= now else SyncState.NOT_DUE
    return Synced(configured.source, state, configured.cadence, last, due)


def _run(session: Session, configured: ConfiguredSource, options: SyncOptions, outlook: Synced) -> Synced:
    """Make the files and read them; a file that could not be made anew is not read again."""
    exports: list[Exported] = []
    for wanted in configured.export:
        exports.append(export(wanted, session.ledger.clock))
        if exports[-1].why is not None:
            return replace(outlook, state=SyncState.FAILED, why=exports[-1].why, exports=tuple(exports))
    try:
        report = _read(session, configured, options, exports)
    finally:
        for wanted in configured.export:
            if wanted.output is not None and wanted.delete_afterwards:
                wanted.output.unlink(missing_ok=True)
    after = _outlook(session, configured, options)
    state, why = SyncState(report.state.value), _why(report, configured)
    return replace(after, state=state, why=why, exports=tuple(exports), report=report)


def _read(
    session: Session, configured: ConfiguredSource, options: SyncOptions, exports: Sequence[Exported]
) -> RunReport:
    from api.cli.ingest_command import inputs_of

    plugin = load_source(configured.name)
    files, addresses = inputs_of(configured.paths, plugin)
    job = JobOptions(
        actor=options.actor,
        fingerprints=session.fingerprints(),
        instance=configured.instance,
        scope=configured.scope,
        read_at=_read_at(configured, exports, session.ledger.clock()),
        complete=configured.complete,
        addresses=addresses,
        progress=options.progress,
        clock=session.ledger.clock,
    )
    with time_limit(seconds_of(configured.timeout, session.ledger.clock())):
        return read_in(session, plugin, files, job)


def _read_at(configured: ConfiguredSource, exports: Sequence[Exported], now: Instant) -> Instant | None:
    """Return when the first export began, where there are no other files than what was exported.

    What is live is read now. None where the files have to say it.
    """
    if configured.live:
        return now
    made = {wanted.output for wanted in configured.export if wanted.output is not None}
    read = {file for path in configured.paths for file in _files_of(Path(path))}
    if not exports or not read <= made:
        return None
    return min(exported.began_at for exported in exports)


def _files_of(path: Path) -> Iterator[Path]:
    """Yield the file that a path stands for, or the files below a folder."""
    if path.is_dir():
        yield from (file for file in path.rglob("*") if not file.is_dir())
    else:
        yield path


def _why(report: RunReport, configured: ConfiguredSource) -> str | None:
    match SyncState(report.state.value):
        case SyncState.COMPLETED:
            return None
        case SyncState.TIMED_OUT:
            return _time_up(configured)
        case SyncState.INTERRUPTED:
            return "somebody stopped the sync"
        case SyncState.PARTIAL:
            return _shortfall(report)
        case _:
            return "the source stopped; its report says where"


def _shortfall(report: RunReport) -> str:
    refused = [scope.scope.name for scope in report.scopes if scope.refused]
    if refused:
        return f"much of {', '.join(refused)} would be closed: look, then `holdfast ingest --allow-closing`"
    if report.rejected_count:
        return f"{report.rejected_count} rejected: `holdfast runs {report.run}` names them"
    return report.warnings[0] if report.warnings else "nothing was read"


def _time_up(configured: ConfiguredSource) -> str:
    return f"its time ({configured.timeout.text}) was up; what was committed stays"


def _is_called(configured: ConfiguredSource, name: str) -> bool:
    return name in (configured.name, str(configured.source))
