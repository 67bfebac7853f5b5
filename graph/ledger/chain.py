"""The chain of commits: how one is hashed onto the one before, and how the whole is verified.

A commit's hash covers its header and the digests of its operations, so that a single
operation can be shown to somebody together with the digests of the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from graph.ledger.canonical import canonical, sha256_hex
from graph.ledger.change import Change
from graph.ledger.operations import Operation, operation_json
from graph.ledger.port import Store
from graph.model import Commit, CommitNumber, Head, Instant

GENESIS_HASH: Final = "0" * 64
"""What the first commit names as the one before it."""

_PAGE: Final = 500


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
    """Recompute every digest of the chain and return the first break, if there is one.

    Cost: reads the whole log once, a page of commits at a time.
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
    return ChainReport(number, operations, previous)


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
