"""The log, read from its beginning: each commit checked, and what its operations leave behind as entries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from graph.ledger.canonical import canonical_text, sha256_hex
from graph.ledger.chain import GENESIS_HASH, fault_in
from graph.ledger.findable import derived_from
from graph.ledger.operations import (
    ClaimEnded,
    ClaimRecorded,
    ClaimRefuted,
    EdgeKey,
    NodesMerged,
    NodesUnmerged,
    Operation,
    PersonalErased,
    RefutationLifted,
    ScopeCovered,
    Subject,
)
from graph.ledger.personal import Commitment, personal_fields
from graph.ledger.port import CoverageRow, RefutationRow, SameAsRow, Store, StoredRow
from graph.ledger.verifying.entry import (
    UNREADABLE,
    Break,
    Broken,
    Entry,
    Table,
    coverage_entry,
    decision_entry,
    derived_entry,
    end_entry,
    lifting_entry,
    read_from,
    readable,
    refutation_entry,
    row_entries,
)
from graph.model import ClaimId, Commit, CommitNumber, Head, Instant, Uid

_PAGE: Final = 500


class Log:
    """The commits of a store up to a head, and what they add up to.

    ``entries`` goes through them, and leaves behind how many there were and when each was
    recorded, which uids their rows name with how many that still stand, what each
    commitment is about, and which of them were erased by which commit.
    """

    def __init__(self, store: Store, head: Head) -> None:
        self._store = store
        self._head = head
        self._begin()

    def _begin(self) -> None:
        self.commits = 0
        self.operations = 0
        self.hash = GENESIS_HASH
        self.recorded_at: dict[CommitNumber, Instant] = {}
        self.named: dict[Uid, int] = {}
        self.commitments: dict[Commitment, tuple[ClaimId, str, CommitNumber]] = {}
        self.erased: dict[Commitment, CommitNumber] = {}
        self._decided = 0
        self._covered = 0
        self._refuted: dict[tuple[ClaimId, str], list[RefutationRow]] = {}

    def entries(self) -> Iterator[Entry]:
        """Yield what the operations say that the tables hold, checking each commit on the way.

        Memory: one commit, a number for each commit and uid, and the commitments.

        Raises:
            Broken: at the first commit that does not fit onto the one before it.
        """
        self._begin()
        for commit, operations in self._checked():
            self.commits, self.hash = commit.sequence, commit.hash
            self.recorded_at[commit.sequence] = commit.recorded_at
            self.operations += len(operations)
            yield from self._entries_of(commit, operations)

    def _checked(self) -> Iterator[tuple[Commit, Sequence[Operation]]]:
        while page := self._page():
            for commit in page:
                if commit.sequence > self._head.sequence:
                    break
                with readable(Table.LOG, commit.sequence):
                    operations = self._store.operations(commit.sequence)
                fault = fault_in(commit, CommitNumber(self.commits + 1), self.hash, operations)
                if fault is not None:
                    raise Broken(Break(Table.LOG, commit.sequence, fault))
                yield commit, operations
            if page[-1].sequence >= self._head.sequence:
                break
        self._check_end()

    def _page(self) -> Sequence[Commit]:
        """Return the next commits: some hundreds, or one where not all of those can be read."""
        after = CommitNumber(self.commits)
        try:
            return self._store.commits(after, _PAGE)
        except UNREADABLE:
            with readable(Table.LOG, CommitNumber(after + 1)):
                return self._store.commits(after, 1)

    def _check_end(self) -> None:
        """Pass if the log ends where the head says, or goes on because somebody is writing."""
        beyond = self._store.commits(CommitNumber(self.commits), 1)
        now = self._store.head()
        is_end = (self._head.sequence, self._head.hash) == (self.commits, self.hash)
        if not is_end or any(commit.sequence > now.sequence for commit in beyond):
            ends = beyond[-1].sequence if is_end else self.commits
            reason = f"the head names commit {self._head.sequence}, the log ends at {ends}"
            raise Broken(Break(Table.LOG, CommitNumber(self.commits + 1), reason))

    def _entries_of(self, commit: Commit, operations: Sequence[Operation]) -> Iterator[Entry]:
        values = self._values(commit.sequence, operations)
        for operation in operations:
            match operation:
                case ClaimRecorded():
                    self._count(operation.about, 1)
                    entries = _recorded(operation, commit, values)
                    yield from read_from(Table.PERSONAL, entries, commit.sequence)
                case ClaimEnded(key, recorded_from, about):
                    self._count(about, -1)
                    yield end_entry(key, recorded_from, commit.sequence)
                case _:
                    yield from self._decided_entries(operation, commit.sequence)

    def _values(self, number: CommitNumber, operations: Sequence[Operation]) -> Mapping[Commitment, str]:
        """Return the personal values of a commit's rows that are still there, noting all commitments."""
        found: list[Commitment] = []
        for o in operations:
            if isinstance(o, ClaimRecorded) and not isinstance(o.about, EdgeKey):
                for field, commitment in personal_fields(o.content):
                    self.commitments.setdefault(commitment, (o.claim_id, field, number))
                    found.append(commitment)
        return self._store.personal(found) if found else {}

    def _count(self, about: Subject, change: int) -> None:
        for uid in _uids(about):
            self.named[uid] = self.named.get(uid, 0) + change

    def _decided_entries(self, operation: Operation, number: CommitNumber) -> Iterator[Entry]:
        match operation:
            case NodesMerged(uids, reason) | NodesUnmerged(uids, reason):
                self._decided += 1
                row = SameAsRow(uids, isinstance(operation, NodesMerged), number, reason)
                yield decision_entry(self._decided, row)
            case ScopeCovered(scope, kinds, relations, read_at, restates):
                self._covered += 1
                covered = CoverageRow(scope, kinds, relations, read_at, number, restates)
                yield coverage_entry(self._covered, covered)
            case ClaimRefuted(claim_id, digest, reason):
                refuted = RefutationRow(claim_id, digest, number, reason)
                self._refuted.setdefault((claim_id, digest), []).append(refuted)
                yield refutation_entry(refuted)
            case RefutationLifted(claim_id, digest, reason):
                for refuted in self._refuted.pop((claim_id, digest), []):
                    yield lifting_entry(replace(refuted, recorded_to=number, lift_reason=reason))
            case PersonalErased(_, commitments):
                self.erased.update((Commitment(commitment), number) for commitment in commitments)
            case _:
                pass


def _recorded(operation: ClaimRecorded, commit: Commit, values: Mapping[Commitment, str]) -> Iterator[Entry]:
    """Yield what a row that begins to stand puts into the tables."""
    content = canonical_text(operation.content)
    row = StoredRow(
        key=operation.key,
        claim_id=operation.claim_id,
        scope=operation.scope,
        about=operation.about,
        valid=operation.valid,
        basis=operation.basis,
        content=content,
        content_digest=sha256_hex(content.encode()),
        locator=operation.locator,
        run=commit.run if operation.said_in is None else operation.run,
        read_at=operation.read_at,
        said_in=commit.sequence if operation.said_in is None else operation.said_in,
        recorded_from=commit.sequence,
    )
    yield from row_entries(row)
    for derived in derived_from(operation, commit.sequence, values):
        yield derived_entry(derived)


def _uids(about: Subject) -> set[Uid]:
    return {about.subject, about.object} if isinstance(about, EdgeKey) else {about}
