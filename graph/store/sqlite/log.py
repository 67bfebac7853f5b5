"""The commit log: its head, its headers and its operations."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Sequence

from graph.ledger.operations import Operation
from graph.model import Commit, CommitNumber, Head, Instant
from graph.store.chunks import packed, unpacked


def head(connection: sqlite3.Connection) -> Head:
    """Return the newest commit and the length of the run log, both of one moment."""
    found = connection.execute(
        "SELECT sequence, hash, recorded_at, (SELECT coalesce(max(position), 0) FROM runs) FROM head"
    )
    return Head(*found.fetchone())


def write_commit(connection: sqlite3.Connection, commit: Commit, operations: Sequence[Operation]) -> None:
    """Write a commit's header and operations, and move the head to it."""
    digests = zlib.compress("\n".join(commit.operation_digests).encode())
    connection.execute(
        "INSERT INTO commits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            commit.sequence,
            commit.previous,
            commit.hash,
            commit.recorded_at,
            commit.actor,
            commit.source,
            commit.run,
            commit.summary,
            digests,
        ),
    )
    connection.executemany(
        "INSERT INTO operations VALUES (?, ?, ?)",
        [(commit.sequence, part, piece) for part, piece in enumerate(packed(operations))],
    )
    connection.execute(
        "UPDATE head SET sequence = ?, hash = ?, recorded_at = ?",
        (commit.sequence, commit.hash, commit.recorded_at),
    )


def commits(connection: sqlite3.Connection, after: CommitNumber, limit: int) -> Sequence[Commit]:
    """Return the next commits in order."""
    found = connection.execute(
        """
        SELECT sequence, previous, hash, recorded_at, actor, source, run, summary, digests
        FROM commits WHERE sequence > ? ORDER BY sequence LIMIT ?
        """,
        (after, limit),
    )
    return [
        Commit(
            sequence=sequence,
            previous=previous,
            hash=hash_,
            recorded_at=recorded_at,
            actor=actor,
            source=source,
            run=run,
            summary=summary,
            operation_digests=_digests(digests),
        )
        for sequence, previous, hash_, recorded_at, actor, source, run, summary, digests in found.fetchall()
    ]


def operations(connection: sqlite3.Connection, sequence: CommitNumber) -> Sequence[Operation]:
    """Return a commit's operations in order."""
    found = connection.execute("SELECT bytes FROM operations WHERE sequence = ? ORDER BY part", (sequence,))
    return unpacked(piece for (piece,) in found.fetchall())


def newest_at(connection: sqlite3.Connection, moment: Instant) -> CommitNumber:
    """Return the newest commit recorded at or before a moment, else 0."""
    found = connection.execute(
        "SELECT coalesce(max(sequence), 0) FROM commits WHERE recorded_at <= ?", (moment,)
    )
    (sequence,) = found.fetchone()
    return CommitNumber(sequence)


def _digests(stored: bytes) -> tuple[str, ...]:
    return tuple(zlib.decompress(stored).decode().split())
