"""Rows of one reading by the thing they stand for, so that two rows that differ never speak of one thing.

What was seen is kept in a temporary file of its own: memory does not grow with the rows.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager

from graph.model import Uid
from ingest.jsontext import ascii_safe
from ingest.sources.tables.rows import TableRow


class SeenRows:
    """The rows that were seen: what each stands for, what it says, and where."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        database.execute("CREATE TABLE rows (uid TEXT PRIMARY KEY, said BLOB, place TEXT) WITHOUT ROWID")

    def other(self, uid: Uid, row: TableRow, columns: frozenset[str]) -> str | None:
        """Return where an earlier row says something else of the same thing; None where none does."""
        named, said = ascii_safe(uid), _digest(row, columns)
        place = f"{row.file}: {row.position}"
        self._database.execute(
            "INSERT OR IGNORE INTO rows VALUES (?, ?, ?)", (named, said, ascii_safe(place))
        )
        ((before, where),) = self._database.execute("SELECT said, place FROM rows WHERE uid = ?", (named,))
        return None if before == said else str(where)


@contextmanager
def seen_rows() -> Generator[SeenRows]:
    """Give an empty memory of rows for one reading."""
    # A file without a name, which SQLite deletes with the connection.
    with closing(sqlite3.connect("", isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        yield SeenRows(database)


def _digest(row: TableRow, columns: frozenset[str]) -> bytes:
    """Return the digest of the cells that the mapping names; what others hold makes no difference."""
    told = [(column, row.cells[column]) for column in sorted(columns) if column in row.cells]
    return hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).digest()
