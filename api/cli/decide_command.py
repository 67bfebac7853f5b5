"""What a person decides about the record: `merge`, `unmerge`, `refute`, `assign-owner`.

Each is one commit by a named actor. Nobody checks the name yet, so what is recorded says
that it was asserted.
"""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias

import typer

from api.cli.deciding import DecisionOptions
from api.cli.groups import add_command

_OWNER: Final = "--owner UID, who answers for it"

UidArgument: TypeAlias = Annotated[
    str, typer.Argument(metavar="UID", help="A uid, or a name or external id that one node has.")
]
OtherArgument: TypeAlias = Annotated[str, typer.Argument(metavar="UID", help="The other one, likewise.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    add_command(app, "merge", merge)
    add_command(app, "unmerge", unmerge)
    add_command(app, "refute", refute)
    add_command(app, "assign-owner", assign_owner)


def merge(uid: UidArgument, other: OtherArgument, *, options: DecisionOptions) -> None:
    """Record that two uids name one thing."""
    decide_identity_of(uid, other, options, same=True)


def unmerge(uid: UidArgument, other: OtherArgument, *, options: DecisionOptions) -> None:
    """Record that two uids do not name one thing: undoes a merge, and forbids an automatic join."""
    decide_identity_of(uid, other, options, same=False)


def refute(
    claim: Annotated[
        str,
        typer.Argument(
            metavar="CLAIM",
            help="The claim's id, from `holdfast history`, or a node about which there is one claim.",
        ),
    ],
    *,
    said: Annotated[
        str | None,
        typer.Option(
            "--said",
            metavar="ROW",
            help="Which of the things it said: the key of a row, or a content digest, from `holdfast "
            "history` [what it says now, else what it said last].",
        ),
    ] = None,
    lift: Annotated[
        bool, typer.Option("--lift", help="Take all refutations of the claim back instead.")
    ] = False,
    options: DecisionOptions,
) -> None:
    """Record that what a claim says is wrong; it counts again when its source says something else."""
    from api.uids import claim_meant
    from queries.governance import RefutationQuestion, decide_refutation

    with options.opened() as deciding:
        meant = claim_meant(deciding.view, claim, lifts=lift)
        question = RefutationQuestion(deciding.actor, meant, options.because, lift, said)
        options.report(decide_refutation(deciding.estate, question))


def assign_owner(
    uid: Annotated[str, typer.Argument(metavar="UID", help="What is owned: a uid, name or external id.")],
    *,
    owner: Annotated[
        str | None,
        typer.Option("--owner", metavar="UID", help="Who answers for it from now on, likewise. Required."),
    ] = None,
    instead_of: Annotated[
        str | None,
        typer.Option("--instead-of", metavar="UID", help="Whose assignment by this command ends."),
    ] = None,
    options: DecisionOptions,
) -> None:
    """Record who is accountable for a node, beside whoever other sources name."""
    from api.uids import meant_by
    from queries.governance import OwnerQuestion, decide_owner

    with options.opened({_OWNER: owner}) as deciding:
        words = [word for word in (uid, owner, instead_of) if word is not None]
        owned, by, *former = (meant.uid for meant in meant_by(deciding.view, words))
        question = OwnerQuestion(deciding.actor, owned, by, options.because, former[0] if former else None)
        options.report(decide_owner(deciding.estate, question))


def decide_identity_of(uid: str, other: str, options: DecisionOptions, *, same: bool) -> None:
    """Record whether two uids name one thing, and print what came of it."""
    from api.uids import two_uids_meant
    from queries.governance import IdentityQuestion, decide_identity

    with options.opened() as deciding:
        uids = two_uids_meant(deciding.view, uid, other)
        question = IdentityQuestion(deciding.actor, uids, options.because, same)
        options.report(decide_identity(deciding.estate, question))
