"""Refuted edges leave the relationships of their own type, and return when the refutation is lifted.

A typed relationship is what is currently claimed: whoever asks in Cypher of their own
must not meet what a person holds to be wrong. The row still stands, so it becomes a
``FORMERLY`` relationship that says so, without a recorded end. ``moves`` are the commits
that moved it there and back, by which a reader who goes page by page knows where it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, TypeAlias

from graph.ledger.operations import ClaimRecorded, ClaimRefuted, EdgeKey, Operation, RefutationLifted
from graph.model import ClaimId, CommitNumber
from graph.store.neo4j import decisions
from graph.store.neo4j.applying import in_batches
from graph.store.neo4j.database import Line
from graph.store.neo4j.rows import Rows
from graph.store.neo4j.shape import digest_of, edge_content, key_of, row_id
from graph.store.neo4j.statements import FORMERLY

_Row: TypeAlias = dict[str, Any]


def move_refuted(
    rows: Rows, sequence: CommitNumber, operations: Sequence[Operation], types: Sequence[str]
) -> None:
    """Bring the relationships of the claims that a commit concerns to where they belong.

    Cost: one look-up a claim; beyond that, the relationships of claims that were ever refuted.
    """
    decided = {o.claim_id for o in operations if isinstance(o, ClaimRefuted | RefutationLifted)}
    said = {o.claim_id for o in operations if isinstance(o, ClaimRecorded) and isinstance(o.about, EdgeKey)}
    standing = decisions.standing_refutations(rows, decided | said)
    concerned = decided | {row.claim_id for row in standing}
    if concerned:
        refuted = {(row.claim_id, row.content_digest) for row in standing}
        _move(rows, sequence, concerned, refuted, types)


def _move(
    rows: Rows,
    sequence: CommitNumber,
    claims: Collection[ClaimId],
    refuted: Collection[tuple[ClaimId, str]],
    types: Sequence[str],
) -> None:
    leaving: dict[str, list[_Row]] = defaultdict(list)
    returning: dict[str, list[_Row]] = defaultdict(list)
    flagged: list[_Row] = []
    for kind in types:
        for line in rows.run("edges_of_claims", kind, ids=sorted(claims)):
            key, claim, relation, recorded_from, recorded_to, belated, is_flagged = line[:7]
            is_refuted = (claim, _digest(line)) in refuted
            if kind != FORMERLY:
                if is_refuted:
                    leaving[kind].append({"key": key, "row": row_id(key, recorded_from)})
            elif is_flagged and not is_refuted and not belated and recorded_to is None:
                returning[relation].append({"key": key_of(key), "row": key})
            elif bool(is_flagged) is not is_refuted:
                flagged.append({"row": key, "refuted": is_refuted or None})
    for relation, found in sorted(leaving.items()):
        in_batches(rows.run, "refute_edges", found, relation, relation=relation, sequence=sequence)
    for relation, found in sorted(returning.items()):
        in_batches(rows.run, "reinstate_edges", found, relation, sequence=sequence)
    in_batches(rows.run, "flag_former_edges", flagged)


def _digest(line: Line) -> str:
    content, marks, origin, certainty = line[7:]
    return digest_of(edge_content(marks, origin, certainty) if content is None else content)
