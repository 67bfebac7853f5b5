"""Rows of a store as claims: their content read, and personal values put back where they still are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from graph.ledger.claims import facts_from_json
from graph.ledger.operations import EdgeKey
from graph.ledger.personal import COMMITMENT_FIELD, Commitment, commitments_in, opened
from graph.ledger.port import Store, StoredRow
from graph.model import Claim, ClaimId, ClaimRow
from graph.vocabulary import Certainty, Origin


def open_rows(store: Store, rows: Sequence[StoredRow]) -> list[ClaimRow]:
    """Return rows as claims, with the personal values that have not been erased put back."""
    contents: list[dict[str, Any]] = [json.loads(row.content) for row in rows]
    # Edges hold no personal values: what looks like a commitment there is a text of the source's.
    sealed = [not isinstance(r.about, EdgeKey) and f'"{COMMITMENT_FIELD}"' in r.content for r in rows]
    wanted = {
        c
        for content, is_sealed in zip(contents, sealed, strict=True)
        if is_sealed
        for c in commitments_in(content)
    }
    values: dict[Commitment, Any] = {}
    if wanted:
        values = {c: json.loads(value) for c, value in store.personal(wanted).items()}
    claims: list[ClaimRow] = []
    for row, content, is_sealed in zip(rows, contents, sealed, strict=True):
        said, erased = opened(content, values) if is_sealed else (content, ())
        claims.append(_claim_row(row, said, erased))
    return claims


def _claim_row(row: StoredRow, content: dict[str, Any], erased: tuple[str, ...]) -> ClaimRow:
    claim = Claim(
        scope=row.scope,
        about=facts_from_json(row.about, content),
        valid=row.valid,
        origin=Origin(content.get("origin", Origin.DECLARED)),
        certainty=Certainty(content.get("certainty", Certainty.CERTAIN)),
        condition=content.get("condition"),
        locator=row.locator,
        supports=tuple(ClaimId(c) for c in content.get("supports", ())),
    )
    return ClaimRow(
        key=row.key,
        claim_id=row.claim_id,
        claim=claim,
        basis=row.basis,
        content_digest=row.content_digest,
        run=row.run,
        read_at=row.read_at,
        said_in=row.said_in,
        recorded_from=row.recorded_from,
        recorded_to=row.recorded_to,
        erased=erased,
    )
