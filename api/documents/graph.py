"""The whole graph as node-link JSON, as networkx's `node_link_graph` and others read it."""

from __future__ import annotations

from api.documents.common import Document, basis_of, time_or_none, value_of
from graph.model import Edge, Node
from queries.export import GraphExport


def node_link_of(export: GraphExport) -> Document:
    """Return one directed multigraph; an edge's key is its id."""
    return {
        "directed": True,
        "multigraph": True,
        "graph": basis_of(export.basis),
        "nodes": [_node_of(node) for node in export.nodes],
        "edges": [_edge_of(edge) for edge in export.edges],
    }


def _node_of(node: Node) -> Document:
    return {
        "id": node.uid,
        "kind": node.kind.value,
        "type": node.type,
        "name": node.name,
        "described": node.described,
        "members": list(node.members),
        "external_ids": [{"scheme": i.scheme, "value": i.value} for i in node.external_ids],
        "properties": {name: value_of(found.value) for name, found in sorted(node.properties.items())},
        "sources": [str(source) for source in node.sources],
    }


def _edge_of(edge: Edge) -> Document:
    return {
        "source": edge.subject.uid,
        "target": edge.object.uid,
        "key": edge.eid,
        "relation": edge.relation,
        "discriminator": edge.discriminator,
        "marks": sorted(edge.marks),
        "environment": edge.environment,
        "certainty": edge.certainty.value,
        "origins": [origin.value for origin in edge.origins],
        "conditions": list(edge.conditions),
        "properties": {name: value_of(found.value) for name, found in sorted(edge.properties.items())},
        "valid_from": time_or_none(edge.valid.start),
        "valid_to": time_or_none(edge.valid.end),
        "sources": [str(source) for source in edge.sources],
    }
