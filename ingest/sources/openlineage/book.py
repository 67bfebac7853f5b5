"""What is known of datasets across their events: other names, when they were dropped, which jobs name them.

Read from the retained events, once per dataset and reading.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from ingest.record import ReadContext
from ingest.sources.openlineage.events import DatasetUse
from ingest.sources.openlineage.facets import Lifecycle
from ingest.sources.openlineage.names import Name, dataset_group, dataset_uid, job_group
from ingest.sources.openlineage.retained import (
    Mention,
    OtherName,
    Slice,
    about_dataset,
    events_of,
    lifecycle_of,
    names_given,
)


class Renaming(NamedTuple):
    """That a dataset took over from a former name, and when first, in nanoseconds."""

    nanoseconds: int
    previous: Name


@dataclass(frozen=True, slots=True)
class DatasetHistory:
    """All that is retained about a dataset.

    ``slices`` are in order of time; ``symlinks`` are the other names its own events give
    it, ``named_by`` the datasets whose events give it as another name of theirs.
    ``drops`` are moments in nanoseconds.
    """

    slices: tuple[Slice, ...] = ()
    jobs: frozenset[Name] = frozenset()
    symlinks: frozenset[Name] = frozenset()
    renamings: tuple[Renaming, ...] = ()
    named_by: frozenset[Name] = frozenset()
    drops: tuple[int, ...] = ()


@dataclass
class DatasetBook:
    """Answers questions about datasets from what is retained; each dataset is read once."""

    context: ReadContext
    _histories: dict[Name, DatasetHistory] = field(default_factory=dict[Name, DatasetHistory])
    _reuses: dict[tuple[Name, Renaming], bool] = field(default_factory=dict[tuple[Name, Renaming], bool])
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
        """Return when the dataset was dropped under any of its names, in nanoseconds, in order."""
        return tuple(sorted({drop for alias in self.aliases(name) for drop in self.history(alias).drops}))

    def own_aliases(self, name: Name) -> frozenset[Name]:
        """Return the other names that the dataset's own events give it, and that count."""
        history = self.history(name)
        former = {r.previous for r in history.renamings if not self.is_reused(name, r)}
        return (history.symlinks | former) - {name}

    def is_reused(self, name: Name, renaming: Renaming) -> bool:
        """Return whether the former name of a renamed dataset was given to another one later.

        It was if an event that is not about that renaming names it after it.
        """
        key = (name, renaming)
        if key not in self._reuses:
            self._reuses[key] = self._find_reuse(name, renaming)
        return self._reuses[key]

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
        return history.symlinks | {renaming.previous for renaming in history.renamings}

    def _find_reuse(self, name: Name, renaming: Renaming) -> bool:
        former = self.history(renaming.previous)
        after = renaming.nanoseconds
        if any(s.job is None and s.time.nanoseconds > after for s in former.slices):
            return True
        for job in sorted(former.jobs):
            records = self.context.retained(job_group(job))
            for event in events_of(records):
                named = {use.name for use in event.datasets}
                if event.time.nanoseconds > after and renaming.previous in named:
                    same = any(_renames(use, name, renaming.previous) for use in event.datasets)
                    if not same:
                        return True
        return False

    def _read(self, name: Name) -> DatasetHistory:
        slices: list[Slice] = []
        jobs: set[Name] = set()
        named_by: set[Name] = set()
        for kept in about_dataset(self.context.retained(dataset_group(name))):
            match kept:
                case Slice():
                    slices.append(kept)
                    jobs |= {kept.job} if kept.job else set()
                case Mention(job):
                    jobs.add(job)
                case OtherName(dataset):
                    named_by.add(dataset)
        slices.sort(key=lambda s: (s.time.nanoseconds, s.order))
        return _history(name, tuple(slices), frozenset(jobs), frozenset(named_by))


def _history(
    name: Name, slices: tuple[Slice, ...], jobs: frozenset[Name], named_by: frozenset[Name]
) -> DatasetHistory:
    symlinks: set[Name] = set()
    renamed: dict[Name, int] = {}
    drops: list[int] = []
    for part in slices:
        change = lifecycle_of(part.facets)
        previous = _previous(change)
        symlinks |= names_given(DatasetUse(name, part.facets, "")) - {previous}
        if previous is not None and previous != name:
            renamed.setdefault(previous, part.time.nanoseconds)
        if change is not None and change.change == "DROP":
            drops.append(part.time.nanoseconds)
    renamings = tuple(Renaming(moment, former) for former, moment in sorted(renamed.items()))
    return DatasetHistory(slices, jobs, frozenset(symlinks), renamings, named_by, tuple(drops))


def _previous(change: Lifecycle | None) -> Name | None:
    return change.previous if change is not None and change.change == "RENAME" else None


def _renames(use: DatasetUse, name: Name, previous: Name) -> bool:
    return use.name == name and _previous(lifecycle_of(use.facets)) == previous
