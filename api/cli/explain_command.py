"""`holdfast explain`: how a harm at one node brings harm to another, as a sentence."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli import reach_options as given
from api.cli.options import (
    AsOfOption,
    JsonOption,
    KnownAtOption,
    QuietOption,
    RulesOption,
    StoreOption,
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("explain")(explain)


def explain(
    uid: Annotated[str, typer.Argument(metavar="UID", help="Where the harm begins.")],
    target: Annotated[str, typer.Argument(metavar="TARGET", help="Where it is felt.")],
    *,
    harm: given.HarmOption,
    target_harm: Annotated[
        str | None, typer.Option(metavar="HARM", help="Which harm is felt [the nearest].")
    ] = None,
    max_hops: given.MaxHopsOption = None,
    max_nodes: given.MaxNodesOption = None,
    max_seconds: given.MaxSecondsOption = None,
    without: given.WithoutOption = None,
    without_edge: given.WithoutEdgeOption = None,
    during: given.DuringOption = None,
    store: StoreOption = None,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    rules: RulesOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Print the shortest path by which a harm gets from one node to another, as a sentence."""
    from api import words
    from api.cli.asking import basis_lines
    from api.cli.output import emit, emit_json, say
    from api.cli.reach_output import taken_for
    from api.documents.explain import explanation_of
    from api.session import opened
    from api.settings import load
    from api.times import standpoint
    from api.uids import meant_by
    from queries.explain import ExplainQuestion, explain_harm
    from queries.reach import WalkTerms

    wanted = words.harm(harm)
    felt = None if target_harm is None else words.harm(target_harm)
    window = given.window_of(during)
    with opened(load(store=store)) as session:
        view = session.estate.view(standpoint(as_of, known_at, rules))
        meant = meant_by(view, [uid, target])
        terms = WalkTerms(
            bounds=given.bounds_of(session.settings, max_hops, max_nodes, max_seconds),
            without=given.without_of(view, without, without_edge),
            during=window,
            since=None if window is None else window.start,
        )
        source, end = (m.uid for m in meant)
        question = ExplainQuestion(source, wanted, end, felt, terms, given.pinned(view, rules))
        answer = explain_harm(session.estate, question)
    if as_json:
        emit_json(explanation_of(answer))
        return
    for line in taken_for(meant):
        say(line)
    if answer.explanation is None or answer.reached is None:
        emit(f"No path leads from {answer.source.label} to {answer.target.label} within these bounds.")
    else:
        emit(answer.explanation.sentence)
        emit(f"{answer.reached.certainty.value.capitalize()}, {answer.reached.hops} hops.")
    if not quiet:
        for line in basis_lines(answer.basis):
            emit(line)
