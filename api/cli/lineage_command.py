"""`holdfast lineage`: where data comes from and where it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import reach_options as given
from api.cli.asked import AskedByRules
from api.cli.gate import Gate, Held
from api.cli.groups import add_command

if TYPE_CHECKING:
    from queries.lineage import LineageAnswer, LineageSide


def register(app: typer.Typer) -> None:
    """Add the command."""
    add_command(app, "lineage", lineage)


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
    asked: AskedByRules,
    gate: Gate,
) -> None:
    """Print where the data of these nodes comes from and where it goes.

    Counts for --fail-on: upstream, downstream (nodes beside those asked about), and those of
    every answer: looked_at, referenced_not_described (nodes), uncovered_relations.
    """
    from api.cli.output import emit_json
    from api.cli.reach_output import taken_for
    from api.documents.lineage import lineage_of
    from graph.walk import LineageBounds, LineageDirection
    from queries.lineage import LineageQuestion, find_lineage

    wanted = {LineageDirection.UPSTREAM: upstream, LineageDirection.DOWNSTREAM: downstream}
    ways = tuple(way for way, is_wanted in wanted.items() if is_wanted) or tuple(wanted)
    conditions = gate.conditions(way.value for way in ways)
    with asked.opened() as asking:
        window = given.window_of(during)
        meant = asking.meant(uids, window)
        question = LineageQuestion(
            starts=tuple(m.uid for m in meant),
            directions=ways,
            bounds=LineageBounds(max_hops or None, max_fan_out or None, max_nodes or None),
            during=window,
            standpoint=asking.standpoint,
        )
        answer = find_lineage(asking.estate, question)
    if asked.as_json:
        emit_json(lineage_of(answer))
    else:
        print_lineage(answer, taken_for(meant), quiet=asked.quiet)
    counts = {way.value: _beside_starts(side) for way, side in answer.sides.items()}
    is_cut = answer.basis.truncated is not None
    gate.check(conditions, Held(counts, answer.basis, nothing_followed(answer), may_grow=is_cut))


def nothing_followed(answer: LineageAnswer) -> str | None:
    """Return why no data was followed; None where it was from some node."""
    from api.cli.reach_output import undescribed

    followed = [node for node in answer.starts if node not in answer.without_data]
    if not followed:
        return "no relation that moves data touches a node of the kind asked about"
    return undescribed(followed)


def print_lineage(answer: LineageAnswer, notes: list[str], *, quiet: bool) -> None:
    """Print each side, nearest first, with what lies between."""
    from api.cli.asking import print_basis
    from api.cli.output import emit, plural, say
    from api.cli.stated import window_lines
    from graph.vocabulary import Certainty

    for line in notes:
        say(line)
    for line in window_lines(answer.during):
        emit(line)
    for node in answer.without_data:
        kind = node.kind.value
        emit(f"{node.label} has no lineage: no relation that moves data touches nodes of kind {kind}.")
    labels = {s.node.uid: s.node.label for side in answer.sides.values() for s in side.nodes}
    for way, side in answer.sides.items():
        least = "" if side.truncated is None else "at least "
        emit(f"{way.value.capitalize()}: {least}{plural(_beside_starts(side), 'node')}")
        for step in side.nodes:
            more = f", {step.hidden} more neighbours not shown" if step.hidden else ""
            emit(f"  {step.hops}  {step.node.label} ({step.node.kind.value}): {step.certainty.value}{more}")
        for edge in side.edges:
            source, target = labels[edge.source.uid], labels[edge.target.uid]
            only = "" if edge.certainty is Certainty.CERTAIN else f", {edge.certainty.value}"
            emit(f"     {source} -> {target} ({edge.relation}{only})")
    print_basis(answer.basis, quiet=quiet)


def _beside_starts(side: LineageSide) -> int:
    return sum(step.hops > 0 for step in side.nodes)
