"""What a question said beside what it asks about, as the answer states it: as if, when, and only what."""

from __future__ import annotations

from api.documents.common import Document, time_or_none
from graph.model import Instant, Interval
from graph.walk import Without
from queries.filters import EVERYTHING, Hidden, NodeFilter
from queries.reach import ALL_STATES, ReachFilter, WalkTerms


def terms_of(terms: WalkTerms) -> Document:
    """Return what a walk took away and which window it counted; None each where it did neither."""
    return {"without": without_of(terms.without), "during": window_of(terms.during, terms.since)}


def without_of(without: Without) -> Document | None:
    """Return what an answer takes for not being there; None for nothing."""
    if not without:
        return None
    between = sorted(without.between, key=lambda edge: (edge.relation, edge.subject, edge.object))
    return {
        "nodes": sorted(without.nodes),
        "edges": sorted(without.edges),
        "between": [{"relation": e.relation, "subject": e.subject, "object": e.object} for e in between],
    }


def window_of(during: Interval | None, since: Instant | None = None) -> Document | None:
    """Return the window of which every edge counts, and since when there is harm; None for neither."""
    if during is None and since is None:
        return None
    return {
        "start": None if during is None else time_or_none(during.start),
        "end": None if during is None else time_or_none(during.end),
        "since": time_or_none(since),
    }


def only_states_of(only: ReachFilter) -> Document | None:
    """Return which states are listed and counted; None for all."""
    if only == ALL_STATES:
        return None
    certainty = None if only.certainty is None else only.certainty.value
    return {
        **_nodes_of(only.nodes),
        "harms": sorted(harm.value for harm in only.harms),
        "certainty": certainty,
    }


def only_nodes_of(only: NodeFilter) -> Document | None:
    """Return which nodes are listed and counted; None for all."""
    return None if only == EVERYTHING else _nodes_of(only)


def hidden_of(hidden: Hidden) -> Document:
    """Return how many nodes a filter leaves out only for what is not known of them."""
    return {
        "hidden_for_unknown_kind": hidden.kind,
        "hidden_for_unknown_environment": hidden.environment,
        "hidden_for_unknown_criticality": hidden.criticality,
    }


def _nodes_of(only: NodeFilter) -> Document:
    return {
        "kinds": sorted(kind.value for kind in only.kinds),
        "environments": sorted(only.environments),
        "min_criticality": only.min_criticality,
    }
