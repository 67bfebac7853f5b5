"""`holdfast drift`: where what is registered and what is observed differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.cli.asked import Asked
from api.cli.groups import add_command
from api.cli.reach_options import AllOption, LimitOption, NodeFilterOptions

if TYPE_CHECKING:
    from queries.drift import Drift, DriftAnswer, Open, Side

_OPEN: Final = {
    "no_registry": "no registry that lists their kind was read whole",
    "never_observed": "no source has ever observed them, perhaps as they go by another name there",
    "not_approved": "no version of them was ever approved",
    "no_grants": "no source reports all that their identity may read",
    "no_identity": "it is not known as whom they run",
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    add_command(app, "drift", drift)


def drift(
    *,
    sort: Annotated[
        list[str] | None,
        typer.Option(
            "--sort", metavar="SORT", help="shadow, unseen, version, owner or ungranted; may be repeated."
        ),
    ] = None,
    registry: Annotated[
        list[str] | None,
        typer.Option(
            "--registry",
            metavar="SOURCE",
            help="A source that says what should be there [backstage, people, records, tables]; repeatable.",
        ),
    ] = None,
    times: Annotated[
        int, typer.Option(min=1, metavar="N", help="After so many cadences unseen something is missed.")
    ] = 3,
    limit: LimitOption = 100,
    all_rows: AllOption = False,
    filters: NodeFilterOptions,
    asked: Asked,
) -> None:
    """Print where what is registered and what is observed differ, with who says what."""
    from api.cli.output import emit_json
    from api.documents.drift import drift_of
    from queries.drift import DEFAULT_REGISTRIES, DriftQuestion, find_drift

    with asked.opened() as asking:
        question = DriftQuestion(
            sorts=frozenset(_sort(name) for name in sort or ()),
            registries=frozenset(registry) if registry else DEFAULT_REGISTRIES,
            times=times,
            filter=filters.nodes(),
            limit=None if all_rows or limit == 0 else limit,
            standpoint=asking.standpoint,
        )
        answer = find_drift(asking.estate, question)
    if asked.as_json:
        emit_json(drift_of(answer))
    else:
        print_drift(answer, quiet=asked.quiet)


def print_drift(answer: DriftAnswer, *, quiet: bool) -> None:
    """Print each difference with both accounts, and of what it cannot be told."""
    from api.cli.asking import print_basis
    from api.cli.output import emit, plural, say

    for row in answer.rows:
        doubt = "" if row.certainty.value == "certain" else " (possible)"
        emit(f"{row.drift.value}: {row.node.label} ({row.node.type or row.node.kind.value}){doubt}")
        emit(f"    {row.node.uid}")
        emit(f"    registered: {_account(row.registered)}")
        emit(f"    observed:   {_account(row.observed)}")
    counted = ", ".join(f"{sort.value} {count}" for sort, count in answer.counts.items())
    emit(f"Differences: {counted or 'none found'}.")
    for why, uids in sorted(answer.open.items()):
        emit(f"UNKNOWN for {plural(len(uids), 'node')}: {_words(why)}.")
    if answer.hidden.total:
        say(f"UNKNOWN: {plural(answer.hidden.total, 'node')} left out, as the filter asks what is not known.")
    print_basis(answer.basis, quiet=quiet)


def _account(side: Side) -> str:
    sources = sorted({str(said.source) for said in side.claims})
    return f"{side.words} ({', '.join(sources)})" if sources else side.words


def _words(why: Open) -> str:
    return _OPEN[why.value]


def _sort(name: str) -> Drift:
    """Return a sort of difference by its name.

    Raises:
        InvalidQuestion: for one that there is not.
    """
    from graph.errors import InvalidQuestion
    from queries.drift import Drift

    try:
        return Drift(name)
    except ValueError:
        raise InvalidQuestion(
            "sort", f"{name!r} is no sort of difference", f"one of {', '.join(Drift)}"
        ) from None
