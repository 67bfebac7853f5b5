"""What absence means: which scopes have been read completely, since when, and for what.

A node is covered for a relation if a scope that describes it reports that relation
and has been read completely at the date asked about. Without that, that there is no
such edge is unknown, and must be counted as unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graph.ledger.port import CoverageRow
from graph.model import Instant, Node, Scope


@dataclass(frozen=True, slots=True)
class ScopeCoverage:
    """The kinds and relations that a scope has reported completely, and since when at the earliest."""

    kinds: frozenset[str]
    relations: frozenset[str]
    since: Instant


@dataclass(frozen=True, slots=True)
class Coverage:
    """What all scopes cover at one pair of times."""

    scopes: Mapping[Scope, ScopeCoverage]

    def is_covered(self, node: Node, relation: str) -> bool:
        """Return whether a missing edge of this relation at this node means that there is none."""
        return any(self._covers(scope, relation) for scope in node.scopes)

    def covers_kind(self, kind: str) -> bool:
        """Return whether some scope reports nodes of this kind completely."""
        return any(kind in scope.kinds for scope in self.scopes.values())

    def _covers(self, scope: Scope, relation: str) -> bool:
        covered = self.scopes.get(scope)
        return covered is not None and relation in covered.relations


def coverage_at(rows: Iterable[CoverageRow], valid: Instant) -> Coverage:
    """Return what is covered at a date; a read made later says nothing about it."""
    scopes: dict[Scope, ScopeCoverage] = {}
    for row in rows:
        if row.read_at > valid:
            continue
        before = scopes.get(row.scope, ScopeCoverage(frozenset(), frozenset(), row.read_at))
        scopes[row.scope] = ScopeCoverage(
            before.kinds | set(row.kinds),
            before.relations | set(row.relations),
            min(before.since, row.read_at),
        )
    return Coverage(scopes)
