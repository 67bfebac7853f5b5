"""The OpenLineage plug-in: files of events in, claims with their stated times out.

First all events are kept; then every job and dataset that they concern is worked out
anew from all its events, so that the outcome is a function of the set of events that
were ever read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph.model import Claim, Instant, Scope
from ingest.record import Noted, ReadContext, Record, Said, ScopeClosed, ScopeOpened
from ingest.sidecar import InputFile, inputs
from ingest.sources.openlineage.arriving import Arrivals, arrive
from ingest.sources.openlineage.book import DatasetBook
from ingest.sources.openlineage.datasets import read_dataset
from ingest.sources.openlineage.jobs import read_job
from ingest.sources.openlineage.names import Name, dataset_group, job_group

ABSENT_RUNS: Final = 3
"""After so many completed runs in a row without an edge it has ended at the first of them."""

SETTING: Final = "HOLDFAST_OPENLINEAGE_ABSENT_RUNS"
"""The environment variable that sets another number; events read before are not worked out again."""

_SUFFIXES: Final = (".json", ".jsonl", ".ndjson")
_COVERED: Final = frozenset({"READS", "WRITES"})
_NOTHING: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class OpenLineageSource:
    """Reads OpenLineage events from files; ``absent_runs`` None means the setting, else the default."""

    absent_runs: int | None = None

    @property
    def name(self) -> str:
        """Return the plug-in's name."""
        return "openlineage"

    @property
    def summary(self) -> str:
        """Return in one line what it reads."""
        return "OpenLineage 2-0-2 run, job and dataset events: JSON arrays, JSON lines, single events, gzip"

    @property
    def maps(self) -> Sequence[str]:
        """Return what it maps, one line each."""
        return (
            "jobs: Asset of type pipeline, with description, job type and integration",
            "datasets: Dataset with its type and columns; mentioned only, where no facet says more",
            "inputs, outputs: READS, WRITES from the first event on; possible where all runs failed",
            "lineage, columnLineage: DERIVED_FROM, and READS marked refined; else, many to many, coarse",
            "parent: PART_OF; sourceCodeLocation of git: BUILT_FROM; ownership: OWNS as contact",
            "symlinks and RENAME: other names of one node; DROP: its end",
        )

    @property
    def does_not_map(self) -> Sequence[str]:
        """Return what it knowingly leaves out, one line each."""
        return (
            "jobDependencies: control flow, not data flow",
            "dataQualityAssertions, dataQualityMetrics, test: evidence, not lineage",
            "single runs, their statistics, errors and versions: kept in the events, not in the graph",
            "columns: lineage is between datasets, a column is a property",
            "root of a parent, tags, catalog, hierarchy, storage, subset, sql, sourceCode, custom facets",
        )

    def read(self, paths: Sequence[Path], context: ReadContext) -> Iterator[Record]:
        """Yield what the events in these files, with all that are retained, come to."""
        arrivals = Arrivals()
        for found in inputs(paths, _SUFFIXES):
            if isinstance(found, InputFile):
                yield from arrive(found.path, arrivals, context)
            else:
                yield found
        yield from self.worked_out(arrivals, context)

    def worked_out(self, arrivals: Arrivals, context: ReadContext) -> Iterator[Record]:
        """Yield what the jobs and datasets come to that arrivals concern, from all their events."""
        yield from _notes(arrivals)
        book = DatasetBook(context)
        jobs, datasets = _concerned(arrivals, book)
        for name in sorted(datasets):
            scope = Scope(context.source, dataset_group(name))
            reading = read_dataset(name, scope, book, context)
            yield from _section(scope, reading.claims, reading.last_event, None)
        for name in sorted(jobs):
            scope = Scope(context.source, job_group(name))
            job = read_job(name, scope, book, context, self._absent_runs())
            yield from _section(scope, job.claims, job.last_event, job.covered_from)

    def _absent_runs(self) -> int:
        """Return the number of runs, never less than one; a setting that is no number is not one."""
        if self.absent_runs is not None:
            return max(1, self.absent_runs)
        text = os.environ.get(SETTING, "")
        return max(1, int(text)) if text.isdecimal() else ABSENT_RUNS


SOURCE: Final = OpenLineageSource()


def _concerned(arrivals: Arrivals, book: DatasetBook) -> tuple[set[Name], set[Name]]:
    """Return the jobs and datasets to be worked out anew.

    Those that the new events name; for a dataset with several names the one under which
    it is described; and, where an event tells of another name or of an end, all that goes
    by any of the dataset's names and all that derives from it by its own word.
    """
    jobs, datasets = set(arrivals.jobs), set(arrivals.datasets)
    # What a run did to a dataset counts or not by how the run ends, which any of its events may tell.
    changed = arrivals.changed.union(*(book.changed_by(job) for job in arrivals.jobs))
    for name in sorted(arrivals.datasets | changed):
        if name in changed or _was_renamed(name, book):
            for member in book.family(name):
                history = book.history(member)
                datasets |= {member, *history.source_of, *map(book.canonical, history.source_of)}
                jobs |= history.jobs
        datasets.add(book.canonical(name))
    return jobs, datasets


def _was_renamed(name: Name, book: DatasetBook) -> bool:
    """Return whether another dataset took over from this name: naming it now may show that it was re-used."""
    return any(name in book.history(other).former for other in book.history(name).named_by)


def _section(
    scope: Scope,
    claims: Sequence[Claim],
    last_event: Instant | None,
    covered_from: Instant | None,
) -> Iterator[Record]:
    if last_event is None:
        return
    yield ScopeOpened(
        scope,
        read_at=last_event,
        states_history=True,
        kinds=_NOTHING,
        relations=_NOTHING if covered_from is None else _COVERED,
        covered_from=covered_from,
    )
    for claim in claims:
        yield Said(claim, file="retained events", position=f"{scope.name}, {claim.locator}")
    yield ScopeClosed(scope, complete=True)


def _notes(arrivals: Arrivals) -> Iterator[Record]:
    if arrivals.zones_assumed:
        yield Noted(f"{arrivals.zones_assumed} event times name no zone; UTC was assumed")
    if arrivals.times_cut:
        yield Noted(
            f"{arrivals.times_cut} event times are finer than milliseconds; "
            "they order events to the nanosecond, and the graph keeps milliseconds"
        )
