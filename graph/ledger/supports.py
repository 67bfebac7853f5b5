"""What a derived claim rests on: it may say no more than the weakest of its supports.

Checked under the write lock, when a derived claim is recorded: every claim that it names has
to stand, unrefuted, for all of the time that it is said for, and it may be certain only if
they are. What its deriver does when one of them goes is the deriver's to do: it is run after
every reading and every decision, and takes back what no longer follows.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from graph.errors import InvalidValue
from graph.ledger.fold import counts_as_certain
from graph.ledger.port import StoredRow, Transaction
from graph.model import Claim, ClaimId, Instant, Interval
from graph.vocabulary import Certainty, Origin


@dataclass(frozen=True, slots=True)
class Supports:
    """The standing rows of the claims that a change's derived claims rest on."""

    rows: dict[ClaimId, list[StoredRow]]

    @classmethod
    def of(cls, claims: Iterable[Claim], transaction: Transaction) -> Supports:
        """Return the supports of claims; two reads of the store if there are any, else none."""
        wanted = {support for claim in claims if claim.origin is Origin.DERIVED for support in claim.supports}
        if not wanted:
            return cls({})
        refuted = {(row.claim_id, row.content_digest) for row in transaction.refutations(wanted)}
        return cls(_standing(transaction.rows(wanted), refuted))

    def check(self, claim: Claim, read_at: Instant | None) -> None:
        """Pass if a claim says no more than what it rests on; one that names nothing rests on nothing.

        Raises:
            InvalidValue: where a support does not stand for all of its time, or is itself
                only possible while the claim is said to be certain.
        """
        if claim.origin is not Origin.DERIVED or not claim.supports:
            return
        valid = claim.valid or Interval(Instant(read_at or 0))
        for support in claim.supports:
            rows = [row for row in self.rows.get(support, ()) if row.valid.overlaps(valid)]
            if not _spans(rows, valid):
                found = f"the claim {support}, which does not stand for all of that time"
                raise InvalidValue("supports", found, "claims that stand while the derived one is said to")
            if claim.certainty is Certainty.CERTAIN and not all(map(_is_certain, rows)):
                found = f"the claim {support}, which is itself only possible"
                raise InvalidValue("certainty", found, "possible, as the weakest of the supports is")


def _standing(
    rows: Iterable[StoredRow], refuted: Collection[tuple[ClaimId, str]]
) -> dict[ClaimId, list[StoredRow]]:
    standing: dict[ClaimId, list[StoredRow]] = defaultdict(list)
    for row in rows:
        if (row.claim_id, row.content_digest) not in refuted:
            standing[row.claim_id].append(row)
    return standing


def _spans(rows: Iterable[StoredRow], valid: Interval) -> bool:
    """Return whether rows hold, one after the other, throughout an interval."""
    reached = valid.start
    for row in sorted(rows, key=lambda row: row.valid.start):
        if row.valid.start > reached:
            return False
        reached = max(reached, row.valid.end)
    return reached >= valid.end


def _is_certain(row: StoredRow) -> bool:
    content: dict[str, Any] = json.loads(row.content)
    certainty = Certainty(content.get("certainty", Certainty.CERTAIN))
    origin = Origin(content.get("origin", Origin.DECLARED))
    return counts_as_certain(certainty, origin, supported="supports" in content)
