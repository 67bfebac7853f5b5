"""Components, APIs, resources, systems and domains: what they are, whose they are, what they depend on.

What Backstage does not say is not guessed: types and lifecycles go through tables, and what a
dependency consists in stays open. That a component is in production, for Backstage, is a stage
of its life and no environment, and not an approval either.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from graph.model import EdgeFacts, NodeFacts, PropertyValue
from graph.vocabulary import Kind
from ingest.repositories import repository_uid
from ingest.sources.backstage.found import Found, below
from ingest.sources.backstage.names import owner_uid, referred
from ingest.yamlfields import Part

TYPES: Final[Mapping[str, Mapping[str, str]]] = {
    "component": {
        "service": "service",
        "website": "application",
        "application": "application",
        "library": "package",
        "pipeline": "pipeline",
        "model": "model",
        "ml-model": "model",
        "agent": "agent",
        "ai-agent": "agent",
        "mcp-server": "mcp_server",
        "tool": "tool",
    },
    "resource": {
        "database": "storage",
        "s3-bucket": "storage",
        "bucket": "storage",
        "vector-database": "vector_store",
        "vault": "vault",
        "kubernetes-cluster": "compute",
        "model": "model",
    },
}
"""The words of ``spec.type`` that have a type of the vocabulary; with all others the type is unknown."""

LIFECYCLES: Final = {"experimental": "experimental", "deprecated": "deprecated", "production": None}
"""Backstage's own lifecycles. Established and maintained, which it calls production, is not approved."""

DEPENDS: Final = "the catalog says that it depends on it, and not in which way"
PROVIDES: Final = "the catalog says that the component provides the API, and not whether all calls go there"

_PROJECT: Final = "github.com/project-slug"
_LOCATION: Final = "backstage.io/source-location"
_ANNOTATIONS: Final = (_LOCATION, _PROJECT)
"""Annotations that name the repository of the source, the more exact one first."""

_SLUG: Final = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")
_TREE: Final = re.compile(r"(https?://[^/\s@]+/.+?)(?:/-)?/(?:tree|blob|src|raw|edit)/.*")

_DEPENDING: Final = ("component", "resource")
_METADATA: Final = frozenset(
    {"name", "namespace", "title", "description", "tags", "annotations", "uid", "etag"}
)
_SPEC: Final = frozenset(
    {
        *("type", "lifecycle", "owner", "system", "domain", "subdomainOf", "subcomponentOf"),
        *("providesApis", "consumesApis", "dependsOn", "dependencyOf"),
    }
)
_WHOLES: Final = {
    "component": (("system", "system"), ("subcomponentOf", "component")),
    "api": (("system", "system"),),
    "resource": (("system", "system"),),
    "system": (("domain", "domain"),),
    "domain": (("subdomainOf", "domain"),),
}
"""For each kind the fields that name a whole that it is part of, and of which kind that is."""


def read_software(found: Found, part: Part) -> None:
    """Say what an entity is, and what it says of others; raises Misread where it cannot be described."""
    found.say(_node(found), part)
    if "owner" in found.spec:
        with found.told():
            owner = found.spec["owner"]
            uid = owner_uid(owner, found.entity.namespace, found.context)
            kind = found.entity.of
            found.say(EdgeFacts("OWNS", uid, found.uid, frozenset({"accountable"}), object_kind=kind), owner)
    for name, kind_ in _WHOLES[found.entity.kind]:
        if name in found.spec:
            with found.told():
                _relate(found, "PART_OF", found.spec[name], (kind_,), default=kind_)
    if found.entity.kind in _DEPENDING:
        _dependencies(found)
    _repository(found)
    found.skip(found.spec, _SPEC, f"{found.entity.kind}'s")
    found.skip(found.metadata, _METADATA, "metadata")


def _node(found: Found) -> NodeFacts:
    metadata, spec, kind = found.metadata, found.spec, found.entity.kind
    properties: dict[str, PropertyValue] = {"backstage_kind": kind, "namespace": found.entity.namespace}
    if "description" in metadata:
        properties["description"] = metadata["description"].text()
    if "tags" in metadata:
        properties["tags"] = metadata["tags"].texts()
    type_ = spec["type"].text() if "type" in spec else None
    if type_ is not None:
        properties["backstage_type"] = type_
    if "lifecycle" in spec:
        properties |= _lifecycle(found, spec["lifecycle"].text())
    name = (metadata["title"] if "title" in metadata else metadata["name"]).text()
    return NodeFacts(found.uid, Kind.ASSET, _type(found, type_), name, properties)


def _type(found: Found, said: str | None) -> str | None:
    kind = found.entity.kind
    if kind == "api":
        return "endpoint"
    known = TYPES.get(kind)
    type_ = known.get((said or "").lower()) if known is not None else None
    if known is not None and type_ is None:
        found.skipped.append(f"{kind} of a type that the table does not have")
    return type_


def _lifecycle(found: Found, said: str) -> dict[str, PropertyValue]:
    if said.lower() not in LIFECYCLES:
        found.skipped.append("lifecycle that the table does not have")
    lifecycle = LIFECYCLES.get(said.lower())
    return {"backstage_lifecycle": said, **({} if lifecycle is None else {"lifecycle": lifecycle})}


def _dependencies(found: Found) -> None:
    found.each("consumesApis", lambda part: _relate(found, "INVOKES", part, ("api",), default="api"))
    found.each("providesApis", lambda part: _provides(found, part))
    found.each("dependsOn", lambda part: _relate(found, "INVOKES", part, _DEPENDING, condition=DEPENDS))
    found.each("dependencyOf", lambda part: _is_needed(found, part))


def _relate(
    found: Found,
    relation: str,
    part: Part,
    allowed: tuple[str, ...],
    *,
    default: str | None = None,
    condition: str | None = None,
) -> None:
    other = referred(part, allowed, found.entity.namespace, default=default).uid(found.context)
    if other != found.uid:
        found.say(EdgeFacts(relation, found.uid, other, object_kind=Kind.ASSET), part, condition)


def _provides(found: Found, part: Part) -> None:
    """Say that whoever calls the API calls the component, so that the API is what depends on it."""
    api = referred(part, ("api",), found.entity.namespace, default="api").uid(found.context)
    found.say(EdgeFacts("INVOKES", api, found.uid, subject_kind=Kind.ASSET), part, PROVIDES)


def _is_needed(found: Found, part: Part) -> None:
    other = referred(part, _DEPENDING, found.entity.namespace).uid(found.context)
    if other != found.uid:
        found.say(EdgeFacts("INVOKES", other, found.uid, subject_kind=Kind.ASSET), part, DEPENDS)


def _repository(found: Found) -> None:
    """Say what a component is built from, where an annotation names the repository of its source."""
    annotations = below(found.metadata, "annotations")
    named = [(part, _of_annotation(part)) for part in map(annotations.get, _ANNOTATIONS) if part is not None]
    addresses = [(part, address) for part, address in named if address is not None]
    known: frozenset[str] = frozenset()
    if addresses and found.entity.kind == "component":
        part, address = addresses[0]
        repository = repository_uid(address)
        found.say(EdgeFacts("BUILT_FROM", found.uid, repository, object_kind=Kind.ASSET), part)
        known = frozenset(part.name for part, _ in addresses)
    found.skip(annotations, known, "annotation")


def _of_annotation(part: Part) -> str | None:
    """Return the repository that an annotation names; None where it tells none, or has a login in it."""
    said = part.value
    if not isinstance(said, str):
        return None
    if part.name == _PROJECT:
        return f"https://github.com/{said}" if _SLUG.fullmatch(said) else None
    found = _TREE.fullmatch(said.removeprefix("url:"))
    return found[1] if found else None
