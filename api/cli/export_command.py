"""`holdfast export`: the estate for others: as `records`, as one graph, or as files for other tools."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.cli.groups import add_command
from api.cli.options import AsOfOption, KnownAtOption, QuietOption, StoreOption
from api.cli.reach_options import NodeFilterOptions

if TYPE_CHECKING:
    from api.session import Session
    from queries.estate import Estate, Standpoint

_WHOLE: Final = ("records", "json")
_FILES: Final = ("jsonl", "csv", "graphml", "openlineage")


def register(app: typer.Typer) -> None:
    """Add the command."""
    add_command(app, "export", export)


def export(
    *,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORM",
            help="records (all claims over all of time, for `ingest records`) or json (node-link, one date); "
            "or files at one date: jsonl, csv, graphml, openlineage. Required.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="A new folder for files, with a manifest of them."),
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
    filters: NodeFilterOptions,
) -> None:
    """Write the estate; it may name people, so a file is made for its owner only."""
    from api.cli.output import say
    from api.session import opened
    from api.settings import load
    from api.times import standpoint
    from graph.errors import InvalidQuestion

    form = form or ("json" if as_json else None)
    if form not in (*_WHOLE, *_FILES):
        reason = "none is given" if form is None else f"{form!r} is none"
        raise InvalidQuestion("format", reason, f"--format with one of {', '.join((*_WHOLE, *_FILES))}")
    if form == "records" and as_of is not None:
        raise InvalidQuestion("as_of", "records hold all of time", "--known-at, or --format json")
    where = standpoint(as_of, known_at)
    with opened(load(store=store)) as session:
        if form in _FILES:
            if out is None or output is not None:
                raise InvalidQuestion("out", f"{form} is written as files", "--out with a new folder")
            notes = _files(session, form, out, where, filters)
            for note in () if quiet else notes:
                say(note)
            return
        if out is not None or filters != NodeFilterOptions():
            expected = f"--output, and no filter; files are {', '.join(_FILES)}"
            raise InvalidQuestion("out", f"{form} is the whole estate as one file", expected)
        lines, notes = (_records if form == "records" else _json)(session.estate, where)
        write(lines, output)
    for note in () if quiet else notes:
        say(note)


def _files(
    session: Session, form: str, out: Path, where: Standpoint, filters: NodeFilterOptions
) -> list[str]:
    """Write the files of a form and their manifest; return what there is to say about it."""
    from api.cli.asking import basis_lines
    from api.exports.writing import write_export
    from queries.export_filtered import FilteredQuestion

    export = write_export(session.estate, form, out, FilteredQuestion(filters.nodes(), where))
    written = ", ".join(f"{file.name} ({file.count})" for file in export.files)
    found = export.found
    lines = [f"Written to {out}: {written}."]
    if found.other_nodes:
        lines.append(f"The filter leaves out {found.other_nodes} nodes and cuts {found.cut_edges} edges.")
    return [*lines, *basis_lines(found.basis)[:1]]


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
