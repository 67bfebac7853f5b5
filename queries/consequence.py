"""How much a node can harm: what orders gaps, so that the gravest is dealt with first.

For each harm that can happen to the node, the walk says which states follow for certain.
Each counts as much as its node is critical; states of unknown criticality are counted
apart, since no number can be made up for them. The worst harm is the one that counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from graph.model import Node, Uid
from graph.vocabulary import Certainty, Harm, Kind
from graph.walk import Bounds, When, walk
from queries.estate import EstateView
from queries.filters import criticality_of


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows for certain from the worst harm at a node, the harm there included.

    `weight` sums the criticality of the `states` that follow, of which `unknown` are at nodes
    of unknown criticality. Where `is_whole` is False the walk was cut, and all three are the
    least that it can be. `harm` is None where nothing was walked: `assessed` is False then.
    """

    harm: Harm | None
    weight: int
    states: int
    unknown: int
    is_whole: bool

    @property
    def assessed(self) -> bool:
        """Return whether it was weighed."""
        return self.harm is not None


NOT_WALKED: Final = Consequence(None, 0, 0, 0, is_whole=False)


def consequences_of(
    view: EstateView, nodes: Iterable[Node], *, max_states: int | None, max_nodes: int | None
) -> Mapping[Uid, Consequence]:
    """Return what each node can harm, so many of them; the most critical nodes go before the others.

    Cost: a bounded walk for each of so many nodes and each harm.
    """
    ordered, bounds = sorted(nodes, key=_most_critical_first), Bounds(max_states=max_states)
    most = len(ordered) if max_nodes is None else max_nodes
    found = {node.uid: _worst(view, node, bounds) for node in ordered[:most]}
    return found | {node.uid: NOT_WALKED for node in ordered[most:]}


def _most_critical_first(node: Node) -> tuple[int, Uid]:
    criticality = criticality_of(node)
    return (1 if criticality is None else -criticality), node.uid


def _worst(view: EstateView, node: Node, bounds: Bounds) -> Consequence:
    """Return the consequence of the harm with the greatest weight, ties by more states, then by name."""
    each = [_consequence(view, node.uid, harm, bounds) for harm in sorted(_worst_harms(view, node.kind))]
    return max(each, key=lambda found: (found.weight, found.states), default=NOT_WALKED)


def _worst_harms(view: EstateView, kind: Kind) -> frozenset[Harm]:
    """Return the harms that can happen to a kind and that no other one there brings for certain.

    Whatever follows from a harm follows from one that brings it too, so the others need no walk.
    """
    travelling = {term.name for term in view.rules.harms if term.travels}
    brought = {
        implication.implies
        for implication in view.rules.implications
        if implication.kind is kind
        and implication.types is None
        and implication.certainty is Certainty.CERTAIN
        and implication.harm is not implication.implies
    }
    harms = view.rules.harms_of(kind) & travelling
    return (harms - brought) or harms


def _consequence(view: EstateView, uid: Uid, harm: Harm, bounds: Bounds) -> Consequence:
    forest = walk(view.topology, view.tables, [(uid, harm)], When(view.at.valid), bounds=bounds)
    certain = forest.node_column[forest.certain_column]
    criticality = view.topology.view(view.at.valid).criticality[certain].astype(np.int64)
    known = criticality[criticality >= 0]
    return Consequence(
        harm=harm,
        weight=int(known.sum()),
        states=len(certain),
        unknown=len(criticality) - len(known),
        is_whole=forest.truncation is None,
    )
