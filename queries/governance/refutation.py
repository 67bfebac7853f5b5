"""Deciding that a claim is wrong, and taking that back."""

from __future__ import annotations

from dataclasses import dataclass

from graph.ledger.change import LiftRefutation, Refute
from graph.model import OPEN_RECORD, ClaimId, ClaimRow, Uid
from queries.estate import Estate, EstateView
from queries.governance.actor import Actor
from queries.governance.recording import Decided, recorded


@dataclass(frozen=True, slots=True)
class RefutationQuestion:
    """Decide that a claim, with its present content, is wrong; with `lifts` that it is not after all.

    It holds over the whole time of the claim, until its source says something else.
    """

    actor: Actor
    claim: ClaimId
    reason: str
    lifts: bool = False


def decide_refutation(estate: Estate, question: RefutationQuestion) -> Decided:
    """Record the decision.

    Raises:
        InvalidQuestion: where the actor may not decide.
        InvalidValue: where the claim to be refuted does not stand.
    """
    if question.lifts:
        summary = f"the refutation of claim {question.claim} is lifted"
        step: Refute | LiftRefutation = LiftRefutation(question.claim, question.reason)
    else:
        summary = f"claim {question.claim} is wrong"
        step = Refute(question.claim, question.reason)
    commit = recorded(estate.ledger, question.actor, question.reason, summary, step)
    return Decided(summary, question.actor, commit)


def refutable(view: EstateView, uid: Uid, *, lifts: bool = False) -> tuple[ClaimRow, ...]:
    """Return the newest row of each claim about a node or its edges that can be refuted now.

    With `lifts`, of each of which a refutation stands. In the order in which the claims
    were recorded.
    """
    standing = view.ledger.refutations(view.at.known)
    refuted = {(row.claim_id, row.content_digest) for row in standing}
    touched = {row.claim_id for row in standing}
    newest = {row.claim_id: row for row in view.ledger.history(uid) if row.recorded_to == OPEN_RECORD}
    return tuple(
        row
        for row in newest.values()
        if (row.claim_id in touched if lifts else (row.claim_id, row.content_digest) not in refuted)
    )
