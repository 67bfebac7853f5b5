"""What a question said beside what it asks about, as the answer states it."""

from __future__ import annotations

from datetime import datetime

import strawberry
from strawberry import field

from api.graphql.at import time_of
from graph import walk
from graph.model import Instant, Interval
from graph.vocabulary import Certainty, Harm, Kind
from queries import filters, reach


@strawberry.type(description="Edges, by what they say.")
class EdgeStated:
    """A fact taken away."""

    relation: str = field(description="Their relation.")
    subject: strawberry.ID = field(description="The uid of their subject.")
    object: strawberry.ID = field(description="The uid of their object.")


@strawberry.type(description="What an answer takes for not being there: it is a what-if.")
class Without:
    """What was taken away."""

    nodes: list[strawberry.ID] = field(description="Nodes, by canonical uid.")
    edges: list[strawberry.ID] = field(description="Edges, by id.")
    between: list[EdgeStated] = field(description="Edges, by what they say.")


@strawberry.type(description="A window of time, of which every edge counts that holds at any time in it.")
class Window:
    """A window."""

    start: datetime | None = field(description="Its start.")
    end: datetime | None = field(description="Its end, which is outside; null where it is open.")
    since: datetime | None = field(description="Since when there is harm; null where that does not matter.")


@strawberry.type(description="What alone an answer lists and counts; an empty list lets all pass.")
class ListedOnly:
    """A filter."""

    kinds: list[Kind] = field(description="Nodes of these kinds.")
    environments: list[str] = field(description="Nodes in these environments.")
    min_criticality: int | None = field(description="Nodes of this criticality and above.")
    harms: list[Harm] = field(description="These harms.")
    certainty: Certainty | None = field(description="States of this certainty.")


def without_of(taken: walk.Without) -> Without | None:
    """Return what was taken away; None for nothing."""
    if not taken:
        return None
    between = sorted(taken.between, key=lambda edge: (edge.relation, edge.subject, edge.object))
    return Without(
        nodes=[strawberry.ID(uid) for uid in sorted(taken.nodes)],
        edges=[strawberry.ID(edge) for edge in sorted(taken.edges)],
        between=[
            EdgeStated(relation=e.relation, subject=strawberry.ID(e.subject), object=strawberry.ID(e.object))
            for e in between
        ],
    )


def window_stated(during: Interval | None, since: Instant | None = None) -> Window | None:
    """Return the window that an answer counts; None for that of one date."""
    if during is None and since is None:
        return None
    return Window(
        start=None if during is None else time_of(during.start),
        end=None if during is None else time_of(during.end),
        since=time_of(since),
    )


def only_states_of(only: reach.ReachFilter) -> ListedOnly | None:
    """Return which states are listed; None for all."""
    if only == reach.ALL_STATES:
        return None
    return ListedOnly(
        kinds=sorted(only.nodes.kinds),
        environments=sorted(only.nodes.environments),
        min_criticality=only.nodes.min_criticality,
        harms=sorted(only.harms),
        certainty=only.certainty,
    )


def only_nodes_of(only: filters.NodeFilter) -> ListedOnly | None:
    """Return which nodes are listed; None for all."""
    return only_states_of(reach.ReachFilter(only))
