"""`holdfast blast-radius` and `holdfast exposure`: the walk forwards, and backwards."""

from __future__ import annotations

from typing import Annotated, Final

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

BLAST_RADIUS: Final = "blast-radius"

_COUNTS: Final = (
    "Counts for --fail-on: reached (listed states, without those of the nodes asked about), certain, "
    "possible, nodes, criticality (the highest that is known), unknown_criticality (nodes), and each "
    "harm by name, such as TAINTED."
)


def register(app: typer.Typer) -> None:
    """Add the commands; they take the same options and walk in opposite directions."""
    app.command(
        BLAST_RADIUS,
        help="What else is harmed if a harm comes to these nodes, each with the path that explains it. "
        + _COUNTS,
    )(reach)
    app.command(
        "exposure",
        help="What could bring a harm to these nodes, the likeliest first, each with its path. " + _COUNTS,
    )(reach)


def reach(
    context: typer.Context,
    uids: given.UidsArgument,
    *,
    harm: given.HarmOption,
    max_hops: given.MaxHopsOption = None,
    max_nodes: given.MaxNodesOption = None,
    max_seconds: given.MaxSecondsOption = None,
    without: given.WithoutOption = None,
    without_edge: given.WithoutEdgeOption = None,
    during: given.DuringOption = None,
    only_harm: given.OnlyHarmOption = None,
    kind: given.KindOption = None,
    environment: given.EnvironmentOption = None,
    min_criticality: given.CriticalityOption = None,
    certain: given.CertainOption = False,
    limit: given.LimitOption = 5,
    show_all: given.AllOption = False,
    store: StoreOption = None,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    rules: RulesOption = None,
    fail_on: FailOnOption = None,
    columns: Annotated[bool, typer.Option("--columns", help="JSON of arrays, without paths.")] = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Ask the walk, print its answer, and fail where that is asked for."""
    from api import words
    from api.cli.failing import fail_if
    from api.cli.output import emit_json, say
    from api.cli.reach_output import counted, print_reach
    from api.documents.reach import reach_of
    from api.fail_on import parsed
    from api.session import opened
    from api.settings import load
    from api.times import standpoint
    from api.uids import meant_by
    from graph.vocabulary import Harm
    from queries.blast_radius import BlastRadiusQuestion, find_blast_radius
    from queries.exposure import ExposureQuestion, find_exposure
    from queries.reach import Reach, WalkTerms

    wanted = words.harm(harm)
    only = given.filter_of(only_harm, kind, environment, min_criticality, is_certain=certain)
    conditions = parsed(
        fail_on, ["reached", "certain", "possible", "nodes", "criticality", "unknown_criticality", *Harm]
    )
    window = given.window_of(during)
    with opened(load(store=store)) as session:
        view = session.estate.view(standpoint(as_of, known_at, rules))
        meant = meant_by(view, uids)
        terms = WalkTerms(
            bounds=given.bounds_of(session.settings, max_hops, max_nodes, max_seconds),
            without=given.without_of(view, without, without_edge),
            during=window,
            since=None if window is None else window.start,
        )
        nodes, where = tuple(m.uid for m in meant), given.pinned(view, rules)
        if context.info_name == BLAST_RADIUS:
            answer: Reach = find_blast_radius(
                session.estate, BlastRadiusQuestion(nodes, wanted, only, terms, where)
            )
        else:
            answer = find_exposure(session.estate, ExposureQuestion(nodes, wanted, only, terms, where))
        if as_json or columns:
            emit_json(reach_of(answer, meant, columns=columns), compact=columns)
        else:
            print_reach(view, answer, meant, limit=0 if show_all else limit, quiet=quiet)
    counts = counted(answer)
    if counts["unknown_criticality"] and any(c.name == "criticality" for c in conditions):
        say(f"The criticality of {counts['unknown_criticality']} reached nodes is unknown and not counted.")
    fail_if(conditions, counts, cut=answer.basis.truncated is not None)
