"""What a deriver reasons from and what it comes to: premises, conclusions, and how several make one.

A conclusion never says more than its premises: it holds while all of them do, and it is
certain only if each is and the rule itself leaves nothing open. The ledger refuses it otherwise
(``graph.ledger.supports``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from graph.ledger.claims import discriminator_of
from graph.ledger.fold import is_certain
from graph.model import ClaimId, ClaimRow, EdgeFacts, Instant, Interval, NodeFacts, Uid
from graph.vocabulary import Certainty


@dataclass(frozen=True, slots=True)
class Premise:
    """A claim's row that something may follow from."""

    claim_id: ClaimId
    valid: Interval
    certain: bool

    @classmethod
    def of(cls, row: ClaimRow) -> Premise:
        """Return a row as a premise."""
        return cls(row.claim_id, row.valid, is_certain(row))


@dataclass(frozen=True, slots=True)
class NodePremise:
    """A description of a node that something may follow from, with what it says."""

    premise: Premise
    facts: NodeFacts

    @property
    def uid(self) -> Uid:
        """Return the uid that its source uses."""
        return self.facts.uid

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a property's texts: one, several or none."""
        value = self.facts.properties.get(name)
        if isinstance(value, str):
            return (value,)
        return tuple(item for item in value if isinstance(item, str)) if isinstance(value, tuple) else ()

    def ids(self, scheme: str) -> tuple[str, ...]:
        """Return its external ids of a scheme."""
        return tuple(sorted(i.value for i in self.facts.external_ids if i.scheme == scheme))


@dataclass(frozen=True, slots=True)
class Conclusion:
    """An edge that follows while its premises hold; ``condition`` says on what a possible one depends."""

    edge: EdgeFacts
    valid: Interval
    certainty: Certainty
    condition: str | None
    supports: tuple[ClaimId, ...]


def conclude(
    edge: EdgeFacts, premises: Sequence[Premise], open_question: str | None = None
) -> Conclusion | None:
    """Return what follows from premises, None where they never hold together.

    ``open_question`` is what the rule leaves open, in words; the conclusion is then possible.
    """
    start = Instant(max(premise.valid.start for premise in premises))
    end = Instant(min(premise.valid.end for premise in premises))
    if start >= end:
        return None
    supports = tuple(sorted({premise.claim_id for premise in premises}))
    condition = open_question
    if condition is None and not all(premise.certain for premise in premises):
        condition = "what it follows from is itself only possible"
    certainty = Certainty.CERTAIN if condition is None else Certainty.POSSIBLE
    return Conclusion(edge, Interval(start, end), certainty, condition, supports)


def narrowed(conclusion: Conclusion, during: Interval) -> Iterator[Conclusion]:
    """Yield a conclusion for the part of its time that lies in another, if any does."""
    if conclusion.valid.overlaps(during):
        start = Instant(max(conclusion.valid.start, during.start))
        end = Instant(min(conclusion.valid.end, during.end))
        yield replace(conclusion, valid=Interval(start, end))


def settled(conclusions: Iterable[Conclusion]) -> Iterator[Conclusion]:
    """Yield for each edge one conclusion at a time: the strongest, with intervals that do not overlap.

    Where several are as strong, the one whose supports come first; in order of the edges.
    """
    found: dict[tuple[str, Uid, Uid, str], list[Conclusion]] = {}
    for conclusion in conclusions:
        edge = conclusion.edge
        key = (edge.relation, edge.subject, edge.object, discriminator_of(edge))
        found.setdefault(key, []).append(conclusion)
    for key in sorted(found):
        yield from _one_at_a_time(found[key])


def _one_at_a_time(several: Sequence[Conclusion]) -> Iterator[Conclusion]:
    if len(several) == 1:
        yield several[0]
        return
    ranked = sorted(several, key=_rank)
    moments = sorted({moment for c in several for moment in (c.valid.start, c.valid.end)})
    current: Conclusion | None = None
    for start, end in pairwise(moments):
        best = next((c for c in ranked if c.valid.holds_at(start)), None)
        piece = None if best is None else replace(best, valid=Interval(start, end))
        if current is not None and piece is not None and _continues(current, piece):
            current = replace(current, valid=Interval(current.valid.start, end))
            continue
        if current is not None:
            yield current
        current = piece
    if current is not None:
        yield current


def _continues(before: Conclusion, after: Conclusion) -> bool:
    """Return whether two pieces say the same and touch, so that they are one row."""
    return before.valid.end == after.valid.start and replace(before, valid=after.valid) == after


def _rank(conclusion: Conclusion) -> tuple[bool, tuple[ClaimId, ...], str, list[str]]:
    certain = conclusion.certainty is Certainty.CERTAIN
    return not certain, conclusion.supports, conclusion.condition or "", sorted(conclusion.edge.marks)
