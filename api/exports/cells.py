"""Cells of tables that people open in a spreadsheet: none of them is taken for a formula.

Source: OWASP, "CSV Injection" (2026-11): a cell that begins with one of these characters, or
with white space before one, may be run as a formula; an apostrophe before it prevents that.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""The last four are the same characters in full width, which some programs take for them."""


def cell(value: object) -> str:
    """Return a value as a cell; None is empty, numbers stay numbers.

    >>> cell("=HYPERLINK(...)"), cell(-3), cell(None), cell("plain")
    ("'=HYPERLINK(...)", '-3', '', 'plain')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    text = str(value)
    is_formula = text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA)
    return f"'{text}" if is_formula else text


def row(values: Iterable[object]) -> str:
    """Return a row without its end, quoted where needed (RFC 4180).

    >>> print(row(["a,b", "@x", 1]))
    "a,b",'@x,1
    """
    written = io.StringIO()
    # It quotes an end of line within a cell only if that is the end of a row, too.
    csv.writer(written, lineterminator="\r\n").writerow([cell(value) for value in values])
    return written.getvalue().removesuffix("\r\n")


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterable[str]:
    """Yield a table's lines: its columns, and its rows."""
    yield row(columns)
    yield from map(row, rows)
