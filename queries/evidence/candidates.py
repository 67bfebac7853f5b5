"""Which records count as candidates for a slot: by type and aspect, or because they say so.

An approval can only be given by a decision. A decision that names no aspect approves for
use, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from graph.model import Uid
from graph.slot import Slot
from graph.vocabulary import Kind
from queries.evidence.dated import DatedFacts
from queries.evidence.facts import changes
from queries.evidence.records import Record

APPROVAL: Final = "approval"
DEFAULT_ASPECT: Final = "use"
POSSIBLY_OFFERED: Final = "possibly offered for this slot"


@dataclass(frozen=True, slots=True)
class Matching:
    """A record that matches a slot, and by which rule."""

    record: Record
    rule: str


@dataclass(frozen=True, slots=True)
class Candidates:
    """What is on file for a slot at a date.

    ``undated`` match too, but no source says when they were gathered, so nothing shows
    that they had been by then.
    """

    found: tuple[Matching, ...]
    undated: int


def match(record: Record, slot: Slot, requirement: Uid) -> str | None:
    """Return by which rule a record matches a slot of a requirement; None where it does not."""
    if APPROVAL in slot.types:
        is_approval = record.kind is Kind.DECISION and record.type == APPROVAL
        if is_approval and (record.aspect or DEFAULT_ASPECT) == slot.aspect:
            return "a decision to approve, of this aspect"
        return None
    if record.kind is not Kind.EVIDENCE:
        return None
    offered = (requirement, slot.key)
    if offered in record.satisfies and offered not in record.possibly_satisfies:
        return "offered for this slot"
    if not record.types.isdisjoint(slot.types) and slot.aspect in record.aspects:
        return "of this type and aspect"
    return POSSIBLY_OFFERED if offered in record.satisfies else None


def candidates(dated: DatedFacts, slot: Slot, requirement: Uid, records: Iterable[Record]) -> Candidates:
    """Return the candidates among records about a subject or its versions."""
    found: list[Matching] = []
    undated = 0
    for record in records:
        rule = match(record, slot, requirement)
        dated.horizon.note(dated.facts.boundaries(record.uid))
        for relation in ("ABOUT", "SATISFIES"):
            dated.horizon.note(changes(dated.facts.edges.get((relation, record.uid), ())))
        if rule is None:
            continue
        if record.at is None:
            undated += 1
        elif record.at <= dated.moment:
            found.append(Matching(record, rule))
        else:
            dated.horizon.note([record.at])
    return Candidates(tuple(found), undated)
