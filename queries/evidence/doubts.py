"""What keeps a record that matches a slot from counting for certain: an edge that is only possible.

A record is tied to a subject by what it is about, and by that being a version of it; and
to a slot by its type and aspect, or by being offered. One way without a possible edge is enough.
It is withdrawn by a decision to revoke it, for certain where that is certainly about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graph.model import Uid
from queries.evidence.candidates import POSSIBLY_OFFERED, Matching
from queries.evidence.dated import DatedFacts
from queries.evidence.records import Record, Records


@dataclass(frozen=True, slots=True)
class Ties:
    """The subject and its versions up to the date: those that may be its own, and those that are."""

    possible: frozenset[Uid]
    certain: frozenset[Uid]

    def is_certain(self, record: Record) -> bool:
        """Return whether a record is about the subject or a version of it, for certain."""
        return bool(record.surely_about & self.certain)


@dataclass(frozen=True, slots=True)
class Revocations:
    """The records that are revoked at a date, and those that only may be, with on what that depends.

    A failure is never possibly revoked: it stands until it is withdrawn for certain.
    """

    certain: frozenset[Uid]
    possible: Mapping[Uid, str]

    @property
    def any(self) -> frozenset[Uid]:
        """Return every record that does not stand for certain."""
        return self.certain | self.possible.keys()


def revocations_of(dated: DatedFacts, records: Records, asked: Iterable[Record]) -> Revocations:
    """Return which of some records a decision had revoked by the date."""
    certain, possible = set[Uid](), dict[Uid, str]()
    for record in asked:
        for decision in records.decisions("revocation", frozenset({record.uid})):
            if decision.at is not None and decision.at > dated.moment:
                dated.horizon.note([decision.at])
            elif decision.at is not None and record.uid in decision.surely_about:
                certain.add(record.uid)
            elif decision.at is not None and not record.failed:
                possible[record.uid] = decision.possibly_about[record.uid]
    return Revocations(frozenset(certain), possible)


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
