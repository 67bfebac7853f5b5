"""What the answers of the walk have in common: states with hops, certainty and a path on demand.

The walk's result is kept as it is and read a page at a time. Nothing in it is counted or
listed twice: rows, columns and totals come from the same states under the same filter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, TypeVar

import numpy as np

from graph.model import AsOf, Instant, Interval, Node, Path, Uid
from graph.topology.arrays import Flags, Indices, Longs, Smalls
from graph.vocabulary import Certainty, Harm, Kind, Vocabulary
from graph.walk import NOTHING, Bounds, CutBy, Direction, EdgeBetween, Forest, When, Without, walk
from queries.basis import Basis, Bound, Truncation, basis_of
from queries.estate import HERE_AND_NOW, EstateView, Standpoint
from queries.filters import EVERYTHING, Hidden, NodeFilter
from queries.owners import OWNS
from queries.ownership import owners_at
from queries.totals import Totals, totals_of

DEFAULT_BOUNDS: Final = Bounds(max_hops=50, max_states=10_000, max_seconds=10.0)
"""What bounds a walk unless the question says otherwise.

10,000 states are more than anybody reads and keep the worst case at milliseconds; 50 hops
only ever cut long chains of versions or of derived data; 10 seconds are what a caller waits.
"""


BOUND_NAMES: Final[Mapping[CutBy, str]] = {
    CutBy.HOPS: "max_hops",
    CutBy.STATES: "max_nodes",
    CutBy.SECONDS: "max_seconds",
}
"""The names of a walk's bounds in answers: those under which they are asked for."""


@dataclass(frozen=True, slots=True)
class ReachFilter:
    """Which of the reached states are listed; empty lets all pass."""

    nodes: NodeFilter = EVERYTHING
    harms: frozenset[Harm] = frozenset()
    certainty: Certainty | None = None


ALL_STATES: Final = ReachFilter()


@dataclass(frozen=True, slots=True)
class WalkTerms:
    """What a question about reach may say beside its seeds.

    `during` counts every edge that holds at any time in the interval, `since` is when the
    harm began. `without` takes nodes and edges away, by any of their uids.
    """

    bounds: Bounds = DEFAULT_BOUNDS
    without: Without = NOTHING
    during: Interval | None = None
    since: Instant | None = None


@dataclass(frozen=True, slots=True)
class ReachQuestion:
    """Ask where a harm at some nodes leads to, or comes from; nodes by any of their uids."""

    uids: tuple[Uid, ...]
    harm: Harm
    only: ReachFilter = ALL_STATES
    terms: WalkTerms = field(default_factory=WalkTerms)
    standpoint: Standpoint = HERE_AND_NOW


@dataclass(frozen=True, slots=True)
class ReachedRow:
    """One state that was reached: which harm at which node, how far away, and how certain."""

    node: Node
    harm: Harm
    hops: int
    certainty: Certainty


@dataclass(frozen=True, eq=False)
class Reach:
    """The states of an answer, listed in its order; `len()` is how many are listed.

    Backward, hops and paths lead from each state to the nodes asked about, which `seeds`
    holds. `totals` counts what is listed; `walked_states` is how many states there were before
    filters, and `hidden` how many nodes they leave out only for what is not known. `nodes` holds
    every node that the walk met, `positions` the places in the walk of what is listed. `terms`
    and `only` are those of the question, what it takes away by canonical uid: without them the
    numbers mean something else.
    """

    basis: Basis
    seeds: tuple[Node, ...]
    harm: Harm
    terms: WalkTerms
    only: ReachFilter
    totals: Totals
    walked_states: int
    hidden: Hidden
    forest: Forest
    nodes: Mapping[Uid, Node]
    positions: Longs

    def __len__(self) -> int:
        return len(self.positions)

    def __iter__(self) -> Iterator[ReachedRow]:
        return iter(self.page(0, len(self)))

    def page(self, start: int, stop: int) -> Sequence[ReachedRow]:
        """Return the rows from one place up to another, as far as there are any."""
        reached = (self.forest[int(position)] for position in self.positions[start:stop])
        return [ReachedRow(self.nodes[r.state.node.uid], r.state.harm, r.hops, r.certainty) for r in reached]

    def path(self, uid: Uid, harm: Harm) -> Path | None:
        """Return the path that explains a state, None if the walk did not find it; see `Forest.path_to`."""
        return self.forest.path_to(uid, harm)

    def columns(self) -> Mapping[str, Sequence[str | int]]:
        """Return the rows as columns of equal length: uid, kind, harm, hops, certainty."""
        topology, at = self.forest.topology, self.positions
        refs = [topology.ref(number) for number in numbers(self.forest.node_column[at])]
        certain = numbers(self.forest.certain_column[at])
        return {
            "uid": [ref.uid for ref in refs],
            "kind": [ref.kind.value for ref in refs],
            "harm": [self.forest.harms[bit].value for bit in numbers(self.forest.harm_column[at])],
            "hops": numbers(self.forest.hops_column[at]),
            "certainty": [(Certainty.CERTAIN if sure else Certainty.POSSIBLE).value for sure in certain],
        }


SomeReach = TypeVar("SomeReach", bound=Reach)


@dataclass(frozen=True, slots=True)
class Walked:
    """A walk with the nodes that it met, before anything is filtered; `terms` name canonical uids."""

    view: EstateView
    terms: WalkTerms
    forest: Forest
    seeds: tuple[Node, ...]
    nodes: Mapping[Uid, Node]


def walked(
    view: EstateView, uids: Collection[Uid], harm: Harm, direction: Direction, terms: WalkTerms
) -> Walked:
    """Walk from some nodes, given by any of their uids.

    Raises:
        NodeNotFound: for a uid that nothing describes or mentions at these times.
        InvalidQuestion: for no uid, a harm that cannot happen to a node of that kind, or
            something to be left out that does not exist.
    """
    seeds = tuple(dict.fromkeys(view.canonical(uid) for uid in uids))
    terms = replace(terms, without=_canonical(view, terms.without))
    forest = walk(
        view.topology,
        view.tables,
        [(uid, harm) for uid in seeds],
        When(view.at.valid, terms.during, terms.since),
        direction=direction,
        bounds=terms.bounds,
        without=terms.without,
    )
    met = {view.topology.uids[number] for number in numbers(np.unique(forest.node_column))}
    nodes = nodes_met(view, met | set(seeds), terms.during)
    return Walked(view, terms, forest, tuple(nodes[uid] for uid in seeds), nodes)


def basis_of_walk(found: Walked, relations: Callable[[Vocabulary, Kind, Harm], frozenset[str]]) -> Basis:
    """Return the basis of an answer; `relations` names those that could have led on from a state."""
    view, forest = found.view, found.forest
    leading: dict[tuple[Kind, Harm], frozenset[str]] = {}
    missed: dict[Uid, set[str]] = defaultdict(set)
    for number, bit in zip(numbers(forest.node_column), numbers(forest.harm_column), strict=True):
        ref, harm = view.topology.ref(number), forest.harms[bit]
        if (ref.kind, harm) not in leading:
            leading[ref.kind, harm] = relations(view.rules, ref.kind, harm)
        missed[ref.uid] |= leading[ref.kind, harm]
    stated = {name: getattr(forest.bounds, cut.value) for cut, name in BOUND_NAMES.items()}
    return basis_of(
        view,
        found.nodes.values(),
        relations=lambda node: missed[node.uid],
        shown=(OWNS,),
        kinds=_kinds_that_harm_reaches(view.rules),
        bounds=stated,
        truncated=_truncation(forest, stated),
    )


def _truncation(forest: Forest, bounds: Mapping[str, Bound]) -> Truncation | None:
    cut = forest.truncation
    if cut is None:
        return None
    name = BOUND_NAMES[cut.reason]
    return Truncation(name, bounds[name], cut.complete_to_hops)


def listed(found: Walked, wanted: ReachFilter) -> Longs:
    """Return the places in a walk of the states that a filter lets pass, in the walk's order."""
    forest, uids = found.forest, found.view.topology.uids
    passes = np.ones(len(forest), dtype=np.bool_)
    if wanted.harms:
        passes &= np.isin(forest.harm_column, [forest.harms.index(harm) for harm in wanted.harms])
    if wanted.certainty is not None:
        passes &= forest.certain_column == (wanted.certainty is Certainty.CERTAIN)
    met, place = np.unique(forest.node_column, return_inverse=True)
    admitted = [wanted.nodes.admits(found.nodes[uids[number]]) for number in numbers(met)]
    passes &= np.array(admitted, dtype=np.bool_)[place]
    return np.flatnonzero(passes)


def reach_of(
    kind: type[SomeReach],
    found: Walked,
    question: ReachQuestion,
    positions: Longs,
    relations: Callable[[Vocabulary, Kind, Harm], frozenset[str]],
) -> SomeReach:
    """Return the answer that lists the states at some places of a walk; `relations` as in `basis_of_walk`."""
    only = question.only
    return kind(
        basis=basis_of_walk(found, relations),
        seeds=found.seeds,
        harm=question.harm,
        terms=found.terms,
        only=only,
        totals=_totals(found, positions),
        walked_states=len(found.forest),
        hidden=only.nodes.hidden(found.nodes.values()),
        forest=found.forest,
        nodes=found.nodes,
        positions=positions,
    )


def _totals(found: Walked, positions: Longs) -> Totals:
    """Return the counts of the states at some places of a walk. Cost: a few reads of the store."""
    forest, uids = found.forest, found.view.topology.uids
    nodes = [found.nodes[uids[n]] for n in numbers(np.unique(forest.node_column[positions]))]
    harms, certain = numbers(forest.harm_column[positions]), numbers(forest.certain_column[positions])
    states = (
        (forest.harms[bit], Certainty.CERTAIN if sure else Certainty.POSSIBLE)
        for bit, sure in zip(harms, certain, strict=True)
    )
    owners = owners_at(found.view, nodes)
    seeds = {seed.uid for seed in found.seeds}
    return totals_of(nodes, states, owners, seeds=seeds, complete=forest.truncation is None)


def relations_leading_on(rules: Vocabulary, kind: Kind, harm: Harm) -> frozenset[str]:
    """Return the relations over which a harm at a node of a kind travels on."""
    return frozenset(
        relation.name
        for relation in rules.relations
        for rule in relation.rules
        if rule.harm is harm and (kind is Kind.UNKNOWN or kind in rule.kinds_at(rule.origin_end))
    )


def relations_leading_here(rules: Vocabulary, kind: Kind, harm: Harm) -> frozenset[str]:
    """Return the relations over which a harm at a node of a kind comes from elsewhere."""
    return frozenset(
        relation.name
        for relation in rules.relations
        for rule in relation.rules
        if rule.becomes is harm and (kind is Kind.UNKNOWN or kind in rule.kinds_at(rule.origin_end.other))
    )


def _kinds_that_harm_reaches(rules: Vocabulary) -> frozenset[Kind]:
    return frozenset(term.name for term in rules.kinds if term.harms)


def _canonical(view: EstateView, without: Without) -> Without:
    """Return the same to be left out, by canonical uids."""
    return Without(
        frozenset(view.canonical(uid) for uid in without.nodes),
        without.edges,
        frozenset(
            EdgeBetween(edge.relation, view.canonical(edge.subject), view.canonical(edge.object))
            for edge in without.between
        ),
    )


def nodes_met(view: EstateView, uids: Collection[Uid], during: Interval | None = None) -> Mapping[Uid, Node]:
    """Return the nodes of a walk, by canonical uid.

    One that exists only at other times of its window is as at the end of that, else as at its
    start, else without properties; nothing covers it at the date itself.
    """
    found = dict(view.nodes(uids))
    for moment in () if during is None else (Instant(during.end - 1), during.start):
        if missing := [uid for uid in uids if uid not in found]:
            then = view.ledger.nodes(missing, AsOf(moment, view.at.known))
            found |= {uid: replace(node, scopes=(), reports=()) for uid, node in then.items()}
    for uid in uids:
        if uid not in found:
            ref = view.topology.ref(view.topology.get(uid))
            found[uid] = Node(ref, False, None, None, MappingProxyType({}), (), (uid,), (), ())  # noqa: FBT003
    return found


def numbers(column: Longs | Indices | Smalls | Flags) -> list[int]:
    """Return a column's numbers as Python's own."""
    found: list[int] = column.tolist()
    return found
