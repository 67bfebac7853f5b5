"""What was read in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from holdfast_client.pages import NumberedPages


@dataclass(frozen=True, slots=True)
class RunCounts:
    """What the claims of a run about nodes, or about edges, came to."""

    changed: int
    closed: int
    created: int
    unchanged: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class RunScope:
    """What came of one scope that a run read."""

    closed: int
    complete: bool
    read_at: str
    refused: bool
    scope: str
    why: str | None
    withdrawn: int


@dataclass(frozen=True, slots=True)
class PendingNode:
    """A node that a run mentions and that no source describes."""

    place: str
    uid: str


@dataclass(frozen=True, slots=True)
class RejectedRecord:
    """Something in the input that could not be read."""

    expected: str
    part: str
    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class SkippedCount:
    """Something that a source knowingly does not map."""

    count: int
    what: str


@dataclass(frozen=True, slots=True)
class Run:
    """One run of an ingest job."""

    accepted: int
    commits: int
    edges: RunCounts
    finished_at: datetime | None
    nodes: RunCounts
    pending: int
    pending_nodes: tuple[PendingNode, ...]
    position: int
    read_at: datetime | None
    records_read: int
    rejected: tuple[RejectedRecord, ...]
    rejected_count: int
    run: str
    scopes: tuple[RunScope, ...]
    seconds: float
    skipped: tuple[SkippedCount, ...]
    source: str
    started_at: datetime | None
    state: str
    warnings: tuple[str, ...]
    warnings_not_listed: int


@dataclass(frozen=True, slots=True)
class Runs:
    """A page of the run log, newest first."""

    runs: NumberedPages[Run]
