"""Reading what is recorded about identity, refutations and coverage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from graph.ledger.port import CoverageRow, RefutationRow, SameAsRow
from graph.model import OPEN_RECORD, ClaimId, CommitNumber, Scope
from graph.store.neo4j.database import Line
from graph.store.neo4j.rows import Rows, storable
from graph.store.neo4j.shape import scope_id

NEWEST: Final = CommitNumber(OPEN_RECORD - 1)
"""A commit number by which everything is known that still stands."""


def same_as(rows: Rows, known: CommitNumber) -> Sequence[SameAsRow]:
    """Return the decisions about identity up to a commit, oldest first."""
    return [
        SameAsRow((first, second), same, since, reason)
        for first, second, same, since, reason in rows.run("same_as", known=known)
    ]


def refutations(rows: Rows, known: CommitNumber | None) -> Sequence[RefutationRow]:
    """Return the refutations that stood at a commit, or for None every one ever made."""
    return [_refutation(line) for line in rows.run("refutations", known=known)]


def standing_refutations(rows: Rows, claim_ids: Iterable[ClaimId]) -> Sequence[RefutationRow]:
    """Return the refutations of these claims that stand."""
    return [_refutation(line) for line in rows.run("refutations_of", ids=storable(claim_ids))]


def coverage(rows: Rows, known: CommitNumber) -> Sequence[CoverageRow]:
    """Return what every scope covers, as recorded up to a commit."""
    return _coverage(rows, rows.run("coverage", known=known))


def coverage_of(rows: Rows, scope: Scope) -> Sequence[CoverageRow]:
    """Return what one scope covers."""
    return _coverage(rows, rows.run("coverage_of", scope=scope_id(scope)))


def _coverage(rows: Rows, lines: Sequence[Line]) -> Sequence[CoverageRow]:
    scopes = rows.scopes.of(rows.run, (line[0] for line in lines))
    return [
        CoverageRow(scopes[scope], tuple(kinds), tuple(relations), read_at, since, restates is True)
        for scope, kinds, relations, read_at, since, restates in lines
    ]


def _refutation(line: Line) -> RefutationRow:
    claim_id, content_digest, recorded_from, reason, recorded_to, lift_reason = line
    until = OPEN_RECORD if recorded_to is None else recorded_to
    return RefutationRow(claim_id, content_digest, recorded_from, reason, until, lift_reason)
