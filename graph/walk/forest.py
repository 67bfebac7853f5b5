"""What a walk found: every reached (node, harm) state, in order, each with the path that explains it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from graph.model import Hop, Instant, Path, State, Uid
from graph.topology import Topology
from graph.topology.arrays import Flags, Indices, Smalls
from graph.vocabulary import Certainty, Harm
from graph.walk.bounds import Bounds, Direction, Truncation
from graph.walk.states import StateIndex, States
from graph.walk.trails import Link, Trails


@dataclass(frozen=True, slots=True)
class Reached:
    """A state that a walk reached, with its hops; certainty is certainty within the bounds."""

    state: State
    hops: int
    certainty: Certainty


@dataclass(frozen=True, eq=False)
class Forest:
    """All states that a walk shows, by hops, certain before possible, then uid, then harm.

    Forward it holds what the seeds lead to, the seeds included; backward what could lead to
    them. `visited` counts the states found, also those that a bound then cut off; `seconds` is
    how long the walk took.
    """

    topology: Topology
    harms: tuple[Harm, ...]
    direction: Direction
    as_of: Instant
    bounds: Bounds
    seeds: tuple[State, ...]
    shown: States
    trails: Trails
    truncation: Truncation | None
    seconds: float
    visited: int

    def __len__(self) -> int:
        return len(self.shown)

    def __iter__(self) -> Iterator[Reached]:
        return self.page(0, len(self))

    def __getitem__(self, position: int) -> Reached:
        return Reached(
            self._state(int(self.shown.node[position]), int(self.shown.bit[position])),
            int(self.shown.hops[position]),
            _certainty(bool(self.shown.certain[position])),
        )

    def page(self, start: int, stop: int) -> Iterator[Reached]:
        """Yield the states from one position up to another, as far as there are any."""
        return (self[position] for position in range(*slice(start, stop).indices(len(self))))

    @property
    def complete_to_hops(self) -> int | None:
        """Return up to how many hops nothing is missing; None if nothing is missing at all."""
        return None if self.truncation is None else self.truncation.complete_to_hops

    @property
    def node_column(self) -> Indices:
        """Return each state's node as a number into `topology.uids`."""
        return self.shown.node

    @property
    def harm_column(self) -> Smalls:
        """Return each state's harm as a number into `harms`."""
        return self.shown.bit

    @property
    def hops_column(self) -> Indices:
        """Return each state's hops."""
        return self.shown.hops

    @property
    def certain_column(self) -> Flags:
        """Return whether each state is certain."""
        return self.shown.certain

    def counts(self) -> Mapping[tuple[Harm, Certainty], int]:
        """Return how many states are shown by harm and certainty; only pairs that occur."""
        pairs = self.shown.bit.astype(np.int64) * 2 + ~self.shown.certain
        numbers = np.bincount(pairs, minlength=2 * len(self.harms)).tolist()
        return {
            (harm, certainty): numbers[2 * bit + offset]
            for bit, harm in enumerate(self.harms)
            for offset, certainty in enumerate((Certainty.CERTAIN, Certainty.POSSIBLE))
            if numbers[2 * bit + offset]
        }

    def find(self, uid: Uid, harm: Harm) -> Reached | None:
        """Return the state of this harm at the node with this canonical uid, None if it is not shown."""
        position = self._position(uid, harm)
        return None if position is None else self[position]

    def path_to(self, uid: Uid, harm: Harm) -> Path | None:
        """Return the path that explains a state, None if it is not shown.

        Steps follow the harm: forward from a seed to the state, backward from the state to the
        seed that it threatens. Empty for a seed. Each step over an edge is one hop more (backward:
        one less) than the one before; the path of a certain state has certain steps only. Of
        several such paths always the same one: at each state, from the far end of the path, an
        edge before an implication, then the smallest uid, edge id and harm before it.

        Cost: the neighbours of every node on the path.
        """
        if self._position(uid, harm) is None:
            return None
        links = self.trails.trail(self.topology.get(uid), self.harms.index(harm))
        if self.direction is Direction.FORWARD:
            return Path(tuple(self._hop(link, link.parent, link.child) for link in reversed(links)))
        return Path(tuple(self._hop(link, link.child, link.parent) for link in links))

    def _position(self, uid: Uid, harm: Harm) -> int | None:
        node = self.topology.find(uid)
        if node is None:
            return None
        position = self._index.position(node, self.harms.index(harm))
        return None if position < 0 else position

    @cached_property
    def _index(self) -> StateIndex:
        # Where nothing was cut, what is shown is all there is, in the same order.
        return self.trails.index if self.shown is self.trails.states else StateIndex(self.shown)

    def _state(self, node: int, bit: int) -> State:
        return State(self.topology.ref(node), self.harms[bit])

    def _hop(self, link: Link, start: tuple[int, int], end: tuple[int, int]) -> Hop:
        relation, along = None, True
        if link.row is not None:
            relation = self.topology.code_of(link.row).relation
            along = self.topology.ends_of(link.row)[0] == start[0]
        return Hop(
            start=self._state(*start),
            relation=relation,
            end=self._state(*end),
            edge=link.edge,
            certainty=_certainty(link.certain),
            along=along,
        )


def _certainty(certain: bool) -> Certainty:  # noqa: FBT001 - it is the subject, not an option
    return Certainty.CERTAIN if certain else Certainty.POSSIBLE
