"""The source ``tables``: CSV files and JSON lines, read by a mapping that names their columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph.errors import Problem
from graph.model import Instant, Scope
from ingest.documents import NOT_SAID
from ingest.facts import said
from ingest.files import Unreadable
from ingest.jsontext import shown
from ingest.record import Noted, ReadContext, Record, Rejected, ScopeClosed, ScopeOpened, Skipped
from ingest.sidecar import InputFile, inputs, read_time
from ingest.sources.tables.cells import BadCell
from ingest.sources.tables.claims import facts_of
from ingest.sources.tables.mapping import TableMapping
from ingest.sources.tables.reading import fits, read_mapping
from ingest.sources.tables.rows import JSON_ENDINGS, RowsOfFile, TableRow, open_rows

MAPPING_ENDINGS: Final = (".yaml", ".yml")
TABLE_ENDINGS: Final = (".csv", ".tsv", *JSON_ENDINGS)

LEFT_OUT: Final = "row that the mapping's filter leaves out"
SAYS_NOTHING: Final = "row of which no edge is made"
FILTERED: Final = "the mapping takes some rows only, and does not say that they are all of it"


class TablesSource:
    """Reads tables by the mappings that are named beside them."""

    name = "tables"
    summary = "any CSV or JSON lines, by a mapping in YAML (version 1) that names the columns"
    maps = (
        "rows: a node each, with the kind, type, properties and external ids that the mapping says",
        "cells that name other things: edges to ids of another table, to uids, addresses, people and teams",
        "values of secrets: a keyed fingerprint, and nothing else of them",
    )
    does_not_map = (
        "columns that the mapping does not name: counted by name",
        "rows that its filter leaves out: counted",
        "external ids that join by themselves elsewhere: kept, and what they lead to is a suggestion",
        "what no column says: formulas, colours, notes, several sheets",
    )

    def read(self, paths: Sequence[Path], context: ReadContext) -> Iterator[Record]:
        """Yield what the tables say, one scope a table of a mapping unless --scope names it."""
        files: list[InputFile] = []
        tables: list[TableMapping] = []
        broken = False
        for found in inputs(paths, (*MAPPING_ENDINGS, *TABLE_ENDINGS)):
            if not isinstance(found, InputFile):
                yield found
            elif not found.path.name.endswith(MAPPING_ENDINGS):
                files.append(found)
            else:
                for one in read_mapping(found.path):
                    if isinstance(one, Problem):
                        broken = True
                        yield Rejected(one)
                    else:
                        tables.append(one)
        if not broken:
            yield from _read_all(files, tables, context)


def _read_all(
    files: Sequence[InputFile], tables: Sequence[TableMapping], context: ReadContext
) -> Iterator[Record]:
    for table in tables:
        if not any(fits(table, file.path.name) for file in files):
            yield Noted(f"no file is named that the mapping of table {table.name} is about")
    done = 0
    for file in files:
        fitting = [table for table in tables if fits(table, file.path.name)]
        if len(fitting) == 1:
            try:
                yield from _read(file, fitting[0], context)
            except Unreadable as error:
                yield Rejected(error.problem)
        else:
            yield Rejected(_unmapped(file, fitting))
        done += file.path.stat().st_size if file.path.exists() else 0
        context.progress(done)


def _unmapped(file: InputFile, fitting: Sequence[TableMapping]) -> Problem:
    if not fitting:
        return Problem(
            file.name, "", "files", "is in no mapping that is named", "a mapping in YAML beside it"
        )
    names = " and ".join(table.name for table in fitting)
    return Problem(file.name, "", "files", f"is in the mapping of {names}", "one table for each file")


def _read(file: InputFile, table: TableMapping, context: ReadContext) -> Iterator[Record]:
    found = open_rows(file.path, table.form, table.dialect)
    if isinstance(found, Problem):
        yield Rejected(found)
        return
    problem = found.problem(table.columns)
    if problem is not None:
        yield Rejected(problem)
        return
    read_at, warning = _read_time(file, table, context)
    if warning is not None:
        yield warning
    named = context.scope or (file.sidecar.scope if file.sidecar else None) or table.scope
    scope = Scope(context.source, named)
    # A table lists what somebody wrote into it: that a thing is not there says nothing of all of its kind.
    yield ScopeOpened(scope, read_at, kinds=frozenset(), relations=table.covers)
    yield from _rows(found, _Reading(file, table, scope, context))
    why = _why_partial(file, table, context)
    yield ScopeClosed(scope, complete=why is None, reason=why)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One file while it is read by its mapping."""

    file: InputFile
    table: TableMapping
    scope: Scope
    context: ReadContext

    def records(self, row: TableRow) -> Iterator[Record]:
        """Yield what a row says, or why nothing of it is said."""
        if not self.table.rows.take(row.cells):
            yield Skipped(LEFT_OUT)
            return
        try:
            facts = facts_of(row, self.table, self.context)
        except BadCell as bad:
            yield Rejected(row.problem(bad.column, bad.reason, bad.expected), self.scope)
            return
        if not facts:
            yield Skipped(SAYS_NOTHING)
        for fact in facts:
            yield said(fact, self.scope, self.file.name)


def _rows(found: RowsOfFile, reading: _Reading) -> Iterator[Record]:
    columns = reading.table.columns
    try:
        for row in found.rows():
            if isinstance(row, Problem):
                yield Rejected(row, reading.scope)
            else:
                yield from reading.records(row)
    except Unreadable as error:
        yield Rejected(error.problem, reading.scope)
    missing = found.missing(columns)
    if missing is not None:
        yield Rejected(missing, reading.scope)
    for column in found.unmapped(columns):
        yield Skipped(f"column {shown(column)}" if column else "column without a name")


def _read_time(file: InputFile, table: TableMapping, context: ReadContext) -> tuple[Instant, Noted | None]:
    if context.read_at is None and file.sidecar is None and table.read_at is not None:
        return table.read_at, None
    return read_time(file, context)


def _why_partial(file: InputFile, table: TableMapping, context: ReadContext) -> str | None:
    """Return why a reading may not be all of its scope; None where somebody says that it is."""
    if table.rows.columns and not table.filter_defines:
        return FILTERED
    if file.sidecar is not None:
        return file.sidecar.why_partial
    return None if context.complete or table.complete else NOT_SAID


SOURCE: Final = TablesSource()
