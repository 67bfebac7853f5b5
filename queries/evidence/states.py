"""The states that slots, cells and requirements can be in, as closed lists in a fixed order."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final


class SlotState(StrEnum):
    """How it stands with one slot, the worst first.

    OPEN_LINEAGE is what slots come to that ask for inheritance, until paths of
    inheritance are evaluated.
    """

    MISSING = "MISSING"
    REVOKED = "REVOKED"
    CONTESTED = "CONTESTED"
    VERSION_UNKNOWN = "VERSION_UNKNOWN"
    MISMATCH = "MISMATCH"
    STALE = "STALE"
    UNVERIFIED = "UNVERIFIED"
    OPEN_LINEAGE = "OPEN_LINEAGE"
    OK = "OK"


class Applies(StrEnum):
    """Whether a requirement concerns a subject. UNKNOWN is never read as "does not"."""

    APPLIES = "APPLIES"
    UNKNOWN = "UNKNOWN"
    DOES_NOT_APPLY = "DOES_NOT_APPLY"
    NOT_IN_FORCE = "NOT_IN_FORCE"


COUNTED: Final = frozenset({Applies.APPLIES, Applies.UNKNOWN})
"""The cells that a score is taken over."""


class RequirementState(StrEnum):
    """What the slots of a requirement come to together."""

    SATISFIED = "SATISFIED"
    GAP = "GAP"
    NOT_ASSESSABLE = "NOT_ASSESSABLE"


_RANK: Final = {state: rank for rank, state in enumerate(SlotState)}


def rank(state: SlotState) -> int:
    """Return the place of a state, 0 for the worst."""
    return _RANK[state]


def worst(states: Iterable[SlotState]) -> SlotState:
    """Return the worst of some states.

    >>> worst([SlotState.OK, SlotState.STALE, SlotState.MISMATCH])
    <SlotState.MISMATCH: 'MISMATCH'>
    """
    return min(states, key=rank)


def best(states: Iterable[SlotState]) -> SlotState:
    """Return the best of some states."""
    return max(states, key=rank)
