"""What keeps a record that matches a slot from proving it for certain: an edge that is only possible.

A record is tied to a subject by what it is about, and by that being a version of it; and
to a slot by its type and aspect, or by being offered. One way without a possible edge is enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graph.model import Uid
from queries.evidence.candidates import POSSIBLY_OFFERED, Matching
from queries.evidence.dated import DatedFacts
from queries.evidence.records import Record


@dataclass(frozen=True, slots=True)
class Ties:
    """The subject and its versions up to the date: those that may be its own, and those that are."""

    possible: frozenset[Uid]
    certain: frozenset[Uid]

    def is_certain(self, record: Record) -> bool:
        """Return whether a record is about the subject or a version of it, for certain."""
        return bool(record.surely_about & self.certain)


def doubts(
    dated: DatedFacts, matching: Iterable[Matching], offered_for: tuple[Uid, str], ties: Ties
) -> Mapping[Uid, str]:
    """Return for each record that matches only over a possible edge, in words, over which."""
    found: dict[Uid, str] = {}
    for one in matching:
        if not ties.is_certain(one.record):
            found[one.record.uid] = _untied(dated, one.record, ties)
        elif one.rule == POSSIBLY_OFFERED:
            condition = one.record.possibly_satisfies[offered_for]
            found[one.record.uid] = f"it is only possibly offered for this slot{condition}"
    return found


def _untied(dated: DatedFacts, record: Record, ties: Ties) -> str:
    uid = min(record.about & ties.possible)
    label = dated.node(uid).label
    if uid in record.possibly_about:
        return f"it is only possibly about {label}{record.possibly_about[uid]}"
    return f"it is about {label}, which is only possibly a version of it"
