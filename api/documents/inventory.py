"""The governed part of the estate as a document."""

from __future__ import annotations

from api.documents.common import Document, basis_of, brief_of
from queries.inventory import Ground, InventoryAnswer


def inventory_of(answer: InventoryAnswer) -> Document:
    """Return what is in scope with the grounds, and how much is not."""
    return {
        **basis_of(answer.basis),
        "nodes": [
            {
                **brief_of(row.node),
                "certainty": row.certainty.value,
                "grounds": [_ground_of(ground) for ground in row.grounds],
            }
            for row in answer.rows
        ],
        "in_scope": answer.in_scope,
        "possibly": answer.possibly,
        "out_of_scope": answer.out_of_scope,
        "left_out": {
            "kind": answer.hidden.kind,
            "environment": answer.hidden.environment,
            "criticality": answer.hidden.criticality,
        },
    }


def _ground_of(ground: Ground) -> Document:
    return {
        "why": ground.why.value,
        "certainty": ground.certainty.value,
        "relation": ground.relation,
        "other": ground.other,
        "harm": None if ground.harm is None else ground.harm.value,
        "more": ground.more,
    }
