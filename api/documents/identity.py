"""Suggested identities as a document."""

from __future__ import annotations

from api.documents.common import Document, basis_of, brief_of
from graph.ledger.identity import JoinConflict
from queries.identity import IdentityAnswer, IdentitySuggestion


def identity_of(answer: IdentityAnswer) -> Document:
    """Return what may be one thing, what an id would have joined and did not, and what was not compared."""
    return {
        **basis_of(answer.basis),
        "suggestions": [_suggestion_of(suggestion) for suggestion in answer.suggestions],
        "conflicts": [_conflict_of(conflict) for conflict in answer.conflicts],
        "too_common": answer.too_common,
        "objected": answer.objected,
    }


def _suggestion_of(suggestion: IdentitySuggestion) -> Document:
    return {
        "nodes": [
            {**brief_of(node), "sources": [str(source) for source in node.sources]}
            for node in suggestion.nodes
        ],
        "strength": suggestion.strength.value,
        "weight": suggestion.weight,
        "because": list(suggestion.because),
    }


def _conflict_of(conflict: JoinConflict) -> Document:
    return {
        "uids": list(conflict.uids),
        "external_ids": [str(external_id) for external_id in conflict.external_ids],
        "reason": conflict.reason,
    }
