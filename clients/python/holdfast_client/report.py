"""What a run that read something in came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class RecordCounts:
    """How many records were read, went in, and could not be read."""

    read: int
    accepted: int
    rejected: int


@dataclass(frozen=True, slots=True)
class NodeClaims:
    """What claims about nodes came to; ``pending`` nodes are mentioned, and described by no source."""

    created: int
    changed: int
    unchanged: int
    closed: int
    withdrawn: int
    pending: int


@dataclass(frozen=True, slots=True)
class EdgeClaims:
    """What claims about edges came to."""

    created: int
    changed: int
    unchanged: int
    closed: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class CommitsMade:
    """How many commits it made; none where nothing was new."""

    count: int
    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class ScopeRead:
    """What came of one scope; ``why`` says why it was not complete, or why nothing was closed."""

    source: str
    name: str
    read_at: datetime
    complete: bool
    why: str | None
    closed: int
    withdrawn: int
    refused: bool


@dataclass(frozen=True, slots=True)
class Rejection:
    """Something that could not be read."""

    file: str
    position: str
    field: str
    reason: str
    expected: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A node that was mentioned, and where first."""

    uid: str
    place: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """The report of a run. The lists are cut where they are long; the ``..._not_listed`` count the rest."""

    run: str
    source: str
    state: Literal["completed", "partial", "interrupted", "timed_out", "failed"]
    started_at: datetime
    finished_at: datetime
    seconds: float
    records: RecordCounts
    nodes: NodeClaims
    edges: EdgeClaims
    commits: CommitsMade
    scopes: tuple[ScopeRead, ...]
    pending: tuple[Mention, ...]
    pending_not_listed: int
    rejected: tuple[Rejection, ...]
    rejected_not_listed: int
    skipped: Mapping[str, int]
    warnings: tuple[str, ...]
    warnings_not_listed: int
