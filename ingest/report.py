"""What a run came to: counts, places and reasons; kept in the run log and shown as a table.

A report holds nothing that could be secret, and says how much it leaves out where a
list would be too long to keep.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, Final

from graph.errors import Problem
from graph.model import CommitNumber, Instant, RunId, Scope, Uid, as_text
from ingest.jsontext import ascii_safe

SCHEMA_VERSION: Final = 1

LISTED: Final = 1_000
"""How many rejected records, and how many warnings, a report lists in full; it counts all."""


PENDING_LISTED: Final = 20
"""How many nodes that no source describes a report names; it counts all."""


class RunState(StrEnum):
    """How a run ended."""

    COMPLETED = "completed"
    """Everything that was read went in."""

    PARTIAL = "partial"
    """Something was rejected, or a closing was refused; the rest went in."""

    INTERRUPTED = "interrupted"
    """Somebody stopped it; what was committed stays."""

    TIMED_OUT = "timed_out"
    """Its time was up; what was committed stays."""

    FAILED = "failed"
    """The store or the source gave up; what was committed stays."""


@dataclass(slots=True)
class Counts:
    """What claims about nodes, or about edges, came to.

    ``closed`` are rows that ended, ``withdrawn`` rows taken back, ``pending`` nodes that
    were mentioned and that no source describes (always 0 for edges).
    """

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    closed: int = 0
    withdrawn: int = 0
    pending: int = 0


@dataclass(frozen=True, slots=True)
class Pending:
    """A node that was mentioned and that no source describes, and where it was mentioned first."""

    uid: Uid
    place: str


@dataclass(frozen=True, slots=True)
class ScopeReport:
    """What came of one scope. ``why`` says why it was not complete, or why nothing was closed."""

    scope: Scope
    read_at: Instant
    complete: bool
    why: str | None = None
    closed: int = 0
    withdrawn: int = 0
    refused: bool = False


@dataclass(slots=True)
class RunReport:
    """Everything that a run came to; filled while it goes on, and shown when it is over."""

    run: RunId
    source: str
    started_at: Instant
    finished_at: Instant
    head_before: CommitNumber
    head_after: CommitNumber = CommitNumber(0)
    state: RunState = RunState.COMPLETED
    seconds: float = 0.0
    records_read: int = 0
    accepted: int = 0
    rejected_count: int = 0
    nodes: Counts = field(default_factory=Counts)
    edges: Counts = field(default_factory=Counts)
    commits: int = 0
    first_commit: int | None = None
    last_commit: int | None = None
    retained: int = 0
    observed: int = 0
    scopes: list[ScopeReport] = field(default_factory=list[ScopeReport])
    pending: list[Pending] = field(default_factory=list[Pending])
    rejected: list[Problem] = field(default_factory=list[Problem])
    skipped: dict[str, int] = field(default_factory=dict[str, int])
    warnings: list[str] = field(default_factory=list[str])
    warnings_count: int = 0
    derived: RunReport | None = None
    """The derivation that came after it, where there was anything to derive; logged as a run of its own."""

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON values, in snake_case, times in RFC 3339."""
        return {
            "schema_version": SCHEMA_VERSION,
            "run": self.run,
            "source": self.source,
            "state": self.state.value,
            "started_at": as_text(self.started_at),
            "finished_at": as_text(self.finished_at),
            "seconds": round(self.seconds, 3),
            "records": {
                "read": self.records_read,
                "accepted": self.accepted,
                "rejected": self.rejected_count,
            },
            "nodes": _counts_json(self.nodes),
            "edges": {k: v for k, v in _counts_json(self.edges).items() if k != "pending"},
            "commits": {"count": self.commits, "first": self.first_commit, "last": self.last_commit},
            "head": {"before": self.head_before, "after": self.head_after},
            "retained": self.retained,
            "observed": self.observed,
            "scopes": [_scope_json(scope) for scope in self.scopes],
            "pending": [{"uid": node.uid, "place": node.place} for node in self.pending],
            "pending_not_listed": self.nodes.pending - len(self.pending),
            "rejected": [_problem_json(problem) for problem in self.rejected],
            "rejected_not_listed": self.rejected_count - len(self.rejected),
            "skipped": dict(sorted(self.skipped.items())),
            "warnings": list(self.warnings),
            "warnings_not_listed": self.warnings_count - len(self.warnings),
            "derived": None if self.derived is None else _derived_json(self.derived),
        }

    def to_text(self) -> str:
        """Return the report as one line of ASCII JSON, as the run log keeps it."""
        return json.dumps(self.to_json(), sort_keys=True)


def in_order(problems: Sequence[Problem]) -> list[Problem]:
    """Return problems file by file as they came, and within a file by the numbers in their places.

    >>> late, early = (Problem("a", f"line {n}", "", "", "") for n in (10, 9))
    >>> [p.position for p in in_order([late, early])]
    ['line 9', 'line 10']
    """
    files = {problem.file: None for problem in problems}
    rank = {file: i for i, file in enumerate(files)}
    return sorted(problems, key=lambda p: (rank[p.file], [int(n) for n in _NUMBERS.findall(p.position)]))


_NUMBERS: Final = re.compile(r"\d{1,18}")


@dataclass(frozen=True, slots=True)
class ReportTable:
    """One table of a rendered report: plain values, nothing about how it is drawn."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables(report: Mapping[str, Any]) -> list[ReportTable]:
    """Return a report's JSON as tables for people; empty ones but the first two are left out.

    Works on reports of the run log as well as on fresh ones (``report.to_json()``).
    """
    made = [
        ReportTable(f"Report of {report['run']}", ("", ""), _summary_rows(report)),
        ReportTable("Claims", ("", *_COUNTED), _count_rows(report)),
        ReportTable("Derived", ("", *_DERIVED), _derived_rows(report)),
        ReportTable("Scopes", ("scope", "read at", "complete", "closed", "note"), _scope_rows(report)),
        ReportTable(_PENDING, ("uid", "first mentioned at"), _pending_rows(report)),
        ReportTable("Rejected", ("place", "field", "reason", "expected"), _rejected_rows(report)),
        ReportTable("Knowingly not mapped", ("what", "count"), _skipped_rows(report)),
        ReportTable("Warnings", ("",), _warning_rows(report)),
    ]
    return [_safe(table) for i, table in enumerate(made) if i < 2 or table.rows]


_PENDING: Final = "Pending: mentioned, and described by no source"


def _safe(table: ReportTable) -> ReportTable:
    """Return a table whose cells a terminal only shows, whatever a scope is called."""
    rows = tuple(tuple(ascii_safe(cell) for cell in row) for row in table.rows)
    return ReportTable(table.title, table.columns, rows)


_DERIVED: Final = ("created", "changed", "unchanged", "withdrawn")
_COUNTED: Final = tuple(f.name for f in fields(Counts))


def _summary_rows(report: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    records, commits = report["records"], report["commits"]
    numbers = f" ({commits['first']} to {commits['last']})" if commits["count"] else ""
    return (
        ("source", str(report["source"])),
        ("state", str(report["state"])),
        ("records read", str(records["read"])),
        ("accepted", str(records["accepted"])),
        ("rejected", str(records["rejected"])),
        ("commits", f"{commits['count']}{numbers}"),
        ("seconds", f"{report['seconds']:.1f}"),
    )


def _count_rows(report: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (what, *(str(report[what].get(name, "")) for name in _COUNTED)) for what in ("nodes", "edges")
    )


def _derived_rows(report: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    # Reports that an earlier version left in the run log do not speak of it.
    derived = report.get("derived")
    return () if derived is None else (("edges", *(str(derived["edges"][name]) for name in _DERIVED)),)


def _scope_rows(report: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            f"{scope['source']}:{scope['name']}",
            scope["read_at"],
            "yes" if scope["complete"] else "no",
            str(scope["closed"]),
            scope["why"] or "",
        )
        for scope in report["scopes"]
    )


def _pending_rows(report: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    # Reports that an earlier version left in the run log only count them.
    rows = [(node["uid"], node["place"]) for node in report.get("pending", ())]
    more = report["nodes"]["pending"] - len(rows)
    return (*rows, (f"and {more} more", "")) if more else tuple(rows)


def _rejected_rows(report: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    rows = [
        (": ".join(filter(None, (p["file"], p["position"]))), p["field"], p["reason"], p["expected"])
        for p in report["rejected"]
    ]
    more = report["rejected_not_listed"]
    return (*rows, (f"and {more} more", "", "", "")) if more else tuple(rows)


def _skipped_rows(report: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    return tuple((what, str(count)) for what, count in report["skipped"].items())


def _warning_rows(report: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    rows: Sequence[tuple[str, ...]] = [(warning,) for warning in report["warnings"]]
    more = report["warnings_not_listed"]
    return (*rows, (f"and {more} more",)) if more else tuple(rows)


def _counts_json(counts: Counts) -> dict[str, int]:
    return {f.name: getattr(counts, f.name) for f in fields(Counts)}


def _derived_json(derived: RunReport) -> dict[str, Any]:
    edges = _counts_json(derived.edges)
    return {
        "run": derived.run,
        "state": derived.state.value,
        "edges": {name: edges[name] for name in _DERIVED},
        "commits": derived.commits,
    }


def _scope_json(report: ScopeReport) -> dict[str, Any]:
    return {
        "source": str(report.scope.source),
        "name": report.scope.name,
        "read_at": as_text(report.read_at),
        "complete": report.complete,
        "why": report.why,
        "closed": report.closed,
        "withdrawn": report.withdrawn,
        "refused": report.refused,
    }


def _problem_json(problem: Problem) -> dict[str, str]:
    return {f.name: getattr(problem, f.name) for f in fields(Problem)}
