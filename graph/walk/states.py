"""The states of a walk as columns: spread out of the levels, ordered, cut, and found again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graph.topology.arrays import Bytes, Flags, Indices, Longs, Smalls
from graph.walk.ground import Frontier, Ground
from graph.walk.layers import Reach
from graph.walk.tables import Turned


@dataclass(frozen=True, slots=True)
class States:
    """One entry a state: the node's number, the harm's bit number, hops, and whether it is certain."""

    node: Indices
    bit: Smalls
    hops: Indices
    certain: Flags

    def __len__(self) -> int:
        return len(self.node)

    def taken(self, which: Longs) -> States:
        """Return the states at these positions, in the order given."""
        return States(self.node[which], self.bit[which], self.hops[which], self.certain[which])

    @property
    def keys(self) -> Longs:
        """Return one number for each state that is its own."""
        return self.node.astype(np.int64) * 8 + self.bit


def states_of(reach: Reach) -> States:
    """Return all states of a result by hops, certain before possible, then uid, then harm."""
    layers = ((reach.certain, True), (reach.possible, False))
    parts = [
        _spread(level, hops, certain=certain)
        for levels, certain in layers
        for hops, level in enumerate(levels)
    ]
    states = _joined(parts)
    return states.taken(np.lexsort((states.bit, states.node, ~states.certain, states.hops)))


def _spread(level: Frontier, hops: int, *, certain: bool) -> States:
    """The states of one level, node by node."""
    has = np.unpackbits(level.bits[:, None], axis=1, bitorder="little")
    entry, bit = np.nonzero(has)
    return States(
        level.nodes[entry],
        bit.astype(np.int8),
        np.full(len(entry), hops, dtype=np.int32),
        np.full(len(entry), certain, dtype=np.bool_),
    )


def _joined(parts: Sequence[States]) -> States:
    return States(
        np.concatenate([part.node for part in parts]),
        np.concatenate([part.bit for part in parts]),
        np.concatenate([part.hops for part in parts]),
        np.concatenate([part.certain for part in parts]),
    )


def shown_of(states: States, reach: Reach, ground: Ground, turned: Turned, most_states: int) -> States:
    """Return the states that are shown when the last level must be cut, in their order.

    All levels before it stay. Of it stay: certain before possible, the most critical nodes first
    with those of unknown criticality last, then by uid; on one node what edges lead to before
    what follows from it there, so that nothing is shown without what explains it.
    """
    before = int(np.searchsorted(states.hops, reach.last))
    last = np.arange(before, len(states))
    node, bit, certain = states.node[last], states.bit[last], states.certain[last]
    rank = np.where(
        certain,
        _ranks(node, bit, reach.found_last[0], ground, turned.on_node.certain),
        _ranks(node, bit, reach.found_last[1], ground, turned.on_node.every),
    )
    # Unknown is -1, below the lowest criticality.
    worst_first = -ground.view.criticality[node].astype(np.int16)
    order = np.lexsort((bit, rank, node, worst_first, ~certain))
    kept = np.sort(last[order[: most_states - before]])
    return states.taken(np.concatenate((np.arange(before), kept)))


def _ranks(nodes: Indices, bits: Smalls, found: Frontier, ground: Ground, implied: Bytes) -> Smalls:
    """How many implications each state is away from what edges lead to; meaningless where it is not."""
    mask = np.zeros(ground.topology.node_count, dtype=np.uint8)
    mask[found.nodes] = found.bits
    here, rank = mask[nodes], np.zeros(len(nodes), dtype=np.int8)
    for _ in range(8):
        rank += (here >> bits.astype(np.uint8)) & 1 == 0
        here = here | implied[ground.classes[nodes], here]
    return rank


class StateIndex:
    """Finds states by node and harm."""

    def __init__(self, states: States) -> None:
        self._order = np.argsort(states.keys)
        self._keys = states.keys[self._order]
        self._states = states

    def positions(self, nodes: Indices, bits: Smalls) -> Longs:
        """Return the position of each state in the states indexed, -1 where it is not among them."""
        keys = nodes.astype(np.int64) * 8 + bits
        places = np.minimum(np.searchsorted(self._keys, keys), max(len(self._keys) - 1, 0))
        if not len(self._keys):
            return np.full(len(keys), -1, dtype=np.int64)
        return np.where(self._keys[places] == keys, self._order[places], -1)

    def position(self, node: int, bit: int) -> int:
        """Return the position of one state, -1 where it is not among them."""
        return int(self.positions(np.array([node], dtype=np.int32), np.array([bit], dtype=np.int8))[0])
