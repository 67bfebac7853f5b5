"""Nodes and edges as GraphML, which yEd, Gephi, Cytoscape and networkx read.

GraphML holds scalars only: lists and properties are JSON text. Characters that XML 1.0 cannot
hold are replaced by U+FFFD.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

import networkx as nx

from graph.interop.attributes import Attributes, edge_attributes, node_attributes
from graph.model import Edge, Node

if TYPE_CHECKING:
    MultiDiGraph = nx.MultiDiGraph[Any]
else:
    MultiDiGraph = nx.MultiDiGraph

_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def graphml_lines(nodes: Iterable[Node], edges: Iterable[Edge]) -> Iterator[str]:
    """Yield the lines of one GraphML document: a directed multigraph, an edge's key is its id.

    Cost: the graph is held in memory.

    >>> next(graphml_lines([], []))[:9]
    '<graphml '
    """
    made: MultiDiGraph = nx.MultiDiGraph()
    for node in nodes:
        made.add_node(_text(node.uid), **_scalars(node_attributes(node)))
    for edge in edges:
        ends = (_text(edge.subject.uid), _text(edge.object.uid))
        made.add_edge(*ends, key=edge.eid, **_scalars(edge_attributes(edge)))
    yield from nx.generate_graphml(made)


def _scalars(attributes: Attributes) -> dict[str, str | bool]:
    """Return attributes as GraphML takes them; what is absent is left out."""
    found: dict[str, str | bool] = {}
    for name, value in attributes.items():
        if isinstance(value, bool):
            found[name] = value
        elif value not in (None, [], {}):
            found[name] = _text(value if isinstance(value, str) else json.dumps(value, sort_keys=True))
    return found


def _text(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
