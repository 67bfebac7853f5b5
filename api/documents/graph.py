"""The whole graph as node-link JSON, as networkx's `node_link_graph` and others read it."""

from __future__ import annotations

from api.documents.common import Document, basis_of
from graph.interop.node_link import to_node_link
from queries.export import GraphExport


def node_link_of(export: GraphExport) -> Document:
    """Return one directed multigraph; its attributes say on what it stands."""
    return {**to_node_link(export.nodes, export.edges), "graph": basis_of(export.basis)}
