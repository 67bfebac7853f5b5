"""Whom an ownership facet names; never more than a name, so the owner is mentioned and not described."""

from __future__ import annotations

from typing import Final

from graph.model import Uid
from graph.vocabulary import Kind
from ingest.record import ReadContext
from ingest.redaction import MARK
from ingest.uids import address_uid, native_uid

_NOT_PERSONS: Final = ("team:", "group:", "application:", "service:", "role:")
"""Prefixes of owners that are surely nobody's personal name; the specification suggests such URNs."""

_PERSONS: Final = ("user:", "person:", "mailto:")

_KEPT: Final = "hf:identity:"
"""What a kept name begins with that was a person's. One that was sent like that is a name like any other."""


def owner_uid(name: str, context: ReadContext) -> Uid:
    """Return the uid of an owner, by the name under which an event is kept."""
    return Uid(name) if name.startswith(_KEPT) else _uid_of_name(name, context)


def kept_name(name: str, context: ReadContext) -> str:
    """Return what is kept of an owner's name as it was sent: of what may be a person's only the uid.

    What is masked, or surely nobody's name, stays as it is.
    """
    if name == MARK or not name.strip("*") or _is_nobodys(name):
        return name
    return _uid_of_name(name, context)


def _uid_of_name(name: str, context: ReadContext) -> Uid:
    """Return the uid of an owner's name.

    An address has the uid that it has everywhere. What else may be a person's name goes
    into an opaque uid of this instance: whose it is, nobody but its producer knows.
    """
    if _is_nobodys(name):
        return native_uid(Kind.IDENTITY, "openlineage-owner", context.source.instance, name.strip())
    lowered = name.strip().lower()
    for prefix in _PERSONS:
        lowered = lowered.removeprefix(prefix)
    if "@" in lowered:
        return address_uid(lowered, context.fingerprints)
    opaque = context.fingerprints.opaque_id(lowered)
    return native_uid(Kind.IDENTITY, "openlineage-owner", context.source.instance, opaque)


def _is_nobodys(name: str) -> bool:
    return name.strip().lower().startswith(_NOT_PERSONS)
