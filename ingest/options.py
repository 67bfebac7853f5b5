"""What the person who runs a job decides, and what the job tells while it runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from graph.model import Instant, now
from ingest.fingerprint import Fingerprinter

BATCH_SIZE: Final = 1_000
"""Claims in one commit: few enough for any server, many enough that commits cost little."""


class TimeIsUp(KeyboardInterrupt):
    """Raised into a job whose time is up; it ends as by Ctrl-C, and its report says which it was."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job has come. ``total_bytes`` is 0 where the size of the input is not known."""

    records: int
    done_bytes: int
    total_bytes: int
    commits: int


def ignore_progress(progress: Progress) -> None:
    """Take note of progress by doing nothing."""


@dataclass(frozen=True, slots=True)
class JobOptions:
    """How a job is to run.

    ``actor`` is who answers for it in the log. ``instance``, ``scope``, ``read_at`` and
    ``complete`` say what the files do not, or better; ``addresses`` are read besides them.
    ``allow_closing`` lifts the guard against ending much of a scope at once. ``progress`` is
    called now and then, in the thread of the job.
    """

    actor: str
    fingerprints: Fingerprinter
    instance: str | None = None
    scope: str | None = None
    read_at: Instant | None = None
    complete: bool = False
    addresses: Sequence[str] = ()
    allow_closing: bool = False
    batch_size: int = BATCH_SIZE
    progress: Callable[[Progress], None] = ignore_progress
    clock: Callable[[], Instant] = now
