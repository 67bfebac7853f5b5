"""Recording a decision: one commit by its actor, which says how the actor is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from graph.errors import NodeNotFound
from graph.ledger.change import Change, Effect, Step
from graph.ledger.ledger import Ledger
from graph.model import Commit, Instant, Scope, SourceInstance, Uid
from queries.governance.actor import Actor, check_may_decide

CONSOLE: Final = Scope(SourceInstance("console"), "decisions")
"""The source and scope of what people assign; no file's closing reaches it."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision came to, in words; without a commit it stood already.

    `notes` say what else the reader should know of how things stand now.
    """

    summary: str
    actor: Actor
    commit: Commit | None
    notes: tuple[str, ...] = ()


def recorded(
    ledger: Ledger,
    actor: Actor,
    reason: str,
    summary: str,
    *steps: Step,
    read_at: Instant | None = None,
) -> Commit | None:
    """Return the commit that records a decision, None where it stands already.

    All steps stand or none does. The basis of the actor is part of the commit, so that the
    chain itself says that nobody had checked the name.

    Raises:
        InvalidQuestion: where the actor may not decide.
        HoldfastError: that of the first step that cannot be recorded.
    """
    check_may_decide(actor, reason)
    told = f"{summary} (actor_basis: {actor.basis})"
    change = Change(actor.name, told, steps, source=str(CONSOLE.source), read_at=read_at, whole=True)
    outcome = ledger.commit(change)
    for step in outcome.steps:
        if step.effect is Effect.REJECTED and step.error is not None:
            raise step.error
    return outcome.commit


def check_known(ledger: Ledger, *uids: Uid) -> None:
    """Pass if something was ever said about each of the uids.

    Raises:
        NodeNotFound: for the first of which nothing was.
    """
    for uid in uids:
        if not ledger.history(uid):
            raise NodeNotFound(uid)
