"""Whether the values in the side table are those that the log has commitments of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graph.ledger.operations import ClaimRecorded
from graph.ledger.personal import Commitment, PersonalValue, commitment_of, commitments_in
from graph.ledger.port import Store
from graph.ledger.verifying.entry import Break, Table, first_of
from graph.ledger.verifying.log import Log
from graph.model import CommitNumber


@dataclass(frozen=True, slots=True)
class Missing:
    """How many values of commitments are not there: because a commit erased them, and for no such reason."""

    erased: int = 0
    unexplained: int = 0


def check_personal(store: Store, log: Log, until: CommitNumber) -> tuple[Break | None, Missing]:
    """Return the first value that is not what was committed to, and how many are not there.

    ``log`` has been gone through up to a commit. A value that is not there was erased, or
    taken away by hand: that the chain can do without it is what the table is for, and no
    break. One that was erased and is there, or that the log does not know of, is one. No
    value gets into the reason.
    """
    unknown: list[Commitment] = []
    faults: list[Break] = []
    missing = set(log.commitments)
    for value in store.all_personal():
        missing.discard(value.commitment)
        if value.commitment not in log.commitments:
            unknown.append(value.commitment)
        elif (fault := _fault(value, log)) is not None:
            faults.append(fault)
    if unknown:
        faults.extend(_uncommitted(unknown, store, until))
    erased = len(missing & log.erased.keys())
    return first_of(*faults), Missing(erased, len(missing) - erased)


def _fault(value: PersonalValue, log: Log) -> Break | None:
    claim_id, field, number = log.commitments[value.commitment]
    if value.commitment in log.erased:
        reason = f"{field} of claim {claim_id} was erased and is still there"
        return Break(Table.PERSONAL, log.erased[value.commitment], reason)
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
