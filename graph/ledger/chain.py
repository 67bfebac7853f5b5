"""The chain of commits: how one is hashed onto the one before, and whether one fits.

A commit's hash covers its header and the digests of its operations, so that a single
operation can be shown to somebody together with the digests of the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from graph.ledger.canonical import canonical, sha256_hex
from graph.ledger.change import Change
from graph.ledger.operations import Operation, operation_json
from graph.model import Commit, CommitNumber, Head, Instant

GENESIS_HASH: Final = "0" * 64
"""What the first commit names as the one before it."""


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


def fault_in(
    commit: Commit, expected: CommitNumber, previous: str, operations: Sequence[Operation]
) -> str | None:
    """Return why a commit does not fit onto the one before it, None where it does."""
    if commit.sequence != expected:
        return f"commit {expected} is missing"
    if commit.previous != previous:
        return "it does not name the hash of the commit before it"
    if commit.hash != commit_hash(commit):
        return "its header does not give its hash"
    if tuple(map(operation_digest, operations)) != commit.operation_digests:
        return "its operations do not give the digests in its header"
    return None
