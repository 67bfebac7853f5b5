"""What a column's cells mean: their type, the table of values, the list that a cell may be."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from graph.model import PropertyValue
from ingest.redaction import secret_in
from ingest.sources.tables.dates import DateForm

IDS: Final = "ids"
"""The type of a cell that lists ids of several things; a mapping says it by a separator."""

Written: TypeAlias = str | tuple[str, ...]
"""What stands in a cell: a text, or several where the format knows lists; empty where nothing does."""

_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
_TRUE: Final = frozenset({"true", "yes", "y", "1"})
_FALSE: Final = frozenset({"false", "no", "n", "0"})


class BadCell(Exception):
    """A cell that cannot be what stands in it; it costs its row, and is never quoted."""

    def __init__(self, column: str, reason: str, expected: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason
        self.expected = expected


@dataclass(frozen=True, slots=True)
class Cell:
    """How a column is read, or a constant that stands in its place.

    ``values`` turns what is written into what is meant, and ``otherwise`` is for what is not among
    them: None where that is a fault, empty where it says nothing.
    """

    column: str = ""
    type: str = "text"
    constant: PropertyValue | None = None
    values: Mapping[str, str] | None = None
    otherwise: str | None = None
    dates: DateForm | None = None
    separator: str | None = None

    def value(self, cells: Mapping[str, Written]) -> PropertyValue | None:
        """Return what a row says here; None where the cell is empty.

        Raises:
            BadCell: for what the column may not hold.
        """
        if self.constant is not None:
            return self.constant
        texts = [self._meant(text) for text in self.written(cells)]
        said = [text for text in texts if text]
        if not said:
            return None
        if self.type == "list":
            return tuple(said)
        if len(said) > 1:
            raise BadCell(self.column, "holds several values", "one value")
        return self._converted(said[0])

    def written(self, cells: Mapping[str, Written]) -> list[str]:
        """Return the texts of the cell, as many as it lists, without empty ones.

        Raises:
            BadCell: for a list with a secret in it, which its pieces might no longer show.
        """
        held = cells.get(self.column, "")
        parts = [held] if isinstance(held, str) else list(held)
        if self.separator is not None:
            parts = [piece for part in parts for piece in self._pieces(part, self.separator)]
        return [part.strip() for part in parts if part.strip()]

    def _pieces(self, text: str, separator: str) -> list[str]:
        what = secret_in(text, identifier=self.type == IDS)
        if what is not None:
            raise BadCell(self.column, f"holds what looks like {what}", "a list without a secret in it")
        return text.split(separator)

    def _meant(self, text: str) -> str:
        if self.values is None:
            return text
        meant = self.values.get(text, self.otherwise)
        if meant is None:
            raise BadCell(self.column, "holds what its table of values lacks", _some(self.values))
        return meant

    def _converted(self, text: str) -> PropertyValue:
        if self.dates is not None:
            try:
                return self.dates.moment(text)
            except (ValueError, OverflowError):
                raise BadCell(self.column, "holds no such date", self.dates.expected) from None
        convert, expected = CONVERSIONS[self.type]
        try:
            return convert(text)
        except ValueError:
            raise BadCell(self.column, f"holds no {self.type}", expected) from None


@dataclass(frozen=True, slots=True)
class Rows:
    """Which rows count: each column must hold one of these texts, or none of those."""

    only: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    without: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns that are looked at."""
        return (*self.only, *self.without)

    def take(self, cells: Mapping[str, Written]) -> bool:
        """Return whether a row counts."""
        kept = all(_texts(cells, column) & allowed for column, allowed in self.only.items())
        return kept and not any(_texts(cells, column) & barred for column, barred in self.without.items())


def id_texts(cell: Cell, cells: Mapping[str, Written]) -> tuple[str, ...]:
    """Return the texts of a cell that are to be parts of ids, as they are written; several only of a list.

    Raises:
        BadCell: where one looks like the value of a secret.
    """
    texts = cell.written(cells)
    if len(texts) > 1 and cell.type != IDS:
        raise BadCell(cell.column, "holds several values", "one value")
    for text in texts:
        what = secret_in(text, identifier=True)
        if what is not None:
            raise BadCell(cell.column, f"holds what looks like {what}", "an id without a secret in it")
    return tuple(dict.fromkeys(texts))


def _texts(cells: Mapping[str, Written], column: str) -> frozenset[str]:
    held = cells.get(column, "")
    return frozenset({held} if isinstance(held, str) else held or {""})


def _some(values: Mapping[str, str]) -> str:
    """Return what a table of values knows, as far as it can be said in a sentence."""
    known = list(values)
    shown = ", ".join(known[:12])
    return f"one of {shown}" if len(known) <= 12 else f"one of {shown} and {len(known) - 12} more"


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise ValueError(text)
    return int(text)


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number) or "_" in text:
        raise ValueError(text)
    return number


def _boolean(text: str) -> bool:
    word = text.lower()
    if word not in _TRUE | _FALSE:
        raise ValueError(text)
    return word in _TRUE


CONVERSIONS: Final[Mapping[str, tuple[Callable[[str], PropertyValue], str]]] = {
    "text": (str, "a text"),
    "integer": (_integer, "a whole number such as 12"),
    "number": (_number, "a number such as 12.5"),
    "boolean": (_boolean, "true or false, yes or no, 1 or 0"),
}
"""Types of one plain text, how it is read, and what to write instead of what cannot be."""

TYPES: Final = (*CONVERSIONS, "date", "list", "secret")
"""Every type that a mapping may name; the text of a secret is fingerprinted and dropped."""
