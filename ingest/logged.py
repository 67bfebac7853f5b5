"""What a record of the run log says of itself, read again later."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from graph.ledger.port import RunRecord
from graph.model import CommitNumber


def report_of(record: RunRecord) -> Mapping[str, Any]:
    """Return the report of a run; an empty one where something else wrote it."""
    try:
        report: object = json.loads(record.report)
    except ValueError:
        return {}
    return cast("Mapping[str, Any]", report) if isinstance(report, dict) else {}


def head_of(report: Mapping[str, Any], when: str, otherwise: CommitNumber) -> CommitNumber:
    """Return where the ledger stood ``before`` or ``after`` a run, by its own word.

    Clocks of two machines may differ, so its word is better than its time.
    """
    return CommitNumber(report.get("head", {}).get(when, otherwise))
