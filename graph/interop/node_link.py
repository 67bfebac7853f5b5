"""Nodes and edges as node-link JSON, which networkx, D3 and many others read."""

from __future__ import annotations

from collections.abc import Iterable

from graph.interop.attributes import Attributes, edge_attributes, node_attributes
from graph.model import Edge, Node


def to_node_link(nodes: Iterable[Node], edges: Iterable[Edge]) -> Attributes:
    """Return one directed multigraph as values that JSON can hold; an edge's key is its id.

    >>> to_node_link([], [])
    {'directed': True, 'multigraph': True, 'graph': {}, 'nodes': [], 'edges': []}
    """
    return {
        "directed": True,
        "multigraph": True,
        "graph": {},
        "nodes": [{"id": node.uid, **node_attributes(node)} for node in nodes],
        "edges": [
            {
                "source": edge.subject.uid,
                "target": edge.object.uid,
                "key": edge.eid,
                **edge_attributes(edge),
            }
            for edge in edges
        ],
    }
