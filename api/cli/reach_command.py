"""`holdfast blast-radius` and `holdfast exposure`: the walk forwards, and backwards."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from api.cli import reach_options as given
from api.cli.asked import AskedByRules
from api.cli.gate import Gate, Held
from api.cli.groups import add_command

BLAST_RADIUS: Final = "blast-radius"

_COUNTS: Final = (
    "Counts for --fail-on: reached (listed states, without those of the nodes asked about), certain, "
    "possible, nodes, criticality (the highest that is known), unknown_criticality (nodes), left_out (nodes "
    "that a filter leaves out because their kind, environment or criticality is unknown), each harm by name, "
    "such as TAINTED, and those of every answer: looked_at, referenced_not_described (nodes), "
    "uncovered_relations."
)


def register(app: typer.Typer) -> None:
    """Add the commands; they take the same options and walk in opposite directions."""
    add_command(
        app,
        BLAST_RADIUS,
        reach,
        help_text="What else is harmed if a harm comes to these nodes, each with the path that explains it. "
        + _COUNTS,
    )
    add_command(
        app,
        "exposure",
        reach,
        help_text="What could bring a harm to these nodes, the likeliest first, each with its path. "
        + _COUNTS,
    )


def reach(
    context: typer.Context,
    uids: given.UidsArgument,
    *,
    harm: given.HarmOption,
    walk: given.WalkOptions,
    only: given.ReachFilterOptions,
    limit: given.LimitOption = 5,
    show_all: given.AllOption = False,
    columns: Annotated[bool, typer.Option("--columns", help="JSON of arrays, without paths.")] = False,
    asked: AskedByRules,
    gate: Gate,
) -> None:
    """Ask the walk, print its answer, and fail where that is asked for."""
    from api import words
    from api.cli.output import emit_json
    from api.cli.reach_output import COUNTS, counted, print_reach, undescribed
    from api.documents.reach import reach_of
    from queries.blast_radius import BlastRadiusQuestion, find_blast_radius
    from queries.exposure import ExposureQuestion, find_exposure
    from queries.reach import Reach

    wanted, listed, conditions = words.harm(harm), only.states(), gate.conditions(COUNTS)
    with asked.opened() as asking:
        terms, where = walk.terms(asking), asking.standpoint
        meant = asking.meant(uids, terms.during)
        nodes = tuple(m.uid for m in meant)
        if context.info_name == BLAST_RADIUS:
            question = BlastRadiusQuestion(nodes, wanted, listed, terms, where)
            answer: Reach = find_blast_radius(asking.estate, question)
        else:
            answer = find_exposure(asking.estate, ExposureQuestion(nodes, wanted, listed, terms, where))
        if asked.as_json or columns:
            emit_json(reach_of(answer, meant, columns=columns), compact=columns)
        else:
            print_reach(asking.view, answer, meant, limit=0 if show_all else limit, quiet=asked.quiet)
    is_cut = answer.basis.truncated is not None
    gate.check(conditions, Held(counted(answer), answer.basis, undescribed(answer.seeds), may_grow=is_cut))
