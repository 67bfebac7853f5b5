"""Commits, and what claims say, as documents."""

from __future__ import annotations

from api.documents.common import Document, properties_of, time_or_none
from graph.model import Commit, EdgeFacts, NodeFacts


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
                "coverage": {name: extent.value for name, extent in facts.coverage.items()},
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
