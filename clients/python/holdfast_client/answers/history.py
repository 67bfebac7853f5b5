"""What was ever said about a node."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from holdfast_client.answers.basis import Basis
from holdfast_client.answers.nodes import Contested, ExternalId
from holdfast_client.pages import NumberedPages
from holdfast_client.words import Certainty, Origin, ValidFrom, What


@dataclass(frozen=True, slots=True)
class ClaimVersion:
    """One version of a claim."""

    certainty: Certainty
    claim: str
    condition: str | None
    content_digest: str
    erased: tuple[str, ...]
    locator: str | None
    origin: Origin
    read_at: datetime | None
    recorded_from: int
    recorded_to: int | None
    row: str
    run: str | None
    said_in: int
    says: str
    scope: str
    source: str
    supports: tuple[str, ...]
    valid_from: datetime | None
    valid_from_is: ValidFrom
    valid_to: datetime | None


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A value that a claim gives differently than before."""

    after: tuple[str, ...]
    before: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """One thing that one commit did."""

    actor: str
    changes: tuple[ValueChange, ...]
    claim: str | None
    commit: int
    ended: tuple[ClaimVersion, ...]
    reason: str | None
    recorded: tuple[ClaimVersion, ...]
    recorded_at: datetime | None
    refuted: bool
    run: str | None
    said: tuple[ClaimVersion, ...]
    uids: tuple[str, ...]
    what: What


@dataclass(frozen=True, slots=True)
class JoinConflict:
    """A join that external ids suggest and that is not made."""

    external_ids: tuple[ExternalId, ...]
    reason: str
    uids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class History:
    """What was ever said about a node: the newest events in the order of commits.

    Within a commit claims come before decisions: claims by the time from which they hold, then what
    describes a node before its edges, these by relation, subject and object, then by source and
    scope.
    """

    basis: Basis
    conflicts: tuple[JoinConflict, ...]
    contested: tuple[Contested, ...]
    events: NumberedPages[HistoryEvent]
    members: tuple[str, ...]
    uid: str
