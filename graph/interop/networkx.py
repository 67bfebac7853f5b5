"""Nodes and edges as a networkx graph, for notebooks and algorithms of others, and back.

A node's key is its uid, an edge's key its id; both carry the attributes of
``graph.interop.attributes``, the same that node-link JSON has.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import networkx as nx

from graph.interop.attributes import edge_attributes, edge_facts, kind_of, node_attributes, node_facts
from graph.model import Edge, EdgeFacts, Node, NodeFacts, Uid
from graph.vocabulary import Kind

if TYPE_CHECKING:
    MultiDiGraph = nx.MultiDiGraph[Any]
else:
    MultiDiGraph = nx.MultiDiGraph


def to_networkx(nodes: Iterable[Node], edges: Iterable[Edge]) -> MultiDiGraph:
    """Return a directed multigraph of these nodes and edges, in their order.

    An end of an edge that is not among the nodes is there too, as networkx has it; its
    kind is what the edge knows, and it counts as mentioned only.

    >>> to_networkx([], []).number_of_nodes()
    0
    """
    made: MultiDiGraph = nx.MultiDiGraph()
    for node in nodes:
        made.add_node(node.uid, **node_attributes(node))
    for edge in edges:
        for end in (edge.subject, edge.object):
            if end.uid not in made:
                made.add_node(end.uid, kind=end.kind.value, described=False)
        made.add_edge(edge.subject.uid, edge.object.uid, key=edge.eid, **edge_attributes(edge))
    return made


def from_networkx(made: MultiDiGraph) -> tuple[list[NodeFacts], list[EdgeFacts]]:
    """Return the facts in a graph whose attributes are those that ``to_networkx`` writes.

    Nodes that are only mentioned give no facts of their own, but their kinds stand on
    the edges that mention them. Certainty, origins and times are not facts: they belong
    to the claim that is made of them.

    Raises:
        InvalidValue: for a key that is no text, or a value that no store can hold.
        UnknownKind, UnknownRelation: for what the vocabulary does not have.
    """
    described: list[NodeFacts] = []
    mentioned: dict[Uid, Kind] = {}
    for uid, said in made.nodes(data=True):
        facts = node_facts(uid, said)
        if facts is not None:
            described.append(facts)
        elif (kind := kind_of(uid, said)) is not Kind.UNKNOWN:
            mentioned[Uid(str(uid))] = kind
    edges = [edge_facts(subject, end, said, mentioned) for subject, end, said in made.edges(data=True)]
    return described, edges
