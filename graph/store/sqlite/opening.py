"""Opening a file: is it ours, of which version, and beginning one where there is nothing.

A file's header is read before SQLite is let near it, so that a file that is refused
keeps every byte, and no journal appears beside it.
"""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path
from typing import Final

from graph.errors import SchemaUnknown, StoreUnavailable
from graph.ledger.chain import GENESIS_HASH
from graph.store.schema import SCHEMA_VERSION, refuse_other_versions
from graph.store.sqlite.connections import LOCK_SECONDS, Connect, connect, translated
from graph.store.sqlite.tables import APPLICATION_ID, TABLES

_MAGIC: Final = b"SQLite format 3\x00"
_HEADER_BYTES: Final = 100
_VERSION_AT: Final = slice(60, 64)
_APPLICATION_AT: Final = slice(68, 72)


def prepare(path: Path, target: str, make: Connect = connect) -> None:
    """Make sure that a store of this version is at the path; begin one where nothing is.

    Raises:
        StoreUnavailable: where the place cannot be read or written.
        SchemaUnknown, SchemaTooNew: for a file that this release did not write; it is
            left exactly as it was.
    """
    with translated(target):
        if not path.exists():
            # Made here and not by SQLite, for nobody but its owner to read.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        _inspect(path, target)
        connection = make(path)
        try:
            if _is_blank(connection):
                _begin(connection)
            refuse_other_versions(target, _pragma(connection, "user_version"))
            _use_write_ahead_log(connection, target)
        finally:
            connection.close()


def in_memory() -> sqlite3.Connection:
    """Return a connection to a new, empty store that lives as long as the connection."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    _begin(connection)
    return connection


def _inspect(path: Path, target: str) -> None:
    """Refuse a file that is not ours by its header alone; an empty file is nobody's yet."""
    if not path.is_file():
        raise StoreUnavailable(target, "it is not a file")
    with path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
    if not header:
        return
    if not header.startswith(_MAGIC) or len(header) < _HEADER_BYTES:
        raise SchemaUnknown(target, "the file is not an SQLite database")
    if int.from_bytes(header[_APPLICATION_AT]) != APPLICATION_ID:
        raise SchemaUnknown(target, "an SQLite database of another program")
    refuse_other_versions(target, int.from_bytes(header[_VERSION_AT], signed=True))


def _is_blank(connection: sqlite3.Connection) -> bool:
    """Return whether nothing is there, which is also what a killed beginning rolls back to."""
    (objects,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return objects == 0 and _pragma(connection, "application_id") in (0, APPLICATION_ID)


def _begin(connection: sqlite3.Connection) -> None:
    """Write the empty tables, unless another process has just done so.

    In one transaction, and before the switch to the write-ahead log: so the marks
    that ``_inspect`` reads are in the file itself from the first moment.
    """
    connection.execute("BEGIN IMMEDIATE")
    if _is_blank(connection):
        for statement in TABLES:
            connection.execute(statement)
        connection.execute("INSERT INTO head VALUES (1, 0, ?, 0)", (GENESIS_HASH,))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    connection.execute("COMMIT")


def _use_write_ahead_log(connection: sqlite3.Connection, target: str) -> None:
    """Switch to the write-ahead log; SQLite does not wait for this lock by itself."""
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
            continue
        if mode != "wal":
            raise StoreUnavailable(target, "its file system does not allow a write-ahead log")
        return


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    (value,) = connection.execute(f"PRAGMA {name}").fetchone()
    return int(value)
