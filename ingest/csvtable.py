"""Rows of a CSV file by the names in its header, each with the line it begins on.

Commas, semicolons and tabs are told apart by the header. A row that does not fit the
header, or cannot be decoded, is a problem of its own; the others go on. So they do after
a quotation mark that is not closed: what it would swallow is read again, line by line.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from graph.errors import Problem
from ingest.files import Line, Unreadable, file_name, lines
from ingest.jsontext import shown

_DELIMITERS: Final = ",;\t"
_FIELD_LIMIT: Final = 65_536
_FAULTS: Final = {
    "unexpected end of data": "a quotation mark that is not closed",
    "new-line character seen": "a carriage return by itself, which ends no line",
    " expected after ": "text behind a closing quotation mark",
}
"""What Python's reader finds wrong, by a part of what it says, in words for whoever mends the file."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table is written. Without a delimiter the header tells it; without columns its first line is one.

    Names of columns are taken in lower case unless ``keeps_case``.
    """

    delimiter: str | None = None
    columns: tuple[str, ...] = ()
    keeps_case: bool = False


DETECTED: Final = Dialect()
"""Commas, semicolons or tabs, told by the header, whose names are taken in lower case."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells by column, stripped of space around them, and the line it begins on."""

    file: str
    line: int
    cells: Mapping[str, str]

    def cell(self, column: str) -> str:
        """Return a cell, empty where the table does not have the column."""
        return self.cells.get(column, "")

    def several(self, column: str) -> list[str]:
        """Return the parts of a cell that lists several things with semicolons."""
        return [part.strip() for part in self.cell(column).split(";") if part.strip()]

    def position(self, column: str = "") -> str:
        """Return where the row, or one cell of it, stands."""
        return f"line {self.line}, column {column}" if column else f"line {self.line}"

    def problem(self, column: str, reason: str, expected: str) -> Problem:
        """Return a problem with a cell of the row; the reason must not quote personal data."""
        return Problem(self.file, self.position(column), column, reason, expected)


@dataclass
class _Texts(Iterator[str]):
    """The lines of a file as its reader takes them, with those of the row that is being read.

    ``faults`` are the problems of lines that were passed over.
    """

    lines: Iterator[Line]
    of_row: list[Line] = field(default_factory=list[Line])
    faults: list[Problem] = field(default_factory=list[Problem])
    again: deque[Line] = field(default_factory=deque[Line])

    def __next__(self) -> str:
        while True:
            line = self.again.popleft() if self.again else next(self.lines)
            if line.problem is None:
                self.of_row.append(line)
                return line.text + "\n"
            self.faults.append(line.problem)

    def give_back(self) -> None:
        """Have all lines of the row but its first one read again."""
        self.again.extendleft(reversed(self.of_row[1:]))

    def take_faults(self) -> Iterator[Problem]:
        """Yield the faults, once."""
        yield from self.faults
        self.faults.clear()


class Table:
    """A CSV file that is read once, from its header to its last row."""

    def __init__(self, path: Path, dialect: Dialect) -> None:
        self._file = file_name(path)
        self._texts = _Texts(lines(path))
        self._fault: Problem | None = None
        self._delimiter = dialect.delimiter or ","
        names = dialect.columns or self._header(dialect.delimiter)
        stripped = (name.strip() for name in names)
        self.columns = tuple(stripped if dialect.keeps_case else (name.lower() for name in stripped))

    def header_problem(self, required: tuple[str, ...]) -> Problem | None:
        """Return what keeps the whole table from being read: a column missing or there twice."""
        if self._fault is not None:
            return self._fault
        twice = sorted({name for name in self.columns if name and self.columns.count(name) > 1})
        if twice:
            reason = f"has the column {shown(twice[0])} twice"
            return Problem(self._file, "line 1", twice[0], reason, "each column once")
        missing = [name for name in required if name not in self.columns]
        if missing:
            reason = f"has no column {missing[0]}"
            return Problem(self._file, "line 1", missing[0], reason, f"the columns {', '.join(required)}")
        return None

    def rows(self) -> Iterator[Row | Problem]:
        """Yield the rows, and a problem for each that cannot be read.

        Raises:
            Unreadable: where the file breaks off; the rows before were yielded.
        """
        reader = csv.reader(self._texts, delimiter=self._delimiter, strict=True)
        while True:
            self._texts.of_row.clear()
            try:
                cells = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                yield self._broken(error)
                self._texts.give_back()
                continue
            yield from self._texts.take_faults()
            if any(cell.strip() for cell in cells):
                yield self._row(cells)
        yield from self._texts.take_faults()

    def _header(self, delimiter: str | None) -> Sequence[str]:
        first = next(self._texts.lines, None)
        if first is None or first.problem is not None:
            empty = Problem(self._file, "line 1", "", "the file is empty", "a header line")
            self._fault = (first.problem if first else None) or empty
            return ()
        self._delimiter = delimiter or max(_DELIMITERS, key=first.text.count)
        return next(csv.reader([first.text], delimiter=self._delimiter), list[str]())

    @property
    def _place(self) -> str:
        """Return where the row that is being read begins."""
        return f"line {self._texts.of_row[0].number}"

    def _broken(self, error: csv.Error) -> Problem:
        return Problem(self._file, self._place, "", _fault(error), "CSV as RFC 4180 has it")

    def _row(self, cells: list[str]) -> Row | Problem:
        if len(cells) != len(self.columns):
            reason = f"has {len(cells)} cells"
            expected = f"{len(self.columns)}, as in the header"
            return Problem(self._file, self._place, "", reason, expected)
        named = {name: cell.strip() for name, cell in zip(self.columns, cells, strict=True)}
        return Row(self._file, self._texts.of_row[0].number, named)


def opened(path: Path, dialect: Dialect = DETECTED) -> Table | Problem:
    """Return a table ready to be read, or what keeps the file from being opened."""
    csv.field_size_limit(_FIELD_LIMIT)
    try:
        return Table(path, dialect)
    except Unreadable as error:
        return error.problem
    except csv.Error as error:
        return Problem(file_name(path), "line 1", "", _fault(error), "a header line in CSV")


def _fault(error: csv.Error) -> str:
    said = str(error)
    return next((words for part, words in _FAULTS.items() if part in said), said)
