"""The driver behind a fence: work in, lists of plain values out, errors in our own words.

Every transaction is a managed one (it may be run again from its beginning), names its
database, its access mode and a timeout, and reads its results to the end, so that a
notification of the server is not lost where warnings are errors.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Any, Final, Protocol, TypeVar, cast

import neo4j
from neo4j import exceptions
from neo4j.api import BookmarkManager

from graph.errors import BatchTooLarge, StoreUnavailable
from graph.store.neo4j.place import DEFAULT_USER, Place
from graph.store.neo4j.statements import statement, unwinds

READ_SECONDS: Final = 60.0
WRITE_SECONDS: Final = 300.0
"""How long one transaction may take before the server ends it; a writer may have to queue."""

_CONNECT_SECONDS: Final = 10.0
_FETCH_SIZE: Final = 10_000
_AGENT: Final = "holdfast"
_TOO_LARGE: Final = frozenset(
    {
        "Neo.TransientError.General.MemoryPoolOutOfMemoryError",
        "Neo.TransientError.General.OutOfMemoryError",
        "Neo.TransientError.General.TransactionMemoryLimit",
        "Neo.TransientError.General.TransactionOutOfMemoryError",
        "Neo.ClientError.General.TransactionOutOfMemoryError",
    }
)
_TIMED_OUT: Final = frozenset(
    {
        "Neo.ClientError.Transaction.TransactionTimedOut",
        "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration",
        "Neo.TransientError.Transaction.TransactionTimedOut",
    }
)

_SCHEMA_NAMES: Final = ("SHOW CONSTRAINTS YIELD name RETURN name", "SHOW INDEXES YIELD name RETURN name")

Line = list[Any]
Result = TypeVar("Result")


class Run(Protocol):
    """Runs one of our statements inside a transaction and returns all its lines."""

    def __call__(self, name: str, relationship: str | None = None, /, **parameters: object) -> list[Line]:
        """Return a list of values for each line that the statement gives."""
        ...


class Database:
    """One database on one server. Safe to share between threads."""

    def __init__(self, place: Place, password: str | None) -> None:
        self.target = place.shown
        self._place = place
        with _translated(self.target):
            self._driver = _answering(_driver(place, password))
        self._bookmarks = _bookmarks_of(self.target)

    def close(self) -> None:
        """Close all connections."""
        self._driver.close()
        _forget_bookmarks(self.target, self._bookmarks)

    def read(self, work: Callable[[Run], Result]) -> Result:
        """Return what the work reads, in one transaction that may go to any server."""
        return self._managed(work, neo4j.READ_ACCESS, READ_SECONDS)

    def write(self, work: Callable[[Run], Result]) -> Result:
        """Return what the work comes to, in one transaction; an exception undoes it.

        Raises:
            BatchTooLarge: where the server runs out of memory or time over it.
        """
        return self._managed(work, neo4j.WRITE_ACCESS, WRITE_SECONDS)

    def ask(self, text: str, seconds: float, parameters: Mapping[str, object]) -> list[Line]:
        """Return the lines of a statement that is none of ours, in a transaction that cannot write.

        For databases that others fill; see `foreign`. The server ends it after these seconds.
        """

        def asked(transaction: neo4j.ManagedTransaction) -> list[Line]:
            return _lines(transaction.run(cast("Any", text), dict(parameters)))

        with _translated(self.target), self._session(neo4j.READ_ACCESS) as session:
            return session.execute_read(neo4j.unit_of_work(timeout=seconds)(asked))

    def make(self, schema: Iterable[tuple[str, str]]) -> None:
        """Make the constraints and indexes that are missing, given as names with statements.

        Each in a transaction of its own, as the server wants it. Making one that
        another process has just made does nothing.
        """
        existing = {name for text in _SCHEMA_NAMES for (name,) in self._alone(text)}
        for name, text in schema:
            if name not in existing:
                self._alone(text)

    def _alone(self, text: str) -> list[Line]:
        with _translated(self.target), self._session(neo4j.WRITE_ACCESS) as session:
            return _lines(session.run(neo4j.Query(cast("Any", text), timeout=WRITE_SECONDS)))

    def _managed(self, work: Callable[[Run], Result], access: str, seconds: float) -> Result:
        def managed(transaction: neo4j.ManagedTransaction) -> Result:
            def run(name: str, relationship: str | None = None, /, **parameters: object) -> list[Line]:
                items = unwinds(name)
                if items is not None and not parameters[items]:
                    return []
                with _sized(access):
                    found = transaction.run(cast("Any", statement(name, relationship)), parameters)
                    return _lines(found)

            return work(run)

        bounded = neo4j.unit_of_work(timeout=seconds)(managed)
        with _translated(self.target), _sized(access), self._session(access) as session:
            if access == neo4j.READ_ACCESS:
                return session.execute_read(bounded)
            return session.execute_write(bounded)

    def _session(self, access: str) -> neo4j.Session:
        driver = cast("Any", self._driver)  # its own signature is partly unknown
        session: neo4j.Session = driver.session(
            database=self._place.database,
            default_access_mode=access,
            bookmark_manager=self._bookmarks,
            fetch_size=_FETCH_SIZE,
        )
        return session


def _lines(result: neo4j.Result) -> list[Line]:
    """Return all lines; what the server warns of becomes a Python warning, which is an error in tests.

    The driver would warn by itself, but looks through the whole call stack for each statement
    to do so: that takes as long as the statement.
    """
    lines = result.values()
    for status in result.consume().gql_status_objects:
        if status.is_notification and status.raw_severity == "WARNING":
            warnings.warn(status.status_description, DeprecationWarning, stacklevel=2)
    return lines


def _driver(place: Place, password: str | None) -> neo4j.Driver:
    auth = None if place.user is None and password is None else (place.user or DEFAULT_USER, password or "")
    maker = cast("Any", neo4j.GraphDatabase)
    driver: neo4j.Driver = maker.driver(
        place.uri,
        auth=auth,
        user_agent=_AGENT,
        connection_timeout=_CONNECT_SECONDS,
        # That a label or property does not exist yet is what an empty store looks like, and no warning.
        notifications_disabled_classifications=["UNRECOGNIZED"],
    )
    return driver


def _answering(driver: neo4j.Driver) -> neo4j.Driver:
    """Return a driver whose server answers; asked once, as a statement would be tried for half a minute."""
    try:
        cast("Any", driver).verify_connectivity()
    except BaseException:
        driver.close()
        raise
    return driver


@contextmanager
def _sized(access: str) -> Generator[None]:
    """Turn the server's errors about a write's memory and time into one that says: try it with less.

    Inside a transaction as well as around it, for the driver would else run a batch that
    cannot pass again and again.
    """
    try:
        yield
    except exceptions.Neo4jError as error:
        if access == neo4j.READ_ACCESS:
            raise
        if error.code in _TOO_LARGE:
            raise BatchTooLarge("the server has not enough memory for one transaction of it") from error
        if error.code in _TIMED_OUT:
            raise BatchTooLarge("the server ended its transaction for taking too long") from error
        raise


@contextmanager
def _translated(target: str) -> Generator[None]:
    """Turn the driver's errors into those of a store; no text of theirs with credentials remains."""
    try:
        yield
    except exceptions.AuthError as error:
        raise StoreUnavailable(target, "it refuses the user name or the password") from error
    except (exceptions.ServiceUnavailable, exceptions.SessionExpired) as error:
        raise StoreUnavailable(target, "no server answers there") from error
    except exceptions.Neo4jError as error:
        if error.code == "Neo.ClientError.Database.DatabaseNotFound":
            raise StoreUnavailable(target, "its server has no database of this name") from error
        raise StoreUnavailable(target, f"its server says {error.code}: {error.message}") from error
    except exceptions.DriverError as error:
        raise StoreUnavailable(target, f"the driver says {type(error).__name__}: {error}") from error


_lock: Final = Lock()
_managers: Final[dict[str, BookmarkManager]] = {}


def _bookmarks_of(target: str) -> BookmarkManager:
    """Return the process's one bookmark manager for a database: everybody reads what anybody wrote."""
    with _lock:
        if target not in _managers:
            _managers[target] = neo4j.GraphDatabase.bookmark_manager()
        return _managers[target]


def _forget_bookmarks(target: str, manager: BookmarkManager) -> None:
    """Let go of bookmarks with their store: a database made anew there would not know them."""
    with _lock:
        if _managers.get(target) is manager:
            del _managers[target]
