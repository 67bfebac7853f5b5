"""What a question said beside what it asks about, in words: an answer that leaves it out would mislead."""

from __future__ import annotations

from collections.abc import Iterable

from api.documents.common import time_or_none
from graph.model import Interval
from graph.walk import Without
from queries.filters import Hidden, NodeFilter
from queries.reach import Reach, ReachFilter, WalkTerms


def terms_lines(terms: WalkTerms) -> list[str]:
    """Return what a walk took for not being there, and which window it counted; none where neither."""
    return [*_without(terms.without), *window_lines(terms.during)]


def window_lines(during: Interval | None) -> list[str]:
    """Return which window an answer counts; none where it is of one date."""
    if during is None:
        return []
    end = time_or_none(during.end)
    until = f" up to but without {end}" if end else " on"
    return [f"Counting every edge that holds at any time from {time_or_none(during.start)}{until}."]


def only_states_lines(reach: Reach) -> list[str]:
    """Return which states are listed and counted, of how many; none where all are."""
    words = _states(reach.only)
    return [f"Listed only: {'; '.join(words)}. {reach.walked_states} states in all."] if words else []


def only_lines(words: Iterable[str]) -> list[str]:
    """Return of what alone an answer is; none where it is of everything."""
    said = "; ".join(words)
    return [f"Only: {said}."] if said else []


def node_words(only: NodeFilter) -> list[str]:
    """Return which nodes pass a filter; none where all do."""
    return [
        *_some("kind", sorted(kind.value for kind in only.kinds)),
        *_some("environment", sorted(only.environments)),
        *([] if only.min_criticality is None else [f"criticality {only.min_criticality} and above"]),
    ]


def hidden_lines(hidden: Hidden) -> list[str]:
    """Return how many nodes a filter leaves out only for what is not known of them; none where it is none."""
    named = (
        ("kind", hidden.kind),
        ("environment", hidden.environment),
        ("criticality", hidden.criticality),
    )
    return [f"{count} are left out for unknown {what}." for what, count in named if count]


def _states(only: ReachFilter) -> list[str]:
    return [
        *([] if only.certainty is None else [f"what is {only.certainty.value}"]),
        *_some("harm", sorted(harm.value for harm in only.harms)),
        *node_words(only.nodes),
    ]


def _some(what: str, names: list[str]) -> list[str]:
    return [f"{what} {' or '.join(names)}"] if names else []


def _without(without: Without) -> list[str]:
    if not without:
        return []
    edges = [f"{edge.subject} {edge.relation} {edge.object}" for edge in without.between]
    edges += [f"the edge {edge}" for edge in without.edges]
    return [f"As if {' and '.join([*sorted(without.nodes), *sorted(edges)])} were not there."]
