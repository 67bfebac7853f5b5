"""When each edge of a job held: from when it was first named until its runs have gone without it.

The rule for an end (docs/sources.md): an edge that is absent from so many completed runs
in a row ends at the first of them. A dropped dataset ends its edges, a new declaration
those that it no longer makes. Whatever names an edge again opens it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from graph.model import Instant, Interval
from ingest.sources.openlineage.book import DatasetBook
from ingest.sources.openlineage.facts import TRACED, Fact
from ingest.sources.openlineage.runs import JobHistory, Naming, Run, Topic
from ingest.sources.openlineage.timeline import intervals, together, without

_MADE: Final = frozenset({"DERIVED_FROM", "WRITES", TRACED})
"""What comes of a run only if it does not fail; what it read before that was read."""


@dataclass(frozen=True, slots=True)
class Spells:
    """The stretches in which an edge held, as runs showed it and as it was declared.

    ``doubtful`` are the parts of ``observed`` for which only failed runs stand.
    """

    observed: tuple[Interval, ...]
    declared: tuple[Interval, ...]
    doubtful: tuple[Interval, ...] = ()

    @property
    def all(self) -> list[Interval]:
        """Return the stretches in which it held one way or the other."""
        return together((*self.observed, *self.declared))

    @property
    def certain(self) -> list[Interval]:
        """Return the stretches for which more than failed runs stands."""
        return together((*without(self.observed, self.doubtful), *self.declared))


@dataclass
class SpellFinder:
    """Finds the spells of a job's edges; ``absent_runs`` is how many runs without an edge end it."""

    history: JobHistory
    book: DatasetBook
    absent_runs: int
    _completed: Sequence[Run] = field(init=False)

    def __post_init__(self) -> None:
        self._completed = self.history.completed_runs()

    def spells(self, fact: Fact) -> Spells:
        """Return when an edge held. Cost: the job's runs."""
        ends = {*self._ends_by_runs(fact), *(_millisecond(drop) for drop in self._drops(fact))}
        observed = intervals(self._moments(fact, self.history.observed.get(fact, ())), ends)
        declared: list[Interval] = []
        for through_lineage in (False, True):
            namings = self.history.declared.get(Topic(fact, through_lineage), ())
            replaced = self._replaced(fact, through_lineage=through_lineage)
            declared.extend(intervals(self._moments(fact, namings), {*ends, *replaced}))
        doubtful = self._doubtful(fact, observed) if fact.relation in _MADE else ()
        return Spells(tuple(observed), tuple(together(declared)), tuple(doubtful))

    def _doubtful(self, fact: Fact, observed: Iterable[Interval]) -> Iterator[Interval]:
        named = [
            (n.instant, self.history.runs[n.run])
            for n in self.history.observed.get(fact, ())
            if n.run is not None
        ]
        for part in observed:
            stretch = _doubtful(part, [(moment, run) for moment, run in named if part.holds_at(moment)])
            if stretch is not None:
                yield stretch

    def _ends_by_runs(self, fact: Fact) -> Iterable[Instant]:
        """Yield when a completed run lacked the edge and so did the next ones, as many as it takes."""
        absent = 0
        for position in range(len(self._completed) - 1, -1, -1):
            run = self._completed[position]
            absent = 0 if fact in run.facts else absent + 1
            if absent >= self.absent_runs:
                yield run.completed_at

    def _replaced(self, fact: Fact, *, through_lineage: bool) -> Iterable[Instant]:
        for statement in self.history.statements:
            if statement.through_lineage is through_lineage and fact not in statement.facts:
                yield statement.instant

    def _drops(self, fact: Fact) -> set[int]:
        return {drop for name in self.history.datasets.get(fact, ()) for drop in self.book.drops(name)}

    def _moments(self, fact: Fact, namings: Iterable[Naming]) -> list[Instant]:
        """Return when an edge was named, without the events that tell of the dataset's end."""
        drops: dict[Instant, int] = {}
        for drop in self._drops(fact):
            moment = _millisecond(drop)
            drops[moment] = max(drop, drops.get(moment, drop))
        return [n.instant for n in namings if n.nanoseconds > drops.get(n.instant, -(2**63))]


def _doubtful(part: Interval, runs: Sequence[tuple[Instant, Run]]) -> Interval | None:
    """Return the part of a stretch in which only failed runs are known to have made something.

    It ends when a run that names it completes; a run that only started later proves
    nothing yet. Where a run that did not fail named it first, there is none.
    """
    failed = min((moment for moment, run in runs if run.failed), default=None)
    sound = min((moment for moment, run in runs if not run.failed), default=None)
    if failed is None or (sound is not None and sound <= failed):
        return None
    proven = [run.completed_at for _, run in runs if run.is_complete]
    end = min([part.end, *(moment for moment in proven if moment > failed)])
    return Interval(part.start, end)


def _millisecond(nanoseconds: int) -> Instant:
    return Instant(nanoseconds // 1_000_000)
