"""Deciding that what is personal about somebody is erased."""

from __future__ import annotations

from dataclasses import dataclass

from graph.ledger.erasing import Erasure
from graph.model import Uid
from queries.estate import Estate
from queries.governance.actor import Actor, check_may_decide


@dataclass(frozen=True, slots=True)
class ErasureQuestion:
    """Erase the personal values of a node, under all of its uids."""

    actor: Actor
    uid: Uid
    reason: str


def decide_erasure(estate: Estate, question: ErasureQuestion) -> Erasure:
    """Erase them, and return what was erased and what cannot be.

    Raises:
        InvalidQuestion: where the actor may not decide.
        NodeNotFound: for a uid of which nothing was ever said.
        InvalidValue: where the reason or the actor's name repeats what is to be erased.
    """
    check_may_decide(question.actor, question.reason)
    return estate.ledger.erase_personal(
        question.uid, actor=question.actor.name, reason=question.reason, basis=question.actor.basis
    )
