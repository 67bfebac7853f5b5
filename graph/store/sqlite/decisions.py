"""Reading what is recorded about identity, refutations and coverage."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final

from graph.ledger.port import CoverageRow, RefutationRow, SameAsRow
from graph.model import OPEN_RECORD, ClaimId, CommitNumber, Scope, SourceInstance
from graph.store.sqlite.rows import json_list

NEWEST: Final = CommitNumber(OPEN_RECORD - 1)
"""A commit number by which everything is known that still stands."""


def same_as(connection: sqlite3.Connection, known: CommitNumber) -> Sequence[SameAsRow]:
    """Return the decisions about identity up to a commit, oldest first."""
    found = connection.execute(
        "SELECT first, second, same, recorded_from, reason FROM same_as WHERE recorded_from <= ? ORDER BY id",
        (known,),
    )
    return [SameAsRow((first, second), bool(same), *said) for first, second, same, *said in found.fetchall()]


def refutations(
    connection: sqlite3.Connection, known: CommitNumber | None, claim_ids: Iterable[ClaimId] | None = None
) -> Sequence[RefutationRow]:
    """Return the refutations that stood at a commit or (None) ever, of these claims or (None) of all."""
    statement = """
        SELECT claim_id, content_digest, recorded_from, reason, recorded_to, lift_reason FROM refutations
        WHERE (?1 IS NULL OR (recorded_from <= ?1 AND recorded_to > ?1))
    """
    parameters: list[int | str | None] = [known]
    if claim_ids is not None:
        statement += " AND claim_id IN (SELECT value FROM json_each(?))"
        parameters.append(json_list(set(claim_ids)))
    found = connection.execute(f"{statement} ORDER BY id", parameters)
    return [RefutationRow(*line) for line in found.fetchall()]


def coverage(
    connection: sqlite3.Connection, known: CommitNumber, scope: Scope | None = None
) -> Sequence[CoverageRow]:
    """Return what a scope, or (None) every scope, covers as recorded up to a commit."""
    statement = """
        SELECT p.plugin, p.instance, p.name, v.kinds, v.relations, v.read_at, v.recorded_from,
            v.restates
        FROM coverage v JOIN scopes p ON p.id = v.scope WHERE v.recorded_from <= ?
    """
    parameters: list[int | str] = [known]
    if scope is not None:
        statement += " AND p.plugin = ? AND p.instance = ? AND p.name = ?"
        parameters += [scope.source.plugin, scope.source.instance, scope.name]
    found = connection.execute(f"{statement} ORDER BY v.id", parameters)
    return [
        CoverageRow(
            scope=Scope(SourceInstance(plugin, instance), name),
            kinds=tuple(json.loads(kinds)),
            relations=tuple(json.loads(relations)),
            read_at=read_at,
            recorded_from=since,
            restates=bool(restates),
        )
        for plugin, instance, name, kinds, relations, read_at, since, restates in found.fetchall()
    ]
