"""Finding, for one state, the step that explains it; and step by step its whole trail.

Parents are not stored. They are looked for when a trail is asked for, among the neighbours of a
state, by the hops that the states of the forest show: so a trail never contradicts a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from graph.model import EdgeId
from graph.topology.arrays import Indices, Longs, Smalls
from graph.walk.ground import Crossings, Frontier, Ground
from graph.walk.states import StateIndex, States
from graph.walk.tables import Turned


@dataclass(frozen=True, slots=True)
class Link:
    """A step between a state and the one that explains it, both by node number and bit.

    `row` and `edge` are None where one harm brings the other on the same node.
    """

    child: tuple[int, int]
    parent: tuple[int, int]
    row: int | None
    edge: EdgeId | None
    certain: bool


@dataclass(frozen=True, eq=False)
class Trails:
    """Explains the states of one walk. `turned` are the tables for the opposite direction.

    `states` are all that the walk found, also where fewer are shown; `seeds` are the pairs of
    node number and bit that it began with.
    """

    ground: Ground
    turned: Turned
    states: States
    seeds: frozenset[tuple[int, int]]

    @cached_property
    def index(self) -> StateIndex:
        """Return the index by which states are found."""
        return StateIndex(self.states)

    def trail(self, node: int, bit: int) -> list[Link]:
        """Return the links from a state to a seed, in that order; empty for a seed itself.

        The state must be among the states. Cost: the neighbours of every node on the way.
        """
        links: list[Link] = []
        state = (node, bit)
        while state not in self.seeds:
            link = self._edge_link(state) or self._implied_link(state)
            links.append(link)
            state = link.parent
        return links

    def _shown(self, state: tuple[int, int]) -> tuple[int, bool]:
        """A state's hops, and whether it is certain."""
        position = self.index.position(*state)
        return int(self.states.hops[position]), bool(self.states.certain[position])

    def _edge_link(self, state: tuple[int, int]) -> Link | None:
        """The edge that explains a state: smallest parent uid, then edge id, then parent harm."""
        hops, certain = self._shown(state)
        steps = self.turned.certain if certain else self.turned.every
        frontier = Frontier(np.array([state[0]], dtype=np.int32), np.array([1 << state[1]], dtype=np.uint8))
        crossings = self.ground.cross(frontier, steps, None)
        rows, nodes, bits = _spread(crossings)
        positions = self.index.positions(nodes, bits)
        fits = (positions >= 0) & (self.states.hops[positions] == hops - 1)
        if certain:
            fits &= self.states.certain[positions]
        if not fits.any():
            return None
        parent = int(nodes[fits].min())
        fits &= nodes == parent
        choices = [
            (self.ground.topology.edge_id(row), bit, row)
            for row, bit in zip(rows[fits].tolist(), bits[fits].tolist(), strict=True)
        ]
        edge, bit, row = min(choices)
        sure = certain or self._is_certain_step(frontier, parent, bit, edge)
        return Link(state, (parent, bit), row, edge, sure)

    def _is_certain_step(self, frontier: Frontier, parent: int, bit: int, edge: EdgeId) -> bool:
        """Whether some spell of the edge makes the step certain."""
        crossings = self.ground.cross(frontier, self.turned.certain, None)
        fits = (crossings.far == parent) & (crossings.bits >> np.uint8(bit) & 1 == 1)
        return any(self.ground.topology.edge_id(row) == edge for row in crossings.row[fits].tolist())

    def _implied_link(self, state: tuple[int, int]) -> Link:
        """The harm on the same node that explains a state which no edge explains.

        By the fewest implications to a harm that an edge, a seed or certainty explains, so that
        harms which imply each other never explain each other in a circle.
        """
        node, wanted = state
        _, certain = self._shown(state)
        before: dict[int, int] = {}  # harm to the harm that it brings, nearer to the state
        layer = [wanted]
        while layer:
            found: list[int] = []
            for child in layer:
                for parent in self._implying(node, child, certain=certain):
                    if parent != wanted and parent not in before:
                        before[parent] = child
                        found.append(parent)
            for parent in sorted(found):
                if self._stands_alone((node, parent), certain=certain):
                    nearest = parent
                    while before[nearest] != wanted:
                        nearest = before[nearest]
                    sure = self._implies_for_certain(node, nearest, wanted)
                    return Link(state, (node, nearest), None, None, sure)
            layer = sorted(found)
        raise AssertionError("a state of a forest is explained by an edge, a seed or another harm there")

    def _implying(self, node: int, bit: int, *, certain: bool) -> list[int]:
        """The harms on a node that bring another, and show the same hops as it."""
        implied = self.turned.on_node.certain if certain else self.turned.on_node.every
        hops = self._shown((node, bit))[0]
        mask = int(implied[self.ground.classes[node], 1 << bit])
        return [
            parent
            for parent in range(8)
            if mask >> parent & 1
            and self.index.position(node, parent) >= 0
            and self._shown((node, parent))[0] == hops
            and (self._shown((node, parent))[1] or not certain)
        ]

    def _stands_alone(self, state: tuple[int, int], *, certain: bool) -> bool:
        """Whether a state is explained without the one that it is to explain."""
        if state in self.seeds or self._edge_link(state) is not None:
            return True
        # A certain state is explained by certain ones only, never by a possible one.
        return not certain and self._shown(state)[1]

    def _implies_for_certain(self, node: int, parent: int, child: int) -> bool:
        implied = self.turned.on_node.certain[self.ground.classes[node], 1 << child]
        return bool(int(implied) >> parent & 1)


def _spread(crossings: Crossings) -> tuple[Longs, Indices, Smalls]:
    """One entry for each crossing and each harm at its far end: row, far node, bit."""
    has = np.unpackbits(crossings.bits[:, None], axis=1, bitorder="little")
    entry, bit = np.nonzero(has)
    return crossings.row[entry], crossings.far[entry], bit.astype(np.int8)
