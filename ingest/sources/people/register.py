"""A register of who owns what: one or several rows an asset, with its owners or an empty cell.

The register describes what it lists, so that an empty cell, once the register has been
read completely, means that nobody is named. An asset that is not listed stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from graph.errors import Problem
from graph.model import Claim, EdgeFacts, NodeFacts, PropertyValue, Scope, Uid
from graph.vocabulary import VOCABULARY, Kind
from ingest.csvtable import Row
from ingest.record import ReadContext, Record, Rejected, Said
from ingest.sources.people.names import OWNERS_EXPECTED, owner_uid

REQUIRED: Final = ("uid", "kind", "owner")
OPTIONAL: Final = ("type", "name", "environment", "criticality", "role")
RELATIONS: Final = frozenset({"OWNS"})

_ROLES: Final = ("accountable", "steward", "contact")
_MAXIMUM_CRITICALITY: Final = 4
_TEXTS: Final = ("type", "name")
_KINDS: Final = {term.name.lower(): term.name for term in VOCABULARY.kinds}


@dataclass
class _Listed:
    """What the rows say of one asset: each cell with the line that said it first.

    ``contested`` are columns in which rows say different things; nothing is taken from them.
    """

    kind: Kind
    line: str
    locator: str
    cells: dict[str, tuple[PropertyValue, str]] = field(default_factory=dict[str, tuple[PropertyValue, str]])
    contested: set[str] = field(default_factory=set[str])

    def facts(self, uid: Uid) -> NodeFacts:
        said = {name: value for name, (value, _) in self.cells.items() if name not in self.contested}
        texts = {name: value for name, value in said.items() if name in _TEXTS and isinstance(value, str)}
        properties = {name: value for name, value in said.items() if name not in _TEXTS}
        return NodeFacts(uid, self.kind, texts.get("type"), texts.get("name"), properties)


@dataclass
class Register:
    """Reads one register. An asset may have several rows, which add up: an empty cell says nothing.

    Memory grows with the assets that it lists.
    """

    scope: Scope
    context: ReadContext
    _listed: dict[Uid, _Listed] = field(default_factory=dict[Uid, _Listed])
    _owners: set[tuple[Uid, str, Uid]] = field(default_factory=set[tuple[Uid, str, Uid]])

    def read(self, row: Row) -> Iterator[Record]:
        """Yield the owners that a row names; a row with any bad cell is rejected whole."""
        role = row.cell("role").lower() or "accountable"
        problem = _problem(row, role)
        if problem is not None:
            yield Rejected(problem, self.scope)
            return
        try:
            owners = [owner_uid(owner, self.context) for owner in row.several("owner")]
        except ValueError as error:
            yield Rejected(row.problem("owner", str(error), OWNERS_EXPECTED), self.scope)
            return
        kind = _KINDS[row.cell("kind").lower()]
        uid = Uid(row.cell("uid"))
        locator = f"{row.file}: {row.position()}"
        listed = self._listed.setdefault(uid, _Listed(kind, row.position(), locator))
        if listed.kind is not kind:
            reason = f"differs from {listed.line}, so that the row is left out"
            yield Rejected(row.problem("kind", reason, "one kind for one uid"), self.scope)
            return
        yield from self._add(row, listed)
        for owner in owners:
            if (owner, role, uid) not in self._owners:
                self._owners.add((owner, role, uid))
                owns = EdgeFacts("OWNS", owner, uid, frozenset({role}))
                yield Said(Claim(self.scope, owns, locator=locator), row.file, row.position("owner"))

    def rest(self) -> Iterator[Record]:
        """Yield the assets, once all rows have been read."""
        for uid, listed in self._listed.items():
            file, _, position = listed.locator.partition(": ")
            yield Said(Claim(self.scope, listed.facts(uid), locator=listed.locator), file, position)

    def _add(self, row: Row, listed: _Listed) -> Iterator[Record]:
        for column, value in _cells(row).items():
            known, line = listed.cells.setdefault(column, (value, row.position()))
            if known != value:
                listed.contested.add(column)
                reason = f"differs from {line}; neither is taken"
                expected = "the same in all rows of the asset, or nothing"
                yield Rejected(row.problem(column, reason, expected), self.scope)


def _problem(row: Row, role: str) -> Problem | None:
    criticality = row.cell("criticality")
    if not row.cell("uid"):
        return row.problem("uid", "is empty", "the uid of a node")
    if row.cell("kind").lower() not in _KINDS:
        return row.problem("kind", "is no kind of node", f"one of {', '.join(_KINDS.values())}")
    if role not in _ROLES:
        return row.problem("role", "is no role", f"one of {', '.join(_ROLES)}")
    if criticality and not _is_criticality(criticality):
        return row.problem("criticality", "is no criticality", "0 to 4, or nothing")
    return None


def _cells(row: Row) -> dict[str, PropertyValue]:
    """Return what a row says of its asset, without its empty cells."""
    found: dict[str, PropertyValue] = {name: row.cell(name) for name in _TEXTS if row.cell(name)}
    if row.cell("environment"):
        found["environment"] = row.cell("environment").lower()
    if row.cell("criticality"):
        found["criticality"] = int(row.cell("criticality"))
    return found


def _is_criticality(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) <= _MAXIMUM_CRITICALITY
