"""The two layers of a forest: what is certain, and what is possible and grows out of it.

Both are walked level by level. The certain layer is a plain breadth-first walk over certain
steps. The possible layer then starts everywhere in it: a possible state has one hop more than
the least hops shown by any state that leads to it by any step, so a level of it is fed by both
layers' level before.

A *result within L hops* takes only the first L levels of the certain layer, and is itself cut
at L hops: certainty is certainty within the bound. A state that is certain only further away is
possible there, so a result within L hops is not the beginning of the one within L + 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TypeAlias

import numpy as np

from graph.topology.arrays import Bytes
from graph.walk.ground import NOWHERE, Frontier, Ground, union
from graph.walk.tables import Turned

Late: TypeAlias = Callable[[], bool]
"""Says whether the time is up; asked between levels."""


def never() -> bool:
    """Return False: a walk that may take its time."""
    return False


@dataclass(eq=False)
class CertainLayer:
    """The certain layer as far as it has been walked; `levels[h]` became certain at `h` hops.

    `found[h]` is the part of that level that edges lead to, before what follows on the nodes.
    """

    ground: Ground
    turned: Turned
    reached: Bytes
    levels: list[Frontier] = field(default_factory=list[Frontier])
    found: list[Frontier] = field(default_factory=list[Frontier])
    done: bool = False
    states: int = 0

    @classmethod
    def begun(cls, ground: Ground, turned: Turned, seeds: Frontier) -> CertainLayer:
        """Return the layer with its level 0: the seeds and what is certain to follow on them."""
        reached = np.zeros(ground.topology.node_count, dtype=np.uint8)
        layer = cls(ground, turned, reached)
        layer._add(seeds)
        return layer

    def _add(self, found: Frontier) -> None:
        level = self.ground.spread_on_nodes(found, self.turned.on_node.certain, self.reached)
        self.reached[level.nodes] |= level.bits
        self.found.append(found)
        self.levels.append(level)
        self.states += level.states

    def advance(self) -> bool:
        """Walk one level further; False if there is nothing there."""
        if not self.done:
            found = self.ground.step(self.levels[-1], self.turned.certain, self.reached)
            if len(found.nodes):
                self._add(found)
            else:
                self.done = True
        return not self.done

    def advance_to(self, hops: int) -> None:
        """Walk until the level of so many hops is there, or nothing more is."""
        while len(self.levels) <= hops and self.advance():
            pass

    def within(self, hops: int | None) -> tuple[Sequence[Frontier], Bytes]:
        """Return the levels up to so many hops, and what they reach at each node."""
        if hops is None or hops >= len(self.levels) - 1:
            return self.levels, self.reached
        levels = self.levels[: hops + 1]
        reached = np.zeros_like(self.reached)
        for level in levels:
            reached[level.nodes] |= level.bits
        return levels, reached


@dataclass(frozen=True, eq=False)
class Reach:
    """A result within some hops: the two layers, level by level.

    `last` is the last level that is there. `found_last` is the part of each layer's last level
    that edges lead to, before what follows on the nodes.
    """

    certain: Sequence[Frontier]
    possible: Sequence[Frontier]
    last: int
    found_last: tuple[Frontier, Frontier]

    @property
    def states(self) -> int:
        """Return how many states there are."""
        return sum(level.states for level in (*self.certain, *self.possible))


@dataclass(eq=False)
class PossibleLayer:
    """The possible layer over some levels of the certain one, walked level by level."""

    ground: Ground
    turned: Turned
    certain: Sequence[Frontier]
    certain_reached: Bytes
    levels: list[Frontier] = field(default_factory=list[Frontier])
    found_last: Frontier = NOWHERE
    states: int = 0

    def __post_init__(self) -> None:
        """Begin with level 0: what may follow on the seeds themselves."""
        self.blocked = self.certain_reached.copy()
        self._add(NOWHERE)

    def _certain_at(self, hops: int) -> Frontier:
        return self.certain[hops] if hops < len(self.certain) else NOWHERE

    def _add(self, found: Frontier) -> None:
        """Close a level on its nodes, with what its certain states may bring there, and keep it."""
        implied = self.turned.on_node.every
        certain = self._certain_at(len(self.levels))
        beside = implied[self.ground.classes[certain.nodes], certain.bits] & ~self.blocked[certain.nodes]
        both = union(found, Frontier(certain.nodes, beside))
        self.found_last = both
        level = self.ground.spread_on_nodes(both, implied, self.blocked)
        self.blocked[level.nodes] |= level.bits
        self.levels.append(level)
        self.states += level.states

    def sources(self, hops: int) -> Frontier:
        """Return all states shown with so many hops, of both layers."""
        return union(self._certain_at(hops), self.levels[hops])

    def advance(self) -> bool:
        """Walk one level further; False if nothing is there in either layer."""
        found = self.ground.step(self.sources(len(self.levels) - 1), self.turned.every, self.blocked)
        if not len(found.nodes) and len(self.levels) >= len(self.certain):
            return False
        self._add(found)
        return True


class Halt(Enum):
    """Why a walk stopped where it did: nothing leads further, or a bound."""

    ENDED = auto()
    HOPS = auto()
    LATE = auto()
    TOO_MANY = auto()


def reach_within(
    layer: CertainLayer, hops: int | None, *, most_states: int | None = None, late: Late = never
) -> tuple[Reach, Halt]:
    """Return the result within some hops, None for all of them, and why it stops where it does.

    The certain layer must have been walked that far. Where time runs out, or there are more than
    `most_states` states, what is returned is no result yet: only its last level is true. Where it
    stops at `hops`, there may still be nothing beyond (`ends_there`).
    """
    certain, reached = layer.within(hops)
    certain_states = sum(level.states for level in certain)
    possible = PossibleLayer(layer.ground, layer.turned, certain, reached)
    last = 0
    halt: Halt | None = None
    while halt is None:
        last = len(possible.levels) - 1
        if most_states is not None and certain_states + possible.states > most_states:
            halt = Halt.TOO_MANY
        elif hops is not None and last >= hops:
            halt = Halt.HOPS
        elif late():
            halt = Halt.LATE
        elif not possible.advance():
            halt = Halt.ENDED
    found = layer.found[last] if last < len(certain) else NOWHERE
    return Reach(certain, possible.levels, last, (found, possible.found_last)), halt


def ends_there(layer: CertainLayer, reach: Reach) -> bool:
    """Return whether one more level would add no state to a result and make none certain."""
    ground, turned = layer.ground, layer.turned
    every, certain = (np.zeros(ground.topology.node_count, dtype=np.uint8) for _ in range(2))
    for level in reach.certain:
        certain[level.nodes] |= level.bits
    for level in (*reach.certain, *reach.possible):
        every[level.nodes] |= level.bits
    last_certain = reach.certain[reach.last] if reach.last < len(reach.certain) else NOWHERE
    last = union(last_certain, reach.possible[reach.last])
    return not (
        len(ground.step(last, turned.every, every).nodes)
        or len(ground.step(last_certain, turned.certain, certain).nodes)
    )


def least_level_over(layer: CertainLayer, most_states: int, seeds: Frontier) -> Reach:
    """Return the result within the fewest hops that has more than `most_states` states.

    There must be one. Levels at which even a walk that ignores certainty has found no more
    than `most_states` are passed over without looking.
    """
    hops = _least_level_of_any_walk(layer, most_states, seeds)
    while True:
        layer.advance_to(hops)
        reach, _ = reach_within(layer, hops)
        if reach.states > most_states:
            return reach
        hops += 1


def _least_level_of_any_walk(layer: CertainLayer, most_states: int, seeds: Frontier) -> int:
    """The first level at which a walk over all steps, certain or not, has more than so many states.

    No result within fewer hops has more, because each of its states is reached in that walk too.
    """
    ground, turned = layer.ground, layer.turned
    reached = np.zeros(ground.topology.node_count, dtype=np.uint8)
    level = ground.spread_on_nodes(seeds, turned.on_node.every, reached)
    hops, states = 0, level.states
    while states <= most_states:
        reached[level.nodes] |= level.bits
        found = ground.step(level, turned.every, reached)
        if not len(found.nodes):
            break
        level = ground.spread_on_nodes(found, turned.on_node.every, reached)
        hops, states = hops + 1, states + level.states
    return hops
