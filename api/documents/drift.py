"""Where what is registered and what is observed differ, as a document."""

from __future__ import annotations

from api.documents.common import Document, basis_of, brief_of, counts_of, time_or_none
from queries.drift import DriftAnswer, Row, Side


def drift_of(answer: DriftAnswer) -> Document:
    """Return each difference with both accounts, and of what it cannot be told."""
    return {
        **basis_of(answer.basis),
        "rows": [_row_of(row) for row in answer.rows],
        "counts": counts_of(answer.counts),
        "unknown": {why.value: sorted(uids) for why, uids in sorted(answer.open.items())},
        "left_out": {
            "kind": answer.hidden.kind,
            "environment": answer.hidden.environment,
            "criticality": answer.hidden.criticality,
        },
    }


def _row_of(row: Row) -> Document:
    return {
        "drift": row.drift.value,
        "node": brief_of(row.node),
        "other": row.other,
        "certainty": row.certainty.value,
        "registered": _side_of(row.registered),
        "observed": _side_of(row.observed),
    }


def _side_of(side: Side) -> Document:
    return {
        "words": side.words,
        "claims": [
            {
                "claim_id": said.claim_id,
                "source": str(said.source),
                "about": said.about,
                "valid_from": time_or_none(said.valid.start),
                "valid_to": time_or_none(said.valid.end),
            }
            for said in side.claims
        ],
    }
