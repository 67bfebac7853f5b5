"""The part of the estate that filters let pass, at one date, for files that other tools read."""

from __future__ import annotations

from dataclasses import dataclass

from graph.model import Edge, Node
from queries.basis import Basis, basis_of, every_relation
from queries.estate import HERE_AND_NOW, Estate, Standpoint
from queries.filters import EVERYTHING, Hidden, NodeFilter


@dataclass(frozen=True, slots=True)
class FilteredQuestion:
    """Export what the filter lets pass, as of a date."""

    filter: NodeFilter = EVERYTHING
    standpoint: Standpoint = HERE_AND_NOW


@dataclass(frozen=True, slots=True)
class FilteredExport:
    """Nodes by uid, and the edges between them by relation, subject and object.

    `other_nodes` are left out by the filter, `hidden` those of them for what is not known; `cut_edges`
    have one end among the nodes and one outside.
    """

    basis: Basis
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    other_nodes: int
    cut_edges: int
    hidden: Hidden


def export_filtered(estate: Estate, question: FilteredQuestion) -> FilteredExport:
    """Return the part of the estate that the filter lets pass.

    Cost: one pass over all nodes and edges; all of them are held in memory.
    """
    view = estate.view(question.standpoint)
    every = tuple(view.all_nodes())
    nodes = tuple(node for node in every if question.filter.admits(node))
    uids = {node.uid for node in nodes}
    edges = view.all_edges([relation.name for relation in view.rules.relations])
    inside = [sum(end.uid in uids for end in (edge.subject, edge.object)) for edge in edges]
    return FilteredExport(
        basis=basis_of(view, every, relations=every_relation(view.rules)),
        nodes=nodes,
        edges=tuple(edge for edge, ends in zip(edges, inside, strict=True) if ends == 2),
        other_nodes=len(every) - len(nodes),
        cut_edges=sum(ends == 1 for ends in inside),
        hidden=question.filter.hidden(every),
    )
