"""`holdfast export`: the estate for others, as `records` or as one node-link graph."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import AsOfOption, KnownAtOption, QuietOption, StoreOption

if TYPE_CHECKING:
    from queries.estate import Estate, Standpoint


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export")(export)


def export(
    *,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORM",
            help="records (all claims over all of time, for `ingest records`) or json (node-link, one date). "
            "Required.",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="The same as --format json; records are lines of JSON anyway.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="A new file [standard output].")
    ] = None,
    store: StoreOption = None,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    quiet: QuietOption = False,
) -> None:
    """Write the whole estate; it may name people, so a file is made for its owner only."""
    from api.cli.output import say
    from api.session import opened
    from api.settings import load
    from api.times import standpoint
    from graph.errors import InvalidQuestion

    form = form or ("json" if as_json else None)
    if form not in ("records", "json"):
        reason = "none is given" if form is None else f"{form!r} is none"
        raise InvalidQuestion("format", reason, "--format records, or --format json")
    if form == "records" and as_of is not None:
        raise InvalidQuestion("as_of", "records hold all of time", "--known-at, or --format json")
    where = standpoint(as_of, known_at)
    with opened(load(store=store)) as session:
        lines, notes = (_records if form == "records" else _json)(session.estate, where)
        write(lines, output)
    for note in () if quiet else notes:
        say(note)


def write(lines: Iterable[str], output: Path | None) -> None:
    """Write lines to standard output, or to a file that is not there yet.

    Raises:
        InvalidQuestion: for a file that exists or cannot be made.
    """
    from graph.errors import InvalidQuestion

    if output is None:
        for line in lines:
            sys.stdout.buffer.write(f"{line}\n".encode("utf-8", "surrogatepass"))
        sys.stdout.buffer.flush()
        return
    try:
        descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        expected = "a place where a new file can be made"
        raise InvalidQuestion("output", f"{output}: {error.strerror}", expected) from None
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogatepass", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)


def _records(estate: Estate, where: Standpoint) -> tuple[Iterable[str], list[str]]:
    from queries.export import ExportQuestion, export_records

    found = export_records(estate, ExportQuestion(where))
    notes = [f"Note: {note}." for note in found.notes]
    if found.holds_personal_values:
        notes.append("Some lines name or describe people.")
    notes.append(f"The estate as known up to commit {found.basis.commit.sequence}.")
    return found.lines(), notes


def _json(estate: Estate, where: Standpoint) -> tuple[Iterable[str], list[str]]:
    import json

    from api.cli.asking import basis_lines
    from api.cli.output import SCHEMA_VERSION
    from api.documents.graph import node_link_of
    from queries.export import GraphQuestion, export_graph

    found = export_graph(estate, GraphQuestion(where))
    document = {"schema_version": SCHEMA_VERSION, **node_link_of(found)}
    return [json.dumps(document, allow_nan=False)], basis_lines(found.basis)[:1]
