"""Steps into the ledger in bounded batches; a batch that the store finds too large is halved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from graph.errors import BatchTooLarge
from graph.ledger.change import Change, Effect, Step, StepOutcome
from graph.ledger.ledger import Ledger
from graph.model import Instant, RunId, SourceInstance
from ingest.report import RunReport


@dataclass(frozen=True, slots=True)
class Frame:
    """What scopes must have in common to share a commit.

    ``read_at`` is None where the steps do not depend on when they were read.
    """

    source: SourceInstance
    read_at: Instant | None = None
    states_history: bool = False


ScopeStep: TypeAlias = tuple[str, Step]
"""A step with the name of the scope that it is taken in."""


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

    def record(self, steps: Iterable[ScopeStep], frame: Frame) -> Iterator[StepOutcome]:
        """Commit steps in order, batch by batch, and yield what came of each, in the same order.

        Steps are taken as they are needed, and at most a batch of them ahead of their
        outcomes. One that is too large for the store by itself is rejected; the others go in.
        """
        remaining = iter(steps)
        while batch := list(islice(remaining, self._limit)):
            while batch:
                part, batch = batch[: self._limit], batch[self._limit :]
                outcomes = self._commit(part, frame)
                if outcomes is None:
                    batch = part + batch
                else:
                    yield from outcomes

    def _commit(self, steps: Sequence[ScopeStep], frame: Frame) -> Sequence[StepOutcome] | None:
        """Return what came of the steps; None where fewer have to be tried."""
        change = Change(
            actor=self._actor,
            summary=_summary(steps, frame.source),
            steps=tuple(step for _, step in steps),
            source=str(frame.source),
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


def _summary(steps: Sequence[ScopeStep], source: SourceInstance) -> str:
    """Return what a commit says of itself: the scope it is about, or how many."""
    names = {name for name, _ in steps}
    return f"Read {len(names)} scopes of {source}" if len(names) > 1 else f"Read {names.pop()} of {source}"
