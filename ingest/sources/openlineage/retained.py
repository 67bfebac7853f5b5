"""What is kept of an event, under which groups, and how it is read back.

An event is kept whole once: a run or job event with its job, a dataset event with its
dataset. With each dataset that a job event names stands what that event says about the
dataset, or, where it says nothing, once and for all that the job names it. With the
other names of a dataset stands where they were given. So a job and a dataset can each
be worked out again from one group, and it is known which jobs a dataset concerns.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final, cast

from graph.ledger.canonical import canonical, canonical_text
from graph.ledger.port import RawRecord
from graph.model import Instant
from ingest.record import ReadContext, Retained
from ingest.redaction import Json
from ingest.shapes import JsonObject, Misshapen
from ingest.sources.openlineage.events import DatasetUse, Event, Sort, parse_event
from ingest.sources.openlineage.facets import DATASET_FACETS, Lifecycle, Upstream, is_deleted, read_facet
from ingest.sources.openlineage.facts import facts_of, mapped
from ingest.sources.openlineage.names import Name, change_group, dataset_group, job_group
from ingest.sources.openlineage.redact import pointer_part
from ingest.sources.openlineage.times import EventTime, parse_event_time

_ANY_TIME: Final = Instant(0)
"""For records that are about no moment; which event brought them first must not matter."""


@dataclass(frozen=True, slots=True)
class Slice:
    """What one event says about a dataset; ``job`` is None for a dataset event.

    ``run`` is the run that says what happened to the dataset as a whole, if one does.
    """

    time: EventTime
    job: Name | None
    facets: JsonObject
    order: str
    run: str | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """That a job names a dataset, some time."""

    job: Name


@dataclass(frozen=True, slots=True)
class OtherName:
    """That the events of another dataset give the dataset's name as one of theirs."""

    dataset: Name


@dataclass(frozen=True, slots=True)
class SourceOf:
    """That the events of another dataset say that it derives from the dataset."""

    dataset: Name


def records_of(
    event: Event, digest: str, redacted: tuple[str, ...], context: ReadContext
) -> Iterator[Retained]:
    """Yield what is kept of an event; ``digest`` is the keyed one of the event as it was sent."""
    keep = _Keeper(event, context)
    body = dict(event.body)
    if event.job is not None:
        yield keep.whole(job_group(event.job), digest, body, redacted)
        yield from _of_job(event, event.job, redacted, keep)
    elif event.dataset is not None:
        yield keep.whole(dataset_group(event.dataset.name), digest, body, redacted)
        for source in sorted(sources_given(event.dataset)):
            yield keep.part(dataset_group(source), {"source_of": list(event.dataset.name)}, _ANY_TIME)
    for use in event.datasets:
        for other in sorted(names_given(use)):
            yield keep.part(dataset_group(other), {"other_name_of": list(use.name)}, _ANY_TIME)


def _of_job(event: Event, job: Name, redacted: tuple[str, ...], keep: _Keeper) -> Iterator[Retained]:
    """Yield what is kept of a job's event with the datasets that it names."""
    for use in event.datasets:
        yield keep.use(use, job, redacted)
        if event.run_id is not None and lifecycle_of(use.facets) is not None:
            yield keep.part(change_group(job), {"changes": list(use.name)}, _ANY_TIME)
    for name in sorted(_traced_only(event)):
        yield keep.mention(name, job)


def _traced_only(event: Event) -> set[Name]:
    """Return the datasets that only the lineage in an event names, beside its inputs and outputs."""
    traced = {name for named in facts_of(event) for name in named.datasets}
    return traced - {use.name for use in event.datasets}


def names_given(use: DatasetUse) -> set[Name]:
    """Return the other names that a dataset's facets give it: symlinks, and the one before a renaming."""
    names: set[Name] = set()
    symlinks = use.facets.get("symlinks")
    if isinstance(symlinks, dict) and not is_deleted(symlinks):
        value = read_facet(DATASET_FACETS, "symlinks", symlinks)
        names |= set(cast("tuple[Name, ...]", value)) if isinstance(value, tuple) else set()
    change = lifecycle_of(use.facets)
    if change is not None and change.former is not None:
        names.add(change.former)
    return names - {use.name}


def sources_given(use: DatasetUse) -> set[Name]:
    """Return the datasets that a dataset's own facets say it derives from."""
    names: set[Name] = set()
    for facet in ("columnLineage", "lineage"):
        value = mapped(DATASET_FACETS, use.facets, facet)
        for source in cast("tuple[Name | Upstream, ...]", value) if isinstance(value, tuple) else ():
            name = source.name if isinstance(source, Upstream) else source
            if name is not None and not (isinstance(source, Upstream) and source.is_job):
                names.add(name)
    return names - {use.name}


def lifecycle_of(facets: JsonObject) -> Lifecycle | None:
    """Return what facets say happened to their dataset as a whole, None where they say nothing."""
    facet = facets.get("lifecycleStateChange")
    if not isinstance(facet, dict) or is_deleted(facet):
        return None
    value = read_facet(DATASET_FACETS, "lifecycleStateChange", facet)
    return value if isinstance(value, Lifecycle) else None


@dataclass(frozen=True, slots=True)
class _Keeper:
    """Makes the records of one event."""

    event: Event
    context: ReadContext

    def whole(self, group: str, digest: str, body: dict[str, Json], redacted: tuple[str, ...]) -> Retained:
        return self._record(group, digest, canonical_text(body), self.event.time.instant, redacted)

    def use(self, use: DatasetUse, job: Name, redacted: tuple[str, ...]) -> Retained:
        if not use.facets:
            return self.mention(use.name, job)
        group = dataset_group(use.name)
        facets = {name: facet for name, facet in use.facets.items() if name in _SLICED}
        time = self.event.body["eventTime"]
        said: dict[str, Json] = {"eventTime": time, "said_by": list(job), "facets": facets}
        if self.event.run_id is not None and lifecycle_of(facets) is not None:
            said["run"] = self.event.run_id  # whether it happened depends on what became of the run
        return self.part(group, said, self.event.time.instant, _pointers_in(use, facets, redacted))

    def mention(self, dataset: Name, job: Name) -> Retained:
        return self.part(dataset_group(dataset), {"mentioned_by": list(job)}, _ANY_TIME)

    def part(
        self, group: str, said: dict[str, Json], moment: Instant, redacted: tuple[str, ...] = ()
    ) -> Retained:
        # The group is in the digest: the same words about two datasets are two records.
        digest = self.context.fingerprints.of_payload(canonical([group, said]))
        return self._record(group, digest, canonical_text(said), moment, redacted)

    def _record(
        self, group: str, digest: str, payload: str, moment: Instant, redacted: tuple[str, ...]
    ) -> Retained:
        return Retained(
            RawRecord(
                source=str(self.context.source),
                group=group,
                digest=digest,
                occurred_at=moment,
                arrived_at=self.context.now,
                payload=payload,
                redacted=redacted,
            )
        )


def _pointers_in(use: DatasetUse, facets: JsonObject, redacted: tuple[str, ...]) -> tuple[str, ...]:
    """Return which of an event's redacted pointers lie in facets of a dataset, from the dataset on."""
    kept = tuple(f"{use.pointer}/facets/{pointer_part(name)}/" for name in facets)
    return tuple(pointer.removeprefix(use.pointer) for pointer in redacted if pointer.startswith(kept))


_SLICED: Final = frozenset(DATASET_FACETS) - {"columnLineage", "lineage"}
"""Facets of a job's event that speak of the dataset as such; its lineage belongs to the job."""


def events_of(records: Iterable[RawRecord]) -> Iterator[Event]:
    """Yield a job's events by time, to the nanosecond; those of one moment by their text.

    The records come ordered by millisecond; only those of one millisecond are held at a time.
    """
    for _, together in groupby(records, key=lambda record: record.occurred_at):
        for _, event in sorted(_parsed(together), key=lambda entry: (entry[1].time.nanoseconds, entry[0])):
            yield event


def _parsed(records: Iterable[RawRecord]) -> Iterator[tuple[str, Event]]:
    for record in records:
        try:
            yield record.payload, parse_event(json.loads(record.payload), [])
        except Misshapen:  # kept by a release that read it otherwise
            continue


def about_dataset(records: Iterable[RawRecord]) -> Iterator[Slice | Mention | OtherName | SourceOf]:
    """Yield what is kept about a dataset, in no particular order."""
    for record in records:
        said: dict[str, Json] = json.loads(record.payload)
        if (job := _name(said.get("mentioned_by"))) is not None:
            yield Mention(job)
        elif (dataset := _name(said.get("other_name_of"))) is not None:
            yield OtherName(dataset)
        elif (dataset := _name(said.get("source_of"))) is not None:
            yield SourceOf(dataset)
        elif (job := _name(said.get("said_by"))) is not None:
            facets, time = said.get("facets"), said.get("eventTime")
            if isinstance(facets, dict) and isinstance(time, str):
                run = said.get("run")
                yield Slice(
                    parse_event_time(time), job, facets, record.payload, run if isinstance(run, str) else None
                )
        else:
            yield from _dataset_event(said, record.payload)


def changed_datasets(records: Iterable[RawRecord]) -> Iterator[Name]:
    """Yield the datasets of which a job's runs say what happened to them as a whole."""
    for record in records:
        name = _name(json.loads(record.payload).get("changes"))
        if name is not None:
            yield name


def _dataset_event(said: dict[str, Json], payload: str) -> Iterator[Slice]:
    try:
        event = parse_event(said, [])
    except Misshapen:
        return
    if event.sort is Sort.DATASET and event.dataset is not None:
        yield Slice(event.time, None, event.dataset.facets, payload)


def _name(value: Json) -> Name | None:
    match value:
        case [str() as namespace, str() as name]:
            return Name(namespace, name)
        case _:
            return None
