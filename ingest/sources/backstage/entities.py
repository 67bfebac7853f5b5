"""One document of a catalog file: which entity it describes, if it describes one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from ingest.record import ReadContext
from ingest.sources.backstage.found import Found, below, present
from ingest.sources.backstage.names import DEFAULT_NAMESPACE, KINDS, Entity
from ingest.sources.backstage.organisation import read_group, read_user
from ingest.sources.backstage.software import read_software
from ingest.yamlfields import Misread, Part, Parts

VERSIONS: Final = ("backstage.io/v1alpha1", "backstage.io/v1beta1")

_FIELDS: Final = frozenset({"apiVersion", "kind", "metadata", "spec", "relations", "status"})
_NOT_FOLLOWED: Final = "location, which is not followed"
_READERS: Final[Mapping[str, Callable[[Found, Part], None]]] = {
    **dict.fromkeys((kind for kind in KINDS if kind not in ("group", "user")), read_software),
    "group": read_group,
    "user": read_user,
}


def read_entity(part: Part, context: ReadContext) -> Found | str:
    """Return what an entity comes to, or what is counted in its place.

    Raises:
        Misread: for what describes no entity.
    """
    said = present(part)
    for name in ("apiVersion", "kind"):
        if name not in said:
            raise part.fault(f"says no {name}", "an entity with apiVersion, kind, metadata and spec")
    version, kind = said["apiVersion"].text(), said["kind"].text().lower()
    is_ours = version.startswith("backstage.io/")
    if is_ours and kind == "location":
        return _NOT_FOLLOWED
    if not is_ours or kind not in KINDS:
        return "entity of another kind"
    if version not in VERSIONS:
        raise said["apiVersion"].fault("is a version that is not known", " or ".join(VERSIONS))
    found = _begun(part, said, kind, context)
    try:
        _READERS[kind](found, part)
    except Misread as fault:
        found.facts.clear()
        found.problems.append(fault.problem)
    found.skip(said, _FIELDS, "field")
    return found


def _begun(part: Part, said: Parts, kind: str, context: ReadContext) -> Found:
    if "metadata" not in said:
        raise part.fault("says no metadata", "metadata: with a name")
    metadata = present(said["metadata"])
    if "name" not in metadata:
        raise said["metadata"].fault("says no name", "name: …")
    namespace = metadata["namespace"].text() if "namespace" in metadata else DEFAULT_NAMESPACE
    entity = Entity(kind, namespace.lower(), metadata["name"].text().lower())
    return Found(entity, entity.uid(context), metadata, below(said, "spec"), context)
