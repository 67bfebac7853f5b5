"""The commit log: its head, its headers and its operations."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from graph.ledger.operations import Operation
from graph.model import Commit, CommitNumber, Head, Instant
from graph.store.chunks import CHUNK_BYTES, packed, unpacked
from graph.store.neo4j.database import Run


@dataclass(frozen=True, slots=True)
class Tip:
    """The head, and the relations that relationships of this database have had so far."""

    head: Head
    relations: tuple[str, ...]


def tip(run: Run) -> Tip:
    """Return where the log stands."""
    ((sequence, hash_, recorded_at, runs, relations),) = run("head")
    return Tip(Head(sequence, hash_, recorded_at, runs), tuple(relations))


def write_commit(run: Run, commit: Commit, operations: Sequence[Operation], relations: Sequence[str]) -> None:
    """Write a commit's header and operations, and move the head to it."""
    run(
        "write_commit",
        sequence=commit.sequence,
        previous=commit.previous,
        hash=commit.hash,
        recorded_at=commit.recorded_at,
        actor=commit.actor,
        source=commit.source,
        run=commit.run,
        summary=commit.summary,
    )
    pieces = zip_longest(packed(operations), _digest_pieces(commit.operation_digests))
    numbered = [[part, *piece] for part, piece in enumerate(pieces)]
    run("write_operations", sequence=commit.sequence, pieces=numbered)
    run(
        "move_head",
        sequence=commit.sequence,
        hash=commit.hash,
        recorded_at=commit.recorded_at,
        relations=list(relations),
    )


def commits(run: Run, after: CommitNumber, until: CommitNumber, limit: int) -> Sequence[Commit]:
    """Return the next commits in order, none beyond ``until``."""
    return [
        Commit(
            sequence=sequence,
            previous=previous,
            hash=hash_,
            recorded_at=recorded_at,
            actor=actor,
            source=source,
            run=run_id,
            summary=summary,
            operation_digests=_digests(digests),
        )
        for sequence, previous, hash_, recorded_at, actor, source, run_id, summary, digests in run(
            "commits", after=after, until=until, limit=limit
        )
    ]


def operations(run: Run, sequence: CommitNumber) -> Sequence[Operation]:
    """Return a commit's operations in order."""
    return unpacked(piece for (piece,) in run("operations", sequence=sequence))


def newest_at(run: Run, moment: Instant, until: CommitNumber) -> CommitNumber:
    """Return the newest commit recorded at or before a moment and not beyond ``until``, else 0."""
    found = run("newest_at", moment=moment, until=until)
    return CommitNumber(found[0][0] if found else 0)


def _digest_pieces(digests: Sequence[str]) -> list[bytes]:
    stream = zlib.compress("\n".join(digests).encode())
    return [stream[start : start + CHUNK_BYTES] for start in range(0, len(stream), CHUNK_BYTES)]


def _digests(pieces: Sequence[bytes]) -> tuple[str, ...]:
    return tuple(zlib.decompress(b"".join(pieces)).decode().split())
