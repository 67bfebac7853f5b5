"""`holdfast demo`: the sample estate, the three answers, and the page."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import JsonOption, StoreOption

if TYPE_CHECKING:
    from api.demo.manifest import Manifest
    from api.demo.reading import Done
    from api.session import Session


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(
    *,
    samples: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="A folder with a demo.toml [samples/ of the source tree]."),
    ] = None,
    serves: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Serve the page afterwards; NO_SERVE=1 does not.")
    ] = True,
    host: Annotated[str | None, typer.Option(metavar="ADDRESS", help="A loopback address.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, metavar="N", help="The page's port.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read the sample estate in, print the three answers, and serve them; a second run changes nothing."""
    from api.cli.serve_command import run
    from api.demo.manifest import load_manifest
    from api.demo.reading import check_store, sample_session
    from api.session import opened
    from api.settings import load

    manifest = load_manifest(samples or _samples())
    with opened(load(store=store, host=host, port=port), begins=True) as session:
        check_store(session.ledger)
        (show_json if as_json else show)(sample_session(session, manifest), manifest)
        if serves and os.environ.get("NO_SERVE", "") in ("", "0"):
            run(session, quiet=False)


def show_json(session: Session, manifest: Manifest) -> None:
    """Read the sample estate in, and print the runs and the three answers as one JSON object.

    Raises:
        typer.Exit: with code 6 where not all of it went in.
    """
    from api.cli import demo_output
    from api.cli.output import emit_json
    from api.demo.reading import decide, read_in
    from api.errors import ExitCode
    from ingest.report import RunState

    done = list(read_in(session, manifest))
    if not _failed(done):
        decide(session, manifest)
    emit_json(demo_output.document(session, manifest, done))
    if any(one.report.state is not RunState.COMPLETED for one in done):
        raise typer.Exit(ExitCode.PARTIAL)


def show(session: Session, manifest: Manifest) -> None:
    """Read the sample estate in, and print the three answers.

    Raises:
        typer.Exit: with code 6 where not all of it went in.
    """
    from api.cli import demo_output
    from api.cli.output import emit
    from api.demo.reading import decide, read_in
    from api.errors import ExitCode
    from ingest.report import RunState

    emit(manifest.title)
    done: list[Done] = []
    for one in read_in(session, manifest):
        done.append(one)
        for line in demo_output.read_lines(one):
            emit(line)
    decided = [] if _failed(done) else decide(session, manifest)
    for line in demo_output.outcome_lines(session, manifest, done, decided):
        emit(line)
    if any(one.report.state is not RunState.COMPLETED for one in done):
        raise typer.Exit(ExitCode.PARTIAL)
    for part in (
        demo_output.blast_lines,
        demo_output.ownership_lines,
        demo_output.evidence_lines,
        demo_output.trace_lines,
    ):
        emit()
        for line in part(session, manifest):
            emit(line)


def _failed(done: list[Done]) -> bool:
    from ingest.report import RunState

    return any(one.report.state in (RunState.FAILED, RunState.INTERRUPTED) for one in done)


def _samples() -> Path:
    """Return the samples beside the source tree; an installed wheel has none, and says so."""
    return Path(__file__).resolve().parents[2] / "samples"
