"""Which nodes lie on cycles together, so that what is built from the top down can be built at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graph.model import Edge, Uid


def groups_on_cycles(steps: Mapping[Uid, Sequence[Edge]]) -> Iterator[list[Uid]]:
    """Yield every node in groups of those on common cycles, mostly groups of one.

    `steps` gives the edges that lead on from a node, from subject to object. What a group
    leads to is always yielded before it. Cost: linear in nodes and edges.

    Source: R. Tarjan, Depth-first search and linear graph algorithms, 1972; without recursion,
    because a chain of versions can be longer than the stack is deep.
    """
    search = _Search(steps)
    for root in sorted(steps):
        if root not in search.number:
            yield from search.groups_below(root)


@dataclass
class _Search:
    """A depth-first search; `low` is the smallest number known to be reachable on the path."""

    steps: Mapping[Uid, Sequence[Edge]]
    number: dict[Uid, int] = field(default_factory=dict[Uid, int])
    low: dict[Uid, int] = field(default_factory=dict[Uid, int])
    path: dict[Uid, None] = field(default_factory=dict[Uid, None])
    work: list[tuple[Uid, Iterator[Edge]]] = field(default_factory=list[tuple[Uid, Iterator[Edge]]])

    def groups_below(self, root: Uid) -> Iterator[list[Uid]]:
        """Yield the groups that have not been met yet, from a node downwards."""
        self._enter(root)
        while self.work:
            uid, edges = self.work[-1]
            edge = next(edges, None)
            if edge is None:
                yield from self._leave(uid)
            elif edge.object.uid not in self.number:
                self._enter(edge.object.uid)
            elif edge.object.uid in self.path:
                self.low[uid] = min(self.low[uid], self.number[edge.object.uid])

    def _enter(self, uid: Uid) -> None:
        self.number[uid] = self.low[uid] = len(self.number)
        self.path[uid] = None
        self.work.append((uid, iter(self.steps.get(uid, ()))))

    def _leave(self, uid: Uid) -> Iterator[list[Uid]]:
        self.work.pop()
        if self.work:
            below = self.work[-1][0]
            self.low[below] = min(self.low[below], self.low[uid])
        if self.low[uid] == self.number[uid]:
            group: list[Uid] = []
            while not group or group[-1] != uid:
                group.append(self.path.popitem()[0])
            yield sorted(group)
