"""Commits and claims as documents: what `log show` and `history` print."""

from __future__ import annotations

from api.documents.common import Document, properties_of, time_or_none
from graph.model import OPEN_RECORD, ClaimRow, Commit, EdgeFacts, NodeFacts


def commit_of(commit: Commit) -> Document:
    """Return a commit's header; `operations` is how many it holds."""
    return {
        "sequence": commit.sequence,
        "hash": commit.hash,
        "previous": commit.previous,
        "recorded_at": time_or_none(commit.recorded_at),
        "actor": commit.actor,
        "source": commit.source,
        "run": commit.run,
        "summary": commit.summary,
        "operations": len(commit.operation_digests),
    }


def claim_of(row: ClaimRow, *, is_refuted: bool) -> Document:
    """Return one version of a claim, with the commits between which the ledger held it.

    `recorded_to` is the commit that ended it, None while it stands.
    """
    claim = row.claim
    return {
        "claim": row.claim_id,
        "source": str(claim.scope.source),
        "scope": claim.scope.name,
        "about": about_of(claim.about),
        "valid_from": time_or_none(row.valid.start),
        "valid_to": time_or_none(row.valid.end),
        "valid_from_is": row.basis.value,
        "origin": claim.origin.value,
        "certainty": claim.certainty.value,
        "condition": claim.condition,
        "locator": claim.locator,
        "supports": list(claim.supports),
        "run": row.run,
        "recorded_from": row.recorded_from,
        "recorded_to": None if row.recorded_to >= OPEN_RECORD else row.recorded_to,
        "refuted": is_refuted,
        "erased": list(row.erased),
    }


def about_of(facts: NodeFacts | EdgeFacts) -> Document:
    """Return what a claim says, as a line of the `records` format says it."""
    if isinstance(facts, NodeFacts):
        return {
            "node": {
                "uid": facts.uid,
                "kind": facts.kind.value,
                "type": facts.type,
                "name": facts.name,
                "properties": properties_of(facts.properties),
                "external_ids": [{"scheme": i.scheme, "value": i.value} for i in facts.external_ids],
            }
        }
    return {
        "edge": {
            "relation": facts.relation,
            "subject": facts.subject,
            "object": facts.object,
            "marks": sorted(facts.marks),
            "environment": facts.environment,
            "properties": properties_of(facts.properties),
        }
    }
