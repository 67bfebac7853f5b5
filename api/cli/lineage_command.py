"""`holdfast lineage`: where data comes from and where it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import reach_options as given
from api.cli.options import (
    AsOfOption,
    FailOnOption,
    JsonOption,
    KnownAtOption,
    QuietOption,
    RulesOption,
    StoreOption,
)

if TYPE_CHECKING:
    from queries.lineage import LineageAnswer, LineageSide


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("lineage")(lineage)


def lineage(
    uids: given.UidsArgument,
    *,
    upstream: Annotated[bool, typer.Option("--upstream", help="Only where the data comes from.")] = False,
    downstream: Annotated[bool, typer.Option("--downstream", help="Only where the data goes.")] = False,
    max_hops: Annotated[int, typer.Option(min=0, metavar="N", help="Depth; 0 is without bound.")] = 10,
    max_fan_out: Annotated[
        int, typer.Option(min=0, metavar="N", help="Neighbours of one node; 0 is without bound.")
    ] = 100,
    max_nodes: Annotated[int, typer.Option(min=0, metavar="N", help="Nodes; 0 is without bound.")] = 2_000,
    during: given.DuringOption = None,
    store: StoreOption = None,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    rules: RulesOption = None,
    fail_on: FailOnOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Print where the data of these nodes comes from and where it goes.

    Counts for --fail-on: upstream, downstream (nodes beside those asked about).
    """
    from api.cli.failing import fail_if
    from api.cli.output import emit_json
    from api.cli.reach_output import taken_for
    from api.documents.lineage import lineage_of
    from api.fail_on import parsed
    from api.session import opened
    from api.settings import load
    from api.times import standpoint
    from api.uids import meant_by
    from graph.walk import LineageBounds, LineageDirection
    from queries.lineage import LineageQuestion, find_lineage

    asked = {LineageDirection.UPSTREAM: upstream, LineageDirection.DOWNSTREAM: downstream}
    ways = tuple(way for way, wanted in asked.items() if wanted) or tuple(asked)
    conditions = parsed(fail_on, [way.value for way in ways])
    with opened(load(store=store)) as session:
        view = session.estate.view(standpoint(as_of, known_at, rules))
        meant = meant_by(view, uids)
        question = LineageQuestion(
            starts=tuple(m.uid for m in meant),
            directions=ways,
            bounds=LineageBounds(max_hops or None, max_fan_out or None, max_nodes or None),
            during=given.window_of(during),
            standpoint=given.pinned(view, rules),
        )
        answer = find_lineage(session.estate, question)
    if as_json:
        emit_json(lineage_of(answer))
    else:
        print_lineage(answer, taken_for(meant), quiet=quiet)
    counts = {way.value: _beside_starts(side) for way, side in answer.sides.items()}
    fail_if(conditions, counts, cut=answer.basis.truncated is not None)


def print_lineage(answer: LineageAnswer, notes: list[str], *, quiet: bool) -> None:
    """Print each side, nearest first, with what lies between."""
    from api.cli.asking import basis_lines
    from api.cli.output import emit, say

    for line in notes:
        say(line)
    labels = {s.node.uid: s.node.label for side in answer.sides.values() for s in side.nodes}
    for way, side in answer.sides.items():
        emit(f"{way.value.capitalize()}: {_beside_starts(side)} nodes")
        for step in side.nodes:
            more = f", {step.hidden} more neighbours not shown" if step.hidden else ""
            emit(f"  {step.hops}  {step.node.label} ({step.node.kind.value}): {step.certainty.value}{more}")
        for edge in side.edges:
            source, target = labels[edge.source.uid], labels[edge.target.uid]
            emit(f"     {source} -> {target} ({edge.relation})")
    if not quiet:
        for line in basis_lines(answer.basis):
            emit(line)


def _beside_starts(side: LineageSide) -> int:
    return sum(step.hops > 0 for step in side.nodes)
