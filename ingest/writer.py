"""Steps into the ledger in bounded batches; a batch that the store finds too large is halved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from graph.errors import BatchTooLarge
from graph.ledger.change import Change, Effect, Step, StepOutcome
from graph.ledger.ledger import Ledger
from graph.model import Instant, RunId
from ingest.report import RunReport


@dataclass(frozen=True, slots=True)
class Frame:
    """What the commits of one section have in common."""

    source: str
    summary: str
    read_at: Instant
    states_history: bool


class Writer:
    """Commits steps for one run and counts the commits in its report."""

    def __init__(self, ledger: Ledger, actor: str, run: RunId, report: RunReport, batch_size: int) -> None:
        self._ledger = ledger
        self._actor = actor
        self._run = run
        self._report = report
        self._limit = max(1, batch_size)

    @property
    def limit(self) -> int:
        """Return how many steps go into one commit at most; less once the store has refused more."""
        return self._limit

    def record(self, steps: Iterable[Step], frame: Frame) -> Iterator[tuple[Step, StepOutcome]]:
        """Commit steps in order, batch by batch, and yield each with what came of it.

        A step that is too large for the store by itself is rejected; the others go in.
        """
        remaining = iter(steps)
        while batch := list(islice(remaining, self._limit)):
            while batch:
                part, batch = batch[: self._limit], batch[self._limit :]
                outcomes = self._commit(part, frame)
                if outcomes is None:
                    batch = part + batch
                else:
                    yield from zip(part, outcomes, strict=True)

    def _commit(self, steps: Sequence[Step], frame: Frame) -> Sequence[StepOutcome] | None:
        """Return what came of the steps; None where fewer have to be tried."""
        change = Change(
            actor=self._actor,
            summary=frame.summary,
            steps=tuple(steps),
            source=frame.source,
            run=self._run,
            read_at=frame.read_at,
            states_history=frame.states_history,
        )
        try:
            outcome = self._ledger.commit(change)
        except BatchTooLarge as error:
            if len(steps) == 1:
                return [StepOutcome(Effect.REJECTED, error=error)]
            # What did not fit now will not fit next time either.
            self._limit = len(steps) // 2
            return None
        if outcome.commit is not None:
            self._count(outcome.commit.sequence)
        return outcome.steps

    def _count(self, sequence: int) -> None:
        report = self._report
        report.commits += 1
        report.first_commit = report.first_commit or sequence
        report.last_commit = sequence
