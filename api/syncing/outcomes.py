"""What came of each configured source in one sync."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from api.syncing.exporting import Exported
from graph.duration import Duration
from graph.model import Instant, SourceInstance
from ingest.report import RunReport


class SyncState(StrEnum):
    """How it went with one source."""

    COMPLETED = "completed"
    """Everything that was read went in."""

    PARTIAL = "partial"
    """Something was rejected, or a closing was refused; the rest went in."""

    FAILED = "failed"
    """It could not be exported or not be read; what was committed stays."""

    TIMED_OUT = "timed_out"
    """Its time was up; what was committed stays."""

    INTERRUPTED = "interrupted"
    """Somebody stopped the sync; what was committed stays."""

    BUSY = "busy"
    """Another process is reading it."""

    DUE = "due"
    """It would be read; only of a dry run."""

    NOT_DUE = "not_due"
    """It has reported lately."""

    SENT_IN = "sent_in"
    """It has no paths: what it has to say is sent in by others."""


SHORTFALLS: Final = frozenset(
    {SyncState.PARTIAL, SyncState.FAILED, SyncState.TIMED_OUT, SyncState.INTERRUPTED}
)
"""With any of these not all of the input went in."""


@dataclass(frozen=True, slots=True)
class Synced:
    """What came of one source. ``why`` says in words what kept it from being read wholly.

    ``last_reported`` is as of when it had reported before, ``due_at`` when it is due after that;
    None where it never reported, and the latter also without a cadence.
    """

    source: SourceInstance
    state: SyncState
    cadence: Duration | None = None
    last_reported: Instant | None = None
    due_at: Instant | None = None
    why: str | None = None
    exports: tuple[Exported, ...] = ()
    report: RunReport | None = None

    @property
    def is_shortfall(self) -> bool:
        """Return whether not all that it has to say went in."""
        return self.state in SHORTFALLS
