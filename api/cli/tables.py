"""Tables as lines of text: a row a line, and nothing that somebody would copy is ever cut in two."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Final

from rich.cells import cell_len

_GAP: Final = "  "
_LEAST: Final = 20
"""A column of sentences that is narrower than this is harder to read than a list."""


def table_lines(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int | None) -> list[str]:
    """Return a table as lines, the columns' names first if they have any; None is without end, as in a file.

    Where a row is wider, cells go on in further lines, but only at their blanks: a uid or a
    time stays whole. Where that does not do, each row is a list, a line a cell that says something.

    >>> table_lines(("uid", "what"), [("hf:secret:k8s:1", "a key of the shop, rotated in spring")], 40)
    ['uid              what', 'hf:secret:k8s:1  a key of the shop,', '                 rotated in spring']
    >>> table_lines(("uid", "what"), [("hf:secret:k8s:1", "a key")], 18)
    ['uid:  hf:secret:k8s:1', 'what: a key']
    """
    cells = [columns, *rows] if any(columns) else [*rows]
    if not cells:
        return []
    natural = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
    least = [
        max(min(wide, _LEAST), *(cell_len(word) for cell in column for word in cell.split()), 0)
        for wide, column in zip(natural, zip(*cells, strict=True), strict=True)
    ]
    room = None if width is None else width - len(_GAP) * (len(columns) - 1)
    if room is None or sum(natural) <= room:
        return [_row(cell, natural) for cell in cells]
    if sum(least) <= room:
        widths = _narrowed(natural, least, room)
        return [line for row in cells for line in _folded_row(row, widths)]
    return _listed(columns, rows)


def _narrowed(natural: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """Return widths that fit: what is missing is taken from the widest column that can still give."""
    widths = list(natural)
    while sum(widths) > room:
        giving = [at for at in range(len(widths)) if widths[at] > least[at]]
        widths[max(giving, key=lambda at: widths[at])] -= 1
    return widths


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (width - cell_len(cell)) for cell, width in zip(cells, widths, strict=True))
    return _GAP.join(padded).rstrip()


def _folded_row(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    folded = [_folded(cell, width) for cell, width in zip(cells, widths, strict=True)]
    return [_row(line, widths) for line in zip_longest(*folded, fillvalue="")]


def _folded(cell: str, width: int) -> list[str]:
    lines = [""]
    for word in cell.split():
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if cell_len(joined) <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def _listed(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    width = max(map(len, columns)) + 1
    blocks = [
        [
            f"{f'{name}:':<{width}} {cell}" if name else cell
            for name, cell in zip(columns, row, strict=True)
            if cell
        ]
        for row in rows
    ]
    return [line for at, block in enumerate(blocks) for line in ([""] if at else []) + block]
