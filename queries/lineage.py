"""Where the data of some nodes comes from and where it goes, whether or not harm goes the same way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

from graph.model import Interval, Node, Uid
from graph.vocabulary import Certainty, Kind, Vocabulary
from graph.walk import CutBy, LineageBounds, LineageDirection, LineageEdge, When
from graph.walk import Lineage as WalkedLineage
from graph.walk import lineage as walk_lineage
from queries.basis import Basis, Bound, Truncation, basis_of
from queries.estate import HERE_AND_NOW, Estate, EstateView, Standpoint
from queries.reach import nodes_met

BOTH_WAYS: Final = (LineageDirection.UPSTREAM, LineageDirection.DOWNSTREAM)

DEFAULT_LINEAGE_BOUNDS: Final = LineageBounds(max_hops=10, max_fan_out=100, max_nodes=2_000)
"""Five jobs deep, since a job and what it writes are two hops; more than 100 neighbours are no drawing."""


@dataclass(frozen=True, slots=True)
class LineageQuestion:
    """Ask for the lineage of some nodes, given by any of their uids, one way or both.

    `during` counts every edge that holds at any time in the interval.
    """

    starts: tuple[Uid, ...]
    directions: tuple[LineageDirection, ...] = BOTH_WAYS
    bounds: LineageBounds = DEFAULT_LINEAGE_BOUNDS
    during: Interval | None = None
    standpoint: Standpoint = HERE_AND_NOW


@dataclass(frozen=True, slots=True)
class LineageStep:
    """A node that data comes from or goes to, that way on; `hidden` of its neighbours are not shown."""

    node: Node
    hops: int
    certainty: Certainty
    hidden: int


@dataclass(frozen=True, slots=True)
class LineageSide:
    """The lineage one way: nodes by hops and uid, the starts at 0 hops; edges by id.

    Each edge leads from `source` to `target`, the way the data moves. `hidden` counts the
    neighbours that are not shown, one that two nodes hide twice.
    """

    direction: LineageDirection
    nodes: tuple[LineageStep, ...]
    edges: tuple[LineageEdge, ...]
    truncated: Truncation | None

    @property
    def hidden(self) -> int:
        """Return how many neighbours are not shown."""
        return sum(step.hidden for step in self.nodes)


@dataclass(frozen=True, slots=True)
class LineageAnswer:
    """The lineage asked for; `basis.truncated` is the cut nearest to the starts, of either side.

    With `during` it holds every edge of that window, not those of the date alone. `without_data`
    are the starts of a kind that no relation touches which moves data: nothing is known of them.
    """

    basis: Basis
    during: Interval | None
    starts: tuple[Node, ...]
    without_data: tuple[Node, ...]
    sides: Mapping[LineageDirection, LineageSide]


def find_lineage(estate: Estate, question: LineageQuestion) -> LineageAnswer:
    """Return where the data comes from and goes to, within bounds on depth, fan-out and nodes.

    Raises:
        NodeNotFound: for a start that nothing describes or mentions at these times.
        InvalidQuestion: for no start.

    Cost: the data edges of the nodes reached, and two reads of the store for names.
    """
    view = estate.view(question.standpoint)
    starts = tuple(dict.fromkeys(view.canonical(uid) for uid in question.starts))
    walked = {
        direction: walk_lineage(
            view.topology,
            view.tables,
            starts,
            When(view.at.valid, question.during),
            direction=direction,
            bounds=question.bounds,
        )
        for direction in question.directions
    }
    met = {reached.node.uid for found in walked.values() for reached in found.nodes}
    nodes = nodes_met(view, met | set(starts), question.during)
    sides = {way: _side(way, found, nodes, question.bounds) for way, found in walked.items()}
    asked = tuple(nodes[uid] for uid in starts)
    return LineageAnswer(
        basis=_basis(view, question.bounds, nodes, sides),
        during=question.during,
        starts=asked,
        without_data=tuple(node for node in asked if not data_relations(view.rules, node.kind)),
        sides=sides,
    )


def data_relations(rules: Vocabulary, kind: Kind) -> frozenset[str]:
    """Return the relations that move data and that a node of a kind can be an end of."""
    return frozenset(
        relation.name
        for relation in rules.relations
        for pair in relation.pairs
        if relation.flows_from(*pair) is not None and (kind in pair or kind is Kind.UNKNOWN)
    )


def _side(
    direction: LineageDirection, found: WalkedLineage, nodes: Mapping[Uid, Node], bounds: LineageBounds
) -> LineageSide:
    steps = (LineageStep(nodes[r.node.uid], r.hops, r.certainty, r.hidden) for r in found.nodes)
    return LineageSide(direction, tuple(steps), found.edges, _truncation(found, bounds))


def _truncation(found: WalkedLineage, bounds: LineageBounds) -> Truncation | None:
    cut = found.truncation
    if cut is None:
        return None
    name = "max_nodes" if cut.reason is CutBy.STATES else cut.reason.value
    hidden = sum(reached.hidden for reached in found.nodes)
    return Truncation(name, _stated(bounds)[name], cut.complete_to_hops, hidden or None)


def _stated(bounds: LineageBounds) -> Mapping[str, Bound]:
    return {field.name: getattr(bounds, field.name) for field in fields(bounds)}


def _basis(
    view: EstateView,
    bounds: LineageBounds,
    nodes: Mapping[Uid, Node],
    sides: Mapping[LineageDirection, LineageSide],
) -> Basis:
    cuts = [side.truncated for side in sides.values() if side.truncated is not None]
    moving = {kind: data_relations(view.rules, kind) for kind in {node.kind for node in nodes.values()}}
    return basis_of(
        view,
        nodes.values(),
        relations=lambda node: moving[node.kind],
        kinds=(Kind.ASSET, Kind.DATASET),
        bounds=_stated(bounds),
        truncated=min(cuts, key=lambda cut: cut.complete_to_hops or 0, default=None),
    )
