"""A register of who owns what: one row an asset, with its owners or an empty cell.

The register describes what it lists, so that an empty cell, once the register has been
read completely, means that nobody is named. An asset that is not listed stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from graph.model import Claim, EdgeFacts, NodeFacts, PropertyValue, Scope, Uid
from graph.vocabulary import VOCABULARY, Kind
from ingest.record import ReadContext, Record, Rejected, Said
from ingest.sources.people.names import owner_uid
from ingest.sources.people.table import Row

REQUIRED: Final = ("uid", "kind", "owner")
OPTIONAL: Final = ("type", "name", "environment", "criticality", "role")
RELATIONS: Final = frozenset({"OWNS"})

_ROLES: Final = ("accountable", "steward", "contact")
_MAXIMUM_CRITICALITY: Final = 4


def read_row(row: Row, scope: Scope, context: ReadContext) -> Iterator[Record]:
    """Yield a listed asset and its owners; a row with any bad cell is rejected whole."""
    kinds = {term.name.lower(): term.name for term in VOCABULARY.kinds}
    kind = kinds.get(row.cell("kind").lower())
    role = row.cell("role").lower() or "accountable"
    criticality = row.cell("criticality")
    if not row.cell("uid"):
        yield Rejected(row.problem("uid", "is empty", "the uid of a node"), scope)
    elif kind is None:
        yield Rejected(
            row.problem("kind", "is no kind of node", f"one of {', '.join(kinds.values())}"), scope
        )
    elif role not in _ROLES:
        yield Rejected(row.problem("role", "is no role", f"one of {', '.join(_ROLES)}"), scope)
    elif criticality and not _is_criticality(criticality):
        yield Rejected(row.problem("criticality", "is no criticality", "0 to 4, or nothing"), scope)
    else:
        yield from _said(row, kind, role, scope, context)


def _said(row: Row, kind: Kind, role: str, scope: Scope, context: ReadContext) -> Iterator[Record]:
    uid = Uid(row.cell("uid"))
    properties: dict[str, PropertyValue] = {}
    if row.cell("environment"):
        properties["environment"] = row.cell("environment").lower()
    if row.cell("criticality"):
        properties["criticality"] = int(row.cell("criticality"))
    facts = NodeFacts(uid, kind, row.cell("type") or None, row.cell("name") or None, properties)
    locator = f"{row.file}: {row.position()}"
    yield Said(Claim(scope, facts, locator=locator), row.file, row.position())
    for owner in row.several("owner"):
        owns = EdgeFacts("OWNS", owner_uid(owner, context), uid, frozenset({role}))
        yield Said(Claim(scope, owns, locator=locator), row.file, row.position("owner"))


def _is_criticality(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) <= _MAXIMUM_CRITICALITY
