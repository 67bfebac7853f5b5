"""The schema version that this release reads and writes, and the one rule for refusing others.

A store that is not opened is not changed either: both engines find out the version
by reading only, and ask here before their first write.
"""

from __future__ import annotations

from typing import Final

from graph.errors import SchemaTooNew, SchemaUnknown

SCHEMA_VERSION: Final = 1
"""Raised whenever an older release could no longer read what this one writes."""


def refuse_other_versions(target: str, found: int) -> None:
    """Return nothing where a store of this version can be opened.

    Raises:
        SchemaTooNew: for a version that only a newer release can have written.
        SchemaUnknown: for one that no release has written.
    """
    if found > SCHEMA_VERSION:
        raise SchemaTooNew(target, found, SCHEMA_VERSION)
    if found != SCHEMA_VERSION:
        raise SchemaUnknown(target, f"it has schema version {found}, which no release has written")
