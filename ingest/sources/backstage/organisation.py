"""Groups and users: who is in which group, and what people are called.

Backstage's word joins nobody with a person of another source: an address that a profile shows is
kept as an external id, and what it leads to is for a person to decide.
"""

from __future__ import annotations

from typing import Final

from graph.model import EdgeFacts, ExternalId, NodeFacts, PropertyValue
from graph.vocabulary import Kind
from ingest.people import ADDRESS_EXPECTED, NO_ADDRESS, is_address
from ingest.sources.backstage.found import Found, below
from ingest.sources.backstage.names import referred
from ingest.yamlfields import Part, Parts

GROUP_TYPES: Final = {"team": "team"}
"""The words of a group's ``spec.type`` that are a type of the vocabulary; all others are groups."""

_LOGIN: Final = "github.com/user-login"
_METADATA: Final = frozenset({"name", "namespace", "title", "description", "annotations", "uid", "etag"})
_OF_USER: Final = frozenset({"profile", "memberOf"})
_OF_GROUP: Final = frozenset({"type", "profile", "parent", "children", "members"})


def read_user(found: Found, part: Part) -> None:
    """Say who a user is, and which groups they are in; raises Misread where they cannot be described."""
    profile = below(found.spec, "profile")
    annotations = below(found.metadata, "annotations")
    properties: dict[str, PropertyValue] = {"user_name": found.metadata["name"].text()}
    properties |= _description(found)
    ids: list[ExternalId] = []
    if "email" in profile:
        ids.append(ExternalId("email", _address(profile["email"])))
    if _LOGIN in annotations:
        ids.append(ExternalId("github-login", annotations[_LOGIN].text()))
    name = _name(found, profile) or properties["user_name"]
    found.say(NodeFacts(found.uid, Kind.IDENTITY, "person", str(name), properties, tuple(ids)), part)
    found.each("memberOf", lambda member: _member_of(found, member))
    _skip(found, profile, annotations, _OF_USER, frozenset({"displayName", "email"}))


def read_group(found: Found, part: Part) -> None:
    """Say what a group is and who is in it; raises Misread where it cannot be described."""
    profile = below(found.spec, "profile")
    type_ = found.spec["type"].text() if "type" in found.spec else None
    properties: dict[str, PropertyValue] = {"namespace": found.entity.namespace, **_description(found)}
    if type_ is not None:
        properties["backstage_type"] = type_
    name = _name(found, profile) or found.metadata["name"].text()
    node = NodeFacts(
        found.uid, Kind.IDENTITY, GROUP_TYPES.get((type_ or "").lower(), "group"), name, properties
    )
    found.say(node, part)
    found.each("parent", lambda parent: _member_of(found, parent))
    found.each("children", lambda child: _has_member(found, child, "group"))
    found.each("members", lambda member: _has_member(found, member, "user"))
    _skip(found, profile, below(found.metadata, "annotations"), _OF_GROUP, frozenset({"displayName"}))


def _member_of(found: Found, part: Part) -> None:
    group = referred(part, ("group",), found.entity.namespace, default="group").uid(found.context)
    if group != found.uid:
        found.say(EdgeFacts("MEMBER_OF", found.uid, group), part)


def _has_member(found: Found, part: Part, kind: str) -> None:
    member = referred(part, (kind,), found.entity.namespace, default=kind).uid(found.context)
    if member != found.uid:
        found.say(EdgeFacts("MEMBER_OF", member, found.uid), part)


def _name(found: Found, profile: Parts) -> str | None:
    named = profile.get("displayName") or found.metadata.get("title")
    return None if named is None else named.text()


def _description(found: Found) -> dict[str, PropertyValue]:
    part = found.metadata.get("description")
    return {} if part is None else {"description": part.text()}


def _address(part: Part) -> str:
    address = part.text()
    if not is_address(address):
        raise part.fault(NO_ADDRESS, ADDRESS_EXPECTED)
    return address.lower()


def _skip(
    found: Found, profile: Parts, annotations: Parts, spec: frozenset[str], of_profile: frozenset[str]
) -> None:
    kind = found.entity.kind
    found.skip(found.spec, spec, f"{kind}'s")
    found.skip(profile, of_profile, f"{kind}'s")
    found.skip(annotations, frozenset({_LOGIN}) if kind == "user" else frozenset(), "annotation")
    found.skip(found.metadata, _METADATA, "metadata")
