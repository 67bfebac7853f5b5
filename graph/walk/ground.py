"""What one walk runs on: a topology at a date, one edition's tables, and what was taken away.

Its `step` is the only place where harm crosses edges; both layers, both directions, lineage and
the search for parents go through it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from graph.topology import DatedView, Topology
from graph.topology.arrays import NO_BYTES, NO_INDICES, Bytes, Flags, Indices, Longs, slots_of
from graph.topology.topology import Adjacency
from graph.walk.conditions import Conditions
from graph.walk.tables import CompiledRules, Steps


@dataclass(frozen=True, slots=True)
class Frontier:
    """Nodes, each once and in order, with the harms that are new there."""

    nodes: Indices
    bits: Bytes

    @property
    def states(self) -> int:
        """Return how many (node, harm) states it holds."""
        return int(np.bitwise_count(self.bits).sum())


NOWHERE = Frontier(NO_INDICES, NO_BYTES)


@dataclass(frozen=True, slots=True)
class Crossings:
    """Steps over single edges: from which position of the frontier, over which row, to what."""

    owner: Longs
    row: Longs
    far: Indices
    bits: Bytes


@dataclass(frozen=True, eq=False)
class Ground:
    """One topology at one date under one edition, less what a what-if question takes away.

    `classes` is each node's class for what follows on the node itself. `left_out` flags rows and
    `gone` nodes that are taken away, None for none.
    """

    topology: Topology
    view: DatedView
    compiled: CompiledRules
    classes: Indices
    conditions: Conditions
    left_out: Flags | None
    gone: Flags | None

    def cross(self, frontier: Frontier, steps: Steps, blocked: Bytes | None) -> Crossings:
        """Return every step from a frontier that the tables allow and that is not blocked.

        `blocked` holds for each node the harms that need not be reached (again).
        """
        sides = (
            self._side(self.topology.out, steps.out, frontier, blocked, outward=True),
            self._side(self.topology.into, steps.into, frontier, blocked, outward=False),
        )
        return Crossings(
            np.concatenate([side.owner for side in sides]),
            np.concatenate([side.row for side in sides]),
            np.concatenate([side.far for side in sides]),
            np.concatenate([side.bits for side in sides]),
        )

    def _side(
        self, side: Adjacency, table: Bytes, frontier: Frontier, blocked: Bytes | None, *, outward: bool
    ) -> Crossings:
        slots, owner = slots_of(side.offsets, frontier.nodes)
        bits = table[self.compiled.line_of[side.code[slots]], frontier.bits[owner]]
        if blocked is not None:
            bits &= ~blocked[side.far[slots]]
        # Few slots gain anything, so all that costs more is asked of those only.
        hit = np.flatnonzero(bits)
        slots, owner, bits = slots[hit], owner[hit], bits[hit]
        rows = np.asarray(side.rows(slots), dtype=np.int64)
        stands = self._stands(rows, side.far[slots])
        if stands is not None:
            slots, owner, bits, rows = slots[stands], owner[stands], bits[stands], rows[stands]
        near, far = frontier.nodes[owner], side.far[slots]
        asked = self.compiled.condition_of[side.code[slots]]
        for number, name in enumerate(self.compiled.conditions):
            which = np.flatnonzero(asked == number)
            if not len(which):
                continue
            ends = (near[which], far[which]) if outward else (far[which], near[which])
            lines = self.compiled.line_of[side.code[slots[which]]] + self.conditions.ask(name, *ends)
            bits[which] &= table[lines, frontier.bits[owner[which]]]
        kept = np.flatnonzero(bits)
        return Crossings(owner[kept], rows[kept], far[kept], bits[kept])

    def _stands(self, rows: Longs, far: Indices) -> Flags | None:
        """Which of some rows count at the date and are not taken away; None for all."""
        tests: list[Flags] = []
        if self.view.live is not None:
            tests.append(self.view.live[rows])
        if self.left_out is not None:
            tests.append(~self.left_out[rows])
        if self.gone is not None:
            tests.append(~self.gone[far])
        return np.logical_and.reduce(tests) if tests else None

    def step(self, frontier: Frontier, steps: Steps, blocked: Bytes) -> Frontier:
        """Return what one step over edges newly reaches, each node once."""
        crossings = self.cross(frontier, steps, blocked)
        return gathered(crossings.far, crossings.bits, self.topology.node_count)

    def spread_on_nodes(self, frontier: Frontier, implied: Bytes, blocked: Bytes) -> Frontier:
        """Return a frontier with all that follows on its own nodes and is not blocked.

        What is blocked does not lead on either: it is a state of its own with hops of its own.
        """
        bits, fresh = frontier.bits, frontier.bits
        room = ~blocked[frontier.nodes]
        while fresh.any():
            fresh = implied[self.classes[frontier.nodes], fresh] & room & ~bits
            bits = bits | fresh
        return Frontier(frontier.nodes, bits)


def gathered(nodes: Indices, bits: Bytes, node_count: int) -> Frontier:
    """Return a list of nodes and harms, in any order, as a frontier: the union for each node.

    >>> found = gathered(np.array([7, 3, 7], dtype=np.int32), np.array([1, 4, 2], dtype=np.uint8), 9)
    >>> found.nodes.tolist(), found.bits.tolist()
    ([3, 7], [4, 3])
    """
    if len(nodes) * _DENSE > node_count:
        return _scattered(nodes, bits, node_count)
    filled = bits != 0
    nodes, bits = nodes[filled], bits[filled]
    if not len(nodes):
        return NOWHERE
    order = np.argsort(nodes, kind="stable")
    nodes, bits = nodes[order], bits[order]
    begins = np.flatnonzero(np.diff(nodes, prepend=np.int32(-1)))
    return Frontier(nodes[begins], np.bitwise_or.reduceat(bits, begins))


_DENSE: Final = 64
"""From a list of a node in so many on, writing into an array of all nodes beats sorting the list."""


def _scattered(nodes: Indices, bits: Bytes, node_count: int) -> Frontier:
    everywhere = np.zeros(node_count, dtype=np.uint8)
    for bit in (np.uint8(1 << place) for place in range(8)):
        # Writes to one node may collide, but all that collide write the same value.
        everywhere[nodes[bits & bit != 0]] |= bit
    touched = np.flatnonzero(everywhere).astype(np.int32)
    return Frontier(touched, everywhere[touched])


def union(one: Frontier, other: Frontier) -> Frontier:
    """Return the states of either of two frontiers."""
    if not len(one.nodes) or not len(other.nodes):
        whole = other if not len(one.nodes) else one
        filled = whole.bits != 0
        return whole if filled.all() else Frontier(whole.nodes[filled], whole.bits[filled])
    nodes = np.concatenate((one.nodes, other.nodes))
    return gathered(nodes, np.concatenate((one.bits, other.bits)), int(nodes.max()) + 1)
