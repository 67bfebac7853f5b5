"""What absence means: which scopes have been read completely, since when, and for what.

A node is covered for a relation if a claim that describes it says that its source names
all of them, from its reading on; or says nothing of that, and its scope reports the
relation and had been read completely at the date asked about. A claim that says that
its source does not name all does not cover, whatever its scope says. Without any of
this, that there is no such edge is unknown, and must be counted as unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graph.ledger.port import CoverageRow
from graph.model import Claim, Extent, Instant, Node, NodeFacts, NodeReport, Scope


@dataclass(frozen=True, slots=True)
class ScopeCoverage:
    """The kinds and relations that a scope has reported completely, and since when at the earliest."""

    kinds: frozenset[str]
    relations: frozenset[str]
    since: Instant


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is covered at one pair of times: by scopes, and by what claims say of single nodes.

    ``at`` is the date in the world.
    """

    scopes: Mapping[Scope, ScopeCoverage]
    at: Instant

    def is_covered(self, node: Node, relation: str) -> bool:
        """Return whether a missing edge of this relation at this node means that there is none."""
        if not node.reports:
            return any(self._covers(scope, relation) for scope in node.scopes)
        return any(self._is_complete(report, relation) for report in node.reports)

    def relations_of(self, node: Node) -> frozenset[str]:
        """Return all relations that a node is covered for."""
        scopes = (self.scopes[scope].relations for scope in node.scopes if scope in self.scopes)
        spoken_of = (report.coverage.keys() for report in node.reports)
        possible = frozenset[str]().union(*scopes, *spoken_of)
        return (
            frozenset(name for name in possible if self.is_covered(node, name)) if node.reports else possible
        )

    def covering(self, node: Node, relation: str) -> dict[Scope, Instant]:
        """Return on whose word a node is covered for a relation: scopes, each with since when.

        Empty where it is not covered.
        """
        found = {
            scope: self.scopes[scope].since
            for scope in node.scopes
            if not node.reports and self._covers(scope, relation)
        }
        for report in node.reports:
            if self._is_complete(report, relation):
                is_own = relation in report.coverage
                since = report.since if is_own else self.scopes[report.scope].since
                found[report.scope] = min(since, found.get(report.scope, since))
        return found

    def covers_kind(self, kind: str) -> bool:
        """Return whether some scope reports nodes of this kind completely."""
        return any(kind in scope.kinds for scope in self.scopes.values())

    def _covers(self, scope: Scope, relation: str) -> bool:
        covered = self.scopes.get(scope)
        return covered is not None and relation in covered.relations

    def _is_complete(self, report: NodeReport, relation: str) -> bool:
        """Return whether a claim's source names all edges: by its own word, else by that of its scope."""
        match report.coverage.get(relation):
            case None:
                return self._covers(report.scope, relation)
            case Extent.COMPLETE:
                return report.since <= self.at
            case Extent.INCOMPLETE:
                return False


def says_complete(claim: Claim) -> bool:
    """Return whether a claim says for any relation that its source names all edges of a node."""
    facts = claim.about
    return isinstance(facts, NodeFacts) and Extent.COMPLETE in facts.coverage.values()


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
    return Coverage(scopes, valid)
