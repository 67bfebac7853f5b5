"""`holdfast runs`: what was read in, and the report of each run again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import JsonOption, StoreOption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.ledger.port import RunRecord


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("runs")(runs)


def runs(
    run: Annotated[
        str | None, typer.Argument(metavar="[RUN]", help="Whose report, by its number or its name [a list].")
    ] = None,
    *,
    before: Annotated[
        int | None, typer.Option(metavar="N", help="Of the list, only runs with smaller numbers.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many of the list at most.")] = 20,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what was read in, the newest first, or print the report of one run again."""
    from api.cli.ingest_command import print_report
    from api.cli.output import emit_json
    from api.documents.runs import report_of, run_in_short_of
    from api.run_log import run_called, runs_before
    from api.session import opened
    from api.settings import load

    with opened(load(store=store)) as session:
        if run is not None:
            report = report_of(run_called(session.store, run))
            if as_json:
                emit_json(report)
            else:
                print_report(report)
            return
        found, more = runs_before(session.store, before, limit)
    if as_json:
        emit_json({"runs": [run_in_short_of(record) for record in found], "next_before": more})
    else:
        print_runs(found, more)


def print_runs(found: Sequence[RunRecord], more: int | None) -> None:
    """Print a page of the run log, and how to ask for the next one."""
    from api.cli.output import emit, emit_table
    from api.documents.runs import run_in_short_of

    if not found:
        emit("Nothing has been read in.")
        return
    rows = [run_in_short_of(record) for record in found]
    emit_table(
        ("run", "finished", "source", "state", "read", "rejected", "commits", "name"),
        [
            (
                str(row["position"]),
                row["finished_at"] or "",
                row["source"],
                row["state"],
                str(row["records"]["read"]),
                str(row["records"]["rejected"]),
                str(row["commits"]["count"]),
                row["run"],
            )
            for row in rows
        ],
    )
    if more is not None:
        emit(f"There are more: --before {more}.")
