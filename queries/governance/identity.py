"""Deciding whether two uids name one thing."""

from __future__ import annotations

from dataclasses import dataclass

from graph.errors import InvalidQuestion
from graph.ledger.change import Merge, Unmerge
from graph.ledger.ledger import Ledger
from graph.model import Uid
from queries.estate import Estate
from queries.governance.actor import Actor
from queries.governance.recording import Decided, check_known, recorded


@dataclass(frozen=True, slots=True)
class IdentityQuestion:
    """Decide that two uids are the same thing or, with `same` False, that they are not.

    The latter undoes a merge of the two, and forbids that external ids join them.
    """

    actor: Actor
    uids: tuple[Uid, Uid]
    reason: str
    same: bool = True


def decide_identity(estate: Estate, question: IdentityQuestion) -> Decided:
    """Record the decision, and return what the two uids count as now.

    Raises:
        InvalidQuestion: where the actor may not decide, or for one uid twice.
        NodeNotFound: for a uid of which nothing was ever said.
        KindConflict: where the two are described as different kinds.
    """
    one, other = question.uids
    if one == other:
        raise InvalidQuestion("uids", f"{one!r} is given twice", "two different uids")
    check_known(estate.ledger, one, other)
    summary = f"{one} and {other} are {'one thing' if question.same else 'two things'}"
    step = (Merge if question.same else Unmerge)(question.uids, question.reason)
    commit = recorded(estate.ledger, question.actor, question.reason, summary, step)
    return Decided(summary, question.actor, commit, _notes(estate.ledger, question))


def _notes(ledger: Ledger, question: IdentityQuestion) -> tuple[str, ...]:
    known = ledger.head().sequence
    one, other = (ledger.canonical(uid, known) for uid in question.uids)
    if question.same:
        return (f"Both now count as {one}.",)
    if one == other:
        return ("They still count as one thing, because others tie them together.",)
    return ()
