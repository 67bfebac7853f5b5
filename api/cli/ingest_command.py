"""`holdfast ingest`: read a source into the ledger, and report what came of it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from api.cli.options import JsonOption, QuietOption, StoreOption

if TYPE_CHECKING:
    from ingest.options import Progress as JobProgress
    from ingest.record import Source


_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")

_INTERRUPTED: Final = 130
"""What a shell says of a command that Ctrl-C has ended."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("ingest")(ingest)


def ingest(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="A name from `holdfast sources`.")],
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH]...",
            help="Files, folders or, for some sources, addresses to read; - is standard input.",
        ),
    ] = None,
    *,
    instance: Annotated[
        str | None, typer.Option(metavar="NAME", help="Which installation of the source this is.")
    ] = None,
    scope: Annotated[
        str | None, typer.Option(metavar="NAME", help="What part of it the files are about.")
    ] = None,
    read_at: Annotated[
        str | None, typer.Option(metavar="WHEN", help="When it was read: a date or an RFC 3339 time.")
    ] = None,
    complete: Annotated[
        bool, typer.Option("--complete", help="The files hold all of the scope: what is not in them is gone.")
    ] = False,
    allow_closing: Annotated[
        bool, typer.Option("--allow-closing", help="Close even more than 20 % of a scope.")
    ] = False,
    batch_size: Annotated[
        int, typer.Option(min=1, max=100_000, metavar="N", help="Claims in one commit.")
    ] = 1_000,
    actor: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who answers for the run in the log [holdfast ingest].")
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Read files or folders with a source, commit what they say, and print the report.

    Exits with 6 when not all of the input went in; what went in stays.
    """
    from api.cli.output import emit_json
    from api.errors import ExitCode
    from api.ingesting import read_in
    from api.session import opened
    from api.settings import load
    from api.times import moment
    from ingest.options import JobOptions
    from ingest.registry import load_source
    from ingest.report import RunState

    plugin = load_source(source)
    when = None if read_at is None else moment(read_at, "read_at")
    files, addresses = inputs_of(paths or [], plugin)
    configuration = load(store=store, actor=actor)
    with opened(configuration, begins=True) as session, progress_bar(quiet=quiet) as progress:
        options = JobOptions(
            actor=session.settings.actor or "holdfast ingest",
            fingerprints=session.fingerprints(),
            instance=instance,
            scope=scope,
            read_at=when,
            complete=complete,
            addresses=addresses,
            allow_closing=allow_closing,
            batch_size=batch_size,
            progress=progress,
        )
        report = read_in(session, plugin, files, options)
    if as_json:
        emit_json(report.to_json())
    else:
        print_report(report.to_json())
    if report.state is RunState.INTERRUPTED:
        raise typer.Exit(_INTERRUPTED)
    if report.state is not RunState.COMPLETED:
        raise typer.Exit(ExitCode.PARTIAL)


def inputs_of(given: Sequence[str], source: Source) -> tuple[list[Path], list[str]]:
    """Return the paths and the addresses among what a source is asked to read.

    Raises:
        InvalidQuestion: for a path that is not there, is not standard input, and names nothing that
            comes with the source; for an address that the source does not take, or with a user in it.
            Nothing was read then.
    """
    from ingest.record import schemes_of

    schemes = schemes_of(source)
    paths = [Path(text) for text in given if not _ADDRESS.match(text)]
    addresses = [text for text in given if _ADDRESS.match(text)]
    _check_paths(paths, source, schemes)
    for address in addresses:
        _check_address(address, source, schemes)
    return paths, addresses


def _check_paths(paths: Sequence[Path], source: Source, schemes: Sequence[str]) -> None:
    from graph.errors import InvalidQuestion
    from ingest.files import STANDARD_INPUT
    from ingest.record import shipped_by

    names = shipped_by(source)
    expected = "files or folders that exist" + (f", or one of {', '.join(names)}" if names else "")
    expected += _as_addresses(schemes)
    for path in paths:
        if path != STANDARD_INPUT and not path.exists() and str(path) not in names:
            raise InvalidQuestion("path", f"there is no {str(path)!r}", expected)


def _check_address(address: str, source: Source, schemes: Sequence[str]) -> None:
    """Pass if a source takes an address. Whatever is wrong with one, it is not quoted."""
    from graph.errors import InvalidQuestion
    from ingest.redaction import redact_text

    scheme, _, rest = address.partition("://")
    if scheme.lower() not in schemes:
        reason = f"{source.name} does not read addresses that begin with {redact_text(scheme)}://"
        raise InvalidQuestion("path", reason, f"files or folders that exist{_as_addresses(schemes)}")
    if "@" in rest.partition("/")[0]:
        expected = "credentials in the environment, as the page of the source says"
        raise InvalidQuestion("path", "there is a user in the address", expected)


def _as_addresses(schemes: Sequence[str]) -> str:
    return (
        f", or an address that begins with {', '.join(f'{scheme}://' for scheme in schemes)}"
        if schemes
        else ""
    )


def print_report(report: Mapping[str, Any]) -> None:
    """Print a run's report, given as its JSON, as tables."""
    from api.cli.output import emit, emit_table
    from ingest.report import tables

    for table in tables(report):
        emit(table.title)
        emit_table(table.columns, table.rows)
        emit()


@contextmanager
def progress_bar(*, quiet: bool) -> Generator[Callable[[JobProgress], None]]:
    """Show how far a job has come, on standard error and on a terminal only."""
    from ingest.options import ignore_progress

    if quiet or not sys.stderr.isatty():
        yield ignore_progress
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    from api.cli.output import console

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console(stderr=True), transient=True) as bars:
        task = bars.add_task("reading", total=None)

        def tell(progress: JobProgress) -> None:
            described = f"{progress.records} records, {progress.commits} commits"
            total = progress.total_bytes or None
            bars.update(task, description=described, completed=progress.done_bytes, total=total)

        yield tell
