"""What else is harmed if this harm comes to these nodes, in which way, and along which path."""

from __future__ import annotations

from dataclasses import dataclass, field

from graph.model import Uid
from graph.vocabulary import Harm
from graph.walk import Direction
from queries.estate import HERE_AND_NOW, Estate, Standpoint
from queries.reach import (
    ALL_STATES,
    Reach,
    ReachFilter,
    WalkTerms,
    basis_of_walk,
    listed,
    relations_leading_on,
    totals_of_listed,
    walked,
)


@dataclass(frozen=True, slots=True)
class BlastRadiusQuestion:
    """Ask what follows if a harm comes to some nodes, given by any of their uids."""

    seeds: tuple[Uid, ...]
    harm: Harm
    only: ReachFilter = ALL_STATES
    terms: WalkTerms = field(default_factory=WalkTerms)
    standpoint: Standpoint = HERE_AND_NOW


class BlastRadius(Reach):
    """Every state that follows, by hops, certain before possible, then uid and harm.

    The seeds are listed with 0 hops, and so is what follows on them without any edge.
    """


def find_blast_radius(estate: Estate, question: BlastRadiusQuestion) -> BlastRadius:
    """Return every state that the seeds lead to, within the question's bounds.

    An empty radius holds the seeds alone. Where a bound cut the walk, `basis.truncated` says
    so and the totals are of what was walked.

    Raises:
        NodeNotFound: for a seed that nothing describes or mentions at these times.
        InvalidQuestion: for no seed, a harm that cannot happen to a seed's kind, or something
            to be left out that does not exist.

    Cost: the edges of the nodes reached, and a few reads of the store for names and owners.
    """
    view = estate.view(question.standpoint)
    found = walked(view, question.seeds, question.harm, Direction.FORWARD, question.terms)
    positions = listed(found, question.only)
    return BlastRadius(
        basis=basis_of_walk(found, relations_leading_on),
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
