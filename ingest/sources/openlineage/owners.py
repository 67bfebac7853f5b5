"""Whom an ownership facet names; never more than a name, so the owner is mentioned and not described."""

from __future__ import annotations

from typing import Final

from graph.model import Uid
from graph.vocabulary import Kind
from ingest.record import ReadContext
from ingest.uids import address_uid, native_uid

_NOT_PERSONS: Final = ("team:", "group:", "application:", "service:", "role:")
"""Prefixes of owners that are surely nobody's personal name; the specification suggests such URNs."""

_PERSONS: Final = ("user:", "person:", "mailto:")


def owner_uid(name: str, context: ReadContext) -> Uid:
    """Return the uid of an owner's name.

    An address has the uid that it has everywhere. What else may be a person's name goes
    into an opaque uid of this instance: whose it is, nobody but its producer knows.
    """
    lowered = name.strip().lower()
    if lowered.startswith(_NOT_PERSONS):
        return native_uid(Kind.IDENTITY, "openlineage-owner", context.source.instance, name.strip())
    for prefix in _PERSONS:
        lowered = lowered.removeprefix(prefix)
    if "@" in lowered:
        return address_uid(lowered, context.fingerprints)
    opaque = context.fingerprints.opaque_id(lowered)
    return native_uid(Kind.IDENTITY, "openlineage-owner", context.source.instance, opaque)
