"""What came of a sync, for people and as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from api.cli.output import emit_table
from api.documents.common import Document, time_or_none
from api.syncing.exporting import Exported
from api.syncing.outcomes import Synced, SyncState


def document(done: Sequence[Synced]) -> Document:
    """Return what came of each source, in order; the report is that of `holdfast ingest --json`."""
    return {"sources": [_one(synced) for synced in done]}


def print_synced(done: Sequence[Synced], *, quiet: bool) -> None:
    """Print a row a source; the quiet see only those that were not read wholly."""
    shown = [synced for synced in done if synced.is_shortfall] if quiet else done
    if shown:
        emit_table(
            ("source", "state", "read", "rejected", "commits", "seconds", "last reported", "note"),
            [_row(synced) for synced in shown],
        )


def _row(synced: Synced) -> tuple[str, ...]:
    report = synced.report
    counts = (
        ("", "", "", "")
        if report is None
        else (
            str(report.records_read),
            str(report.rejected_count),
            str(report.commits),
            f"{report.seconds:.1f}",
        )
    )
    return (
        str(synced.source),
        synced.state.value.replace("_", " ").upper() if synced.is_shortfall else synced.state.value,
        *counts,
        time_or_none(synced.last_reported) or "never",
        synced.why or _due(synced),
    )


def _due(synced: Synced) -> str:
    if synced.state is SyncState.NOT_DUE:
        return f"due at {time_or_none(synced.due_at)}"
    return ""


def _one(synced: Synced) -> Document:
    return {
        "source": str(synced.source),
        "state": synced.state.value,
        "why": synced.why,
        "cadence": None if synced.cadence is None else synced.cadence.text,
        "last_reported": time_or_none(synced.last_reported),
        "due_at": time_or_none(synced.due_at),
        "exports": [_export(exported) for exported in synced.exports],
        "report": None if synced.report is None else synced.report.to_json(),
    }


def _export(exported: Exported) -> Document:
    return {
        "program": exported.program,
        "began_at": time_or_none(exported.began_at),
        "exit_code": exported.exit_code,
        "stdout_bytes": exported.stdout_bytes,
        "stderr_bytes": exported.stderr_bytes,
        "why": exported.why,
    }
