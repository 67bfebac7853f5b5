"""Connections to one SQLite file: lent to one thread at a time, and errors put into our words.

Every statement of the store runs on a connection borrowed here. A pool rather than
one connection a thread, as a server's threads come and go.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final, Protocol, TypeAlias

from graph.errors import BatchTooLarge, StoreUnavailable

Connect: TypeAlias = Callable[[Path], sqlite3.Connection]
"""Makes a connection to a file; a parameter, so that a test may watch or kill what runs on it."""

LOCK_SECONDS: Final = 120
"""How long a writer waits for another one before it gives up."""

_PRAGMAS: Final = (
    "PRAGMA synchronous = FULL",  # a commit that was acknowledged survives a loss of power
    "PRAGMA secure_delete = ON",  # what is erased is overwritten, not only unlinked
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -32768",  # 32 MB
)


def connect(path: Path) -> sqlite3.Connection:
    """Return a connection without implicit transactions; the file must exist."""
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode=rw",
        uri=True,
        timeout=LOCK_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    for pragma in _PRAGMAS:
        connection.execute(pragma)
    return connection


class Lender(Protocol):
    """Lends connections to one database."""

    def lend(self) -> AbstractContextManager[sqlite3.Connection]:
        """Lend a connection for the length of a ``with`` block.

        Raises:
            StoreUnavailable: for whatever SQLite has to complain about in the block.
            BatchTooLarge: where a value or statement is beyond SQLite's limits.
        """
        ...

    def close(self) -> None:
        """Close the connections; lending is over."""
        ...


class FileConnections:
    """The open connections to one file.

    A file that is deleted or replaced stays readable through open connections for as long as
    they are open, and what is written to it is lost: nothing is lent any more then.
    """

    def __init__(self, path: Path, target: str, make: Connect = connect) -> None:
        self._path = path
        self._target = target
        self._make = make
        self._idle: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._closed = False
        with translated(target):
            self._file = _identity(path)

    @contextmanager
    def lend(self) -> Generator[sqlite3.Connection]:
        """Lend an idle connection, or a new one; see ``Lender``."""
        with translated(self._target):
            self._check_file()
            connection = self._take()
            try:
                yield connection
            finally:
                self._give_back(connection)

    def close(self) -> None:
        """Close what is idle now, and what is lent as soon as it comes back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def __del__(self) -> None:
        # A store that was dropped without closing it; SQLite's module would warn of each connection.
        self.close()

    def _check_file(self) -> None:
        try:
            found = _identity(self._path)
        except FileNotFoundError:
            raise StoreUnavailable(self._target, "its file was deleted after it was opened") from None
        if found != self._file:
            raise StoreUnavailable(self._target, "its file was replaced after it was opened")

    def _take(self) -> sqlite3.Connection:
        with self._lock:
            if self._closed:
                raise StoreUnavailable(self._target, "it has been closed")
            if self._idle:
                return self._idle.pop()
        return self._make(self._path)

    def _give_back(self, connection: sqlite3.Connection) -> None:
        if connection.in_transaction:
            connection.rollback()
        with self._lock:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()


class MemoryConnection:
    """The only connection to a database in memory, lent to one thread after the other."""

    def __init__(self, connection: sqlite3.Connection, target: str) -> None:
        self._connection = connection
        self._target = target
        self._turn = threading.RLock()
        self._closed = False

    @contextmanager
    def lend(self) -> Generator[sqlite3.Connection]:
        """Lend the connection; see ``Lender``."""
        with self._turn, translated(self._target):
            if self._closed:
                raise StoreUnavailable(self._target, "it has been closed")
            yield self._connection

    def close(self) -> None:
        """Close the connection, and with it forget everything."""
        with self._turn:
            self._closed = True
            self._connection.close()

    def __del__(self) -> None:
        self._connection.close()


def _identity(path: Path) -> tuple[int, int]:
    """Return what tells a file from another one under the same name."""
    status = path.stat()
    return status.st_dev, status.st_ino


@contextmanager
def translated(target: str) -> Generator[None]:
    """Turn the errors of SQLite and of the file system into those of a store."""
    try:
        yield
    except sqlite3.DataError as error:
        raise BatchTooLarge(str(error)) from error
    except sqlite3.Error as error:
        raise StoreUnavailable(target, _reason(error)) from error
    except OSError as error:
        raise StoreUnavailable(target, error.strerror or type(error).__name__) from error


def _reason(error: sqlite3.Error) -> str:
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
        return f"another process has held its write lock for more than {LOCK_SECONDS} seconds"
    return f"SQLite says: {error}"
