"""Folded nodes and edges as attributes of plain values, and the facts that such attributes state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from graph.errors import InvalidValue
from graph.ledger.values import checked_properties
from graph.model import (
    ALWAYS,
    OPEN_END,
    Edge,
    EdgeFacts,
    ExternalId,
    Instant,
    Node,
    NodeFacts,
    ResolvedValue,
    Uid,
    as_text,
)
from graph.vocabulary import VOCABULARY, Kind

Attributes: TypeAlias = dict[str, Any]
"""Values that JSON can hold, by name."""


def node_attributes(node: Node) -> Attributes:
    """Return what a node says, without its uid; lists are in order, properties by name.

    ``contested`` names the properties in which sources contradict each other.
    """
    return {
        "kind": node.kind.value,
        "type": node.type,
        "name": node.name,
        "described": node.described,
        "members": list(node.members),
        "external_ids": [{"scheme": i.scheme, "value": i.value} for i in node.external_ids],
        "properties": plain_properties(node.properties),
        "contested": sorted(node.contested),
        "sources": [str(source) for source in node.sources],
    }


def edge_attributes(edge: Edge) -> Attributes:
    """Return what an edge says, without its ends and its id; times in RFC 3339, null where open."""
    return {
        "relation": edge.relation,
        **edge_words(edge),
        "properties": plain_properties(edge.properties),
        "valid_from": _time(edge.valid.start),
        "valid_to": _time(edge.valid.end),
        "sources": [str(source) for source in edge.sources],
    }


def edge_words(edge: Edge) -> Attributes:
    """Return what an edge says in words and lists of words, but for its relation and properties."""
    return {
        "discriminator": edge.discriminator,
        "marks": sorted(edge.marks),
        "possible_marks": sorted(edge.possible_marks),
        "environment": edge.environment,
        "certainty": edge.certainty.value,
        "origins": [origin.value for origin in edge.origins],
        "conditions": list(edge.conditions),
    }


def plain_properties(properties: Mapping[str, ResolvedValue]) -> Attributes:
    """Return resolved properties by name in order, without where they come from."""
    return {
        name: list(found.value) if isinstance(found.value, tuple) else found.value
        for name, found in sorted(properties.items())
    }


def node_facts(uid: object, said: Mapping[str, Any]) -> NodeFacts | None:
    """Return the facts in a node's attributes; None where they only say that it was mentioned.

    Raises:
        InvalidValue: for a uid that is no text, or a property that no store can hold.
        UnknownKind: for a kind that the vocabulary does not have.
    """
    if said.get("described") is False:
        return None
    return NodeFacts(
        uid=_uid(uid),
        kind=kind_of(uid, said),
        type=said.get("type"),
        name=said.get("name"),
        properties=checked_properties(said.get("properties", {})),
        external_ids=tuple(ExternalId(i["scheme"], i["value"]) for i in said.get("external_ids", ())),
    )


def edge_facts(
    subject: object, object_: object, said: Mapping[str, Any], mentioned: Mapping[Uid, Kind]
) -> EdgeFacts:
    """Return the facts in an edge's attributes; ``mentioned`` has the kinds of undescribed ends.

    Raises:
        UnknownRelation: for a relation that the vocabulary does not have.
        InvalidValue: for an end that is no text, or a property that no store can hold.
    """
    relation = VOCABULARY.relation(_text(said.get("relation"), "relation")).name
    subject_uid, object_uid = _uid(subject), _uid(object_)
    return EdgeFacts(
        relation=relation,
        subject=subject_uid,
        object=object_uid,
        marks=frozenset(said.get("marks", ())),
        environment=said.get("environment"),
        properties=checked_properties(said.get("properties", {})),
        subject_kind=mentioned.get(subject_uid),
        object_kind=mentioned.get(object_uid),
    )


def kind_of(uid: object, said: Mapping[str, Any]) -> Kind:
    """Return the kind in a node's attributes.

    Raises:
        InvalidValue: where there is none.
        UnknownKind: for one that the vocabulary does not have.
    """
    return VOCABULARY.kind(_text(said.get("kind"), f"kind of {uid!r}")).name


def _uid(uid: object) -> Uid:
    return Uid(_text(uid, "uid"))


def _text(value: object, field: str) -> str:
    if isinstance(value, str):
        return value
    raise InvalidValue(field, "nothing" if value is None else f"a {type(value).__name__}", "text")


def _time(moment: Instant) -> str | None:
    return None if moment >= OPEN_END or moment <= ALWAYS.start else as_text(moment)
