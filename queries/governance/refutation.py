"""Deciding that a claim is wrong, and taking that back."""

from __future__ import annotations

from dataclasses import dataclass

from graph.errors import InvalidQuestion
from graph.ledger.change import LiftRefutation, Refute
from graph.model import (
    OPEN_END,
    OPEN_RECORD,
    ClaimId,
    ClaimRow,
    CommitNumber,
    Interval,
    Uid,
    as_text,
)
from queries.estate import Estate, EstateView
from queries.governance.actor import Actor
from queries.governance.recording import Decided, recorded


@dataclass(frozen=True, slots=True)
class RefutationQuestion:
    """Decide that a claim is wrong with what it says; with `lifts` that nothing of it is wrong after all.

    What is wrong is `said`, the key of one of its rows or a content digest; None is for what
    the claim says now, or, where it says nothing now, what it said last. Whenever the claim
    says just that, it is wrong; what else it says stays.
    """

    actor: Actor
    claim: ClaimId
    reason: str
    lifts: bool = False
    said: str | None = None


def decide_refutation(estate: Estate, question: RefutationQuestion) -> Decided:
    """Record the decision; the notes say for which times the claim said what is refuted.

    Raises:
        InvalidQuestion: where the actor may not decide, or `said` is given for a lifting.
        InvalidValue: where the claim to be refuted does not stand, or does not say that.
    """
    if question.lifts:
        if question.said is not None:
            raise InvalidQuestion("said", "a lifting takes back all refutations of a claim", "no row")
        summary = f"the refutation of claim {question.claim} is lifted"
        step: Refute | LiftRefutation = LiftRefutation(question.claim, question.reason)
    else:
        summary = f"claim {question.claim} is wrong"
        step = Refute(question.claim, question.reason, question.said)
    commit = recorded(estate.ledger, question.actor, question.reason, summary, step)
    notes = () if commit is None or question.lifts else _notes(estate, question.claim, commit.sequence)
    return Decided(summary, question.actor, commit, notes)


def _notes(estate: Estate, claim: ClaimId, decided: CommitNumber) -> tuple[str, ...]:
    """Return when the claim says what a commit refuted, and when it says something else that stands."""
    standing = [row for row in estate.ledger.refutations(decided) if row.claim_id == claim]
    refuted = {row.content_digest for row in standing}
    now = {row.content_digest for row in standing if row.recorded_from == decided}
    rows = sorted(
        (row for row in estate.ledger.store.claim_history(claim) if row.recorded_to > decided),
        key=lambda row: row.valid.start,
    )
    wrong = [_when(row.valid) for row in rows if row.content_digest in now]
    other = [_when(row.valid) for row in rows if row.content_digest not in refuted]
    left = (f"What it says {' and '.join(other)} is something else, and stays.",) if other else ()
    return (f"Refuted is what it says {' and '.join(wrong)}.", *left)


def _when(valid: Interval) -> str:
    try:
        start = f"from {as_text(valid.start)}"
    except OverflowError:  # it began before the calendar does
        start = "always"
    return start if valid.end >= OPEN_END else f"{start} until {as_text(valid.end)}"


def refutable(view: EstateView, uid: Uid, *, lifts: bool = False) -> tuple[ClaimRow, ...]:
    """Return every row of each claim about a node or its edges that can be refuted now.

    With `lifts` those of each claim of which a refutation stands. By claim in the order in
    which these were recorded, then by the time from which they hold.
    """
    standing = view.ledger.refutations(view.at.known)
    refuted = {(row.claim_id, row.content_digest) for row in standing}
    touched = {row.claim_id for row in standing}
    rows = [row for row in view.ledger.history(uid) if row.recorded_to == OPEN_RECORD]
    first: dict[ClaimId, int] = {}
    for number, row in enumerate(rows):
        first.setdefault(row.claim_id, number)
    found = [
        row
        for row in rows
        if (row.claim_id in touched if lifts else (row.claim_id, row.content_digest) not in refuted)
    ]
    return tuple(sorted(found, key=lambda row: (first[row.claim_id], row.valid.start)))
