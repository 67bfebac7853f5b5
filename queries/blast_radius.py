"""What else is harmed if this harm comes to these nodes, in which way, and along which path."""

from __future__ import annotations

from graph.walk import Direction
from queries.estate import Estate
from queries.reach import Reach, ReachQuestion, listed, reach_of, relations_leading_on, walked


class BlastRadiusQuestion(ReachQuestion):
    """Ask what follows if a harm comes to some nodes, the seeds."""


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
    found = walked(view, question.uids, question.harm, Direction.FORWARD, question.terms)
    return reach_of(BlastRadius, found, question, listed(found, question.only), relations_leading_on)
