"""Deciding who is accountable for a node."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graph.errors import InvalidQuestion
from graph.ledger.change import Assert, Close, Step
from graph.model import Claim, EdgeFacts, Instant, Node, NodeRef, Uid
from graph.vocabulary import End
from queries.estate import Estate, EstateView
from queries.governance.actor import Actor
from queries.governance.recording import CONSOLE, Decided, recorded
from queries.liveness import Life
from queries.owners import book_around


@dataclass(frozen=True, slots=True)
class OwnerQuestion:
    """Decide that an identity is accountable for a node from now on, beside whom other sources name.

    `instead_of` is an owner decided before, whose accountability ends with the same commit.
    """

    actor: Actor
    owned: Uid
    owner: Uid
    reason: str
    instead_of: Uid | None = None


def decide_owner(estate: Estate, question: OwnerQuestion) -> Decided:
    """Record the decision, and return who else is accountable now.

    Raises:
        InvalidQuestion: where the actor may not decide, or `instead_of` was not decided here.
        NodeNotFound: for a node or an owner that nothing mentions now.
        RelationNotAllowed: where the owner is no identity.
    """
    view = estate.view()
    owned, owner = view.node(question.owned), view.node(question.owner)
    moment = estate.ledger.clock()
    facts = EdgeFacts(
        "OWNS",
        owner.uid,
        owned.uid,
        frozenset({"accountable"}),
        properties={"actor_basis": question.actor.basis, "reason": question.reason},
    )
    steps: list[Step] = [Assert(Claim(CONSOLE, facts))]
    if question.instead_of is not None:
        steps.append(_ended(view, owned.ref, question.instead_of, moment))
    # The log cannot forget: what it keeps names a person by the uid only.
    kept = f"{owner.uid} is accountable for {owned.uid}"
    commit = recorded(estate.ledger, question.actor, question.reason, kept, *steps, read_at=moment)
    summary = f"{owner.label} is accountable for {owned.label}"
    now = estate.view()
    notes = (*_not_there(now, owned.uid, owner), *_others(now, owned.uid, owner.uid))
    return Decided(summary, question.actor, commit, notes)


def _ended(view: EstateView, owned: NodeRef, former: Uid, moment: Instant) -> Close:
    """Return the step that ends what was decided before."""
    uid = view.canonical(former)
    for edge in view.edges([owned.uid], relations=["OWNS"], end=End.OBJECT):
        if edge.subject.uid == uid:
            ours = [row.key for row in view.ledger.edge_claims(edge, view.at) if row.claim.scope == CONSOLE]
            if ours:
                return Close(tuple(ours), moment)
    raise InvalidQuestion(
        "instead_of",
        f"{former!r} was not made its owner by such a decision",
        "an owner decided before; what another source says ends when that source says so, or by refuting it",
    )


def _not_there(view: EstateView, owned: Uid, owner: Node) -> Iterator[str]:
    """Yield that the owner does not answer for anything now, or that this is not known."""
    sign = book_around(view, {owned}).life.sign(owner.uid)
    if sign.life is Life.UNKNOWN:
        yield f"It is not known whether {owner.label} can answer for it: {sign.because}."
    elif sign.life is not Life.ALIVE:
        yield f"{owner.label} cannot answer for anything as things stand: {sign.because}."


def _others(view: EstateView, owned: Uid, owner: Uid) -> tuple[str, ...]:
    """Return who else is accountable now, so that nobody thinks that one owner replaced another."""
    edges = view.edges([owned], relations=["OWNS"], end=End.OBJECT)
    others = sorted({e.subject.uid for e in edges if "accountable" in e.marks} - {owner})
    labels = view.nodes(others)
    named = ((other, labels[other].label if other in labels else other) for other in others)
    return tuple(f"Also accountable, as other claims say: {label} ({uid})." for uid, label in named)
