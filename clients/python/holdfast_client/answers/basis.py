"""On what an answer stands, and where it ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from holdfast_client.words import Kind


@dataclass(frozen=True, slots=True)
class CommitStamp:
    """A commit of the ledger."""

    hash: str
    recorded_at: datetime | None
    sequence: int


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound that applied to an answer."""

    name: str
    value: float | None


@dataclass(frozen=True, slots=True)
class Truncation:
    """Why an answer stops before its end."""

    complete_to_hops: int | None
    hidden: int | None
    limit: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class UncoveredRelation:
    """A relation that no source covers for some of the nodes looked at."""

    nodes: int
    relation: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """Where finding nothing means that nobody has looked."""

    uncovered_kinds: tuple[Kind, ...]
    uncovered_relations: tuple[UncoveredRelation, ...]


@dataclass(frozen=True, slots=True)
class StaleSource:
    """A source that had not reported within its cadence."""

    cadence: str
    last_reported: datetime | None
    source: str
    stale_since: datetime | None


@dataclass(frozen=True, slots=True)
class Basis:
    """On what an answer stands, and where it ends."""

    as_of: datetime
    bounds: tuple[Bound, ...]
    commit: CommitStamp
    coverage: Coverage
    known_at: CommitStamp
    looked_at: int
    referenced_not_described: int
    rules_version: int
    run_position: int
    stale: tuple[StaleSource, ...]
    truncated: Truncation | None


@dataclass(frozen=True, slots=True)
class Head:
    """Where the ledger stands."""

    commit: CommitStamp
    run_position: int
