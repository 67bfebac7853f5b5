"""What was ever said about a node, as a document."""

from __future__ import annotations

from api.documents.common import Document, basis_of, time_or_none, value_of
from api.documents.log import about_of
from graph.model import OPEN_RECORD, ClaimRow
from queries.history import Event, HistoryAnswer


def history_of(answer: HistoryAnswer) -> Document:
    """Return the events in the order of commits, and under which uids the node is known."""
    return {
        **basis_of(answer.basis),
        "uid": answer.uid,
        "members": list(answer.members),
        "conflicts": [
            {
                "uids": list(c.uids),
                "external_ids": [{"scheme": i.scheme, "value": i.value} for i in c.external_ids],
                "reason": c.reason,
            }
            for c in answer.conflicts
        ],
        "contested": {
            name: [value_of(value) for value in values] for name, values in answer.contested.items()
        },
        "events": [event_of(event) for event in answer.events],
        "next_before": answer.next_before,
    }


def event_of(event: Event) -> Document:
    """Return one thing that one commit did."""
    return {
        "what": event.what.value,
        "commit": event.commit.sequence,
        "recorded_at": time_or_none(event.commit.recorded_at),
        "actor": event.commit.actor,
        "run": event.commit.run,
        "claim": event.claim_id,
        "recorded": [claim_of(row) for row in event.recorded],
        "ended": [claim_of(row) for row in event.ended],
        "changes": [
            {
                "name": change.name,
                "before": None if change.before is None else value_of(change.before),
                "after": None if change.after is None else value_of(change.after),
            }
            for change in event.changes
        ],
        "refuted": event.refuted,
        "said": [claim_of(row) for row in event.said],
        "uids": list(event.uids),
        "reason": event.reason,
    }


def claim_of(row: ClaimRow) -> Document:
    """Return one version of a claim.

    `row` and `content_digest` name it and what it says. `run`, `read_at` and `said_in` (a
    commit) are of what first said it; `recorded_from` is the commit that recorded this part
    of it, `recorded_to` the one that ended it, None while it stands.
    """
    claim = row.claim
    return {
        "claim": row.claim_id,
        "row": row.key,
        "content_digest": row.content_digest,
        "source": str(claim.scope.source),
        "scope": claim.scope.name,
        **about_of(claim.about),
        "valid_from": time_or_none(row.valid.start),
        "valid_to": time_or_none(row.valid.end),
        "valid_from_is": row.basis.value,
        "origin": claim.origin.value,
        "certainty": claim.certainty.value,
        "condition": claim.condition,
        "locator": claim.locator,
        "supports": list(claim.supports),
        "run": row.run,
        "read_at": time_or_none(row.read_at),
        "said_in": row.said_in,
        "recorded_from": row.recorded_from,
        "recorded_to": None if row.recorded_to >= OPEN_RECORD else row.recorded_to,
        "erased": list(row.erased),
    }
