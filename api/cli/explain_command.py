"""`holdfast explain`: how a harm at one node brings harm to another, as a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import reach_options as given
from api.cli.asked import AskedByRules
from api.cli.groups import add_command

if TYPE_CHECKING:
    from queries.explain import ExplainAnswer


def register(app: typer.Typer) -> None:
    """Add the command."""
    add_command(app, "explain", explain)


def explain(
    uid: Annotated[str, typer.Argument(metavar="UID", help="Where the harm begins.")],
    target: Annotated[str, typer.Argument(metavar="TARGET", help="Where it is felt.")],
    *,
    harm: given.HarmOption,
    target_harm: Annotated[
        str | None, typer.Option(metavar="HARM", help="Which harm is felt [the nearest].")
    ] = None,
    walk: given.WalkOptions,
    asked: AskedByRules,
) -> None:
    """Print the shortest path by which a harm gets from one node to another, as a sentence."""
    from api import words
    from api.cli.output import emit_json
    from api.cli.reach_output import taken_for
    from api.documents.explain import explanation_of
    from queries.explain import ExplainQuestion, explain_harm

    wanted = words.harm(harm)
    felt = None if target_harm is None else words.harm(target_harm)
    with asked.opened() as asking:
        terms = walk.terms(asking)
        meant = asking.meant([uid, target], terms.during)
        source, end = (m.uid for m in meant)
        question = ExplainQuestion(source, wanted, end, felt, terms, asking.standpoint)
        answer = explain_harm(asking.estate, question)
    if asked.as_json:
        emit_json(explanation_of(answer))
    else:
        print_explanation(answer, taken_for(meant), quiet=asked.quiet)


def print_explanation(answer: ExplainAnswer, notes: list[str], *, quiet: bool) -> None:
    """Print the sentence, or that there is no path."""
    from api.cli.asking import print_basis
    from api.cli.output import emit, say
    from api.cli.stated import terms_lines

    for line in notes:
        say(line)
    for line in terms_lines(answer.terms):
        emit(line)
    if answer.explanation is None or answer.reached is None:
        felt = "no harm" if answer.target_harm is None else f"no {answer.target_harm.value}"
        emit(
            f"If {answer.source.label} is {answer.harm.value}, {felt} comes to {answer.target.label} on any "
            "known path within these bounds."
        )
    else:
        emit(answer.explanation.sentence)
        emit(f"{answer.reached.certainty.value.capitalize()}, {answer.reached.hops} hops.")
    print_basis(answer.basis, quiet=quiet)
