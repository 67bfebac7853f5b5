"""How judgements are put in words: dates, and the cheapest way to mend each failing slot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from graph.model import Instant, as_text
from graph.slot import Slot
from queries.evidence.states import SlotState
from queries.filters import UNKNOWN


def day(moment: Instant | None) -> str:
    """Return a date in UTC, as people read it."""
    return "an unknown day" if moment is None else as_text(moment)[:10]


def places_in_words(environments: Iterable[str]) -> str:
    """Return environments as people say them.

    >>> places_in_words(["production", "unknown"])
    'production or an unknown environment'
    """
    return " or ".join("an unknown environment" if name == UNKNOWN else name for name in environments)


def wanted(slot: Slot) -> str:
    """Return what a slot asks for, in words."""
    types = " or ".join(name.replace("-", " ").replace("_", " ") for name in slot.types)
    return f"{types} of aspect {slot.aspect}"


REPAIRS: Final[Mapping[SlotState, str]] = {
    SlotState.MISSING: "Put on file: {wanted}, about {subject}{with_digest}.",
    SlotState.REVOKED: "Put on file another {wanted} about {subject}; this one has been revoked.",
    SlotState.CONTESTED: "Mend what failed, and repeat the same check until it passes.",
    SlotState.VERSION_UNKNOWN: "Have a source say which version of {subject} runs, with its digest.",
    SlotState.MISMATCH: "Repeat it for what runs now: {wanted}{with_digest}.",
    SlotState.STALE: "Repeat it: {wanted}, gathered anew.",
    SlotState.UNVERIFIED: "Have a source say what is still open: {because}.",
}

GRAPH_REPAIRS: Final[Mapping[SlotState, str]] = {
    SlotState.STALE: "Do it again, or read the source again that reports it.",
    SlotState.CONTESTED: "Mend what is named: {because}.",
}

NOTHING_HELPS: Final = "Nothing you file helps yet: {because}."


def repair(
    slot: Slot, state: SlotState, subject: str, because: str, *, is_evaluated: bool = True
) -> str | None:
    """Return the cheapest way to mend a slot, None where nothing is to be mended.

    ``is_evaluated`` is False where what is asked for is not evaluated yet.
    """
    if state is SlotState.OK:
        return None
    if not is_evaluated:
        return NOTHING_HELPS.format(because=because)
    table = {**REPAIRS, **GRAPH_REPAIRS} if slot.query else REPAIRS
    with_digest = " that names the digest of the version" if slot.binding == "version" else ""
    return table[state].format(wanted=wanted(slot), subject=subject, because=because, with_digest=with_digest)
