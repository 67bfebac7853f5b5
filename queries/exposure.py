"""What could bring this harm to this node: the walk backwards, the likeliest first."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from graph.model import Uid
from graph.topology.arrays import Longs
from graph.vocabulary import Harm
from graph.walk import Direction
from queries.estate import HERE_AND_NOW, Estate, Standpoint
from queries.reach import (
    ALL_STATES,
    Reach,
    ReachFilter,
    Walked,
    WalkTerms,
    basis_of_walk,
    listed,
    relations_leading_here,
    totals_of_listed,
    walked,
)


@dataclass(frozen=True, slots=True)
class ExposureQuestion:
    """Ask what could bring a harm to some nodes, given by any of their uids."""

    targets: tuple[Uid, ...]
    harm: Harm
    only: ReachFilter = ALL_STATES
    terms: WalkTerms = field(default_factory=WalkTerms)
    standpoint: Standpoint = HERE_AND_NOW


class Exposure(Reach):
    """Every state that could lead to the harm asked about: certain ones first, then the nearest.

    At equal hops the most critical nodes come first, those of unknown criticality last, then
    uid and harm. Paths run forward, from the state to the target; the targets are listed
    with 0 hops. Reach and certainty are those of the walk forwards, hops are its own.
    """


def find_exposure(estate: Estate, question: ExposureQuestion) -> Exposure:
    """Return every state that could lead to the harm, ranked, within the question's bounds.

    Raises:
        NodeNotFound: for a target that nothing describes or mentions at these times.
        InvalidQuestion: for no target, a harm that cannot happen to a target's kind, or
            something to be left out that does not exist.

    Cost: the edges of the nodes reached, and a few reads of the store for names and owners.
    """
    view = estate.view(question.standpoint)
    found = walked(view, question.targets, question.harm, Direction.BACKWARD, question.terms)
    positions = _ranked(found, listed(found, question.only))
    return Exposure(
        basis=basis_of_walk(found, relations_leading_here),
        seeds=found.seeds,
        harm=question.harm,
        terms=found.terms,
        only=question.only,
        totals=totals_of_listed(found, positions),
        walked_states=len(found.forest),
        hidden_for_unknown_criticality=question.only.nodes.hidden_for_unknown_criticality(
            found.nodes.values()
        ),
        forest=found.forest,
        nodes=found.nodes,
        positions=positions,
    )


def _ranked(found: Walked, positions: Longs) -> Longs:
    """Return positions by certainty, hops, criticality (unknown is -1, below the lowest), uid, harm."""
    forest, view = found.forest, found.view
    nodes = forest.node_column[positions]
    criticality = view.topology.view(view.at.valid).criticality[nodes].astype(np.int16)
    keys = (
        forest.harm_column[positions],
        nodes,
        -criticality,
        forest.hops_column[positions],
        ~forest.certain_column[positions],
    )
    return positions[np.lexsort(keys)]
