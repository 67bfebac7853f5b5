"""What a decision came to, as a document."""

from __future__ import annotations

from api.documents.common import Document
from queries.governance import Decided


def decided_of(decided: Decided) -> Document:
    """Return the decision with its commit; no commit and no actor where it stood already."""
    commit = decided.commit
    return {
        "summary": decided.summary,
        "commit": None if commit is None else commit.sequence,
        "actor": None if commit is None else commit.actor,
        "actor_basis": decided.actor.basis,
        "notes": list(decided.notes),
    }
