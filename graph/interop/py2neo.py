"""Nodes and edges as a py2neo ``Subgraph``, and the facts in one; needs the extra ``holdfast[py2neo]``.

py2neo has had no maintainer since 2023. It is here for notebooks that use it already;
nothing else of Holdfast imports it, and this module does so only when it is used. Both
functions are pure: they talk to no server.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, TypeAlias

from graph.errors import HoldfastError, InvalidValue
from graph.interop.attributes import edge_facts, edge_words, node_facts, plain_properties
from graph.model import Edge, EdgeFacts, Node, NodeFacts, NodeRef, Uid
from graph.store.neo4j.shape import ENTITY_PROPERTIES, RELATIONSHIP_PROPERTIES
from graph.vocabulary import VOCABULARY, Kind

Subgraph: TypeAlias = Any
"""A ``py2neo.Subgraph``; the library has no types."""

_ENTITY: Final = "Entity"
_BESIDE: Final = "properties."
_KINDS: Final = {term.name.value: term.name for term in VOCABULARY.kinds}
_NODE_FIELDS: Final = ENTITY_PROPERTIES | {
    *("uid", "kind", "type", "name", "described", "members"),
    *("external_id_schemes", "external_id_values", "contested"),
}
"""What is no property of a node: what ``to_py2neo`` writes, and what a Holdfast database adds."""

_EDGE_FIELDS: Final = RELATIONSHIP_PROPERTIES | {"possible_marks", "origins", "conditions"}
"""The same for an edge."""


@dataclass(eq=False)
class ExtraMissing(HoldfastError):
    """A part of Holdfast whose library is not installed by default."""

    extra: str
    code = "extra_missing"

    def message(self) -> str:
        """Return what is missing."""
        return f"This needs {self.extra}, which is not installed."

    def remedy(self) -> str:
        """Return how to get it."""
        return f"Install it with `pip install 'holdfast[{self.extra}]'`."


def to_py2neo(nodes: Iterable[Node], edges: Iterable[Edge]) -> Subgraph:
    """Return a ``py2neo.Subgraph``: nodes labelled ``Entity`` and by kind, edges typed by relation.

    Properties stand beside our own fields; one that has the name of a field is called
    ``properties.<name>``. Times are milliseconds in UTC. The subgraph holds every edge, but
    py2neo's own ``create`` and ``merge`` write those that share both ends and the
    relation (an owner in two roles, say) as one relationship.

    Raises:
        ExtraMissing: where py2neo is not installed.
    """
    library = _library()
    made: dict[Uid, Any] = {}
    for node in nodes:
        made[node.uid] = library.Node(*_labels(node.ref), **_node_properties(node))
    relationships: list[Any] = []
    for edge in edges:
        for end in (edge.subject, edge.object):
            if end.uid not in made:
                said = {"uid": end.uid, "kind": end.kind.value, "described": False}
                made[end.uid] = library.Node(*_labels(end), **said)
        subject, object_ = made[edge.subject.uid], made[edge.object.uid]
        properties = _edge_properties(edge)
        relationships.append(library.Relationship(subject, edge.relation, object_, **properties))
    return library.Subgraph(made.values(), relationships)


def from_py2neo(subgraph: Subgraph, *, key: str = "uid") -> tuple[list[NodeFacts], list[EdgeFacts]]:
    """Return the facts in a subgraph, in order of uid, and of relation and ends.

    A node's uid is its property ``key``, its kind the label that is one, its type the
    property ``type``. A relationship's type is the relation. Nodes with ``described``
    false give no facts of their own, but their kinds stand on their edges.

    Raises:
        ExtraMissing: where py2neo is not installed.
        InvalidValue: for a node without key or kind, or a value that no store can hold.
        UnknownRelation: for a type of relationship that the vocabulary does not have.
    """
    _library()
    by_uid: dict[Uid, list[NodeFacts]] = {}
    mentioned: dict[Uid, Kind] = {}
    for node in subgraph.nodes:
        said = _node_attributes(node, key)
        facts = node_facts(node[key], said)
        if facts is not None:
            # One node may come as two objects, from a line of its own and from an edge.
            alike = by_uid.setdefault(facts.uid, [])
            alike.extend([facts] if facts not in alike else [])
        elif said["kind"] is not None:
            mentioned[Uid(node[key])] = _KINDS[said["kind"]]
    edges = [
        edge_facts(r.start_node[key], r.end_node[key], _edge_attributes(r), mentioned)
        for r in subgraph.relationships
    ]
    described = [facts for uid in sorted(by_uid) for facts in by_uid[uid]]
    edges.sort(key=lambda facts: (facts.relation, facts.subject, facts.object, sorted(facts.marks)))
    return described, edges


def _library() -> Any:  # noqa: ANN401 - a library without types
    try:
        return import_module("py2neo")
    except ModuleNotFoundError as error:
        raise ExtraMissing("py2neo") from error


def _labels(ref: NodeRef) -> tuple[str, ...]:
    return (_ENTITY,) if ref.kind is Kind.UNKNOWN else (_ENTITY, ref.kind.value)


def _node_properties(node: Node) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "uid": node.uid,
        "kind": node.kind.value,
        "type": node.type,
        "name": node.name,
        "described": node.described,
        "members": list(node.members),
        "external_id_schemes": [i.scheme for i in node.external_ids],
        "external_id_values": [i.value for i in node.external_ids],
        "contested": sorted(node.contested),
    }
    return _said(fields) | _beside(plain_properties(node.properties), _NODE_FIELDS)


def _edge_properties(edge: Edge) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "eid": edge.eid,
        **edge_words(edge),
        "valid_from": edge.valid.start,
        "valid_to": edge.valid.end,
    }
    return _said(fields) | _beside(plain_properties(edge.properties), _EDGE_FIELDS)


def _said(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that hold something; a property graph has no null and no use for empty lists."""
    return {name: value for name, value in fields.items() if value is not None and value != []}


def _beside(properties: Mapping[str, Any], fields: frozenset[str]) -> dict[str, Any]:
    """Return properties under names that no field has, and that are told apart again."""
    return {
        f"{_BESIDE}{name}" if name in fields or name.startswith(_BESIDE) else name: value
        for name, value in properties.items()
    }


def _properties(said: Mapping[str, Any], fields: frozenset[str]) -> dict[str, Any]:
    return {name.removeprefix(_BESIDE): value for name, value in said.items() if name not in fields}


def _node_attributes(node: Any, key: str) -> dict[str, Any]:  # noqa: ANN401
    said = dict(node)
    kinds = sorted(_KINDS.keys() & set(node.labels))
    if len(kinds) > 1 or (not kinds and said.get("described") is not False):
        found = " and ".join(kinds) or "no kind"
        raise InvalidValue(f"labels of {said.get(key)!r}", found, f"one of {', '.join(_KINDS)}")
    ids = zip(said.get("external_id_schemes", ()), said.get("external_id_values", ()), strict=True)
    return {
        "kind": kinds[0] if kinds else None,
        "type": said.get("type"),
        "name": said.get("name"),
        "described": said.get("described"),
        "external_ids": [{"scheme": scheme, "value": value} for scheme, value in ids],
        "properties": _properties(said, _NODE_FIELDS | {key}),
    }


def _edge_attributes(relationship: Any) -> dict[str, Any]:  # noqa: ANN401
    said = dict(relationship)
    return {
        "relation": type(relationship).__name__,
        "marks": said.get("marks", ()),
        "environment": said.get("environment"),
        "properties": _properties(said, _EDGE_FIELDS),
    }
