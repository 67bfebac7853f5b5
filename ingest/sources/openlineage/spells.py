"""When each edge of a job held: from when it was first named until its runs have gone without it.

The rule for an end (docs/sources/openlineage.md): an edge that is absent from so many completed runs
in a row ends at the first of them. A dropped dataset ends its edges, a new declaration
those that it no longer makes, a facet that is taken back those that only it gave.
Whatever names an edge again opens it again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from graph.model import Instant, Interval, Uid
from ingest.sources.openlineage.book import DatasetBook
from ingest.sources.openlineage.facts import STRENGTH, TRACED, Fact, GivenBy
from ingest.sources.openlineage.names import dataset_uid
from ingest.sources.openlineage.runs import JobHistory, Naming, Run, Topic
from ingest.sources.openlineage.timeline import intervals, is_cut, millisecond, pieces_of, together, without

_MADE: Final = frozenset({"DERIVED_FROM", "WRITES", TRACED})
"""What comes of a run only if it does not fail; what it read before that was read."""


@dataclass(frozen=True, slots=True)
class Spells:
    """The stretches in which an edge held, as runs showed it and as it was declared.

    ``doubtful`` are the parts of ``observed`` for which only failed runs stand.
    ``ways`` tell when each part of the events gave it, ``taken_back`` when one of them
    was. ``namings`` are the times that runs named it and that counted.
    """

    observed: tuple[Interval, ...]
    declared: tuple[Interval, ...]
    doubtful: tuple[Interval, ...]
    ways: Mapping[GivenBy, tuple[Interval, ...]]
    taken_back: frozenset[Instant]
    namings: tuple[Naming, ...]

    @property
    def all(self) -> list[Interval]:
        """Return the stretches in which it held one way or the other."""
        return together((*self.observed, *self.declared))

    @property
    def certain(self) -> list[Interval]:
        """Return the stretches for which more than failed runs stands."""
        return together((*without(self.observed, self.doubtful), *self.declared))

    def given_by(self, part: Interval) -> GivenBy:
        """Return the strongest of what gave the edge at any time in a part of a stretch."""
        return next(way for way in STRENGTH if any(p.overlaps(part) for p in self.ways.get(way, ())))


@dataclass
class SpellFinder:
    """Finds the spells of a job's edges; ``absent_runs`` is how many runs without an edge end it."""

    history: JobHistory
    book: DatasetBook
    absent_runs: int
    _completed: Sequence[Run] = field(init=False)
    _taken_back: Mapping[tuple[GivenBy, Uid | None], list[int]] = field(init=False)

    def __post_init__(self) -> None:
        self._completed = self.history.completed_runs()
        self._taken_back = self._index_taken_back()

    def spells(self, fact: Fact) -> Spells:
        """Return when an edge held. Cost: the job's runs."""
        by_runs = list(self._ends_by_runs(fact))
        cuts = self._cuts(fact)
        ways: dict[GivenBy, list[Interval]] = {}
        observed, counted = self._held(self.history.observed.get(fact, ()), by_runs, cuts, ways)
        declared: list[Interval] = []
        for through_lineage in (False, True):
            namings = self.history.declared.get(Topic(fact, through_lineage), ())
            ends = [*by_runs, *self._replaced(fact, through_lineage=through_lineage)]
            declared.extend(self._held(namings, ends, cuts, ways)[0])
        return Spells(
            observed=tuple(observed),
            declared=tuple(together(declared)),
            doubtful=tuple(self._doubtful(observed, counted, cuts)) if fact.relation in _MADE else (),
            ways={way: tuple(parts) for way, parts in ways.items()},
            taken_back=frozenset(millisecond(m) for way in ways for m in self._moments_taken_back(fact, way)),
            namings=tuple(counted),
        )

    def _held(
        self,
        namings: Iterable[Naming],
        ends: Iterable[Instant],
        cuts: Mapping[GivenBy, Sequence[int]],
        ways: dict[GivenBy, list[Interval]],
    ) -> tuple[list[Interval], list[Naming]]:
        """Return when namings made an edge hold, and those that count; add to ``ways`` what gave it when."""
        counted = [n for n in namings if not is_cut(n.said, cuts[n.given_by], n.instant)]
        found: list[Interval] = []
        for way in dict.fromkeys(n.given_by for n in counted):
            moments = (n.instant for n in counted if n.given_by is way)
            parts = intervals(moments, {*ends, *map(millisecond, cuts[way])})
            ways.setdefault(way, []).extend(parts)
            found.extend(parts)
        return together(found), counted

    def _ends_by_runs(self, fact: Fact) -> Iterator[Instant]:
        """Yield when a completed run lacked the edge and so did the next ones, as many as it takes."""
        absent = 0
        for position in range(len(self._completed) - 1, -1, -1):
            run = self._completed[position]
            absent = 0 if fact in run.facts else absent + 1
            if absent >= self.absent_runs:
                yield run.completed_at

    def _replaced(self, fact: Fact, *, through_lineage: bool) -> Iterator[Instant]:
        for statement in self.history.statements:
            if statement.through_lineage is through_lineage and fact not in statement.facts:
                yield statement.instant

    def _cuts(self, fact: Fact) -> Mapping[GivenBy, Sequence[int]]:
        """Return when an edge ended as each way gave it, whatever runs do, in nanoseconds and order."""
        drops = {drop for name in self.history.datasets.get(fact, ()) for drop in self.book.drops(name)}
        return {way: sorted({*drops, *self._moments_taken_back(fact, way)}) for way in STRENGTH}

    def _moments_taken_back(self, fact: Fact, way: GivenBy) -> list[int]:
        about = fact.subject if way is GivenBy.COLUMNS else None
        return self._taken_back.get((way, about), [])

    def _index_taken_back(self) -> Mapping[tuple[GivenBy, Uid | None], list[int]]:
        found: defaultdict[tuple[GivenBy, Uid | None], list[int]] = defaultdict(list)
        for moment, facet in self.history.taken_back:
            if facet.dataset is None:
                found[facet.given_by, None].append(moment)
                continue
            for name in self.book.aliases(facet.dataset):
                found[facet.given_by, dataset_uid(name)].append(moment)
        return dict(found)

    def _doubtful(
        self, observed: Iterable[Interval], namings: Sequence[Naming], cuts: Mapping[GivenBy, Sequence[int]]
    ) -> Iterator[Interval]:
        """Yield where only failed runs stand for an edge, looking anew whenever a way to it was cut off."""
        moments = [millisecond(moment) for way in cuts.values() for moment in way]
        for spell in observed:
            for part in pieces_of(spell, moments):
                standing = [
                    (n.instant, self.history.runs[n.run])
                    for n in namings
                    if n.run is not None
                    and spell.start <= n.instant < part.end
                    and not is_cut(n.said, cuts[n.given_by], part.start)
                ]
                doubtful = _only_failed(part, standing)
                if doubtful is not None:
                    yield doubtful


def _only_failed(part: Interval, runs: Sequence[tuple[Instant, Run]]) -> Interval | None:
    """Return the beginning of a part for which only failed runs are known to have made something.

    It ends when a run that names it completes; a run that only started later proves
    nothing yet. Where a run that did not fail named it first, there is none.
    """
    failed = min((moment for moment, run in runs if run.failed), default=None)
    sound = min((moment for moment, run in runs if not run.failed), default=None)
    if failed is None or (sound is not None and sound <= failed):
        return None
    proven = [run.completed_at for _, run in runs if run.is_complete]
    end = min([part.end, *(moment for moment in proven if moment > failed)])
    return Interval(part.start, end) if part.start < end else None
