"""What one event says in terms of the graph: which edges it names, and what gave each of them.

Precedence (OpenLineage, lineage facet documentation): the lineage facet speaks before
column lineage; inputs and outputs alone never make one dataset derive from another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple, cast

from graph.model import Uid
from ingest.shapes import JsonObject
from ingest.sources.openlineage.events import DatasetUse, Event
from ingest.sources.openlineage.facets import (
    DATASET_FACETS,
    JOB_FACETS,
    RUN_FACETS,
    Lifecycle,
    LineageEntry,
    Reader,
    Upstream,
    is_deleted,
    read_facet,
)
from ingest.sources.openlineage.names import Name, dataset_uid, job_uid

TRACED: Final = "(traced)"
"""Not a relation: that something finer than inputs and outputs tells where an output comes from."""


class GivenBy(StrEnum):
    """Which part of an event named an edge."""

    LINEAGE = "lineage facet"
    COLUMNS = "column lineage facet"
    DATASETS = "inputs and outputs"
    PARENT = "parent facet"


STRENGTH: Final = (GivenBy.LINEAGE, GivenBy.COLUMNS, GivenBy.DATASETS, GivenBy.PARENT)


class Fact(NamedTuple):
    """An edge that a job's events name, subject first."""

    relation: str
    subject: Uid
    object: Uid


@dataclass(frozen=True, slots=True)
class Named:
    """An edge with what gave it, and the datasets at its ends."""

    fact: Fact
    given_by: GivenBy
    datasets: tuple[Name, ...]


class TakenBack(NamedTuple):
    """That an event takes a facet back: of one dataset, or (None) of the job."""

    given_by: GivenBy
    dataset: Name | None


def taken_back(event: Event) -> list[TakenBack]:
    """Return which of the facets that name edges a run event or job event takes back."""
    found = [
        TakenBack(GivenBy.COLUMNS, use.name)
        for use in event.outputs
        if _is_taken_back(use.facets, "columnLineage")
    ]
    return (
        [*found, TakenBack(GivenBy.LINEAGE, None)] if _is_taken_back(event.job_facets, "lineage") else found
    )


def _is_taken_back(facets: JsonObject, name: str) -> bool:
    facet = facets.get(name)
    return isinstance(facet, dict) and is_deleted(facet)


def facts_of(event: Event) -> list[Named]:
    """Return the edges that a run event or job event names, without repetition."""
    if event.job is None:
        return []
    job = job_uid(event.job)
    found = [
        *(
            _named(Fact("READS", job, dataset_uid(use.name)), GivenBy.DATASETS, use.name)
            for use in _kept(event.inputs)
        ),
        *(
            _named(Fact("WRITES", job, dataset_uid(use.name)), GivenBy.DATASETS, use.name)
            for use in _kept(event.outputs)
        ),
        *_parent(event, job),
        *_from_lineage(lineage_entries(event), event.job),
        *(named for use in _kept(event.outputs) for named in _from_columns(use)),
    ]
    return list(dict.fromkeys(found))


def _kept(uses: Iterable[DatasetUse]) -> Iterator[DatasetUse]:
    """Yield the datasets that the event does not tell the end of: one that is dropped is not used."""
    for use in uses:
        change = mapped(DATASET_FACETS, use.facets, "lifecycleStateChange")
        if not (isinstance(change, Lifecycle) and change.is_drop):
            yield use


def lineage_entries(event: Event) -> tuple[LineageEntry, ...]:
    """Return the entries of an event's lineage facet; empty without one."""
    value = mapped(JOB_FACETS, event.job_facets, "lineage")
    return cast("tuple[LineageEntry, ...]", value) if isinstance(value, tuple) else ()


def mapped(readers: Mapping[str, Reader], facets: JsonObject, name: str) -> object | None:
    """Return what a facet says; None where it is absent, taken back, or cannot be read."""
    facet = facets.get(name)
    if not isinstance(facet, dict) or is_deleted(facet):
        return None
    return read_facet(readers, name, facet)


def derivations(
    target: Name, sources: Iterable[Upstream], own_job: Name | None, by: GivenBy
) -> Iterator[Named]:
    """Yield the edges that a dataset's sources come to; a job without a name is ``own_job``."""
    yield _named(Fact(TRACED, dataset_uid(target), dataset_uid(target)), by, target)
    for source in sources:
        if source.is_job:
            job = source.name or own_job
            if job is not None:
                yield _named(Fact("WRITES", job_uid(job), dataset_uid(target)), by, target)
        elif source.name is not None and source.name != target:
            fact = Fact("DERIVED_FROM", dataset_uid(target), dataset_uid(source.name))
            yield _named(fact, by, target, source.name)


def _parent(event: Event, job: Uid) -> Iterator[Named]:
    parent = mapped(RUN_FACETS, event.run_facets, "parent")
    if isinstance(parent, Name) and job_uid(parent) != job:
        yield _named(Fact("PART_OF", job, job_uid(parent)), GivenBy.PARENT)


def _from_lineage(entries: Iterable[LineageEntry], own_job: Name) -> Iterator[Named]:
    for entry in entries:
        if entry.target.is_job:
            yield from _into_job(entry.target.name or own_job, entry.sources, own_job)
        elif entry.target.name is not None:
            yield from derivations(entry.target.name, entry.sources, own_job, GivenBy.LINEAGE)


def _into_job(target: Name, sources: Iterable[Upstream], own_job: Name) -> Iterator[Named]:
    for source in sources:
        if not source.is_job and source.name is not None:
            fact = Fact("READS", job_uid(target), dataset_uid(source.name))
            yield _named(fact, GivenBy.LINEAGE, source.name)
        elif source.is_job and (source.name or own_job) != target:
            # Data that goes from job to job with no dataset between them.
            fact = Fact("DERIVED_FROM", job_uid(target), job_uid(source.name or own_job))
            yield _named(fact, GivenBy.LINEAGE)


def _from_columns(use: DatasetUse) -> Iterator[Named]:
    value = mapped(DATASET_FACETS, use.facets, "columnLineage")
    sources = cast("tuple[Name, ...]", value) if isinstance(value, tuple) else ()
    if sources:  # with none named, nothing is known
        upstream = [Upstream(is_job=False, name=source) for source in sources]
        yield from derivations(use.name, upstream, None, GivenBy.COLUMNS)


def _named(fact: Fact, given_by: GivenBy, *datasets: Name) -> Named:
    return Named(fact, given_by, datasets)
