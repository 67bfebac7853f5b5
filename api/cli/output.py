"""Where commands print: data on standard output, everything said beside it on standard error.

Names come from outside and may hold anything. Nothing of them is read as markup, and what
a terminal would obey, or what would turn the reading direction, is shown as an escape.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from rich.console import Console

SCHEMA_VERSION: Final = 1
"""The version of every JSON document that commands print; it grows when a field changes its meaning."""

_TURNING: Final = frozenset(
    "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


def shown(text: str) -> str:
    r"""Return text as it may stand on a terminal, control and direction characters as escapes.

    >>> print(shown("a\x1b[31mb"))
    a\x1b[31mb
    """
    if text.isprintable():
        return text
    return "".join(_escaped(c) if _is_obeyed(c) else c for c in text)


def _is_obeyed(character: str) -> bool:
    code = ord(character)
    return code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000 or character in _TURNING


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def plural(count: int, noun: str) -> str:
    """Return a count with its noun.

    >>> plural(1, "node"), plural(2, "node")
    ('1 node', '2 nodes')
    """
    return f"{count} {noun}{'' if count == 1 else 's'}"


def emit_json(document: Mapping[str, Any], *, compact: bool = False) -> None:
    """Print one JSON object with its schema version on standard output, in ASCII."""
    whole = {"schema_version": SCHEMA_VERSION, **document}
    json.dump(whole, sys.stdout, indent=None if compact else 2, allow_nan=False)
    sys.stdout.write("\n")


def emit(text: str = "") -> None:
    """Print a line of an answer on standard output."""
    console().print(shown(text), markup=False, highlight=False, emoji=False, soft_wrap=True)


def say(text: str) -> None:
    """Print a line beside the answer, on standard error."""
    console(stderr=True).print(shown(text), markup=False, highlight=False, emoji=False, soft_wrap=True)


def emit_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table on standard output: a row a line, unless a terminal is too narrow for that."""
    from api.cli.tables import table_lines

    width = console().width if sys.stdout.isatty() else None
    for line in table_lines(columns, [[shown(cell) for cell in row] for row in rows], width):
        emit(line)


def silence() -> None:
    """Let everything that is still printed go nowhere, so that nothing complains of a broken pipe again."""
    for stream in (sys.stdout, sys.stderr):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def console(*, stderr: bool = False) -> Console:
    """Return the console of a stream."""
    from rich.console import Console as RichConsole

    class Console(RichConsole):
        """A console that leaves a broken pipe to the command group; Rich would end the program itself."""

        def on_broken_pipe(self) -> None:
            raise  # noqa: PLE0704 - Rich calls this while it handles the error

    stream = sys.stderr if stderr else sys.stdout
    return Console(file=stream, markup=False, highlight=False, emoji=False)
