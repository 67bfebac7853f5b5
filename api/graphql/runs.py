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


@strawberry.type(description="What the claims of a run about nodes, or about edges, came to.")
class RunCounts:
    """Counts."""

    created: int = field(description="Claims that are new.")
    changed: int = field(description="Claims that say something else than before.")
    unchanged: int = field(description="Claims that stood already.")
    closed: int = field(description="Claims that ended.")
    withdrawn: int = field(description="Claims taken back, as if never said.")


@strawberry.type(description="What came of one scope that a run read.")
class RunScope:
    """A scope."""

    scope: str = field(description="The source instance and the name of the scope.")
    read_at: str = field(description="When it was read; RFC 3339.")
    complete: bool = field(description="Whether all of it was read, so that what it no longer holds ended.")
    why: str | None = field(
        description="Why it was not complete, or why nothing was closed; null for neither."
    )
    closed: int = field(description="Claims that ended because it no longer holds them.")
    withdrawn: int = field(description="Claims taken back because it no longer holds them.")
    refused: bool = field(description="Whether closing was refused because it would have ended too much.")


@strawberry.type(description="Something that a source knowingly does not map.")
class SkippedCount:
    """A count of what was skipped."""

    what: str = field(description="What it is.")
    count: int = field(description="How often it was there.")


@strawberry.type(description="A node that a run mentions and that no source describes.")
class PendingNode:
    """A pending node."""

    uid: strawberry.ID = field(description="Its uid, as it was mentioned.")
    place: str = field(description="Where it was mentioned first.")


@strawberry.type(description="One run of an ingest job.")
class Run:
    """A run."""

    position: int = field(description="Its place in the run log.")
    run: strawberry.ID = field(description="Its name.")
    source: str = field(description="The source instance.")
    state: str = field(description="How it ended: completed, partial, interrupted, timed_out or failed.")
    started_at: datetime | None = field(description="When it began.")
    finished_at: datetime | None = field(description="When it was over.")
    read_at: datetime | None = field(description="When its source was read.")
    records_read: int = field(description="Records read.")
    accepted: int = field(description="Records that went in.")
    rejected_count: int = field(description="Records that could not be read.")
    seconds: float = field(description="How long it took.")
    nodes: RunCounts = field(description="What claims about nodes came to.")
    edges: RunCounts = field(description="What claims about edges came to.")
    pending: int = field(description="Nodes that it mentions and that no source describes.")
    pending_nodes: list[PendingNode] = field(description="Which these are, the first 20.")
    commits: int = field(description="Commits it made; 0 where nothing was new.")
    scopes: list[RunScope] = field(description="The scopes that it read, those first that were not closed.")
    rejected: list[RejectedRecord] = field(description="What could not be read, the first 20.")
    skipped: list[SkippedCount] = field(description="What was read and is knowingly not mapped.")
    warnings: list[str] = field(description="Warnings.")
    warnings_not_listed: int = field(description="How many more warnings there were.")


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
        seconds=float(report.get("seconds", 0)),
        nodes=_counts_of(nodes),
        edges=_counts_of(edges),
        pending=int(nodes.get("pending", 0)),
        pending_nodes=[
            PendingNode(uid=strawberry.ID(node["uid"]), place=node["place"])
            for node in report.get("pending", [])
        ],
        commits=int(report.get("commits", {}).get("count", 0)),
        scopes=sorted(map(_scope_of, report.get("scopes", [])), key=lambda scope: scope.complete),
        rejected=[
            RejectedRecord(
                place=":".join(filter(None, (p["file"], p["position"]))),
                part=p["field"],
                reason=p["reason"],
                expected=p["expected"],
            )
            for p in report.get("rejected", [])[:_LISTED]
        ],
        skipped=[SkippedCount(what=what, count=n) for what, n in report.get("skipped", {}).items()],
        warnings=list(report.get("warnings", [])),
        warnings_not_listed=int(report.get("warnings_not_listed", 0)),
    )


def _counts_of(counts: dict[str, int]) -> RunCounts:
    names = ("created", "changed", "unchanged", "closed", "withdrawn")
    return RunCounts(**{name: counts.get(name, 0) for name in names})


def _scope_of(scope: dict[str, Any]) -> RunScope:
    return RunScope(
        scope=f"{scope['source']}:{scope['name']}",
        read_at=scope["read_at"],
        complete=scope["complete"],
        why=scope["why"],
        closed=scope["closed"],
        withdrawn=scope["withdrawn"],
        refused=scope["refused"],
    )


@strawberry.type
class RunsQuery:
    """The run log."""

    runs: RunsResult = field(resolver=resolve_runs, description="What was read in, newest first.")
