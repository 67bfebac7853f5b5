"""What every answer states about itself: from what, for which times, within which bounds it is true.

An answer without its basis is a receipt. The basis names the commit and the rules, says
where a bound cut the answer off, how many of the nodes it looked at nobody has described,
and for which relations and kinds that nothing was found means only that nobody has looked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from graph.ledger.coverage import Coverage
from graph.model import CommitNumber, Instant, Node, Scope
from graph.vocabulary import End, Kind, Vocabulary
from queries.estate import EstateView
from queries.reporting import Stale, stale_at

Bound = int | float | None
"""A bound's value; None where there is none."""

RelationsThatMatter = Collection[str] | Callable[[Node], Collection[str]]
"""The relations in which an edge not found would have changed an answer; perhaps a matter of the node."""


@dataclass(frozen=True, slots=True)
class CommitStamp:
    """The commit up to which the ledger was read, and when it was recorded; 0 has no time."""

    sequence: CommitNumber
    hash: str
    recorded_at: Instant | None


@dataclass(frozen=True, slots=True)
class Truncation:
    """Why an answer stops before its end.

    `reason` is the name of the bound that was met, as in `Basis.bounds`, `limit` its value.
    Up to `complete_to_hops` nothing is missing; None where the cut is not one by hops.
    `hidden` is how many more there are, where that is known.
    """

    reason: str
    limit: Bound
    complete_to_hops: int | None = None
    hidden: int | None = None


@dataclass(frozen=True, slots=True)
class Uncovered:
    """Where finding nothing means that nobody has looked.

    `relations` gives, for each relation that matters to the answer, for how many of the
    nodes looked at no source reports it; relations covered for all of them are left out.
    `kinds` are those of which no source reports all.
    """

    relations: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    kinds: tuple[Kind, ...] = ()

    @property
    def nothing(self) -> bool:
        """Return whether everything that matters to the answer is covered."""
        return not self.relations and not self.kinds


@dataclass(frozen=True, slots=True)
class Basis:
    """The grounds and the limits of one answer.

    `as_of` is UTC milliseconds. `bounds` holds every bound that applied, by name. Of the
    `looked_at` nodes, `referenced_not_described` are only mentioned by others. `stale` are the
    sources it rests on that had not reported within their cadence.
    """

    commit: CommitStamp
    run_position: int
    as_of: Instant
    rules_version: int
    bounds: Mapping[str, Bound]
    truncated: Truncation | None
    looked_at: int
    referenced_not_described: int
    coverage: Uncovered
    stale: tuple[Stale, ...] = ()

    @property
    def known_at(self) -> CommitStamp:
        """Return the commit that the asked `known_at` came to, with the time it was recorded."""
        return self.commit


REAL_KINDS: Final = tuple(kind for kind in Kind if kind is not Kind.UNKNOWN)


def basis_of(
    view: EstateView,
    looked_at: Iterable[Node],
    *,
    relations: RelationsThatMatter = (),
    shown: Collection[str] = (),
    kinds: Collection[Kind] = REAL_KINDS,
    bounds: Mapping[str, Bound] | None = None,
    truncated: Truncation | None = None,
) -> Basis:
    """Return the basis of an answer that looked at these nodes.

    `relations` are those in which a missing edge would have changed the answer: for all
    nodes the same, or a function of the node. `shown` are those of which the answer tells
    edges at these nodes all the same. `kinds` are those of which a missing node would have.

    Cost: one step a node and relation; a read of the edges where a source is overdue.
    """
    nodes = {node.uid: node for node in looked_at}.values()

    def rested_on() -> frozenset[str]:
        by_node = (relations(node) for node in nodes) if callable(relations) else (relations,)
        return frozenset(shown).union(*by_node)

    commit = view.commit
    return Basis(
        commit=CommitStamp(view.at.known, view.commit_hash, None if commit is None else commit.recorded_at),
        run_position=view.run_position,
        as_of=view.at.valid,
        rules_version=view.rules.rules_version,
        bounds=MappingProxyType(dict(bounds or {})),
        truncated=truncated,
        looked_at=len(nodes),
        referenced_not_described=sum(not node.described for node in nodes),
        coverage=uncovered(view.coverage, nodes, relations, kinds),
        stale=stale_at(view, nodes, rested_on),
    )


def uncovered(
    coverage: Coverage,
    nodes: Iterable[Node],
    relations: RelationsThatMatter,
    kinds: Collection[Kind] = (),
) -> Uncovered:
    """Return for how many of the nodes each relation is not covered, and which kinds never are."""
    by_scopes: dict[tuple[Scope, ...], frozenset[str]] = {}
    missing: Counter[str] = Counter()
    for node in nodes:
        # Most nodes come from a few scopes, and no claim of theirs says more of them alone.
        scopes = None if node.reports else coverage.scopes_of(node)
        covered = None if scopes is None else by_scopes.get(scopes)
        if covered is None:
            covered = coverage.relations_of(node)
        if scopes is not None:
            by_scopes[scopes] = covered
        wanted = relations(node) if callable(relations) else relations
        missing.update(name for name in wanted if name not in covered)
    return Uncovered(
        MappingProxyType({name: missing[name] for name in sorted(missing)}),
        tuple(kind for kind in REAL_KINDS if kind in kinds and not coverage.covers_kind(kind)),
    )


def every_relation(rules: Vocabulary) -> Callable[[Node], Collection[str]]:
    """Return, as a function of a node, every relation that a node of its kind can have.

    For answers that show all edges, so that each one that is missing would have changed them.
    """
    every = frozenset(relation.name for relation in rules.relations)
    by_kind: dict[Kind, frozenset[str]] = {
        kind: frozenset(
            relation.name
            for relation in rules.relations
            if kind in relation.kinds_at(End.SUBJECT) or kind in relation.kinds_at(End.OBJECT)
        )
        for kind in REAL_KINDS
    }
    return lambda node: by_kind.get(node.kind, every)
