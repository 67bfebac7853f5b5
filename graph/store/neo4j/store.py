"""The Neo4j store's face to the ledger, and what makes reading beside a writer safe.

The server gives no snapshots: while a commit is being applied, others see parts of it.
Three things make up for that. A commit is only ever spoken of once it is whole: its
writer holds a gate until the server is done, and whoever meets a new head passes the
gate first (``_settle``). Rows of claims are never changed but for the commit that ends
them. And where a row moves, from one relationship to another, readers look at the head
afterwards, and read again if it is not the one they knew to be whole (``_steadily``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Final, TypeVar

from graph.errors import BatchTooLarge, StoreUnavailable
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
    RunRecord,
    SameAsRow,
    StoredRow,
    Transaction,
    VolatileValue,
)
from graph.model import ClaimId, Commit, CommitNumber, Head, Instant, RowKey, Scope, Uid
from graph.store.neo4j import decisions, finding, inspecting, log, paging, readings, runlog
from graph.store.neo4j.database import Database, Run
from graph.store.neo4j.relationships import NotPrepared, schema_of
from graph.store.neo4j.rows import Rows, Scopes
from graph.store.neo4j.statements import FORMERLY
from graph.store.neo4j.transaction import Neo4jTransaction
from graph.vocabulary import End

Result = TypeVar("Result")

_ATTEMPTS: Final = 5
"""How often a read tries to fit between two commits before it takes the lock itself."""


class Neo4jStore:
    """A store in a Neo4j database; it implements ``graph.ledger.port.Store``. Safe between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._scopes = Scopes()
        self._settled = CommitNumber(0)
        self._prepared: frozenset[str] = frozenset()

    @property
    def target(self) -> str:
        """Return the address and the database, without credentials."""
        return self._database.target

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    # Writing

    def write(self, work: Callable[[Transaction], Result]) -> Result:
        """Run work under the lock on the head and commit it; it may be run several times.

        Raises:
            BatchTooLarge: where the server runs out of memory or time over it.
            StoreUnavailable: where another writer holds the lock for too long.
        """

        def locked(run: Run) -> tuple[Result, CommitNumber]:
            transaction = Neo4jTransaction(Rows(run, self._scopes), self._prepared)
            before = transaction.head.sequence
            result = work(transaction)
            if transaction.head.sequence != before:
                run("hold_gate")
            return result, transaction.head.sequence

        while True:
            try:
                result, sequence = self._locked(locked)
            except NotPrepared as needed:
                self._prepare(needed.relations)
            else:
                self._settled = max(self._settled, sequence)
                return result

    def scrub(self) -> bool:
        """Return False: when a server overwrites what it deleted, nobody but its operator can say."""
        return False

    def add_run(self, record: RunRecord, volatile: Sequence[VolatileValue] = ()) -> int:
        """Append to the run log and return the record's position."""
        return self._locked(lambda run: runlog.add_run(run, record, volatile))

    def add_mentions(self, scope: Scope, mentions: Collection[Mention]) -> None:
        """Keep that a reading of a scope said these again."""
        self._locked(lambda run: readings.add_mentions(run, scope, mentions))

    def add_raw(self, records: Sequence[RawRecord]) -> Sequence[str]:
        """Keep payloads not yet kept; return the digests that were new."""
        return self._locked(lambda run: runlog.add_raw(run, records))

    # The log

    def head(self) -> Head:
        """Return the newest commit that is whole, and the length of the run log."""
        head = self._database.read(lambda run: log.tip(run).head)
        if head.sequence > self._settled:
            head = self._settle()
        return head

    def commits(self, after: CommitNumber, limit: int) -> Sequence[Commit]:
        """Return up to ``limit`` commits with greater numbers, in order, none left out."""
        until = self.head().sequence
        return self._database.read(lambda run: log.commits(run, after, until, limit))

    def operations(self, sequence: CommitNumber) -> Sequence[Operation]:
        """Return a commit's operations in order; empty for a number that does not exist."""
        if sequence > self.head().sequence:
            return []
        return self._database.read(lambda run: log.operations(run, sequence))

    def newest_at(self, moment: Instant) -> CommitNumber:
        """Return the number of the newest commit recorded at or before a moment, else 0."""
        until = self.head().sequence
        return self._database.read(lambda run: log.newest_at(run, moment, until))

    # Rows

    def node_rows(self, uids: Collection[Uid], known: CommitNumber) -> Sequence[StoredRow]:
        """Return the node rows about exactly these uids."""
        return self._read(known, lambda rows: rows.node_rows(uids, known))

    def edge_rows(
        self, uids: Collection[Uid], known: CommitNumber, end: End | None = None
    ) -> Sequence[StoredRow]:
        """Return the edge rows that name these uids as subject, object, or (None) either."""
        return self._steadily(known, lambda rows: rows.edge_rows(uids, known, end))

    def edge_rows_between(self, keys: Collection[EdgeKey], known: CommitNumber) -> Sequence[StoredRow]:
        """Return the edge rows about exactly these facts, in the sources' own words."""
        return self._steadily(known, lambda rows: rows.edge_rows_between(keys, known))

    def history(self, uid: Uid) -> Sequence[StoredRow]:
        """Return every row about a uid or naming it, whenever recorded, oldest first."""
        known = self.head().sequence
        found = self._steadily(
            known, lambda rows: [*rows.node_rows([uid], None), *rows.edge_rows([uid], None)]
        )
        return _oldest_first(found, known)

    def claim_history(self, claim_id: ClaimId) -> Sequence[StoredRow]:
        """Return every row of a claim, whenever recorded, oldest first."""
        known = self.head().sequence
        found = self._steadily(known, lambda rows: rows.of_claims([claim_id], _types(rows), standing=False))
        return _oldest_first(found, known)

    def all_node_rows(self, known: CommitNumber | None) -> Iterator[StoredRow]:
        """Yield all node rows, or for None all ever recorded, by uid in byte order; reads page by page."""
        at = self._at(known)
        return paging.all_node_rows(lambda work: self._read(at, work), known)

    def all_edge_rows(self, known: CommitNumber | None) -> Iterator[StoredRow]:
        """Yield all edge rows by relation and key, those no longer typed last; reads page by page.

        For None all that were ever recorded.
        """
        at = self._at(known)
        relations = self._read(at, lambda rows: log.tip(rows.run).relations)
        return paging.all_edge_rows(lambda work: self._steadily(at, work), relations, known)

    def uids(
        self, known: CommitNumber, *, after: Uid | None, limit: int, text: str | None = None
    ) -> Sequence[Uid]:
        """Return up to ``limit`` uids greater than ``after`` in byte order, described or mentioned."""
        return self._steadily(
            known,
            lambda rows: finding.page_of_uids(rows.run, known, after=after, limit=limit, text=text),
        )

    def scope_rows(
        self, scope: Scope, known: CommitNumber, *, after: RowKey | None, limit: int
    ) -> Sequence[StoredRow]:
        """Return up to ``limit`` rows of a scope with greater keys, ordered by key."""
        return self._steadily(
            known, lambda rows: rows.of_scope(scope, known, _types(rows), after=after, limit=limit)
        )

    # Identity, decisions, coverage

    def shared_external_ids(self, known: CommitNumber) -> Sequence[ExternalIdRow]:
        """Return the rows of every (scheme, value) that more than one uid asserts."""
        return self._read(known, lambda rows: finding.shared_external_ids(rows, known))

    def external_ids_of(self, uids: Collection[Uid], known: CommitNumber) -> Sequence[ExternalIdRow]:
        """Return every external id that these uids assert."""
        return self._read(known, lambda rows: finding.external_ids_of(rows, uids, known))

    def find_external_id(self, scheme: str, value: str, known: CommitNumber) -> Sequence[ExternalIdRow]:
        """Return who asserts an external id."""
        return self._read(known, lambda rows: finding.find_external_id(rows, scheme, value, known))

    def descriptions(self, uids: Collection[Uid], known: CommitNumber) -> Sequence[Description]:
        """Return what the node rows about these uids say of their kinds."""
        return self._read(known, lambda rows: finding.descriptions(rows, uids, known))

    def same_as(self, known: CommitNumber) -> Sequence[SameAsRow]:
        """Return the decisions about identity up to a commit, oldest first."""
        return self._read(known, lambda rows: decisions.same_as(rows, known))

    def refutations(self, known: CommitNumber | None) -> Sequence[RefutationRow]:
        """Return the refutations that stood at a commit, or for None every one ever made."""
        return self._read(self._at(known), lambda rows: decisions.refutations(rows, known))

    def coverage(self, known: CommitNumber) -> Sequence[CoverageRow]:
        """Return what all scopes cover, as recorded up to a commit."""
        return self._read(known, lambda rows: decisions.coverage(rows, known))

    def personal(self, commitments: Collection[Commitment]) -> Mapping[Commitment, str]:
        """Return the canonical JSON values behind commitments; erased ones are absent."""
        return self._database.read(lambda run: finding.personal(run, commitments))

    # Everything beside rows, to be held against the log

    def all_personal(self) -> Iterator[PersonalValue]:
        """Yield every personal value that has not been erased."""
        return inspecting.all_personal(self._database)

    def derived(self) -> Iterator[Derived]:
        """Yield all that is kept of rows to find them by, of rows that ended too."""
        relations = self._database.read(lambda run: log.tip(run).relations)
        return inspecting.derived(self._database, (*relations, FORMERLY))

    def names(self) -> Iterator[tuple[Uid, str]]:
        """Yield every uid that was ever named, with the text by which it is searched."""
        return inspecting.names(self._database)

    def kept_edges(self) -> Iterator[KeptEdge]:
        """Yield all edge rows ever recorded with where they are."""
        known = self.head().sequence
        types = self._read(known, _types)
        return paging.kept_edges(lambda work: self._steadily(known, work), types)

    def portraits(self, after: Uid | None, limit: int) -> Sequence[Portrait]:
        """Return up to ``limit`` portraits with greater uids in byte order."""
        known = self.head().sequence
        return self._steadily(known, lambda rows: inspecting.portraits(rows.run, after, limit))

    # The run log and retained payloads

    def runs(self, *, before: int | None, limit: int) -> Sequence[RunRecord]:
        """Return the newest runs first, those with smaller positions than ``before``."""
        return self._database.read(lambda run: runlog.runs(run, before, limit))

    def complete_reads(self) -> Mapping[Scope, Sequence[Instant]]:
        """Return the times of every complete read by scope, in order of time."""
        return self._database.read(lambda run: runlog.complete_reads(Rows(run, self._scopes)))

    def volatile(self, uids: Collection[Uid]) -> Sequence[VolatileValue]:
        """Return the newest value of each volatile property of these uids."""
        return self._database.read(lambda run: runlog.volatile_of(run, uids))

    def raw(self, source: str, group: str) -> Iterator[RawRecord]:
        """Yield a group's retained payloads by (occurred_at, digest)."""
        return runlog.raw(self._database, source, group)

    # Between readers and writers

    def _locked(self, work: Callable[[Run], Result]) -> Result:
        """Run work in a write transaction whose first statement takes the lock on the head."""

        def locked(run: Run) -> Result:
            try:
                run("lock_head")
            except BatchTooLarge as error:
                raise StoreUnavailable(self.target, "another writer holds its lock for too long") from error
            return work(run)

        return self._database.write(locked)

    def _prepare(self, relations: frozenset[str]) -> None:
        for relation in sorted(relations):
            self._database.make(schema_of(relation))
        self._prepared |= relations

    def _settle(self) -> Head:
        """Wait for a commit that is being applied, and return the head that is then whole."""

        def beyond_the_gate(run: Run) -> Head:
            run("hold_gate")
            return log.tip(run).head

        head = self._database.write(beyond_the_gate)
        self._settled = max(self._settled, head.sequence)
        return head

    def _at(self, known: CommitNumber | None) -> CommitNumber:
        """Return the commit up to which a reading needs what is kept to be whole."""
        return self.head().sequence if known is None else known

    def _read(self, known: CommitNumber, work: Callable[[Rows], Result]) -> Result:
        """Return what the work reads of rows that never move."""
        if known > self._settled:
            self._settle()
        return self._database.read(lambda run: work(Rows(run, self._scopes)))

    def _steadily(self, known: CommitNumber, work: Callable[[Rows], Result]) -> Result:
        """Return what the work reads while no commit is applied."""

        def and_head(rows: Rows) -> tuple[Result, CommitNumber]:
            return work(rows), log.tip(rows.run).head.sequence

        for _ in range(_ATTEMPTS):
            before = self._settled
            result, after = self._read(known, and_head)
            if after == before:
                return result
            self._settle()
        return self._locked(lambda run: work(Rows(run, self._scopes)))


def _types(rows: Rows) -> tuple[str, ...]:
    return (*log.tip(rows.run).relations, FORMERLY)


def _oldest_first(rows: Sequence[StoredRow], known: CommitNumber) -> list[StoredRow]:
    whole = [row for row in rows if row.recorded_from <= known]
    return sorted(whole, key=lambda row: (row.recorded_from, row.key))
