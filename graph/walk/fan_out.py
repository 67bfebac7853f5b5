"""Ground on which every node leads to its first few neighbours only.

Which neighbours those are depends on nothing but the node: the first by uid among all that one
step leads to. So a narrowed walk is a plain walk over fewer edges, and as deterministic.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graph.topology.arrays import Bytes, Indices, Longs
from graph.walk.ground import Crossings, Frontier, Ground
from graph.walk.tables import Steps, Turned


@dataclass(frozen=True, eq=False, kw_only=True)
class NarrowGround(Ground):
    """Ground for one direction of one walk.

    `turned` are the tables of that direction, `leaving` is what leads on from each node, and
    `most` how many neighbours may follow.
    """

    turned: Turned
    leaving: Bytes
    most: int | None

    def cross(self, frontier: Frontier, steps: Steps, blocked: Bytes | None) -> Crossings:
        """Return the steps that `Ground.cross` does, as far as the narrowing lets them."""
        crossings = super().cross(frontier, steps, blocked)
        if self.most is None or not len(crossings.far):
            return crossings
        near = frontier.nodes[crossings.owner]
        onwards = steps is self.turned.certain or steps is self.turned.every
        parents, children = (near, crossings.far) if onwards else (crossings.far, near)
        kept = np.flatnonzero(np.isin(self._pairs(parents, children), self._followed(np.unique(parents))))
        return Crossings(
            crossings.owner[kept], crossings.row[kept], crossings.far[kept], crossings.bits[kept]
        )

    def neighbours(self, nodes: Indices) -> tuple[Indices, Indices]:
        """Return all pairs of one of some nodes and a node that one step leads to, each pair once.

        Ordered by node and neighbour, before any narrowing. The nodes must be in order.
        """
        crossings = super().cross(Frontier(nodes, self.leaving[nodes]), self.turned.every, None)
        pairs = np.unique(self._pairs(nodes[crossings.owner], crossings.far))
        count = self.topology.node_count
        return (pairs // count).astype(np.int32), (pairs % count).astype(np.int32)

    def passed_over(self, nodes: Indices) -> tuple[Indices, Indices, Bytes]:
        """Return the steps from some nodes that the narrowing leaves out: from, to, and what they bring.

        The nodes must be in order.
        """
        crossings = super().cross(Frontier(nodes, self.leaving[nodes]), self.turned.every, None)
        near = nodes[crossings.owner]
        out = ~np.isin(self._pairs(near, crossings.far), self._followed(nodes))
        return near[out], crossings.far[out], crossings.bits[out]

    def _followed(self, nodes: Indices) -> Longs:
        """The pairs of these nodes with the neighbours that may follow."""
        parents, children = self.neighbours(nodes)
        begins = np.searchsorted(parents, parents)
        first = np.arange(len(parents)) - begins < (len(parents) if self.most is None else self.most)
        return self._pairs(parents[first], children[first])

    def _pairs(self, parents: Indices, children: Indices) -> Longs:
        return parents.astype(np.int64) * self.topology.node_count + children
