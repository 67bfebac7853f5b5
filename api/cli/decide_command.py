"""What a person decides about the record: `merge`, `unmerge`, `refute`, `assign-owner`.

Each is one commit by a named actor. Nobody checks the name yet, so what is recorded says
that it was asserted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import ActorOption, JsonOption, ReasonOption, StoreOption

if TYPE_CHECKING:
    from api.decisions import Decided


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("merge")(merge)
    app.command("unmerge")(unmerge)
    app.command("refute")(refute)
    app.command("assign-owner")(assign_owner)


def merge(
    uid: str,
    other: str,
    *,
    reason: ReasonOption,
    actor: ActorOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record that two uids name one thing."""
    from api.decisions import merge as decide
    from api.session import opened
    from api.settings import load

    configuration = load(store=store, actor=actor)
    with opened(configuration) as session:
        _report(decide(session, uid, other, reason), as_json=as_json)


def unmerge(
    uid: str,
    other: str,
    *,
    reason: ReasonOption,
    actor: ActorOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record that two uids do not name one thing: undoes a merge, and forbids an automatic join."""
    from api.decisions import unmerge as decide
    from api.session import opened
    from api.settings import load

    with opened(load(store=store, actor=actor)) as session:
        _report(decide(session, uid, other, reason), as_json=as_json)


def refute(
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="The claim's id, from `holdfast history`.")],
    *,
    reason: ReasonOption,
    lift: Annotated[bool, typer.Option("--lift", help="Take a refutation back instead.")] = False,
    actor: ActorOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record that a claim is wrong; it comes back when its source says something else."""
    from api.decisions import lift_refutation
    from api.decisions import refute as decide
    from api.session import opened
    from api.settings import load

    with opened(load(store=store, actor=actor)) as session:
        decided = lift_refutation(session, claim, reason) if lift else decide(session, claim, reason)
        _report(decided, as_json=as_json)


def assign_owner(
    uid: Annotated[str, typer.Argument(metavar="UID", help="What is owned.")],
    *,
    owner: Annotated[str, typer.Option("--owner", metavar="UID", help="Who answers for it from now on.")],
    reason: ReasonOption,
    instead_of: Annotated[
        str | None,
        typer.Option("--instead-of", metavar="UID", help="Whose assignment by this command ends."),
    ] = None,
    actor: ActorOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record who is accountable for a node, beside whoever other sources name."""
    from api.decisions import assign_owner as decide
    from api.session import opened
    from api.settings import load

    with opened(load(store=store, actor=actor)) as session:
        _report(decide(session, uid, owner, reason, instead_of=instead_of), as_json=as_json)


def _report(decided: Decided, *, as_json: bool) -> None:
    """Print what was recorded, or that it stood already."""
    from api.cli.output import emit, emit_json

    if as_json:
        emit_json(decided.document())
        return
    if decided.commit is None:
        emit(f"{decided.summary}: that stands already; no commit was made.")
    else:
        emit(f"Commit {decided.commit.sequence} by {decided.commit.actor} (asserted): {decided.summary}.")
    for line in decided.notes:
        emit(line)
