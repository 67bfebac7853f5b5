"""Ownership and its gaps as documents."""

from __future__ import annotations

from api.documents.common import Document, basis_of, brief_of, counts_of
from api.documents.stated import hidden_of, only_nodes_of
from graph.model import Edge
from queries.inheritance import Holding
from queries.ownership import Gap, OwnershipAnswer
from queries.ownership_rules import NodeOwnership, Owner


def ownership_of(answer: OwnershipAnswer, *, every_node: bool = False) -> Document:
    """Return the gaps, the gravest first, and what is counted apart.

    With `every_node`, and where it was asked about nodes by name, all others too.
    """
    asked = answer.question
    document: Document = {
        **basis_of(answer.basis),
        "asked_about": None if asked.uids is None else list(asked.uids),
        "only": only_nodes_of(asked.only),
        "standings": counts_of(answer.standings),
        "reasons": counts_of(answer.reasons),
        "reasons_elsewhere": counts_of(answer.reasons_elsewhere),
        "not_ownable": answer.not_ownable,
        "kind_unknown": answer.kind_unknown,
        **hidden_of(answer.hidden),
        "gaps": [gap_of(gap) for gap in answer.gaps],
    }
    if every_node or asked.uids is not None:
        document["nodes"] = [node_ownership_of(row) for row in answer.nodes]
    return document


def gap_of(gap: Gap) -> Document:
    """Return a gap: the node, why it is one, what it can harm, and who might own it."""
    weight = gap.consequence
    return {
        **node_ownership_of(gap.ownership),
        "consequence": {
            "assessed": weight.assessed,
            "harm": None if weight.harm is None else weight.harm.value,
            "weight": weight.weight,
            "states": weight.states,
            "unknown_criticality": weight.unknown,
            "complete": weight.is_whole,
        },
        "suggestions": [
            {
                "owner": s.owner,
                "label": s.label,
                "strength": s.strength.value,
                "because": list(s.because),
            }
            for s in gap.suggestions
        ],
    }


def node_ownership_of(row: NodeOwnership) -> Document:
    """Return how it stands with one node, and the proof."""
    return {
        **brief_of(row.node),
        "standing": row.standing.value,
        "reasons": [reason.value for reason in row.reasons],
        "certainty": row.certainty.value if row.owners else None,
        "because": row.because,
        "uncovered_relations": list(row.uncovered),
        "owners": [_owner_of(owner) for owner in row.owners],
        "proof": [_holding_of(holding) for holding in row.holdings],
    }


def _owner_of(owner: Owner) -> Document:
    return {
        "uid": owner.uid,
        "label": owner.label,
        "life": owner.sign.life.value,
        "because": owner.sign.because,
        "certainty": owner.certainty.value,
    }


def _holding_of(holding: Holding) -> Document:
    return {
        "owns": [_edge_of(edge) for edge in holding.owners],
        "via": [_edge_of(edge) for edge in holding.via],
    }


def _edge_of(edge: Edge) -> Document:
    return {
        "edge": edge.eid,
        "relation": edge.relation,
        "subject": edge.subject.uid,
        "object": edge.object.uid,
        "certainty": edge.certainty.value,
    }
