"""The source ``tables``: CSV files and JSON lines, read by a mapping that names their columns."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph.errors import Problem
from graph.model import NodeFacts, Scope
from ingest.facts import Fact, said
from ingest.files import Unreadable
from ingest.jsontext import shown
from ingest.readings import PartOfScope, Reading, readings
from ingest.record import Noted, ReadContext, Record, Rejected, ScopeClosed, ScopeOpened, Skipped
from ingest.sidecar import InputFile, inputs
from ingest.sources.tables.cells import BadCell
from ingest.sources.tables.claims import facts_of
from ingest.sources.tables.mapping import TableMapping
from ingest.sources.tables.reading import fits, read_mapping
from ingest.sources.tables.repeated import SeenRows, seen_rows
from ingest.sources.tables.rows import JSON_ENDINGS, RowsOfFile, TableRow, open_rows

MAPPING_ENDINGS: Final = (".yaml", ".yml")
TABLE_ENDINGS: Final = (".csv", ".tsv", *JSON_ENDINGS)

LEFT_OUT: Final = "row that the mapping's filter leaves out"
SAYS_NOTHING: Final = "row of which no edge is made"
_UNHEEDED: Final = (
    "{file}: the vocabulary does not know the property {name}, so that no question heeds it. "
    "Is {meant} meant?"
)
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
        for problem in _doubled(tables):
            broken = True
            yield Rejected(problem)
        if not broken:
            yield from _read_all(files, tables, context)


def _doubled(tables: Sequence[TableMapping]) -> Iterator[Problem]:
    """Yield what two tables have in common that only one may have: one would be taken for the other."""
    for what in ("name", "scope"):
        held: dict[str, TableMapping] = {}
        for table in tables:
            first = held.setdefault(str(getattr(table, what)), table)
            if first is not table:
                reason = f"has the {what} of a table of {first.file}"
                yield Problem(table.file, "", f"tables.{table.name}", reason, f"a {what} of its own")


def _read_all(
    files: Sequence[InputFile], tables: Sequence[TableMapping], context: ReadContext
) -> Iterator[Record]:
    mapped = yield from _mapped(files, tables)
    parts = (_part(file, table, context) for file, table in mapped.items())
    done = 0
    for reading in (yield from readings(parts, context)):
        with seen_rows() as seen:
            for part in reading.parts:
                file = _Reading(part.file, mapped[part.file], reading.scope, context, seen)
                yield from _read(file, reading)
                done += part.file.path.stat().st_size if part.file.path.exists() else 0
                context.progress(done)


def _mapped(
    files: Sequence[InputFile], tables: Sequence[TableMapping]
) -> Generator[Record, None, dict[InputFile, TableMapping]]:
    """Return which table each file is, and yield what belongs to none, or to nothing."""
    for table in tables:
        if not any(fits(table, file.path.name) for file in files):
            yield Noted(f"no file is named that the mapping of table {table.name} is about")
        for name, meant in table.unheeded():
            yield Noted(_UNHEEDED.format(file=table.file, name=shown(name), meant=meant))
    mapped: dict[InputFile, TableMapping] = {}
    for file in files:
        fitting = [table for table in tables if fits(table, file.path.name)]
        if len(fitting) == 1:
            mapped[file] = fitting[0]
        else:
            yield Rejected(_unmapped(file, fitting))
    return mapped


def _part(file: InputFile, table: TableMapping, context: ReadContext) -> PartOfScope:
    """Return of which scope a file is a part; a table is one of its own, whatever is named for several."""
    named = context.scope or (file.sidecar.scope if file.sidecar else None)
    is_filtered = bool(table.rows.columns) and not table.filter_defines
    return PartOfScope(
        file,
        f"{named}/{table.name}" if named else table.scope,
        read_at=table.read_at,
        is_whole=table.complete,
        why_partial=FILTERED if is_filtered else None,
    )


def _unmapped(file: InputFile, fitting: Sequence[TableMapping]) -> Problem:
    if not fitting:
        return Problem(
            file.name, "", "files", "is in no mapping that is named", "a mapping in YAML beside it"
        )
    names = " and ".join(table.name for table in fitting)
    return Problem(file.name, "", "files", f"is in the mapping of {names}", "one table for each file")


def _read(file: _Reading, reading: Reading) -> Iterator[Record]:
    found = file.opened()
    if isinstance(found, Problem):
        # Its scope is named, so that the other files of the table are not taken for all of it.
        yield Rejected(found, reading.scope)
        return
    # A table lists what somebody wrote into it: that a thing is not there says nothing of all of its kind.
    relations = file.table.covers
    yield ScopeOpened(reading.scope, reading.read_at, kinds=frozenset(), relations=relations)
    yield from _rows(found, file)
    why = reading.why_partial
    yield ScopeClosed(reading.scope, complete=why is None, reason=why)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One file while it is read by its mapping."""

    file: InputFile
    table: TableMapping
    scope: Scope
    context: ReadContext
    seen: SeenRows

    def opened(self) -> RowsOfFile | Problem:
        """Return the rows of the file, or why it cannot be read by its mapping."""
        found = open_rows(self.file.path, self.table.form, self.table.dialect)
        if isinstance(found, Problem):
            return found
        return found.problem(self.table.columns) or found

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
        elif (other := self._other(row, facts[0])) is not None:
            reason = f"says something else than {other} says of the same thing, so that it is left out"
            yield Rejected(row.problem("", reason, "one row for each thing"), self.scope)
            return
        for fact in facts:
            yield said(fact, self.scope, self.file.name)

    def _other(self, row: TableRow, first: Fact) -> str | None:
        """Return where another row speaks of the thing that this one stands for; edges alone may repeat."""
        if not isinstance(first.about, NodeFacts):
            return None
        return self.seen.other(first.about.uid, row, self.table.columns)


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


SOURCE: Final = TablesSource()
