"""Reading a source in: the one way for commands and for what comes over the network."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from api.session import Session

if TYPE_CHECKING:
    from ingest.options import JobOptions
    from ingest.record import Source
    from ingest.report import RunReport


def read_in(session: Session, source: Source, paths: Sequence[Path], options: JobOptions) -> RunReport:
    """Read files with a source into the session's ledger, one job after the other, and return the report.

    What follows from it together with other sources is derived at once; the report has that, too.

    Raises:
        HoldfastError: as the job does; bad input raises nothing.
    """
    from ingest.derivers import derive
    from ingest.job import run_job

    # A source that works things out again from all that it kept must not do so twice at once.
    with session.turn:
        report = run_job(session.ledger, source, paths, options)
        report.derived = derive(session.ledger, options)
    return report


def derive_again(session: Session, actor: str) -> RunReport | None:
    """Derive anew after a decision, which may give or take what something follows from."""
    from ingest.derivers import derive
    from ingest.options import JobOptions

    options = JobOptions(actor, session.fingerprints(), clock=session.ledger.clock)
    with session.turn:
        return derive(session.ledger, options)
