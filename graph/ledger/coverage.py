"""What absence means: which scopes have been read completely, since when, and for what.

A node is covered for a relation if a claim that describes it says that its source names
all of them, from its reading on; or says nothing of that, and its scope reports the
relation and was read completely by the date asked about, when the node was shown or
later: a read before that can have said nothing about it, unless readings tell the whole
history of what they show. A claim that says that its source does not name all does not
cover, whatever its scope says. Without any of this, that there is no such edge is
unknown, and must be counted as unknown.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph.ledger.port import CoverageRow
from graph.model import Claim, Extent, Instant, Node, NodeFacts, NodeReport, Scope


@dataclass(frozen=True, slots=True)
class Restating:
    """When readings of a scope tell the whole history of what they show.

    ``since`` is the first such reading by the date, ``until`` the newest complete one of any
    date. ``turns`` are the readings, in order of time, at which that begins, ends, and so on.
    """

    since: Instant
    until: Instant
    turns: Sequence[Instant]

    def tells(self, first: Instant | None) -> bool:
        """Return whether the history of what a reading showed first has been told, and wholly.

        A reading that was cut off may lack the rest of it, until another goes to the end.
        """
        return first is not None and first <= self.until and bisect_right(self.turns, first) % 2 == 1


@dataclass(frozen=True, slots=True)
class ScopeCoverage:
    """The kinds and relations that a scope has reported completely, and since when at the earliest.

    Readings that are ``restating`` cover what they show for the first time from the first of
    them on.
    """

    kinds: frozenset[str]
    relations: frozenset[str]
    since: Instant
    restating: Restating | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is covered at one pair of times: by scopes, and by what claims say of single nodes.

    ``reads`` are the complete reads of each of the scopes up to the date, in order of time.
    ``at`` is the date in the world.
    """

    scopes: Mapping[Scope, ScopeCoverage]
    reads: Mapping[Scope, Sequence[Instant]]
    at: Instant

    def is_covered(self, node: Node, relation: str) -> bool:
        """Return whether a missing edge of this relation at this node means that there is none."""
        if not node.reports:
            return any(self._covers(scope, node, relation) for scope in node.scopes)
        return any(self._is_complete(report, node, relation) for report in node.reports)

    def scopes_of(self, node: Node) -> tuple[Scope, ...]:
        """Return the scopes that describe a node and were read completely since they first did."""
        return tuple(scope for scope in node.scopes if self._since(scope, node) is not None)

    def relations_of(self, node: Node) -> frozenset[str]:
        """Return all relations that a node is covered for."""
        scopes = (self.scopes[scope].relations for scope in self.scopes_of(node))
        spoken_of = (report.coverage.keys() for report in node.reports)
        possible = frozenset[str]().union(*scopes, *spoken_of)
        return (
            frozenset(name for name in possible if self.is_covered(node, name)) if node.reports else possible
        )

    def covering(self, node: Node, relation: str) -> dict[Scope, Instant]:
        """Return on whose word a node is covered for a relation: scopes, each with since when.

        Empty where it is not covered.
        """
        found: dict[Scope, Instant] = {}
        for scope in () if node.reports else node.scopes:
            since = self._since(scope, node)
            if since is not None and self._covers(scope, node, relation):
                found[scope] = since
        for report in node.reports:
            if self._is_complete(report, node, relation):
                by_scope = None if relation in report.coverage else self._since(report.scope, node)
                since = report.since if by_scope is None else by_scope
                found[report.scope] = min(since, found.get(report.scope, since))
        return found

    def covers_kind(self, kind: str) -> bool:
        """Return whether some scope reports nodes of this kind completely."""
        return any(kind in scope.kinds for scope in self.scopes.values())

    def _covers(self, scope: Scope, node: Node, relation: str) -> bool:
        return self._since(scope, node) is not None and relation in self.scopes[scope].relations

    def _since(self, scope: Scope, node: Node) -> Instant | None:
        """Return the first complete read of a scope that can have spoken of a node; None without one."""
        first, reads = node.first_read.get(scope), self.reads.get(scope, ())
        restating = self.scopes[scope].restating if scope in self.scopes else None
        if restating is not None and restating.tells(first):
            return restating.since
        place = len(reads) if first is None else bisect_left(reads, first)
        return reads[place] if place < len(reads) else None

    def _is_complete(self, report: NodeReport, node: Node, relation: str) -> bool:
        """Return whether a claim's source names all edges: by its own word, else by that of its scope."""
        match report.coverage.get(relation):
            case None:
                return self._covers(report.scope, node, relation)
            case Extent.COMPLETE:
                return report.since <= self.at
            case Extent.INCOMPLETE:
                return False


def says_complete(claim: Claim) -> bool:
    """Return whether a claim says for any relation that its source names all edges of a node."""
    facts = claim.about
    return isinstance(facts, NodeFacts) and Extent.COMPLETE in facts.coverage.values()


def coverage_at(
    rows: Iterable[CoverageRow], reads: Mapping[Scope, Sequence[Instant]], valid: Instant
) -> Coverage:
    """Return what is covered at a date, from what scopes cover and when they were read completely.

    A read made later says nothing about the date.
    """
    said: dict[Scope, list[CoverageRow]] = defaultdict(list)
    for row in rows:
        said[row.scope].append(row)
    scopes: dict[Scope, ScopeCoverage] = {}
    reads_by_scope: dict[Scope, Sequence[Instant]] = {}
    for scope, told in said.items():
        by_then = [row for row in told if row.read_at <= valid]
        moments = sorted({row.read_at for row in told} | set(reads.get(scope, ())))
        if by_then:
            scopes[scope] = ScopeCoverage(
                kinds=frozenset(kind for row in by_then for kind in row.kinds),
                relations=frozenset(relation for row in by_then for relation in row.relations),
                since=min(row.read_at for row in by_then),
                restating=_restating(told, moments, valid),
            )
            reads_by_scope[scope] = moments[: bisect_right(moments, valid)]
    return Coverage(scopes, reads_by_scope, valid)


def restates_at(rows: Iterable[CoverageRow], read_at: Instant) -> bool:
    """Return whether a scope's readings tell its whole history at a time, by the newest word up to it."""
    words = [row for row in rows if row.read_at <= read_at]
    # Of two words of one time the later one counts; max gives the first of equals.
    return bool(words) and max(reversed(words), key=lambda row: row.read_at).restates


def _restating(rows: Sequence[CoverageRow], reads: Sequence[Instant], valid: Instant) -> Restating | None:
    since = min((row.read_at for row in rows if row.restates and row.read_at <= valid), default=None)
    if since is None:
        return None
    turns: list[Instant] = []
    for moment in sorted({row.read_at for row in rows}):
        if restates_at(rows, moment) is (len(turns) % 2 == 0):
            turns.append(moment)
    until = next((read for read in reversed(reads) if restates_at(rows, read)), since)
    return Restating(since, until, tuple(turns))
