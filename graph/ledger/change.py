"""What a caller wants the ledger to record, and what came of each part of it.

A ``Change`` is what somebody says; the plan made of it under the write lock decides
which operations, if any, that comes to.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from graph.errors import HoldfastError
from graph.model import Claim, ClaimId, Commit, Instant, RowKey, RunId, Scope, Uid


@dataclass(frozen=True, slots=True)
class Assert:
    """Say a claim. Without a stated interval it holds from the change's ``read_at``."""

    claim: Claim


@dataclass(frozen=True, slots=True)
class Close:
    """End rows at a time, as a complete read no longer mentions them.

    A row that begins later is taken back. Rows about Evidence and Decisions are left as they are.
    """

    keys: tuple[RowKey, ...]
    at: Instant


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take rows back as if never said: their source now states another history."""

    keys: tuple[RowKey, ...]


@dataclass(frozen=True, slots=True)
class Cover:
    """Say that a scope was read completely, and what it covers from ``read_at`` on.

    With ``complete_at`` that reading is noted beside the chain, also where it covers
    nothing new: together with the step, so that no reading is ended by halves. A reading that
    ``restates`` tells the whole history of what it shows, so that what it shows for the first
    time was covered before it too, since the first of such readings.
    """

    scope: Scope
    kinds: frozenset[str]
    relations: frozenset[str]
    read_at: Instant
    complete_at: Instant | None = None
    restates: bool = False


@dataclass(frozen=True, slots=True)
class Merge:
    """Say that two uids name one thing."""

    uids: tuple[Uid, Uid]
    reason: str


@dataclass(frozen=True, slots=True)
class Unmerge:
    """Say that two uids do not name one thing."""

    uids: tuple[Uid, Uid]
    reason: str


@dataclass(frozen=True, slots=True)
class Refute:
    """Say that a claim is wrong, with what it says now; where it says nothing now, what it said last.

    ``said`` names other content: the key of a row that stands, or a content digest. A
    refutation is of content: whenever the claim says just that, it is wrong.
    """

    claim_id: ClaimId
    reason: str
    said: str | None = None


@dataclass(frozen=True, slots=True)
class LiftRefutation:
    """Take back whatever refutation of this claim stands."""

    claim_id: ClaimId
    reason: str


Step: TypeAlias = Assert | Close | Withdraw | Cover | Merge | Unmerge | Refute | LiftRefutation


@dataclass(frozen=True, slots=True)
class Change:
    """Everything that is to be recorded together, by one actor.

    ``source`` and ``run`` name where it comes from; ``read_at`` is when the source was
    read, needed by assertions that state no time. Where ``whole`` is set nothing is
    recorded unless every step can be. With ``states_history`` the source states all that
    was ever so, so that what it states now outweighs what it stated before, whichever
    reading is newer.
    """

    actor: str
    summary: str
    steps: tuple[Step, ...]
    source: str | None = None
    run: RunId | None = None
    read_at: Instant | None = None
    whole: bool = False
    states_history: bool = False


def completed_by(change: Change) -> list[tuple[Scope, Instant]]:
    """Return the readings that a change ends, each with its time."""
    return [
        (step.scope, step.complete_at)
        for step in change.steps
        if isinstance(step, Cover) and step.complete_at is not None
    ]


class Effect(StrEnum):
    """What a step came to."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    CLOSED = "closed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """What one step came to; ``keys`` are the rows that now carry what it said, ``said`` is its digest.

    ``count`` is the number of rows that a closing or withdrawal ended.
    """

    effect: Effect
    keys: tuple[RowKey, ...] = ()
    count: int = 0
    error: HoldfastError | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change came to: outcomes in the order of its steps; no commit if nothing changed."""

    commit: Commit | None
    steps: tuple[StepOutcome, ...]
