"""What the ledger asks of a store: rows in, rows out, one lock, and nothing that interprets them.

Two stores implement ``Store``; one conformance suite says what must hold of both.
Everything that gives rows a meaning (planning, folding, identity, coverage) is done
once, in this package, on top of it. Every method that returns rows returns those
that stood at a commit number ``known``: ``recorded_from <= known < recorded_to``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

from graph.ledger.kinds import Description
from graph.ledger.operations import EdgeKey, Operation, Subject
from graph.ledger.personal import Commitment, PersonalValue
from graph.model import (
    OPEN_RECORD,
    Basis,
    ClaimId,
    Commit,
    CommitNumber,
    Head,
    Instant,
    Interval,
    RowKey,
    RunId,
    Scope,
    Uid,
)
from graph.vocabulary import End, Kind

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A claim's row as a store keeps it; ``content`` is canonical JSON with commitments in it.

    ``said_in`` is the commit that first recorded what it says, ``run`` that commit's, and
    ``read_at`` when its source was read; a later commit may have recorded this part of it.
    """

    key: RowKey
    claim_id: ClaimId
    scope: Scope
    about: Subject
    valid: Interval
    basis: Basis
    content: str
    content_digest: str
    locator: str | None
    run: RunId | None
    read_at: Instant | None
    said_in: CommitNumber
    recorded_from: CommitNumber
    recorded_to: CommitNumber = OPEN_RECORD


@dataclass(frozen=True, slots=True)
class ExternalIdRow:
    """One external id that a standing row asserts; several rows may assert the same."""

    scheme: str
    value: str
    uid: Uid
    kind: Kind
    plugin: str
    valid: Interval


@dataclass(frozen=True, slots=True)
class SameAsRow:
    """One decision of a person about two uids; ``same`` is False for an un-merge."""

    uids: tuple[Uid, Uid]
    same: bool
    recorded_from: CommitNumber
    reason: str


@dataclass(frozen=True, slots=True)
class RefutationRow:
    """A refutation, and the commits between which it stood; why it was lifted, if it was."""

    claim_id: ClaimId
    content_digest: str
    recorded_from: CommitNumber
    reason: str
    recorded_to: CommitNumber = OPEN_RECORD
    lift_reason: str | None = None


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """What a scope covers since when, and whether readings from then on restate all.

    Several rows of one scope add up; of whether they restate, the newest up to a reading counts.
    """

    scope: Scope
    kinds: tuple[str, ...]
    relations: tuple[str, ...]
    read_at: Instant
    recorded_from: CommitNumber
    restates: bool


@dataclass(frozen=True, slots=True)
class Mention:
    """That a reading said again what stood already, which makes no commit.

    ``start`` is that of the interval which was stated, and ``said`` the content digest;
    None and empty for what was said without a time. Kept where nothing else tells it: for
    readings that were not complete, and for claims that a complete one does not end.
    """

    claim_id: ClaimId
    start: Instant | None
    said: str
    read_at: Instant


@dataclass(frozen=True, slots=True)
class EndKind:
    """Which kinds an edge claim allows at one of its ends."""

    relation: str
    end: End
    said: Kind | None
    source: str


class DerivedSort(StrEnum):
    """What a store keeps of a row beside the row itself, and ``Derived.said`` for each."""

    KINDS = "kinds"
    """(the kind of the node or of the edge's subject, that of its object), where one of them is said."""

    TEXTS = "texts"
    """(a case-folded text, the commitment behind which it stands if it is personal)."""

    EXTERNAL_IDS = "external_ids"
    """(scheme, value, the commitment behind which the value stands if it is personal)."""


@dataclass(frozen=True, slots=True)
class Derived:
    """One thing that a store keeps of a row to find it by, as it keeps it."""

    sort: DerivedSort
    key: RowKey
    recorded_from: CommitNumber
    said: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Portrait:
    """What a store shows of a node to people who look into it with a tool of the store's own.

    As of ``shown_at`` and the newest commit that touched the node; ``canonical`` is the
    uid that it is shown under, where that is another one.
    """

    uid: Uid
    canonical: Uid | None
    kind: str
    type: str | None
    name: str | None
    described: bool
    shown_at: Instant | None


@dataclass(frozen=True, slots=True)
class KeptEdge:
    """An edge's row, and where it is in a store that keeps what is currently claimed apart from the rest.

    ``ends`` are the nodes that it joins there, the canonical ones of those that its source
    names. ``is_aside`` while it is not with what is currently claimed: because it ended, because it
    was over when it was learned (``is_belated``), or because it is refuted (``is_refuted``).
    ``moves`` are the commits that set a row aside as refuted, brought it back, and so on.
    """

    row: StoredRow
    ends: tuple[Uid, Uid]
    is_aside: bool
    is_belated: bool
    is_refuted: bool
    moves: tuple[CommitNumber, ...]


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A line of the run log; ``report`` is JSON, ``completed`` lists scopes read completely.

    ``position`` is the record's place in the log, from 1.
    """

    position: int
    run: RunId
    source: str
    read_at: Instant | None
    started_at: Instant
    finished_at: Instant
    completed: tuple[Scope, ...]
    report: str


@dataclass(frozen=True, slots=True)
class VolatileValue:
    """A property that changes at every look (last used, last seen); kept beside the chain."""

    uid: Uid
    name: str
    value: str
    observed_at: Instant
    run: RunId


@dataclass(frozen=True, slots=True)
class RawRecord:
    """A retained, redacted payload; ``digest`` is its keyed idempotency hash.

    ``group`` is what the source recomputes as one (for OpenLineage a job), ``occurred_at``
    the payload's own time, ``redacted`` the JSON pointers of what was taken out.
    """

    source: str
    group: str
    digest: str
    occurred_at: Instant
    arrived_at: Instant
    payload: str
    redacted: tuple[str, ...]


class Transaction(Protocol):
    """One write, begun by taking the lock on the head; it sees every commit before it."""

    @property
    def head(self) -> Head:
        """Return the head under the lock."""
        ...

    def rows(self, claim_ids: Collection[ClaimId]) -> Sequence[StoredRow]:
        """Return all standing rows of these claims, in no particular order."""
        ...

    def rows_by_key(self, keys: Collection[RowKey]) -> Sequence[StoredRow]:
        """Return the standing rows with these keys; missing ones are absent."""
        ...

    def descriptions(self, uids: Collection[Uid]) -> Sequence[Description]:
        """Return what every standing node row of these uids says of their kinds, refuted or not."""
        ...

    def end_kinds(self, uids: Collection[Uid]) -> Mapping[Uid, Sequence[EndKind]]:
        """Return, for each uid that standing edge rows mention, the distinct ways those not refuted do."""
        ...

    def complete_reads(self, scope: Scope) -> Sequence[Instant]:
        """Return ``read_at`` of every complete read of a scope, in order of time, none twice.

        Those in the run log, and those that were marked before their run could be logged.
        """
        ...

    def mark_complete(self, scope: Scope, read_at: Instant) -> None:
        """Note beside the chain that a scope was read completely; once is enough."""
        ...

    def mentions(self, scope: Scope, claim_ids: Collection[ClaimId], after: Instant) -> Sequence[Mention]:
        """Return the first mention after a time of each of these claims of a scope, start and content."""
        ...

    def coverage_of(self, scope: Scope) -> Sequence[CoverageRow]:
        """Return what the scope covers so far."""
        ...

    def personal_values(self, claim_ids: Collection[ClaimId]) -> Sequence[PersonalValue]:
        """Return the values behind the commitments of these claims that have not been erased."""
        ...

    def same_as(self) -> Sequence[SameAsRow]:
        """Return all decisions about identity, oldest first."""
        ...

    def refutations(self, claim_ids: Collection[ClaimId]) -> Sequence[RefutationRow]:
        """Return the standing refutations of these claims."""
        ...

    def append(
        self,
        commit: Commit,
        operations: Sequence[Operation],
        personal: Sequence[PersonalValue],
    ) -> None:
        """Write a commit and apply its operations; all of it or, with the transaction, nothing."""
        ...


class Store(Protocol):
    """A ledger's storage. All methods may raise StoreUnavailable."""

    @property
    def target(self) -> str:
        """Return where the store is, without credentials."""
        ...

    def close(self) -> None:
        """Release files and connections; the store is not used afterwards."""
        ...

    def write(self, work: Callable[[Transaction], Result]) -> Result:
        """Run work in one transaction under the write lock and commit it.

        The work may be run again from its beginning when the store asks for a retry; it
        must have no effect but through the transaction. An exception undoes all of it.

        Raises:
            BatchTooLarge: where the store refuses a transaction of that size.
        """
        ...

    def head(self) -> Head:
        """Return the newest commit's number, hash and time, and the length of the run log."""
        ...

    def commits(self, after: CommitNumber, limit: int) -> Sequence[Commit]:
        """Return up to ``limit`` commits with greater numbers, in order, none left out."""
        ...

    def operations(self, sequence: CommitNumber) -> Sequence[Operation]:
        """Return a commit's operations in order; empty for a number that does not exist."""
        ...

    def newest_at(self, moment: Instant) -> CommitNumber:
        """Return the number of the newest commit recorded at or before a moment, else 0."""
        ...

    def node_rows(self, uids: Collection[Uid], known: CommitNumber) -> Sequence[StoredRow]:
        """Return the node rows about exactly these uids."""
        ...

    def edge_rows(
        self, uids: Collection[Uid], known: CommitNumber, end: End | None = None
    ) -> Sequence[StoredRow]:
        """Return the edge rows that name these uids as subject, object, or (None) either."""
        ...

    def edge_rows_between(self, keys: Collection[EdgeKey], known: CommitNumber) -> Sequence[StoredRow]:
        """Return the edge rows about exactly these facts, in the sources' own words."""
        ...

    def history(self, uid: Uid) -> Sequence[StoredRow]:
        """Return every row about a uid or naming it, whenever recorded, oldest first."""
        ...

    def claim_history(self, claim_id: ClaimId) -> Sequence[StoredRow]:
        """Return every row of a claim, whenever recorded, oldest first."""
        ...

    def all_node_rows(self, known: CommitNumber | None) -> Iterator[StoredRow]:
        """Yield all node rows ordered by uid in byte order; reads page by page, memory bounded.

        None is for every row ever recorded, whether or not it stands.
        """
        ...

    def all_edge_rows(self, known: CommitNumber | None) -> Iterator[StoredRow]:
        """Yield all edge rows in a fixed order, or for None all ever recorded; reads page by page."""
        ...

    def uids(
        self, known: CommitNumber, *, after: Uid | None, limit: int, text: str | None = None
    ) -> Sequence[Uid]:
        """Return up to ``limit`` uids greater than ``after`` in byte order, described or mentioned.

        Any row that stood at ``known`` counts, whatever its valid time. With ``text`` (already
        case-folded) only uids of which the uid, or the name, type, an external id or a text
        property of some standing node row, contains it when case-folded.
        """
        ...

    def scope_rows(
        self, scope: Scope, known: CommitNumber, *, after: RowKey | None, limit: int
    ) -> Sequence[StoredRow]:
        """Return up to ``limit`` rows of a scope with greater keys, ordered by key."""
        ...

    def shared_external_ids(self, known: CommitNumber) -> Sequence[ExternalIdRow]:
        """Return the rows of every (scheme, value) that more than one uid asserts."""
        ...

    def external_ids_of(self, uids: Collection[Uid], known: CommitNumber) -> Sequence[ExternalIdRow]:
        """Return every external id that these uids assert."""
        ...

    def find_external_id(self, scheme: str, value: str, known: CommitNumber) -> Sequence[ExternalIdRow]:
        """Return who asserts an external id."""
        ...

    def descriptions(self, uids: Collection[Uid], known: CommitNumber) -> Sequence[Description]:
        """Return what the node rows about exactly these uids say of their kinds, refuted or not."""
        ...

    def same_as(self, known: CommitNumber) -> Sequence[SameAsRow]:
        """Return the decisions about identity up to a commit, oldest first."""
        ...

    def refutations(self, known: CommitNumber | None) -> Sequence[RefutationRow]:
        """Return the refutations that stood at a commit, or for None every one ever made."""
        ...

    def coverage(self, known: CommitNumber) -> Sequence[CoverageRow]:
        """Return what all scopes cover, as recorded up to a commit."""
        ...

    def personal(self, commitments: Collection[Commitment]) -> Mapping[Commitment, str]:
        """Return the canonical JSON values behind commitments; erased ones are absent."""
        ...

    def all_personal(self) -> Iterator[PersonalValue]:
        """Yield every personal value that has not been erased; reads page by page."""
        ...

    def derived(self) -> Iterator[Derived]:
        """Yield all that is kept of rows to find them by, of rows that ended too; reads page by page.

        While somebody writes, what is kept of a row that is ended may come twice.
        """
        ...

    def names(self) -> Iterator[tuple[Uid, str]]:
        """Yield every uid that was ever named, with the text by which it is searched."""
        ...

    def kept_edges(self) -> Iterator[KeptEdge]:
        """Yield all edge rows ever recorded with where they are; reads page by page.

        Nothing where all rows are in one place. While somebody writes, one may come twice or not at all.
        """
        ...

    def portraits(self, after: Uid | None, limit: int) -> Sequence[Portrait]:
        """Return up to ``limit`` portraits with greater uids in byte order; empty where none are drawn."""
        ...

    def scrub(self) -> bool:
        """Make what was erased unreadable in the store's own files; return whether it now is.

        False where that is not in the store's power, or somebody keeps it from it.
        """
        ...

    def add_run(self, record: RunRecord, volatile: Sequence[VolatileValue] = ()) -> int:
        """Append to the run log (``record.position`` is ignored) and return its position."""
        ...

    def add_mentions(self, scope: Scope, mentions: Collection[Mention]) -> None:
        """Keep that a reading of a scope said these again; once is enough, and all have one time.

        Cost: a row for each claim that the reading before this one did not say too.
        """
        ...

    def runs(self, *, before: int | None, limit: int) -> Sequence[RunRecord]:
        """Return the newest runs first, those with smaller positions than ``before``."""
        ...

    def complete_reads(self) -> Mapping[Scope, Sequence[Instant]]:
        """Return ``read_at`` of every complete read by scope, in order of time."""
        ...

    def volatile(self, uids: Collection[Uid]) -> Sequence[VolatileValue]:
        """Return the newest value of each volatile property of these uids."""
        ...

    def add_raw(self, records: Sequence[RawRecord]) -> Sequence[str]:
        """Keep payloads not yet kept (by source and digest); return the digests that were new."""
        ...

    def raw(self, source: str, group: str) -> Iterator[RawRecord]:
        """Yield a group's retained payloads by (occurred_at, digest)."""
        ...
