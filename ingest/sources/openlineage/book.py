"""What is known of datasets across their events: other names, when they were dropped, which jobs name them.

Read from the retained events, once per dataset and reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ingest.record import ReadContext
from ingest.shapes import JsonObject
from ingest.sources.openlineage.events import DatasetUse, Event
from ingest.sources.openlineage.facets import Lifecycle
from ingest.sources.openlineage.names import Name, change_group, dataset_group, dataset_uid, job_group
from ingest.sources.openlineage.retained import (
    Mention,
    OtherName,
    Slice,
    SourceOf,
    about_dataset,
    changed_datasets,
    events_of,
    lifecycle_of,
    names_given,
)
from ingest.sources.openlineage.runs import failed_runs


class Renaming(NamedTuple):
    """That a dataset took over from a former name, and when first, in nanoseconds."""

    nanoseconds: int
    previous: Name


@dataclass(frozen=True, slots=True)
class DatasetHistory:
    """All that is retained about a dataset.

    ``slices`` are in order of time; ``symlinks`` are the other names its own events give
    it, ``named_by`` the datasets whose events give it as another name of theirs, and
    ``source_of`` those whose events say that they derive from it. ``drops`` are moments
    in nanoseconds. What only failed runs tell of is in neither ``drops`` nor
    ``renamings``; ``former`` are the names before any renaming that was told of.
    """

    slices: tuple[Slice, ...] = ()
    jobs: frozenset[Name] = frozenset()
    symlinks: frozenset[Name] = frozenset()
    renamings: tuple[Renaming, ...] = ()
    named_by: frozenset[Name] = frozenset()
    drops: tuple[int, ...] = ()
    former: frozenset[Name] = frozenset()
    source_of: frozenset[Name] = frozenset()


@dataclass
class DatasetBook:
    """Answers questions about datasets from what is retained; each dataset is read once."""

    context: ReadContext
    _histories: dict[Name, DatasetHistory] = field(default_factory=dict[Name, DatasetHistory])
    _reuses: dict[tuple[Name, Renaming], int | None] = field(
        default_factory=dict[tuple[Name, Renaming], int | None]
    )
    _failed: dict[Name, frozenset[str]] = field(default_factory=dict[Name, frozenset[str]])
    _aliases: dict[Name, frozenset[Name]] = field(default_factory=dict[Name, frozenset[Name]])

    def history(self, name: Name) -> DatasetHistory:
        """Return all that is retained about a dataset; empty for one that no event names."""
        if name not in self._histories:
            self._histories[name] = self._read(name)
        return self._histories[name]

    def aliases(self, name: Name) -> frozenset[Name]:
        """Return every name of the dataset that this is a name of, itself included.

        Names never end: two names that were one dataset's stay so. A former name counts
        unless it was given to another dataset later.
        """
        if name not in self._aliases:
            found = self._closure(name, lasting=True)
            self._aliases.update(dict.fromkeys(found, found))
        return self._aliases[name]

    def family(self, name: Name) -> frozenset[Name]:
        """Return every name that may depend on what is known of this one, re-used former names included."""
        return self._closure(name, lasting=False)

    def canonical(self, name: Name) -> Name:
        """Return the one of a dataset's names that stands for all of them in counting."""
        return min(self.aliases(name), key=dataset_uid)

    def drops(self, name: Name) -> tuple[int, ...]:
        """Return when the dataset was dropped under any of its names, in nanoseconds, in order.

        Once it has been renamed, a drop of the former name is the end of that name and not
        of the dataset.
        """
        given_up = self._given_up(self.aliases(name))
        return tuple(
            sorted(
                {
                    drop
                    for alias in self.aliases(name)
                    for drop in self.history(alias).drops
                    if alias not in given_up or drop < given_up[alias]
                }
            )
        )

    def changed_by(self, job: Name) -> frozenset[Name]:
        """Return the datasets that a job's runs drop or rename, which they do unless they fail."""
        return frozenset(changed_datasets(self.context.retained(change_group(job))))

    def own_aliases(self, name: Name) -> frozenset[Name]:
        """Return the other names that the dataset's own events give it, and that count."""
        history = self.history(name)
        former = {r.previous for r in history.renamings if not self.is_reused(name, r)}
        return (history.symlinks | former) - {name}

    def is_reused(self, name: Name, renaming: Renaming) -> bool:
        """Return whether the former name of a renamed dataset was given to another one later."""
        return self.reused_at(name, renaming) is not None

    def reused_at(self, name: Name, renaming: Renaming) -> int | None:
        """Return when the former name of a renamed dataset was first given to another one, in nanoseconds.

        It was by an event after the renaming that names it and is not about that renaming;
        that the former name is dropped is no use of it.
        """
        key = (name, renaming)
        if key not in self._reuses:
            self._reuses[key] = min(self._uses_after(name, renaming), default=None)
        return self._reuses[key]

    def _given_up(self, members: Iterable[Name]) -> dict[Name, int]:
        """Return the former names among a dataset's, and since when each is one, in nanoseconds."""
        found: dict[Name, int] = {}
        for member in members:
            for renaming in self.history(member).renamings:
                if not self.is_reused(member, renaming):
                    since = found.get(renaming.previous, renaming.nanoseconds)
                    found[renaming.previous] = min(since, renaming.nanoseconds)
        return found

    def _closure(self, name: Name, *, lasting: bool) -> frozenset[Name]:
        found = {name}
        waiting = [name]
        while waiting:
            current = waiting.pop()
            for other in sorted(self._linked(current, lasting=lasting) - found):
                found.add(other)
                waiting.append(other)
        return frozenset(found)

    def _linked(self, name: Name, *, lasting: bool) -> set[Name]:
        linked = set(self._given(name, lasting=lasting))
        for other in self.history(name).named_by:
            if name in self._given(other, lasting=lasting):
                linked.add(other)
        return linked

    def _given(self, name: Name, *, lasting: bool) -> frozenset[Name]:
        if lasting:
            return self.own_aliases(name)
        history = self.history(name)
        return history.symlinks | history.former

    def _uses_after(self, name: Name, renaming: Renaming) -> Iterator[int]:
        """Yield when the former name was used for another dataset, at least the first time by each job."""
        former, after = self.history(renaming.previous), renaming.nanoseconds
        for part in former.slices:
            if part.job is None and part.time.nanoseconds > after and not _tells_of_drop(part.facets):
                yield part.time.nanoseconds
        for job in former.jobs:
            events = events_of(self.context.retained(job_group(job)))
            first = next((e for e in events if _uses_former_name(e, name, renaming)), None)
            if first is not None:
                yield first.time.nanoseconds

    def _failed_runs(self, job: Name) -> frozenset[str]:
        if job not in self._failed:
            self._failed[job] = failed_runs(events_of(self.context.retained(job_group(job))))
        return self._failed[job]

    def _happened(self, part: Slice) -> bool:
        """Return whether what an event tells of happened: not if it was a run's work, and the run failed."""
        return part.job is None or part.run is None or part.run not in self._failed_runs(part.job)

    def _read(self, name: Name) -> DatasetHistory:
        slices: list[Slice] = []
        jobs: set[Name] = set()
        named_by: set[Name] = set()
        source_of: set[Name] = set()
        for kept in about_dataset(self.context.retained(dataset_group(name))):
            match kept:
                case Slice():
                    slices.append(kept)
                    jobs |= {kept.job} if kept.job else set()
                case Mention(job):
                    jobs.add(job)
                case OtherName(dataset):
                    named_by.add(dataset)
                case SourceOf(dataset):
                    source_of.add(dataset)
        slices.sort(key=lambda s: (s.time.nanoseconds, s.order))
        changes = [(part, change) for part in slices if (change := lifecycle_of(part.facets)) is not None]
        happened = [(part, change) for part, change in changes if self._happened(part)]
        former = {change.former for _, change in changes if change.former is not None}
        return DatasetHistory(
            slices=tuple(slices),
            jobs=frozenset(jobs),
            symlinks=frozenset(_symlinks(name, slices)),
            renamings=_renamings(name, happened),
            named_by=frozenset(named_by),
            drops=tuple(part.time.nanoseconds for part, change in happened if change.is_drop),
            former=frozenset(former - {name}),
            source_of=frozenset(source_of),
        )


def _symlinks(name: Name, slices: Iterable[Slice]) -> set[Name]:
    found: set[Name] = set()
    for part in slices:
        found |= names_given(DatasetUse(name, part.facets, "")) - {_former(part.facets)}
    return found


def _renamings(name: Name, changes: Iterable[tuple[Slice, Lifecycle]]) -> tuple[Renaming, ...]:
    first: dict[Name, int] = {}
    for part, change in changes:
        if change.former is not None and change.former != name:
            first.setdefault(change.former, part.time.nanoseconds)
    return tuple(Renaming(moment, former) for former, moment in sorted(first.items()))


def _former(facets: JsonObject) -> Name | None:
    change = lifecycle_of(facets)
    return None if change is None else change.former


def _tells_of_drop(facets: JsonObject) -> bool:
    change = lifecycle_of(facets)
    return change is not None and change.is_drop


def _uses_former_name(event: Event, name: Name, renaming: Renaming) -> bool:
    if event.time.nanoseconds <= renaming.nanoseconds:
        return False
    if renaming.previous not in {use.name for use in event.datasets if not _tells_of_drop(use.facets)}:
        return False
    return not any(use.name == name and _former(use.facets) == renaming.previous for use in event.datasets)
