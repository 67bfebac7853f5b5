"""`holdfast sync`: run the configured sources that are due, and report on each."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from api.cli.options import JsonOption, QuietOption, StoreOption

_INTERRUPTED: Final = 130


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("sync")(sync)


def sync(
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SOURCE]...", help="Only these, due or not: kubernetes, or kubernetes/eu-1."),
    ] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Run what is not due, too.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Run nothing; say what is due, and when it last reported.")
    ] = False,
    actor: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who answers for the runs in the log [holdfast sync].")
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Run the sources of holdfast.toml that are due, one after the other, and report on each.

    What goes wrong with one keeps no other from running. Exits with 6 when not all of the
    input of one went in.
    """
    from api.cli.ingest_command import progress_bar
    from api.cli.output import emit_json
    from api.cli.sync_output import document, print_synced
    from api.errors import ExitCode, InvalidSetting
    from api.session import opened
    from api.settings import load
    from api.syncing.limits import ending_politely
    from api.syncing.outcomes import SyncState
    from api.syncing.sync import ACTOR, SyncOptions, chosen
    from api.syncing.sync import sync as run

    configuration = load(store=store, actor=actor)
    if not configuration.sources:
        raise InvalidSetting(
            "source", "names no source: holdfast.toml has no [[source]]; see `holdfast init`"
        )
    wanted = chosen(configuration.sources, sources or [])
    if dry_run and not is_begun(configuration.settings.store):
        configuration = load(store=":memory:", actor=actor)  # a look makes no ledger
    with (
        ending_politely(),
        opened(configuration, begins=True) as session,
        progress_bar(quiet=quiet) as progress,
    ):
        options = SyncOptions(
            always=everything or bool(sources),
            only_looks=dry_run,
            actor=session.settings.actor or ACTOR,
            progress=progress,
        )
        done = list(run(session, wanted, options))
    if as_json:
        emit_json(document(done))
    else:
        print_synced(done, quiet=quiet)
    if any(one.state is SyncState.INTERRUPTED for one in done):
        raise typer.Exit(_INTERRUPTED)
    if any(one.is_shortfall for one in done):
        raise typer.Exit(ExitCode.PARTIAL)


def is_begun(store: str) -> bool:
    """Return whether a store is there, as far as that can be told: a server's is."""
    from pathlib import Path

    return "://" in store or Path(store).exists()
