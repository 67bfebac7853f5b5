"""The digests that name a claim and its content, and the JSON form of what a claim says.

A claim's id is made of who says it (plug-in, instance, scope) and what it is about,
in the source's own words; a row's key adds the start of the validity. The content
holds everything that a refutation should depend on, and nothing else: the place in
the file may move without the claim being another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from graph.errors import InvalidValue
from graph.ledger.canonical import JsonValue, canonical, sha256_hex, short_digest
from graph.ledger.operations import EdgeKey, Subject, about_json
from graph.model import (
    NO_EXTENTS,
    NO_PROPERTIES,
    Claim,
    ClaimId,
    EdgeFacts,
    EdgeId,
    Extent,
    ExternalId,
    Instant,
    NodeFacts,
    Properties,
    PropertyValue,
    RowKey,
    Scope,
    Uid,
)
from graph.vocabulary import VOCABULARY, Certainty, Discriminator, Kind, Origin

ROLES: Final = ("accountable", "steward", "contact")
"""The marks of OWNS that say in which role; an OWNS edge has exactly one."""


def discriminator_of(facts: EdgeFacts) -> str:
    """Return what tells this fact from others with the same relation and ends; often empty.

    Raises:
        UnknownRelation: for a relation that the vocabulary does not have.
        InvalidValue: for an OWNS edge without exactly one role.
    """
    match VOCABULARY.relation(facts.relation).discriminator:
        case Discriminator.ROLE:
            roles = [role for role in ROLES if role in facts.marks]
            if len(roles) != 1:
                found = " and ".join(roles) if roles else "no role"
                raise InvalidValue("marks", found, f"exactly one of {', '.join(ROLES)}")
            return roles[0]
        case Discriminator.ENVIRONMENT:
            return facts.environment or ""
        case Discriminator.SLOT:
            slot = facts.properties.get("slot", "")
            return slot if isinstance(slot, str) else ""
        case None:
            return ""


def about_of(claim: Claim) -> Subject:
    """Return what a claim is about: a uid, or an edge in the source's own words."""
    facts = claim.about
    if isinstance(facts, NodeFacts):
        return facts.uid
    return EdgeKey(facts.relation, facts.subject, facts.object, discriminator_of(facts))


def claim_id_of(scope: Scope, about: Subject) -> ClaimId:
    """Return the id of what one source says in one scope about one thing."""
    source = scope.source
    return ClaimId(short_digest([source.plugin, source.instance, scope.name, about_json(about)]))


def row_key_of(claim_id: ClaimId, valid_from: Instant) -> RowKey:
    """Return the key of a claim's interval that starts at this time."""
    return RowKey(short_digest([claim_id, valid_from]))


def edge_id_of(relation: str, subject: Uid, object_: Uid, discriminator: str) -> EdgeId:
    """Return the id of a folded edge between two canonical uids."""
    return EdgeId(short_digest([relation, subject, object_, discriminator]))


def content_digest_of(content: Mapping[str, JsonValue]) -> str:
    """Return the SHA-256 of a sealed content's canonical form."""
    return sha256_hex(canonical(content))


def content_json(claim: Claim) -> dict[str, JsonValue]:
    """Return what a claim says as JSON; what is absent or default is left out."""
    facts = claim.about
    said = _node_json(facts) if isinstance(facts, NodeFacts) else _edge_json(facts)
    if claim.origin is not Origin.DECLARED:
        said["origin"] = claim.origin.value
    if claim.certainty is not Certainty.CERTAIN:
        said["certainty"] = claim.certainty.value
    if claim.condition:
        said["condition"] = claim.condition
    if claim.supports:
        said["supports"] = sorted(claim.supports)
    return said


def facts_from_json(about: Subject, said: Mapping[str, Any]) -> NodeFacts | EdgeFacts:
    """Return the facts that ``content_json`` wrote; personal values must be opened before."""
    if isinstance(about, EdgeKey):
        return EdgeFacts(
            relation=about.relation,
            subject=about.subject,
            object=about.object,
            marks=frozenset(said.get("marks", ())),
            environment=said.get("environment"),
            properties=_properties_from_json(said),
            subject_kind=_kind(said.get("subject_kind")),
            object_kind=_kind(said.get("object_kind")),
        )
    return NodeFacts(
        uid=about,
        kind=Kind(said["kind"]),
        type=said.get("type"),
        name=said.get("name"),
        properties=_properties_from_json(said),
        external_ids=tuple(ExternalId(*pair) for pair in said.get("external_ids", ())),
        coverage=_coverage_from_json(said.get("coverage")),
    )


def _node_json(facts: NodeFacts) -> dict[str, JsonValue]:
    said: dict[str, JsonValue] = {"kind": facts.kind.value}
    if facts.type is not None:
        said["type"] = facts.type
    if facts.name is not None:
        said["name"] = facts.name
    if facts.properties:
        said["properties"] = dict(facts.properties)
    if facts.external_ids:
        said["external_ids"] = [[i.scheme, i.value] for i in sorted(set(facts.external_ids))]
    if facts.coverage:
        said["coverage"] = {relation: extent.value for relation, extent in facts.coverage.items()}
    return said


def _edge_json(facts: EdgeFacts) -> dict[str, JsonValue]:
    said: dict[str, JsonValue] = {}
    if facts.marks:
        said["marks"] = sorted(facts.marks)
    if facts.environment is not None:
        said["environment"] = facts.environment
    if facts.properties:
        said["properties"] = dict(facts.properties)
    if facts.subject_kind is not None:
        said["subject_kind"] = facts.subject_kind.value
    if facts.object_kind is not None:
        said["object_kind"] = facts.object_kind.value
    return said


def _properties_from_json(said: Mapping[str, Any]) -> Properties:
    properties: Mapping[str, Any] = said.get("properties") or {}
    if not properties:
        return NO_PROPERTIES
    return MappingProxyType({name: _property_from_json(v) for name, v in properties.items()})


def _property_from_json(value: Any) -> PropertyValue:  # noqa: ANN401  # what JSON gives
    return tuple(value) if isinstance(value, list) else value  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def _coverage_from_json(said: Mapping[str, str] | None) -> Mapping[str, Extent]:
    if not said:
        return NO_EXTENTS
    return MappingProxyType({relation: Extent(extent) for relation, extent in said.items()})


def _kind(name: str | None) -> Kind | None:
    return None if name is None else Kind(name)
