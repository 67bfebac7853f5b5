"""`holdfast history`: everything that was ever said about a node, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.asked import Asked
from api.cli.groups import add_command

if TYPE_CHECKING:
    from graph.model import ClaimRow, PropertyValue
    from queries.history import Event, HistoryAnswer


def register(app: typer.Typer) -> None:
    """Add the command."""
    add_command(app, "history", history)


def history(
    uid: Annotated[
        str,
        typer.Argument(metavar="UID", help="Any uid that the node ever had, its name or an external id."),
    ],
    *,
    edges: Annotated[bool, typer.Option("--edges/--no-edges", help="Claims about its edges too.")] = True,
    before: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Only commits with smaller numbers.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, metavar="N", help="The newest N events.")] = 100,
    asked: Asked,
) -> None:
    """Print who said what about a node and when, the oldest first, with the ids of the claims.

    Within a commit: claims before decisions, claims by the time from which they hold, then
    the node before its edges, these by relation, subject and object.
    """
    from api.cli.output import emit_json
    from api.documents.history import history_of
    from api.uids import uid_meant
    from graph.model import CommitNumber
    from queries.history import HistoryQuestion, find_history

    with asked.opened() as asking:
        question = HistoryQuestion(
            uid=uid_meant(asking.view, uid),
            edges=edges,
            before=None if before is None else CommitNumber(before),
            limit=limit,
            standpoint=asking.standpoint,
        )
        answer = find_history(asking.estate, question)
    if asked.as_json:
        emit_json(history_of(answer))
    else:
        print_history(answer, quiet=asked.quiet)


def print_history(answer: HistoryAnswer, *, quiet: bool) -> None:
    """Print the events, and how to ask for older ones."""
    from api.cli.asking import print_basis
    from api.cli.output import emit

    if len(answer.members) > 1:
        emit(f"One thing under these uids: {', '.join(answer.members)}.")
    for name, values in answer.contested.items():
        shown = " or ".join(_shown(name, value) for value in values)
        emit(f"Sources contradict each other on {name}: {shown}.")
    for event in answer.events:
        for line in event_lines(event):
            emit(line)
    if answer.next_before is not None:
        emit(f"There is more, and older: --before {answer.next_before}.")
    print_basis(answer.basis, quiet=quiet)


def event_lines(event: Event) -> list[str]:
    """Return one event in words, what is said on the lines below it."""
    from api.documents.common import time_or_none

    commit = event.commit
    head = f"commit {commit.sequence}, {time_or_none(commit.recorded_at)}, {commit.actor}: "
    head += event.what.value.replace("_", " ")
    if event.uids:
        head += f" {' and '.join(event.uids)}"
    if event.reason:
        head += f" ({event.reason})"
    lines = [head]
    rows = event.recorded or event.ended or event.said
    lines += [f"    {_claim_line(row)}" for row in rows]
    lines += [f"    {c.name}: {_shown(c.name, c.before)} -> {_shown(c.name, c.after)}" for c in event.changes]
    if event.refuted:
        lines.append("    refuted since")
    if event.claim_id:
        named = "row" if len(rows) == 1 else "rows"
        keys = f", {named} {' and '.join(row.key for row in rows)}" if rows else ""
        lines.append(f"    claim {event.claim_id}{keys}")
    return lines


def _claim_line(row: ClaimRow) -> str:
    from api.documents.common import time_or_none
    from api.said import said
    from graph.model import Basis

    start, end = time_or_none(row.valid.start), time_or_none(row.valid.end)
    since = "from" if row.basis is Basis.STATED else "seen from"
    when = "always" if start is None else f"{since} {start}"
    until = f" until {end}" if end else ""
    place = f", at {row.claim.locator}" if row.claim.locator else ""
    scope = row.claim.scope
    return f"{scope.source} ({scope.name}) says {said(row)}, {when}{until}{place}"


def _shown(name: str, value: PropertyValue | None) -> str:
    from api.said import shown_value

    return "nothing" if value is None else shown_value(name, value)
