"""Which secrets are known to have leaked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from holdfast_client.answers.basis import Basis
from holdfast_client.answers.nodes import NodeBrief
from holdfast_client.words import Certainty, LeftOutReason


@dataclass(frozen=True, slots=True)
class LeakPlace:
    """A place in which a secret stands."""

    certainty: Certainty
    commit: str | None
    edge: str
    file: str | None
    found_at: datetime | None
    line: int | None
    liveness: str | None
    node: NodeBrief
    rule: str | None
    tool: str | None


@dataclass(frozen=True, slots=True)
class KnownLeak:
    """A secret that was found somewhere."""

    conditions: tuple[str, ...]
    left_out: LeftOutReason | None
    places: tuple[LeakPlace, ...]
    secret: NodeBrief


@dataclass(frozen=True, slots=True)
class CoveringScope:
    """A scope that reports all secrets found in a place."""

    last_read: datetime | None
    scope: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class KnownLeaks:
    """The secrets that are known to have leaked; seeds for a blast radius."""

    basis: Basis
    covered_by: tuple[CoveringScope, ...]
    leaks: tuple[KnownLeak, ...]
    left_out: tuple[KnownLeak, ...]
