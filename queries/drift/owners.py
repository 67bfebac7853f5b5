"""Owners that two places name differently."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from graph.model import Edge, Node, SourceInstance, Uid
from graph.vocabulary import Certainty
from queries.drift.rows import Drift, Found, Row, Side, claims_behind, is_registry
from queries.estate import EstateView
from queries.inheritance import ACCOUNTABLE
from queries.owners import OWNS


def find_other_owners(
    view: EstateView, nodes: Mapping[Uid, Node], edges: Iterable[Edge], registries: Collection[str]
) -> Found:
    """Return the nodes of which two sources name accountable owners, and none in common.

    One source that names two owners says that there are two; that is no difference.
    """
    found = Found()
    owning: dict[Uid, list[Edge]] = defaultdict(list)
    for edge in edges:
        if edge.relation == OWNS and ACCOUNTABLE in edge.marks:
            owning[edge.object.uid].append(edge)
    for uid, several in owning.items():
        pair = _apart(several, registries)
        if pair is not None and uid in nodes:
            found.rows.append(_row(view, nodes, uid, *pair))
    return found


def _apart(edges: list[Edge], registries: Collection[str]) -> tuple[list[Edge], list[Edge]] | None:
    """Return the edges of the first two sources that have no owner in common, a registry's first."""
    by_source: dict[SourceInstance, list[Edge]] = defaultdict(list)
    for edge in edges:
        for source in edge.sources:
            by_source[source].append(edge)
    ordered = sorted(by_source, key=lambda source: (not is_registry(source, registries), source))
    for i, first in enumerate(ordered):
        for second in ordered[i + 1 :]:
            one, other = by_source[first], by_source[second]
            if {e.subject.uid for e in one}.isdisjoint(e.subject.uid for e in other):
                return one, other
    return None


def _row(view: EstateView, nodes: Mapping[Uid, Node], uid: Uid, one: list[Edge], other: list[Edge]) -> Row:
    certain = all(edge.certainty is Certainty.CERTAIN for edge in (*one, *other))
    return Row(
        Drift.OWNER,
        nodes[uid],
        Side(_named(nodes, one), claims_behind(view, one)),
        Side(_named(nodes, other), claims_behind(view, other)),
        Certainty.CERTAIN if certain else Certainty.POSSIBLE,
        other[0].subject.uid,
    )


def _named(nodes: Mapping[Uid, Node], edges: list[Edge]) -> str:
    labels = sorted({nodes[e.subject.uid].label if e.subject.uid in nodes else e.subject.uid for e in edges})
    return f"owned by {' and '.join(labels)}"
