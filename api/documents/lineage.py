"""Lineage as a document."""

from __future__ import annotations

from api.documents.common import Document, basis_of, brief_of, truncation_of
from api.documents.stated import window_of
from queries.lineage import LineageAnswer, LineageSide


def lineage_of(answer: LineageAnswer) -> Document:
    """Return the nodes and edges of each side, nearest first."""
    return {
        **basis_of(answer.basis),
        "during": window_of(answer.during),
        "starts": [brief_of(node) for node in answer.starts],
        "without_data": [node.uid for node in answer.without_data],
        "sides": [_side_of(side) for side in answer.sides.values()],
    }


def _side_of(side: LineageSide) -> Document:
    return {
        "direction": side.direction.value,
        "truncated": truncation_of(side.truncated),
        "hidden": side.hidden,
        "nodes": [
            {
                **brief_of(step.node),
                "hops": step.hops,
                "certainty": step.certainty.value,
                "hidden": step.hidden,
            }
            for step in side.nodes
        ],
        "edges": [
            {
                "edge": edge.edge,
                "relation": edge.relation,
                "source": edge.source.uid,
                "target": edge.target.uid,
                "certainty": edge.certainty.value,
            }
            for edge in side.edges
        ],
    }
