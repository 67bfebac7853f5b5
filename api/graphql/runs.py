"""What was read in: the run log, newest first."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry import field

from api.graphql.at import time_of
from api.graphql.context import Info
from api.graphql.outcomes import InvalidQuestion, NotFound, asked
from api.graphql.paging import First, page_size
from api.run_log import runs_before
from graph.ledger.port import RunRecord

_FIRST = 20


@strawberry.type(description="Something in the input that could not be read.")
class RejectedRecord:
    """A rejected record."""

    place: str = field(description="File and position.")
    part: str = field(description="Which part of the record; empty for all of it.")
    reason: str = field(description="What is wrong with it.")
    expected: str = field(description="What was expected.")


@strawberry.type(description="One run of an ingest job.")
class Run:
    """A run."""

    position: int = field(description="Its place in the run log.")
    run: strawberry.ID = field(description="Its name.")
    source: str = field(description="The source instance.")
    state: str = field(description="How it ended: completed, partial, interrupted or failed.")
    started_at: datetime | None = field(description="When it began.")
    finished_at: datetime | None = field(description="When it was over.")
    read_at: datetime | None = field(description="When its source was read.")
    records_read: int = field(description="Records read.")
    accepted: int = field(description="Records that went in.")
    rejected_count: int = field(description="Records that could not be read.")
    created: int = field(description="Claims that are new.")
    changed: int = field(description="Claims that say something else than before.")
    unchanged: int = field(description="Claims that stood already.")
    closed: int = field(description="Claims that ended.")
    commits: int = field(description="Commits it made; 0 where nothing was new.")
    completed_scopes: list[str] = field(description="The scopes that it read completely.")
    rejected: list[RejectedRecord] = field(description="What could not be read, the first 20.")
    warnings: list[str] = field(description="Warnings.")


@strawberry.type(description="A page of the run log, newest first.")
class Runs:
    """Runs."""

    runs: list[Run] = field(description="The runs of this page.")
    next_before: int | None = field(description="What to pass as before for older ones; null at the end.")


RunsResult = Annotated[
    Runs | NotFound | InvalidQuestion,
    strawberry.union("RunsResult", description="Runs, or why the question has no answer."),
]


def resolve_runs(
    info: Info,
    first: First = _FIRST,
    before: Annotated[
        int | None, strawberry.argument(description="Only runs with smaller positions; the newest if absent.")
    ] = None,
) -> RunsResult:
    """Answer `runs`."""

    def answer() -> Runs:
        found, next_before = runs_before(info.context.session.store, before, page_size(first))
        return Runs(runs=[_run_of(record) for record in found], next_before=next_before)

    return asked(answer)


_LISTED = 20


def _run_of(record: RunRecord) -> Run:
    report: dict[str, Any] = json.loads(record.report)
    records, nodes, edges = (report.get(name, {}) for name in ("records", "nodes", "edges"))

    def both(name: str) -> int:
        return int(nodes.get(name, 0)) + int(edges.get(name, 0))

    return Run(
        position=record.position,
        run=strawberry.ID(record.run),
        source=record.source,
        state=str(report.get("state", "")),
        started_at=time_of(record.started_at),
        finished_at=time_of(record.finished_at),
        read_at=time_of(record.read_at),
        records_read=int(records.get("read", 0)),
        accepted=int(records.get("accepted", 0)),
        rejected_count=int(records.get("rejected", 0)),
        created=both("created"),
        changed=both("changed"),
        unchanged=both("unchanged"),
        closed=both("closed"),
        commits=int(report.get("commits", {}).get("count", 0)),
        completed_scopes=[str(scope) for scope in record.completed],
        rejected=[
            RejectedRecord(
                place=f"{p['file']}:{p['position']}",
                part=p["field"],
                reason=p["reason"],
                expected=p["expected"],
            )
            for p in report.get("rejected", [])[:_LISTED]
        ],
        warnings=list(report.get("warnings", [])),
    )


@strawberry.type
class RunsQuery:
    """The run log."""

    runs: RunsResult = field(resolver=resolve_runs, description="What was read in, newest first.")
