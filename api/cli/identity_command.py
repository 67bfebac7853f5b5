"""`holdfast identity`: what may be one thing under two names, and what a person says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.asked import Asked
from api.cli.decide_command import OtherArgument, UidArgument, decide_identity_of
from api.cli.deciding import DecisionOptions
from api.cli.groups import add_command

if TYPE_CHECKING:
    from queries.identity import IdentityAnswer

app = typer.Typer(help="What may be one thing under two names.", no_args_is_help=True)


def suggest(
    *,
    kind: Annotated[list[str] | None, typer.Option(help="Only this kind; may be repeated.")] = None,
    limit: Annotated[
        int, typer.Option(min=0, metavar="N", help="How many at most; 0 is without bound.")
    ] = 50,
    asked: Asked,
) -> None:
    """Print nodes that may be one thing, with the reasons, the strongest first; nothing is joined by it."""
    from api import words
    from api.cli.output import emit_json
    from api.documents.identity import identity_of
    from queries.identity import SuggestionQuestion, suggest_identities

    kinds = words.kinds(kind)
    with asked.opened() as asking:
        question = SuggestionQuestion(kinds, limit or None, asking.standpoint)
        answer = suggest_identities(asking.estate, question)
    if asked.as_json:
        emit_json(identity_of(answer))
    else:
        print_suggestions(answer, quiet=asked.quiet)


def accept(uid: UidArgument, other: OtherArgument, *, options: DecisionOptions) -> None:
    """Record that two uids name one thing; the same as `holdfast merge`."""
    decide_identity_of(uid, other, options, same=True)


def refuse(uid: UidArgument, other: OtherArgument, *, options: DecisionOptions) -> None:
    """Record that two uids name two things, so that it is not suggested again; the same as `unmerge`."""
    decide_identity_of(uid, other, options, same=False)


add_command(app, "suggest", suggest)
add_command(app, "accept", accept)
add_command(app, "refuse", refuse)


def print_suggestions(answer: IdentityAnswer, *, quiet: bool) -> None:
    """Print the suggestions with their reasons, and what was not compared."""
    from api.cli.asking import basis_lines, cut_lines
    from api.cli.output import emit, plural, say

    for suggestion in answer.suggestions:
        one, other = suggestion.nodes
        emit(f"{suggestion.strength.value}: {'; '.join(suggestion.because)}")
        for node in (one, other):
            sources = ", ".join(map(str, node.sources)) or "only mentioned"
            emit(f"    {node.kind.value} {node.type or '-'}  {node.uid}  ({sources})")
    if not answer.suggestions:
        emit("Nothing is suggested.")
    else:
        emit("Decide with `holdfast identity accept UID UID` or `holdfast identity refuse UID UID`.")
    for conflict in answer.conflicts:
        emit(f"not joined: {', '.join(conflict.uids)}: {conflict.reason}")
    if answer.objected:
        pairs = plural(answer.objected, "pair")
        emit(f"{pairs} with as much in common left out, as something tells them apart.")
    if answer.too_common:
        emit(f"{plural(answer.too_common, 'clue')} that too many nodes share not compared.")
    for line in cut_lines(answer.basis) if quiet else basis_lines(answer.basis):
        say(line)
