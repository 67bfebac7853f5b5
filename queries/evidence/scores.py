"""Scores from counts: roll-ups add cells, they never average percentages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from types import MappingProxyType

from queries.evidence.answer import Cell, Scores
from queries.evidence.states import COUNTED, RequirementState


def scores_of(cells: Iterable[Cell]) -> Scores:
    """Return the scores of some cells. Weights are added exactly, whatever their order."""
    every = list(cells)
    due = [cell for cell in every if cell.applicability.state in COUNTED]
    judged = [cell for cell in due if cell.state is not RequirementState.NOT_ASSESSABLE]
    states = Counter(cell.state for cell in due)
    return Scores(
        complete=_mean([(cell, Fraction(cell.units_ok, cell.units)) for cell in judged]),
        strict=_mean([(c, Fraction(c.state is RequirementState.SATISFIED)) for c in judged]),
        filed=_mean([(cell, Fraction(cell.units_on_file, cell.units)) for cell in judged]),
        cells=MappingProxyType(dict(Counter(cell.applicability.state for cell in every))),
        satisfied=states[RequirementState.SATISFIED],
        gaps=states[RequirementState.GAP],
        not_assessable=states[RequirementState.NOT_ASSESSABLE],
        units=sum(cell.units for cell in judged),
        units_ok=sum(cell.units_ok for cell in judged),
        units_on_file=sum(cell.units_on_file for cell in judged),
        slots=MappingProxyType(dict(Counter(slot.state for cell in judged for slot in cell.slots))),
        not_covered=sum(not slot.is_covered for cell in judged for slot in cell.slots),
    )


def _mean(shares: list[tuple[Cell, Fraction]]) -> float | None:
    """Return the mean of shares by the weights of their requirements, None over nothing."""
    total = sum(Fraction(cell.requirement.weight) for cell, _ in shares)
    if not total:
        return None
    return float(sum(Fraction(cell.requirement.weight) * share for cell, share in shares) / total)
