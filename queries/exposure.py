"""What could bring this harm to this node: the walk backwards, the likeliest first."""

from __future__ import annotations

import numpy as np

from graph.topology.arrays import Longs
from graph.walk import Direction
from queries.estate import Estate
from queries.reach import Reach, ReachQuestion, Walked, listed, reach_of, relations_leading_here, walked


class ExposureQuestion(ReachQuestion):
    """Ask what could bring a harm to some nodes, the targets."""


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
    found = walked(view, question.uids, question.harm, Direction.BACKWARD, question.terms)
    positions = _ranked(found, listed(found, question.only))
    return reach_of(Exposure, found, question, positions, relations_leading_here)


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
