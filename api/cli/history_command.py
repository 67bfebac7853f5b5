"""`holdfast history`: everything that was ever said about a node, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import AsOfOption, JsonOption, KnownAtOption, QuietOption, StoreOption

if TYPE_CHECKING:
    from api.documents.common import Document


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("history")(history)


def history(
    uid: Annotated[str, typer.Argument(metavar="UID", help="Any uid that the node ever had, or its name.")],
    *,
    edges: Annotated[bool, typer.Option("--edges/--no-edges", help="Claims about its edges too.")] = True,
    before: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Only commits with smaller numbers.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, metavar="N", help="The newest N events.")] = 100,
    store: StoreOption = None,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Print who said what about a node and when, the oldest first, with the ids of the claims."""
    from api.cli.asking import basis_lines
    from api.cli.output import emit, emit_json
    from api.documents.history import history_of
    from api.session import opened
    from api.settings import load
    from api.times import standpoint
    from api.uids import meant_by
    from graph.model import CommitNumber, Uid
    from queries.history import HistoryQuestion, find_history

    with opened(load(store=store)) as session:
        asked = standpoint(as_of, known_at)
        view = session.estate.view(asked)
        question = HistoryQuestion(
            # What has no claim under this uid may be somebody's name for it.
            uid=Uid(uid) if session.ledger.history(Uid(uid)) else meant_by(view, [uid])[0].uid,
            edges=edges,
            before=None if before is None else CommitNumber(before),
            limit=limit,
            standpoint=asked,
        )
        answer = find_history(session.estate, question)
        document = history_of(answer)
    if as_json:
        emit_json(document)
        return
    if len(answer.members) > 1:
        emit(f"One thing under these uids: {', '.join(answer.members)}.")
    for event in document["events"]:
        for line in event_lines(event):
            emit(line)
    if answer.next_before is not None:
        emit(f"There is more, and older: --before {answer.next_before}.")
    if not quiet:
        for line in basis_lines(answer.basis):
            emit(line)


def event_lines(event: Document) -> list[str]:
    """Return one event in words, what is said on the lines below it."""
    what = event["what"].replace("_", " ")
    head = f"commit {event['commit']}, {event['recorded_at']}, {event['actor']}: {what}"
    if event["uids"]:
        head += f" {' and '.join(event['uids'])}"
    if event["reason"]:
        head += f" ({event['reason']})"
    lines = [head]
    rows = event["recorded"] or event["ended"]
    lines += [f"    {_claim_line(row)}" for row in rows]
    lines += [f"    {c['name']}: {_shown(c['before'])} -> {_shown(c['after'])}" for c in event["changes"]]
    if event["refuted"]:
        lines.append("    refuted since")
    return [*lines, f"    claim {event['claim']}"] if event["claim"] else lines


def _claim_line(row: Document) -> str:
    until = f" until {row['valid_to']}" if row["valid_to"] else ""
    since = "from" if row["valid_from_is"] == "stated" else "seen from"
    place = f", at {row['locator']}" if row["locator"] else ""
    return f"{row['source']} ({row['scope']}) says {_said(row)}, {since} {row['valid_from']}{until}{place}"


def _said(row: Document) -> str:
    if "node" in row:
        node = row["node"]
        details = [f"type {node['type']}"] if node["type"] else []
        details += [f"{name} {_shown(value)}" for name, value in node["properties"].items()]
        named = f" ({', '.join(details)})" if details else ""
        return f"{node['kind']} {node['name'] or node['uid']}{named}"
    edge = row["edge"]
    marks = f" [{', '.join(edge['marks'])}]" if edge["marks"] else ""
    return f"{edge['subject']} {edge['relation']} {edge['object']}{marks}"


def _shown(value: object) -> str:
    return "nothing" if value is None else str(value)
