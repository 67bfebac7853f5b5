"""Whether the values in the side table are those that the log has commitments of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from graph.ledger.operations import ClaimRecorded
from graph.ledger.personal import Commitment, PersonalValue, commitment_of, commitments_in
from graph.ledger.port import Store
from graph.ledger.verifying.entry import Break, Table, first_of
from graph.model import ClaimId, CommitNumber

Committed = Mapping[Commitment, tuple[ClaimId, str, CommitNumber]]
"""What the log says of commitments: of which claim, in which field, since which commit."""


def check_personal(store: Store, committed: Committed, until: CommitNumber) -> tuple[Break | None, int]:
    """Return the first value that is not what was committed to, and how many have been erased.

    ``committed`` is what the log says up to a commit. A value that is not there was
    erased: that is what the table is for, and no break. One that the log does not know
    of is one. No value gets into the reason.
    """
    kept = 0
    unknown: list[Commitment] = []
    faults: list[Break] = []
    for value in store.all_personal():
        if value.commitment not in committed:
            unknown.append(value.commitment)
        elif (fault := _fault(value, *committed[value.commitment])) is not None:
            faults.append(fault)
        else:
            kept += 1
    if unknown:
        faults.extend(_uncommitted(unknown, store, until))
    return first_of(*faults), len(committed) - kept


def _fault(value: PersonalValue, claim_id: ClaimId, field: str, number: CommitNumber) -> Break | None:
    if (value.claim_id, value.field) != (claim_id, field):
        reason = f"the value behind commitment {value.commitment} is kept for another claim or field"
        return Break(Table.PERSONAL, number, reason)
    if commitment_of(value.salt, value.field, value.value) != value.commitment:
        reason = f"{field} of claim {claim_id} is not the value that was committed to"
        return Break(Table.PERSONAL, number, reason)
    return None


def _uncommitted(unknown: Sequence[Commitment], store: Store, until: CommitNumber) -> Iterator[Break]:
    """Yield those of some commitments that no later commit brought either."""
    later = {
        commitment
        for number in range(until + 1, store.head().sequence + 1)
        for operation in store.operations(CommitNumber(number))
        if isinstance(operation, ClaimRecorded)
        for commitment in commitments_in(operation.content)
    }
    for commitment in unknown:
        if commitment not in later:
            reason = f"the value behind commitment {commitment} is not in the log"
            yield Break(Table.PERSONAL, None, reason)
