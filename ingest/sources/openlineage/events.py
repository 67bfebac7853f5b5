"""Events: which of the three sorts one is, and whether it can be used at all.

Only the core can make an event useless: its time, who sent it, under which schema, and
the names that say what it is about. Everything else that is wrong is reported and left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from ingest.redaction import Json
from ingest.shapes import (
    JsonObject,
    Misshapen,
    as_list,
    as_object,
    is_misshapen,
    object_at,
    optional_text,
    text_at,
)
from ingest.sources.openlineage.facets import (
    DATASET_FACETS,
    JOB_FACETS,
    RUN_FACETS,
    Reader,
    is_deleted,
    name_of,
)
from ingest.sources.openlineage.names import Name
from ingest.sources.openlineage.times import EventTime, parse_event_time


class Sort(StrEnum):
    """The three sorts of events; told apart by their keys, as schema addresses are often wrong."""

    RUN = "run"
    JOB = "job"
    DATASET = "dataset"


class RunState(StrEnum):
    """What an event says about its run."""

    START = "START"
    RUNNING = "RUNNING"
    COMPLETE = "COMPLETE"
    ABORT = "ABORT"
    FAIL = "FAIL"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class DatasetUse:
    """A dataset that an event names, with the dataset facets that it carries there."""

    name: Name
    facets: JsonObject
    pointer: str


@dataclass(frozen=True, slots=True)
class Event:
    """A usable event. ``job`` is None for dataset events, whose dataset is in ``datasets``.

    ``inputs`` and ``outputs`` are empty where the event names none. ``body`` is the
    event as it was read.
    """

    sort: Sort
    time: EventTime
    body: JsonObject
    job: Name | None = None
    run_id: str | None = None
    state: RunState = RunState.OTHER
    inputs: tuple[DatasetUse, ...] = ()
    outputs: tuple[DatasetUse, ...] = ()
    dataset: DatasetUse | None = None
    run_facets: JsonObject = field(default_factory=dict[str, Json])
    job_facets: JsonObject = field(default_factory=dict[str, Json])

    @property
    def datasets(self) -> tuple[DatasetUse, ...]:
        """Return every dataset that the event names, inputs first."""
        return (*self.inputs, *self.outputs, *([self.dataset] if self.dataset else []))


_TIME_EXPECTED: Final = "a time such as 2026-01-31T12:00:00Z"


def parse_event(body: JsonObject, faults: list[Misshapen]) -> Event:
    """Return the event that a JSON object is; what is wrong beside its core goes to ``faults``.

    Raises:
        Misshapen: where the core is broken and the event cannot be used.
    """
    time = _time_of(body)
    text_at(body, "producer")
    text_at(body, "schemaURL")
    if "run" in body:
        return _run_event(body, time, faults)
    if "job" in body:
        return _job_event(body, time, faults)
    if "dataset" in body:
        return _dataset_event(body, time, faults)
    raise Misshapen("", "neither run, job nor dataset stands here", "a run, job or dataset event")


def facet_faults(event: Event) -> Iterator[Misshapen]:
    """Yield what is wrong with the facets that are mapped; the event stands without those."""
    yield from _faults_in(event.run_facets, RUN_FACETS, "/run/facets")
    yield from _faults_in(event.job_facets, JOB_FACETS, "/job/facets")
    for use in event.datasets:
        yield from _faults_in(use.facets, DATASET_FACETS, f"{use.pointer}/facets")


def _time_of(body: JsonObject) -> EventTime:
    text = text_at(body, "eventTime")
    try:
        return parse_event_time(text)
    except ValueError as error:
        raise Misshapen("/eventTime", str(error), _TIME_EXPECTED) from None


def _run_event(body: JsonObject, time: EventTime, faults: list[Misshapen]) -> Event:
    run = object_at(body, "run")
    run_id = text_at(run, "runId", "/run")
    job = object_at(body, "job")
    return Event(
        Sort.RUN,
        time,
        body,
        job=name_of(job, "/job"),
        run_id=run_id,
        state=_state_of(body, faults),
        inputs=_uses(body, "inputs", faults),
        outputs=_uses(body, "outputs", faults),
        run_facets=_facets_of(run, "/run", faults),
        job_facets=_facets_of(job, "/job", faults),
    )


def _job_event(body: JsonObject, time: EventTime, faults: list[Misshapen]) -> Event:
    job = object_at(body, "job")
    return Event(
        Sort.JOB,
        time,
        body,
        job=name_of(job, "/job"),
        inputs=_uses(body, "inputs", faults),
        outputs=_uses(body, "outputs", faults),
        job_facets=_facets_of(job, "/job", faults),
    )


def _dataset_event(body: JsonObject, time: EventTime, faults: list[Misshapen]) -> Event:
    item = object_at(body, "dataset")
    use = DatasetUse(name_of(item, "/dataset"), _facets_of(item, "/dataset", faults), "/dataset")
    return Event(Sort.DATASET, time, body, dataset=use)


def _state_of(body: JsonObject, faults: list[Misshapen]) -> RunState:
    try:
        text = optional_text(body, "eventType")
        return RunState.OTHER if text is None else RunState(text.upper())
    except Misshapen as fault:
        faults.append(fault)
    except ValueError:
        faults.append(Misshapen("/eventType", "a state that is not known", f"one of {', '.join(RunState)}"))
    return RunState.OTHER


def _uses(body: JsonObject, key: str, faults: list[Misshapen]) -> tuple[DatasetUse, ...]:
    if body.get(key) is None:
        return ()
    uses: list[DatasetUse] = []
    try:
        members = as_list(body.get(key), f"/{key}")
    except Misshapen as fault:
        faults.append(fault)
        return ()
    for i, member in enumerate(members):
        pointer = f"/{key}/{i}"
        try:
            item = as_object(member, pointer)
            uses.append(DatasetUse(name_of(item, pointer), _facets_of(item, pointer, faults), pointer))
        except Misshapen as fault:
            faults.append(fault)
    return tuple(uses)


def _facets_of(item: JsonObject, pointer: str, faults: list[Misshapen]) -> JsonObject:
    """Return the facets that are objects; others are reported."""
    facets = item.get("facets")
    if facets is None:
        return {}
    if not isinstance(facets, dict):
        faults.append(is_misshapen(facets, "an object of facets", f"{pointer}/facets"))
        return {}
    sound: dict[str, Json] = {}
    for name, facet in facets.items():
        if isinstance(facet, dict):
            sound[name] = facet
        elif facet is not None:
            faults.append(is_misshapen(facet, "a facet, which is an object", f"{pointer}/facets/{name}"))
    return sound


def _faults_in(facets: JsonObject, readers: Mapping[str, Reader], pointer: str) -> Iterator[Misshapen]:
    for name, reader in readers.items():
        facet = facets.get(name)
        if isinstance(facet, dict) and not is_deleted(facet):
            try:
                reader(facet)
            except Misshapen as fault:
                yield fault.below(f"{pointer}/{name}")
