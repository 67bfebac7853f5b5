"""The embedded store as the ledger sees it: each method borrows a connection and asks a module.

Every reading method is one statement, so it sees one state of the ledger and holds up
no writer; iterators read page by page, each page a statement of its own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from graph.errors import StoreUnavailable
from graph.ledger.kinds import Description
from graph.ledger.operations import EdgeKey, Operation
from graph.ledger.personal import Commitment, PersonalValue
from graph.ledger.port import (
    CoverageRow,
    Derived,
    ExternalIdRow,
    KeptEdge,
    Mention,
    Portrait,
    RawRecord,
    RefutationRow,
    Result,
    RunRecord,
    SameAsRow,
    StoredRow,
    Transaction,
    VolatileValue,
)
from graph.model import ClaimId, Commit, CommitNumber, Head, Instant, RowKey, Scope, Uid
from graph.store.sqlite import decisions, finding, inspecting, log, readings, rows, runlog
from graph.store.sqlite.connections import Connect, FileConnections, Lender, MemoryConnection, connect
from graph.store.sqlite.opening import in_memory, prepare
from graph.store.sqlite.transaction import SqliteTransaction
from graph.vocabulary import End

IN_MEMORY: Final = ":memory:"


def open_sqlite(target: str, *, make_connection: Connect = connect) -> SqliteStore:
    """Return the store in a file; one is begun where there is none, or an empty one.

    ``:memory:`` gives a store of its own that is gone when it is closed.
    ``make_connection`` lets a caller watch the statements that run.

    Raises:
        StoreUnavailable: where the place cannot be read or written.
        SchemaUnknown, SchemaTooNew: for a file that this release did not write.
    """
    if target == IN_MEMORY:
        return SqliteStore(MemoryConnection(in_memory(), target), target)
    if not target:
        raise StoreUnavailable("''", "its path is empty")
    path = Path(target).absolute()
    prepare(path, target, make_connection)
    return SqliteStore(FileConnections(path, target, make_connection), target)


class SqliteStore:
    """A store in one SQLite file; safe for threads and processes. Implements ``port.Store``."""

    def __init__(self, connections: Lender, target: str) -> None:
        self._connections = connections
        self._lend = connections.lend
        self._target = target

    @property
    def target(self) -> str:
        """Return the path as it was given."""
        return self._target

    def close(self) -> None:
        """Close the connections; statements that still run end first."""
        self._connections.close()

    def write(self, work: Callable[[Transaction], Result]) -> Result:
        """Run work in one transaction that begins by taking the write lock."""
        with self._lend() as connection:
            return _in_transaction(connection, lambda: work(SqliteTransaction(connection)))

    def head(self) -> Head:
        """Return the newest commit and the length of the run log."""
        with self._lend() as connection:
            return log.head(connection)

    def commits(self, after: CommitNumber, limit: int) -> Sequence[Commit]:
        """Return the commits after a number, in order."""
        with self._lend() as connection:
            return log.commits(connection, after, limit)

    def operations(self, sequence: CommitNumber) -> Sequence[Operation]:
        """Return a commit's operations in order."""
        with self._lend() as connection:
            return log.operations(connection, sequence)

    def newest_at(self, moment: Instant) -> CommitNumber:
        """Return the newest commit recorded at or before a moment, else 0."""
        with self._lend() as connection:
            return log.newest_at(connection, moment)

    def node_rows(self, uids: Collection[Uid], known: CommitNumber) -> Sequence[StoredRow]:
        """Return the node rows about exactly these uids."""
        with self._lend() as connection:
            return rows.node_rows(connection, uids, known)

    def edge_rows(
        self, uids: Collection[Uid], known: CommitNumber, end: End | None = None
    ) -> Sequence[StoredRow]:
        """Return the edge rows that name these uids at an end, or (None) at either."""
        with self._lend() as connection:
            return rows.edge_rows(connection, uids, known, end)

    def edge_rows_between(self, keys: Collection[EdgeKey], known: CommitNumber) -> Sequence[StoredRow]:
        """Return the edge rows about exactly these facts."""
        with self._lend() as connection:
            return rows.edge_rows_between(connection, keys, known)

    def history(self, uid: Uid) -> Sequence[StoredRow]:
        """Return every row about a uid or naming it, oldest first."""
        with self._lend() as connection:
            return rows.history(connection, uid)

    def claim_history(self, claim_id: ClaimId) -> Sequence[StoredRow]:
        """Return every row of a claim, oldest first."""
        with self._lend() as connection:
            return rows.claim_history(connection, claim_id)

    def all_node_rows(self, known: CommitNumber | None) -> Iterator[StoredRow]:
        """Yield all node rows, or for None all ever recorded, ordered by uid in byte order."""
        return rows.all_node_rows(self._lend, known)

    def all_edge_rows(self, known: CommitNumber | None) -> Iterator[StoredRow]:
        """Yield all edge rows, or for None all ever recorded, in the order of their recording."""
        return rows.all_edge_rows(self._lend, known)

    def uids(
        self, known: CommitNumber, *, after: Uid | None, limit: int, text: str | None = None
    ) -> Sequence[Uid]:
        """Return the next uids in byte order, of those that match a text if one is given."""
        with self._lend() as connection:
            return finding.page_of_uids(connection, known, after=after, limit=limit, text=text)

    def scope_rows(
        self, scope: Scope, known: CommitNumber, *, after: RowKey | None, limit: int
    ) -> Sequence[StoredRow]:
        """Return the next rows of a scope, ordered by key."""
        with self._lend() as connection:
            return rows.scope_rows(connection, scope, known, after=after, limit=limit)

    def shared_external_ids(self, known: CommitNumber) -> Sequence[ExternalIdRow]:
        """Return the rows of every external id that more than one uid asserts."""
        with self._lend() as connection:
            return finding.shared_external_ids(connection, known)

    def external_ids_of(self, uids: Collection[Uid], known: CommitNumber) -> Sequence[ExternalIdRow]:
        """Return every external id that these uids assert."""
        with self._lend() as connection:
            return finding.external_ids_of(connection, uids, known)

    def find_external_id(self, scheme: str, value: str, known: CommitNumber) -> Sequence[ExternalIdRow]:
        """Return who asserts an external id."""
        with self._lend() as connection:
            return finding.find_external_id(connection, scheme, value, known)

    def descriptions(self, uids: Collection[Uid], known: CommitNumber) -> Sequence[Description]:
        """Return what the node rows about these uids say of their kinds."""
        with self._lend() as connection:
            return finding.descriptions(connection, uids, known)

    def same_as(self, known: CommitNumber) -> Sequence[SameAsRow]:
        """Return the decisions about identity up to a commit, oldest first."""
        with self._lend() as connection:
            return decisions.same_as(connection, known)

    def refutations(self, known: CommitNumber | None) -> Sequence[RefutationRow]:
        """Return the refutations that stood at a commit, or for None every one ever made."""
        with self._lend() as connection:
            return decisions.refutations(connection, known)

    def coverage(self, known: CommitNumber) -> Sequence[CoverageRow]:
        """Return what all scopes cover, as recorded up to a commit."""
        with self._lend() as connection:
            return decisions.coverage(connection, known)

    def personal(self, commitments: Collection[Commitment]) -> Mapping[Commitment, str]:
        """Return the values behind commitments; erased ones are absent."""
        with self._lend() as connection:
            return finding.personal(connection, commitments)

    def all_personal(self) -> Iterator[PersonalValue]:
        """Yield every personal value that has not been erased."""
        return inspecting.all_personal(self._lend)

    def derived(self) -> Iterator[Derived]:
        """Yield all that is kept of rows to find them by, of rows that ended too."""
        return inspecting.derived(self._lend)

    def names(self) -> Iterator[tuple[Uid, str]]:
        """Yield every uid that was ever named, with the text by which it is searched."""
        return inspecting.names(self._lend)

    def kept_edges(self) -> Iterator[KeptEdge]:
        """Yield nothing: this store keeps all rows in one place."""
        return iter(())

    def portraits(self, after: Uid | None, limit: int) -> Sequence[Portrait]:  # noqa: ARG002  # the port's
        """Return nothing: this store shows no nodes beside their rows."""
        return ()

    def scrub(self) -> bool:
        """Write the file anew without what was erased, and empty its write-ahead log.

        Overwriting what is deleted is not enough: where a page was split before, a copy may
        be left in what then was free. The log is emptied once no reader needs it; where one
        reads on for longer than a writer would wait, the old bytes are still in it.
        """
        with self._lend() as connection:
            connection.execute("PRAGMA temp_store = FILE")  # a large file does not fit into memory
            try:
                connection.execute("VACUUM")
                (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except sqlite3.OperationalError:  # another writer that does not end, or a full disk
                return False
            finally:
                connection.execute("PRAGMA temp_store = MEMORY")
            return not busy

    def add_run(self, record: RunRecord, volatile: Sequence[VolatileValue] = ()) -> int:
        """Append to the run log and return the position."""
        with self._lend() as connection:
            return _in_transaction(connection, lambda: runlog.add_run(connection, record, volatile))

    def add_mentions(self, scope: Scope, mentions: Collection[Mention]) -> None:
        """Keep that a reading of a scope said these again."""
        with self._lend() as connection:
            _in_transaction(connection, lambda: readings.add_mentions(connection, scope, mentions))

    def runs(self, *, before: int | None, limit: int) -> Sequence[RunRecord]:
        """Return the newest runs first."""
        with self._lend() as connection:
            return runlog.runs(connection, before, limit)

    def complete_reads(self) -> Mapping[Scope, Sequence[Instant]]:
        """Return the times of all complete reads by scope, in order."""
        with self._lend() as connection:
            return runlog.complete_reads(connection)

    def volatile(self, uids: Collection[Uid]) -> Sequence[VolatileValue]:
        """Return the newest value of each volatile property of these uids."""
        with self._lend() as connection:
            return runlog.volatile_of(connection, uids)

    def add_raw(self, records: Sequence[RawRecord]) -> Sequence[str]:
        """Keep payloads not yet kept; return the digests that were new."""
        with self._lend() as connection:
            return _in_transaction(connection, lambda: runlog.add_raw(connection, records))

    def raw(self, source: str, group: str) -> Iterator[RawRecord]:
        """Yield a group's retained payloads by (occurred_at, digest)."""
        return runlog.raw(self._lend, source, group)


def _in_transaction(connection: sqlite3.Connection, work: Callable[[], Result]) -> Result:
    connection.execute("BEGIN IMMEDIATE")
    try:
        result = work()
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return result
