"""Whom an ownership facet names; never more than a name, so the owner is mentioned and not described."""

from __future__ import annotations

from typing import Final

from graph.model import Uid
from graph.vocabulary import Kind
from ingest.record import ReadContext
from ingest.uids import native_uid

_NOT_PERSONS: Final = ("team:", "group:", "application:", "service:", "role:")
"""Prefixes of owners that are surely nobody's personal name; the specification suggests such URNs."""

_PERSONS: Final = ("user:", "person:", "mailto:")


def owner_uid(name: str, context: ReadContext) -> Uid:
    """Return the uid of an owner's name.

    What may be a person's name or address goes into an opaque uid, which is the one
    that a list of people gives to the same address or id.
    """
    lowered = name.strip().lower()
    if lowered.startswith(_NOT_PERSONS):
        return native_uid(Kind.IDENTITY, "openlineage-owner", context.source.instance, name.strip())
    for prefix in _PERSONS:
        lowered = lowered.removeprefix(prefix)
    return native_uid(Kind.IDENTITY, "person", context.fingerprints.opaque_id(lowered))
