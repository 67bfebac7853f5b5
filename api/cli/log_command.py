"""`holdfast log`: the commits, and whether their chain is whole."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.options import JsonOption, StoreOption

app = typer.Typer(help="The log of commits.", no_args_is_help=True)


@app.command("show")
def show(
    *,
    after: Annotated[int, typer.Option(min=0, metavar="N", help="Only commits with greater numbers.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 100,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print commits in order, the oldest first."""
    from api.cli.output import emit, emit_json, emit_table
    from api.documents.common import time_or_none
    from api.documents.log import commit_of
    from api.session import opened
    from api.settings import load
    from graph.model import CommitNumber

    with opened(load(store=store)) as session:
        head = session.ledger.head()
        commits = session.ledger.commits(after=CommitNumber(after), limit=limit)
    more = commits[-1].sequence if commits and commits[-1].sequence < head.sequence else None
    if as_json:
        emit_json(
            {
                "head": {"sequence": head.sequence, "hash": head.hash},
                "commits": [commit_of(commit) for commit in commits],
                "next_after": more,
            }
        )
        return
    emit_table(
        ("commit", "recorded", "by", "source", "operations", "summary"),
        [
            (
                str(c.sequence),
                time_or_none(c.recorded_at) or "",
                c.actor,
                c.source or "",
                str(len(c.operation_digests)),
                c.summary,
            )
            for c in commits
        ],
    )
    emit(f"The ledger stands at commit {head.sequence}, {head.hash}.")
    if more is not None:
        emit(f"There are more: --after {more}.")


@app.command("verify")
def verify(*, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Hold everything that answers are read from against the log; exit with 3 and name the first break."""
    from api.cli.output import emit, emit_json
    from api.errors import ExitCode
    from api.session import opened
    from api.settings import load

    with opened(load(store=store)) as session:
        report = session.ledger.verify()
    if as_json:
        emit_json(
            {
                "intact": report.intact,
                "commits": report.commits,
                "operations": report.operations,
                "head": report.head,
                "erased": report.erased,
                "unexplained": report.unexplained,
                "broken_at": report.broken_at,
                "table": report.table,
                "reason": report.reason,
            }
        )
    elif report.intact:
        emit(f"Intact: {report.commits} commits, {report.operations} operations, head {report.head}.")
        if report.erased:
            emit(f"{report.erased} personal values have been erased.")
        if report.unexplained:
            emit(f"{report.unexplained} personal values are not there, and no commit erased them.")
    else:
        where = "" if report.broken_at is None else f" at commit {report.broken_at}"
        emit(f"Broken{where}, in the table {report.table}: {report.reason}.")
        emit(f"{report.commits} commits fit together.")
    if not report.intact:
        raise typer.Exit(ExitCode.FINDINGS)
