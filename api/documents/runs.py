"""The run log as documents."""

from __future__ import annotations

import json
from typing import Any, Final

from api.documents.common import Document, time_or_none
from graph.ledger.port import RunRecord

_IN_SHORT: Final = ("state", "records", "nodes", "edges", "commits")


def run_in_short_of(record: RunRecord) -> Document:
    """Return what came of a run in numbers; its report has the rest."""
    report = report_of(record)
    return {
        "position": record.position,
        "run": record.run,
        "source": record.source,
        "started_at": time_or_none(record.started_at),
        "finished_at": time_or_none(record.finished_at),
        "read_at": time_or_none(record.read_at),
        **{name: report.get(name) for name in _IN_SHORT},
    }


def report_of(record: RunRecord) -> dict[str, Any]:
    """Return the report of a run as `holdfast ingest --json` printed it when it was over."""
    report: dict[str, Any] = json.loads(record.report)
    return report
