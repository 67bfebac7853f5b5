"""The rows of a file, CSV or JSON lines, as cells by column; one that cannot be read costs itself only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from graph.errors import Problem
from ingest.csvtable import Dialect, Table, opened
from ingest.disallowed import nearest_to
from ingest.files import Line, file_name, lines
from ingest.jsontext import NotJson, parse_json, shown
from ingest.redaction import Json
from ingest.sources.tables.cells import Written

JSON_ENDINGS: Final = (".jsonl", ".ndjson")
_NAMES_KEPT: Final = 1_000


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its cells by column, and the line that it begins on. A cell that is absent is empty."""

    file: str
    line: int
    cells: Mapping[str, Written]
    faulty: frozenset[str] = frozenset()

    @property
    def position(self) -> str:
        """Return where the row stands."""
        return f"line {self.line}"

    def problem(self, column: str, reason: str, expected: str) -> Problem:
        """Return a problem with one of its cells; the reason quotes nothing of it."""
        place = f"{self.position}, column {column}" if column else self.position
        return Problem(self.file, place, column, reason, expected)


class RowsOfFile(Protocol):
    """The rows of one file, read once."""

    def problem(self, needed: frozenset[str]) -> Problem | None:
        """Return what keeps the whole file from being read, such as a column that it lacks."""
        ...

    def rows(self) -> Iterator[TableRow | Problem]:
        """Yield the rows, and a problem for each that cannot be read; raises Unreadable."""
        ...

    def missing(self, needed: frozenset[str]) -> Problem | None:
        """Return, once all rows were read, that no row had a column."""
        ...

    def unmapped(self, needed: frozenset[str]) -> Iterator[str]:
        """Yield, once all rows were read, the names of other columns."""
        ...


def open_rows(path: Path, form: str | None, dialect: Dialect) -> RowsOfFile | Problem:
    """Return a file's rows in the form that a mapping says, else in that of its ending."""
    name = path.name.removesuffix(".gz")
    if form == "jsonl" or (form is None and name.endswith(JSON_ENDINGS)):
        return _JsonLines(path)
    table = opened(path, dialect)
    return table if isinstance(table, Problem) else _Csv(file_name(path), table)


@dataclass
class _Csv:
    """The rows of a CSV file, whose header tells at once which columns there are."""

    file: str
    table: Table

    def problem(self, needed: frozenset[str]) -> Problem | None:
        return self.table.header_problem(()) or _lacking(self.file, "line 1", needed, self.table.columns)

    def rows(self) -> Iterator[TableRow | Problem]:
        for row in self.table.rows():
            yield row if isinstance(row, Problem) else TableRow(row.file, row.line, row.cells)

    def missing(self, needed: frozenset[str]) -> Problem | None:  # noqa: ARG002 - the header told it
        return None

    def unmapped(self, needed: frozenset[str]) -> Iterator[str]:
        yield from (column for column in self.table.columns if column not in needed)


@dataclass
class _JsonLines:
    """The rows of a file of JSON objects, each of which may lack what is empty in it."""

    path: Path
    seen: dict[str, None] = field(default_factory=dict[str, None])
    read: int = 0

    def problem(self, needed: frozenset[str]) -> Problem | None:  # noqa: ARG002 - only all rows tell it
        return None

    def rows(self) -> Iterator[TableRow | Problem]:
        for line in lines(self.path):
            if line.problem is not None:
                yield line.problem
            elif line.text.strip():
                yield self._row(line)

    def missing(self, needed: frozenset[str]) -> Problem | None:
        if not self.read or len(self.seen) >= _NAMES_KEPT:
            return None
        return _lacking(file_name(self.path), "", needed, tuple(self.seen))

    def unmapped(self, needed: frozenset[str]) -> Iterator[str]:
        yield from (name for name in self.seen if name not in needed)

    def _row(self, line: Line) -> TableRow | Problem:
        file, place = file_name(self.path), f"line {line.number}"
        try:
            value = parse_json(line.text)
        except NotJson as error:
            return Problem(file, place, "", error.reason, error.expected)
        if not isinstance(value, dict):
            return Problem(file, place, "", "is no object", "a JSON object in each line")
        self.read += 1
        held: dict[str, Written | None] = {}
        for name, cell in _flat(value, ""):
            if name in held:
                return Problem(file, place, name, f"says {shown(name)} in two ways", "each name once")
            held[name] = cell
            if len(self.seen) < _NAMES_KEPT:
                self.seen.setdefault(name)
        cells = {name: cell for name, cell in held.items() if cell is not None}
        return TableRow(file, line.number, cells, frozenset(held.keys() - cells.keys()))


def _lacking(file: str, place: str, needed: frozenset[str], there: tuple[str, ...]) -> Problem | None:
    """Return that a file lacks a column that its mapping names."""
    missing = sorted(needed - set(there))
    if not missing:
        return None
    others = f", {', '.join(map(shown, missing[1:]))}" if missing[1:] else ""
    near = nearest_to(missing[0], there)
    reason = f"has no column {shown(missing[0])}{others}{near}"
    return Problem(file, place, missing[0], reason, "every column that the mapping names")


def _flat(value: Mapping[str, Json], before: str) -> Iterator[tuple[str, Written | None]]:
    """Yield cells by column; what stands in an object is called ``owner.email``, the object is no cell."""
    for name, item in value.items():
        yield f"{before}{name}", _written(item)
        if isinstance(item, dict):
            yield from _flat(item, f"{before}{name}.")


def _written(value: Json) -> Written | None:
    """Return what stands under a key as it would be written in a cell; None for an object."""
    if isinstance(value, list):
        texts = [_scalar(item) for item in value]
        return None if None in texts else tuple(text for text in texts if text)
    return _scalar(value)


def _scalar(value: Json) -> str | None:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value.strip()
    return None if isinstance(value, dict | list) else str(value)
