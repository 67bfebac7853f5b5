"""The chain of commits: how one is hashed onto the one before, and how the whole is verified.

A commit's hash covers its header and the digests of its operations, so that a single
operation can be shown to somebody together with the digests of the others.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from graph.ledger.canonical import canonical, sha256_hex
from graph.ledger.change import Change
from graph.ledger.claims import content_digest_of
from graph.ledger.operations import ClaimEnded, ClaimRecorded, Operation, operation_json
from graph.ledger.port import Store
from graph.model import Commit, CommitNumber, Head, Instant, Interval, RowKey

GENESIS_HASH: Final = "0" * 64
"""What the first commit names as the one before it."""

_PAGE: Final = 500

_Recorded: TypeAlias = tuple[CommitNumber, Interval, str]
"""What the log says of a standing row: its commit, its interval, its content's digest."""


def commit_after(head: Head, change: Change, operations: Sequence[Operation], moment: Instant) -> Commit:
    """Return the commit that records operations on top of a head.

    It is recorded at ``moment``, or one millisecond after the head if the clock has
    not moved on since: recorded times never run backwards.
    """
    commit = Commit(
        sequence=CommitNumber(head.sequence + 1),
        previous=head.hash,
        hash="",
        recorded_at=Instant(max(moment, head.recorded_at + 1)),
        actor=change.actor,
        source=change.source,
        run=change.run,
        summary=change.summary,
        operation_digests=tuple(operation_digest(operation) for operation in operations),
    )
    return replace(commit, hash=commit_hash(commit))


def operation_digest(operation: Operation) -> str:
    """Return the SHA-256 of an operation's canonical form."""
    return sha256_hex(canonical(operation_json(operation)))


def commit_hash(commit: Commit) -> str:
    """Return the SHA-256 of a commit's header with its operations' digests."""
    return sha256_hex(
        canonical(
            {
                "seq": commit.sequence,
                "previous": commit.previous,
                "recorded_at": commit.recorded_at,
                "actor": commit.actor,
                "source": commit.source,
                "run": commit.run,
                "summary": commit.summary,
                "operations": list(commit.operation_digests),
            }
        )
    )


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What verifying the chain found; ``broken_at`` is the first commit that does not fit, if any."""

    commits: int
    operations: int
    head: str
    broken_at: CommitNumber | None = None
    reason: str | None = None

    @property
    def intact(self) -> bool:
        """Return whether every commit fits."""
        return self.broken_at is None


def verify_chain(store: Store) -> ChainReport:
    """Recompute every digest of the chain, hold the standing rows against it, and return the first break.

    Cost: reads the whole log twice and every standing row once; memory for a digest a row.
    """
    previous, number, operations = GENESIS_HASH, 0, 0
    while page := store.commits(CommitNumber(number), _PAGE):
        for commit in page:
            reason = _fault(commit, number + 1, previous, store)
            if reason:
                return ChainReport(number, operations, previous, commit.sequence, reason)
            previous, number = commit.hash, commit.sequence
            operations += len(commit.operation_digests)
    head = store.head()
    if (head.sequence, head.hash) != (number, previous):
        reason = f"the head names commit {head.sequence}, the log ends at {number}"
        return ChainReport(number, operations, previous, CommitNumber(number + 1), reason)
    altered = _altered_row(store, CommitNumber(number))
    if altered is not None:
        return ChainReport(number, operations, previous, *altered)
    return ChainReport(number, operations, previous)


def _altered_row(store: Store, known: CommitNumber) -> tuple[CommitNumber, str] | None:
    """Return which commit's row is not as the log has it; answers are read from rows, not from the log."""
    recorded: dict[RowKey, _Recorded] = {}
    for number in range(1, known + 1):
        for operation in store.operations(CommitNumber(number)):
            if isinstance(operation, ClaimRecorded):
                digest = content_digest_of(operation.content)
                recorded[operation.key] = (CommitNumber(number), operation.valid, digest)
            elif isinstance(operation, ClaimEnded):
                recorded.pop(operation.key, None)
    for row in (*store.all_node_rows(known), *store.all_edge_rows(known)):
        digest = content_digest_of(json.loads(row.content))
        if recorded.pop(row.key, None) != (row.recorded_from, row.valid, digest):
            return row.recorded_from, f"its row {row.key} is not as the log recorded it"
    for key, (number, _, _) in recorded.items():
        return number, f"its row {key} is gone from the store"
    return None


def _fault(commit: Commit, expected: int, previous: str, store: Store) -> str | None:
    if commit.sequence != expected:
        return f"commit {expected} is missing"
    if commit.previous != previous:
        return "it does not name the hash of the commit before it"
    if commit.hash != commit_hash(commit):
        return "its header does not give its hash"
    digests = tuple(operation_digest(operation) for operation in store.operations(commit.sequence))
    if digests != commit.operation_digests:
        return "its operations do not give the digests in its header"
    return None
