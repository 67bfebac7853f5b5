"""Walking within bounds, and saying honestly where and why a walk was cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from graph.walk.bounds import Bounds, CutBy, Truncation
from graph.walk.ground import Frontier, Ground
from graph.walk.layers import CertainLayer, Halt, Reach, ends_there, least_level_over, reach_within
from graph.walk.tables import Turned

Clock: TypeAlias = Callable[[], float]
"""Seconds on a clock that never goes back."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was reached, why it is not all, and how many states of it are to be shown (None: all)."""

    reach: Reach
    truncation: Truncation | None
    most_states: int | None = None


def reach_bounded(ground: Ground, turned: Turned, seeds: Frontier, bounds: Bounds, clock: Clock) -> Outcome:
    """Return what the seeds reach within some bounds.

    If the result within `max_hops` has no more than `max_states` states it is the answer. Else
    the answer is the result within the fewest hops that has more, with its last level to be cut.
    Certain steps may take half of `max_seconds`; a level once begun is finished, and where the
    time runs out among possible steps the shorter result is walked again, so an answer may take
    up to about twice as long.
    """
    begun, most_states = clock(), bounds.max_states

    def late(share: float) -> bool:
        return bounds.max_seconds is not None and clock() - begun >= share * bounds.max_seconds

    layer = CertainLayer.begun(ground, turned, seeds)
    hops, reason = bounds.max_hops, CutBy.HOPS
    while hops is None or len(layer.levels) <= hops:
        if most_states is not None and layer.states > most_states:
            return _cut_by_states(layer, most_states, seeds)
        if late(0.5):
            hops, reason = len(layer.levels) - 1, CutBy.SECONDS
        elif not layer.advance():
            break
    reach, halt = reach_within(layer, hops, most_states=most_states, late=lambda: late(1.0))
    if halt is Halt.LATE:
        hops, reason = reach.last, CutBy.SECONDS
        reach, halt = reach_within(layer, hops, most_states=most_states)
    if most_states is not None and halt is Halt.TOO_MANY:
        return _cut_by_states(layer, most_states, seeds)
    whole = halt is Halt.ENDED or ends_there(layer, reach)
    return Outcome(reach, None if whole else Truncation(reason, reach.last))


def _cut_by_states(layer: CertainLayer, most_states: int, seeds: Frontier) -> Outcome:
    reach = least_level_over(layer, most_states, seeds)
    return Outcome(reach, Truncation(CutBy.STATES, reach.last - 1), most_states)
