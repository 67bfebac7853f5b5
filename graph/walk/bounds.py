"""What a walk may be told: how far, which way, without what; and how it says that it was cut."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from graph.errors import InvalidQuestion
from graph.model import EdgeId, Uid


class Direction(StrEnum):
    """Which way harm is followed: to what it leads to, or back to what could lead to it."""

    FORWARD = "forward"
    BACKWARD = "backward"


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far a walk goes; None is without bound.

    Hops and states cut at exact places, the same on every machine; seconds cut after the last
    whole level that fits and so depend on the machine.

    Raises:
        InvalidQuestion: for a bound that leaves nothing, such as a negative number.
    """

    max_hops: int | None = None
    max_states: int | None = None
    max_seconds: float | None = None

    def __post_init__(self) -> None:
        """Refuse bounds that leave no room for an answer."""
        if self.max_hops is not None and self.max_hops < 0:
            raise InvalidQuestion("max_hops", f"{self.max_hops} is negative", "0 or more hops")
        if self.max_states is not None and self.max_states < 1:
            raise InvalidQuestion("max_states", f"{self.max_states} leaves no answer", "1 or more states")
        if self.max_seconds is not None and not self.max_seconds > 0:
            raise InvalidQuestion("max_seconds", f"{self.max_seconds} leaves no time", "more than 0 seconds")


UNBOUNDED: Final = Bounds()


class CutBy(StrEnum):
    """The bound that cut an answer short."""

    HOPS = "max_hops"
    STATES = "max_states"
    SECONDS = "max_seconds"
    FAN_OUT = "max_fan_out"


@dataclass(frozen=True, slots=True)
class Truncation:
    """Why an answer is not whole, and up to how many hops it is.

    `complete_to_hops` is -1 where even the beginnings did not fit.
    """

    reason: CutBy
    complete_to_hops: int


@dataclass(frozen=True, slots=True)
class EdgeBetween:
    """Edges by what they say: all of one relation between two canonical uids."""

    relation: str
    subject: Uid
    object: Uid


@dataclass(frozen=True, slots=True)
class Without:
    """What a what-if question takes away: nodes by canonical uid, edges by id or by what they say."""

    nodes: frozenset[Uid] = frozenset()
    edges: frozenset[EdgeId] = frozenset()
    between: frozenset[EdgeBetween] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.nodes or self.edges or self.between)


NOTHING: Final = Without()
