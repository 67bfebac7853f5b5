"""What people decide about the record, each as one commit of the ledger by a named actor.

These are corrections of the record. Governance (who may approve, waive, classify) is
something else and writes Decision nodes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from api.session import Session
from api.uids import meant_by
from graph.errors import InvalidQuestion, NodeNotFound
from graph.ledger.change import (
    Assert,
    Change,
    Close,
    Effect,
    LiftRefutation,
    Merge,
    Outcome,
    Refute,
    Step,
    Unmerge,
)
from graph.model import (
    Claim,
    ClaimId,
    Commit,
    EdgeFacts,
    Instant,
    NodeRef,
    Scope,
    SourceInstance,
    Uid,
    now,
)
from graph.vocabulary import End
from queries.estate import EstateView

CONSOLE: Final = Scope(SourceInstance("console"), "decisions")
"""The source and scope of what people assign by command."""

_ASSERTED: Final = "asserted"


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision came to; without a commit it stood already."""

    summary: str
    commit: Commit | None
    notes: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return the decision as JSON values."""
        return {
            "summary": self.summary,
            "commit": None if self.commit is None else self.commit.sequence,
            "actor": None if self.commit is None else self.commit.actor,
            "actor_basis": _ASSERTED,
            "notes": list(self.notes),
        }


def merge(session: Session, uid: str, other: str, reason: str) -> Decided:
    """Record that two uids name one thing.

    Raises:
        NodeNotFound: for a uid that nothing has ever mentioned.
        KindConflict: where the two are described as different kinds.
    """
    _check_known(session, uid, other)
    outcome = _commit(session, f"{uid} and {other} are one thing", Merge((Uid(uid), Uid(other)), reason))
    canonical = session.ledger.canonical(Uid(uid), session.ledger.head().sequence)
    return Decided(f"{uid} and {other} are one thing", outcome.commit, (f"Both now count as {canonical}.",))


def unmerge(session: Session, uid: str, other: str, reason: str) -> Decided:
    """Record that two uids do not name one thing.

    Raises:
        NodeNotFound: for a uid that nothing has ever mentioned.
    """
    _check_known(session, uid, other)
    step = Unmerge((Uid(uid), Uid(other)), reason)
    outcome = _commit(session, f"{uid} and {other} are two things", step)
    known = session.ledger.head().sequence
    notes: tuple[str, ...] = ()
    if session.ledger.canonical(Uid(uid), known) == session.ledger.canonical(Uid(other), known):
        notes = ("They still count as one thing, because others tie them together.",)
    return Decided(f"{uid} and {other} are two things", outcome.commit, notes)


def refute(session: Session, claim: str, reason: str) -> Decided:
    """Record that a claim, with its present content, is wrong.

    Raises:
        InvalidValue: for a claim that does not stand.
    """
    outcome = _commit(session, f"claim {claim} is wrong", Refute(ClaimId(claim), reason))
    return Decided(f"claim {claim} is wrong", outcome.commit)


def lift_refutation(session: Session, claim: str, reason: str) -> Decided:
    """Take back whatever refutation of a claim stands."""
    summary = f"the refutation of claim {claim} is lifted"
    outcome = _commit(session, summary, LiftRefutation(ClaimId(claim), reason))
    return Decided(summary, outcome.commit)


def assign_owner(
    session: Session, uid: str, owner: str, reason: str, *, instead_of: str | None = None
) -> Decided:
    """Record that an identity is accountable for a node from now on.

    Raises:
        NodeNotFound: for a node or an owner that nothing mentions now.
        RelationNotAllowed: where the owner is no identity.
        InvalidQuestion: where `instead_of` was not assigned by this command.
    """
    view = session.estate.view()
    owned, by = (meant.node for meant in meant_by(view, [uid, owner]))
    moment = now()
    facts = EdgeFacts(
        "OWNS",
        by.uid,
        owned.uid,
        frozenset({"accountable"}),
        properties={"actor_basis": _ASSERTED, "reason": reason},
    )
    steps: list[Step] = [Assert(Claim(CONSOLE, facts))]
    if instead_of is not None:
        steps.append(_ended(view, owned.ref, instead_of, moment))
    summary = f"{by.label} is accountable for {owned.label}"
    outcome = _commit(session, summary, *steps, read_at=moment)
    return Decided(summary, outcome.commit, _others(session.estate.view(), owned.uid, by.uid))


def _ended(view: EstateView, owned: NodeRef, former: str, moment: Instant) -> Close:
    """Return the step that ends what this command assigned before."""
    uid = meant_by(view, [former])[0].uid
    for edge in view.edges([owned.uid], relations=["OWNS"], end=End.OBJECT):
        if edge.subject.uid == uid:
            ours = [row.key for row in view.ledger.edge_claims(edge, view.at) if row.claim.scope == CONSOLE]
            if ours:
                return Close(tuple(ours), moment)
    raise InvalidQuestion(
        "instead_of",
        f"{former!r} was not made its owner by this command",
        "an owner assigned before; what another source says ends when that source says so, or by `refute`",
    )


def _others(view: EstateView, owned: Uid, owner: Uid) -> tuple[str, ...]:
    """Return who else is accountable now, so that nobody thinks that one owner replaced another."""
    edges = view.edges([owned], relations=["OWNS"], end=End.OBJECT)
    others = sorted({e.subject.uid for e in edges if "accountable" in e.marks} - {owner})
    labels = view.nodes(others)
    named = ((other, labels[other].label if other in labels else other) for other in others)
    return tuple(f"Also accountable, as other claims say: {label} ({uid})." for uid, label in named)


def _check_known(session: Session, *uids: str) -> None:
    for uid in uids:
        if not session.ledger.history(Uid(uid)):
            raise NodeNotFound(uid)


def _commit(session: Session, summary: str, *steps: Step, read_at: Instant | None = None) -> Outcome:
    actor = session.settings.actor
    if not actor:
        raise InvalidQuestion("actor", "nobody is named who decides this", "--actor NAME, or HOLDFAST_ACTOR")
    change = Change(actor, summary, steps, source=str(CONSOLE.source), read_at=read_at)
    outcome = session.ledger.commit(change)
    for step in outcome.steps:
        if step.effect is Effect.REJECTED and step.error is not None:
            raise step.error
    return outcome
