"""Reading the sample estate into a ledger; a second time changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from api import ingesting
from api.demo.manifest import Decide, Manifest, Read
from api.session import Session
from api.times import moment
from api.uids import meant_by
from graph.errors import InvalidQuestion
from graph.ledger.ledger import Ledger
from graph.model import Commit, CommitNumber, Instant, now
from ingest.options import JobOptions
from ingest.registry import load_source
from ingest.report import RunReport
from queries.estate import Estate, Standpoint
from queries.governance import Actor, IdentityQuestion, decide_identity

ACTOR: Final = "holdfast demo"
"""Who the demo's commits are by; a store whose first commit is somebody else's is not touched."""


@dataclass(frozen=True, slots=True)
class Done:
    """One job that was run, with its report."""

    read: Read
    report: RunReport


def check_store(ledger: Ledger) -> None:
    """Pass if a store is empty, or was begun by a demo.

    Raises:
        InvalidQuestion: for any other, which the sample estate must not be mixed into.
    """
    first = ledger.commits(after=CommitNumber(0), limit=1)
    if first and first[0].actor != ACTOR:
        raise InvalidQuestion(
            "store",
            "it holds something else, which the sample estate would be mixed into",
            "--store with a file that does not exist yet, or an empty database",
        )


def sample_session(session: Session, manifest: Manifest) -> Session:
    """Return the session with the sample estate's clock."""
    return Session(session.settings, session.store, Estate(Ledger(session.store, _clock(manifest))))


def read_in(session: Session, manifest: Manifest) -> Iterator[Done]:
    """Run every job of the sample estate in order; yields each as it is done."""
    fingerprints = session.fingerprints()
    clock = _clock(manifest)
    for read in manifest.reads:
        options = JobOptions(
            actor=ACTOR,
            fingerprints=fingerprints,
            instance=read.instance,
            scope=read.scope,
            read_at=None if read.read_at is None else moment(read.read_at, "read_at"),
            complete=read.complete,
            allow_closing=read.allow_closing,
            clock=clock,
        )
        source = load_source(read.source)
        yield Done(read, ingesting.read_in(session, source, manifest.paths(read), options))


def decide(session: Session, manifest: Manifest) -> list[Commit]:
    """Record the merges of the sample estate that do not stand yet."""
    commits = (_merged(session, manifest, decision) for decision in manifest.decisions)
    return [commit for commit in commits if commit is not None]


def _merged(session: Session, manifest: Manifest, decision: Decide) -> Commit | None:
    view = session.estate.view(Standpoint(as_of=manifest.as_of))
    first, second = (meant.uid for meant in meant_by(view, decision.merge))
    if first == second:
        return None
    question = IdentityQuestion(Actor(ACTOR), (first, second), decision.reason)
    return decide_identity(session.estate, question).commit


def _clock(manifest: Manifest) -> Callable[[], Instant]:
    fixed = manifest.recorded_at
    return now if fixed is None else lambda: fixed
