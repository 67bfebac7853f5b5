"""Where the accountable owner of a node stands: on the node itself, or on what it belongs to.

The steps and their order are the vocabulary's. A node's own owner ends the search; else it is
looked for with everything that the node is a version of, then a part of, then within, each in
the same way. What stands nearest wins within one step; owners that differ at equal distance
are a conflict. A step that lies on a cycle (this is within that, which is within this) says
nothing about which comes first, so it is only taken where nothing else gives an owner.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Final

from graph.model import Edge, Uid
from graph.vocabulary import Certainty, OwnershipStep
from queries.cycles import groups_on_cycles

ACCOUNTABLE: Final = "accountable"


@dataclass(frozen=True, slots=True)
class Holding:
    """The accountable owners that one node has of its own, as seen from a node that takes them.

    `owners` are the OWNS edges in order of the owners' uids; `via` leads from the node asked
    about to the one that they own, each step as a fact, empty for the node itself.
    """

    owners: tuple[Edge, ...]
    via: tuple[Edge, ...] = ()

    @property
    def who(self) -> tuple[Uid, ...]:
        """Return the owners' uids in order."""
        return tuple(edge.subject.uid for edge in self.owners)

    @property
    def certain_owners(self) -> frozenset[Uid]:
        """Return those who own it for certain, over a way of which every step is certain."""
        if any(edge.certainty is not Certainty.CERTAIN for edge in self.via):
            return frozenset()
        return frozenset(edge.subject.uid for edge in self.owners if edge.certainty is Certainty.CERTAIN)

    @property
    def is_certain(self) -> bool:
        """Return whether there is this holding for certain: somebody owns it, and it is taken from there."""
        return bool(self.certain_owners)

    def must_differ_from(self, other: Holding) -> bool:
        """Return whether the owners of two certain holdings cannot be the same people."""
        same = self.certain_owners <= set(other.who) and other.certain_owners <= set(self.who)
        return self.is_certain and other.is_certain and not same


@dataclass(frozen=True, slots=True)
class Found:
    """The nearest holdings, those of different owners only, in order of owners; two are a conflict."""

    holdings: tuple[Holding, ...]

    @property
    def distance(self) -> int:
        """Return how many steps away they are."""
        return len(self.holdings[0].via)


class Inheritance:
    """The owners of all nodes that some edges join, found at once.

    `owning` are accountable OWNS edges; `structure` the edges of the relations that `steps`
    name. Cost: linear in the edges, times the depth at which owners stand.
    """

    def __init__(
        self, steps: Sequence[OwnershipStep], owning: Iterable[Edge], structure: Iterable[Edge]
    ) -> None:
        self._relations: Final = tuple(step.via for step in steps if step.via is not None)
        self._parents: Final = _parents(structure)
        self._found: Final[dict[Uid, Found]] = {}
        for uid, edges in _by_object(owning).items():
            self._found[uid] = Found((Holding(tuple(edges)),))
        for group in groups_on_cycles(self._parents):
            self._settle(group)

    def of(self, uid: Uid) -> Found | None:
        """Return the nearest owners of a node, None where there are none."""
        return self._found.get(uid)

    def above(self, uid: Uid, relations: Collection[str]) -> Iterator[Uid]:
        """Yield everything that a node belongs to by these relations, through any number of steps."""
        seen, waiting = {uid}, [uid]
        while waiting:
            for edge in self._parents.get(waiting.pop(), ()):
                parent = edge.object.uid
                if edge.relation in relations and parent not in seen:
                    seen.add(parent)
                    waiting.append(parent)
                    yield parent

    def steps_up(self, uid: Uid) -> Sequence[Edge]:
        """Return the structure edges of which a node is the subject."""
        return self._parents.get(uid, ())

    def _settle(self, group: Sequence[Uid]) -> None:
        """Find the owners of nodes that lie on common cycles, mostly a single one on none."""
        inside = frozenset(group)
        for uid in group:
            if uid not in self._found:
                outside = [edge for edge in self._parents.get(uid, ()) if edge.object.uid not in inside]
                found = self._first_step_with_owner(outside)
                if found is not None:
                    self._found[uid] = found
        if len(group) > 1:
            self._settle_cycle(inside)

    def _first_step_with_owner(self, edges: Sequence[Edge]) -> Found | None:
        for relation in self._relations:
            found = self._nearest([edge for edge in edges if edge.relation == relation])
            if found is not None:
                return found
        return None

    def _nearest(self, edges: Sequence[Edge]) -> Found | None:
        """Return the nearest holdings that edges lead to, one for each set of owners."""
        reached = [(edge, self._found[edge.object.uid]) for edge in edges if edge.object.uid in self._found]
        if not reached:
            return None
        distance = min(found.distance for _, found in reached)
        by_owners: dict[tuple[Uid, ...], Holding] = {}
        for edge, found in reached:
            if found.distance == distance:
                for holding in found.holdings:
                    taken = Holding(holding.owners, (edge, *holding.via))
                    known = by_owners.get(holding.who)
                    if known is None or (taken.is_certain and not known.is_certain):
                        by_owners[holding.who] = taken
        return Found(tuple(by_owners[who] for who in sorted(by_owners)))

    def _settle_cycle(self, inside: frozenset[Uid]) -> None:
        """Spread owners along a cycle from the members that have them, the nearest first."""
        children: dict[Uid, set[Uid]] = defaultdict(set)
        for uid in inside:
            for edge in self._parents.get(uid, ()):
                children[edge.object.uid].add(uid)
        waiting: list[tuple[int, Uid]] = []
        for uid in inside & self._found.keys():
            heappush(waiting, (self._found[uid].distance, uid))
        while waiting:
            _, parent = heappop(waiting)
            for child in sorted(children[parent] - self._found.keys()):
                found = self._nearest([e for e in self._parents[child] if e.object.uid in inside])
                if found is not None:
                    self._found[child] = found
                    heappush(waiting, (found.distance, child))


def _by_object(owning: Iterable[Edge]) -> dict[Uid, list[Edge]]:
    owned: dict[Uid, list[Edge]] = defaultdict(list)
    for edge in sorted(owning, key=lambda edge: edge.subject.uid):
        owned[edge.object.uid].append(edge)
    return owned


def _parents(structure: Iterable[Edge]) -> Mapping[Uid, list[Edge]]:
    parents: dict[Uid, list[Edge]] = defaultdict(list)
    for edge in sorted(structure, key=lambda edge: (edge.object.uid, edge.eid)):
        if edge.subject.uid != edge.object.uid:
            parents[edge.subject.uid].append(edge)
    return dict(parents)
