"""Entities and references to them: kind, namespace and name, in which upper and lower case are one.

Source: Backstage's documentation on entity references and on the descriptor format.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from graph.model import Uid
from graph.vocabulary import Kind
from ingest.people import is_address, opaque
from ingest.record import ReadContext
from ingest.uids import address_uid, native_uid
from ingest.yamlfields import Part

SCHEME: Final = "backstage"
DEFAULT_NAMESPACE: Final = "default"
KINDS: Final = {
    "component": Kind.ASSET,
    "api": Kind.ASSET,
    "resource": Kind.ASSET,
    "system": Kind.ASSET,
    "domain": Kind.ASSET,
    "group": Kind.IDENTITY,
    "user": Kind.IDENTITY,
}
"""The kinds of entity that are read. A resource is an asset, whatever it is: a reference tells no more."""

_EXPECTED: Final = "a reference such as group:default/risk"


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity, described or referred to; all three parts in lower case."""

    kind: str
    namespace: str
    name: str

    @property
    def of(self) -> Kind:
        """Return the kind of node that it is."""
        return KINDS[self.kind]

    def uid(self, context: ReadContext) -> Uid:
        """Return its uid for the instance that is read; that of a user shows nothing of them.

        >>> from ingest.fingerprint import Fingerprinter
        >>> from graph.model import Instant, SourceInstance
        >>> context = ReadContext(SourceInstance("backstage"), Fingerprinter(b"k"), Instant(0))
        >>> Entity("component", "default", "scoring").uid(context)
        'hf:asset:backstage:default/component/default/scoring'
        """
        parts = (context.source.instance, self.kind, self.namespace, self.name)
        if self.kind == "user":
            return native_uid(Kind.IDENTITY, SCHEME, opaque(context.fingerprints, *parts))
        return native_uid(self.of, SCHEME, *parts)


def referred(part: Part, allowed: tuple[str, ...], namespace: str, *, default: str | None = None) -> Entity:
    """Return the entity that a part refers to, as text or as an object.

    ``default`` is the kind that is meant where none is written, ``namespace`` likewise.

    Raises:
        Misread: for what is no reference, or one to an entity of a kind that does not belong there.
    """
    if part.is_text:
        kind, space, name = _split(part)
    else:
        said = part.parts(("kind", "namespace", "name"), required=("name",))
        kind = said["kind"].text() if "kind" in said else ""
        space = said["namespace"].text() if "namespace" in said else ""
        name = said["name"].text()
    found = Entity((kind or default or "").lower(), (space or namespace).lower(), name.lower())
    if not found.kind:
        raise part.fault("says no kind", f"a reference with one of {', '.join(allowed)} before a colon")
    if found.kind not in allowed:
        raise part.fault("refers to an entity of a kind that is none here", f"one of {', '.join(allowed)}")
    return found


def owner_uid(part: Part, namespace: str, context: ReadContext) -> Uid:
    """Return the uid of an owner: a group or a user, or whoever has an e-mail address; raises Misread."""
    said = part.value
    if isinstance(said, str) and is_address(said.lower().removeprefix("user:")):
        return address_uid(said.lower().removeprefix("user:"), context.fingerprints)
    return referred(part, ("group", "user"), namespace, default="group").uid(context)


def _split(part: Part) -> tuple[str, str, str]:
    """Return kind, namespace and name as a text has them; empty where it leaves them out."""
    text = part.text().strip()
    kind, colon, rest = text.rpartition(":") if text.count(":") == 1 else ("", "", text)
    space, slash, name = rest.rpartition("/") if rest.count("/") == 1 else ("", "", rest)
    broken = (colon and not kind) or (slash and not space) or not name
    if broken or ":" in name or "/" in name or any(character.isspace() for character in text):
        raise part.fault("is no reference to an entity", _EXPECTED)
    return kind, space, name
