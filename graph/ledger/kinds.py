"""Which of the descriptions of a node speak for its kind, and for how long.

A source that corrects itself leaves rows for the time before; of each claim only the
row with the latest start speaks. Admitting claims and folding them have to agree on
this, or an edge is let in for a kind that the node does not show.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from graph.model import ClaimId, Interval, Uid
from graph.vocabulary import Kind


@dataclass(frozen=True, slots=True)
class Description:
    """What one row says of a node's kind; ``source`` is for people to read."""

    uid: Uid
    kind: Kind
    claim_id: ClaimId
    content_digest: str
    source: str
    valid: Interval


def speaking(descriptions: Iterable[Description]) -> list[Description]:
    """Return the latest row of each claim, those that hold longest first.

    Those that still hold come before those that are over, so that what a source no
    longer says counts only where nobody says anything else.
    """
    latest: dict[ClaimId, Description] = {}
    for description in descriptions:
        known = latest.get(description.claim_id)
        if known is None or known.valid.start < description.valid.start:
            latest[description.claim_id] = description
    return sorted(latest.values(), key=lambda d: (-d.valid.end, -d.valid.start, d.claim_id))
