"""Events as they come in: each checked, cleaned of secrets and kept; what is wrong with it reported.

The digest by which an event is known again is taken before cleaning, over its canonical
form, so that the same event in another file, order or batch is the same event.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

from graph.errors import Problem
from graph.ledger.canonical import canonical
from ingest.files import Line, Unreadable, file_name, lines
from ingest.jsontext import NotJson, parse_json
from ingest.record import ReadContext, Record, Rejected, Skipped
from ingest.redaction import Json
from ingest.shapes import JsonObject, Misshapen, is_misshapen
from ingest.sources.openlineage.events import Event, facet_faults, parse_event
from ingest.sources.openlineage.facets import (
    DATASET_FACETS,
    JOB_FACETS,
    KNOWN_UNMAPPED,
    RUN_FACETS,
    CodeLocation,
    Owners,
)
from ingest.sources.openlineage.facts import mapped
from ingest.sources.openlineage.names import Name
from ingest.sources.openlineage.pseudonyms import without_people
from ingest.sources.openlineage.redact import redact_event
from ingest.sources.openlineage.retained import lifecycle_of, names_given, records_of
from ingest.sources.openlineage.splitting import LARGEST_EVENT, Piece, pieces

MASKED: Final = "owner masked by asterisks"
NO_REPOSITORY: Final = "job facet sourceCodeLocation without a git repository"


@dataclass
class Arrivals:
    """Which jobs and datasets the events that came in concern, and what was assumed of their times.

    ``changed`` are datasets of which an event said something that concerns other names or
    other jobs' edges: another name, or the dataset's end.
    """

    jobs: set[Name] = field(default_factory=set[Name])
    datasets: set[Name] = field(default_factory=set[Name])
    changed: set[Name] = field(default_factory=set[Name])
    zones_assumed: int = 0
    times_cut: int = 0

    def note(self, event: Event) -> None:
        """Take note of whom an event concerns."""
        if event.job is not None:
            self.jobs.add(event.job)
        for use in event.datasets:
            self.datasets.add(use.name)
            if names_given(use) or lifecycle_of(use.facets) is not None:
                self.changed.add(use.name)
        self.zones_assumed += event.time.zone_assumed
        self.times_cut += event.time.finer


@dataclass(frozen=True, slots=True)
class Prepared:
    """A usable event as it is kept: without secrets and people's names, with the pointers to where they were.

    ``digest`` is the keyed one of the event as it was sent; ``faults`` is what is wrong
    beside its core.
    """

    event: Event
    digest: str
    redacted: tuple[str, ...]
    faults: tuple[Misshapen, ...]


def prepared(text: str, context: ReadContext) -> Prepared:
    """Return what is to be kept of the event that a JSON text is.

    Raises:
        NotJson: for text that is no JSON.
        Misshapen: where the core is broken and the event cannot be used.
    """
    body = parse_json(text)
    if not isinstance(body, dict):
        raise is_misshapen(body, "an event, which is an object")
    digest = _digest(body, context)
    cleaned = redact_event(body, text)
    kept = cast("dict[str, Json]", cleaned.value)
    people = without_people(kept, text, context)
    return checked(kept, digest, tuple(sorted({*cleaned.pointers, *people})))


def checked(kept: dict[str, Json], digest: str, redacted: tuple[str, ...]) -> Prepared:
    """Return an event that was cleaned already, with what is wrong with it; raises as `prepared`."""
    faults: list[Misshapen] = []
    event = parse_event(kept, faults)
    return Prepared(event, digest, redacted, (*faults, *facet_faults(event)))


def taken(
    arrived: Prepared, file: str, line: int, arrivals: Arrivals, context: ReadContext
) -> Iterator[Record]:
    """Yield what comes of a prepared event; what it concerns is noted in ``arrivals``."""
    for fault in arrived.faults:
        reason = f"{fault.reason}; the event went in without it"
        yield Rejected(Problem(file, f"line {line}", fault.pointer, reason, fault.expected))
    arrivals.note(arrived.event)
    yield from _unmapped(arrived.event)
    yield from records_of(arrived.event, arrived.digest, arrived.redacted, context)


def _digest(body: dict[str, Json], context: ReadContext) -> str:
    try:
        return context.fingerprints.of_payload(canonical(body))
    except UnicodeEncodeError:
        raise NotJson("half of a surrogate pair", "text that UTF-8 can hold") from None


def arrive(path: Path, arrivals: Arrivals, context: ReadContext) -> Iterator[Record]:
    """Yield what comes of the events in a file; what they concern is noted in ``arrivals``."""
    reader = _Reader(file_name(path), arrivals, context)
    try:
        yield from reader.read(lines(path, limit=LARGEST_EVENT))
    except Unreadable as error:
        yield Rejected(error.problem)


@dataclass
class _Reader:
    """Reads one file's events."""

    file: str
    arrivals: Arrivals
    context: ReadContext
    unreadable: list[Problem] = field(default_factory=list[Problem])

    def read(self, found: Iterator[Line]) -> Iterator[Record]:
        for piece in pieces(self._noting(found)):
            yield from self._unreadable_lines()
            yield from self._event(piece)
        yield from self._unreadable_lines()

    def _noting(self, found: Iterator[Line]) -> Iterator[Line]:
        for line in found:
            if line.problem is not None:
                self.unreadable.append(line.problem)
            self.context.progress(line.done)
            yield line

    def _unreadable_lines(self) -> Iterator[Record]:
        yield from (Rejected(problem) for problem in self.unreadable)
        self.unreadable.clear()

    def _event(self, piece: Piece) -> Iterator[Record]:
        if piece.fault is not None:
            yield self._rejected(piece, "", piece.fault, "whole events, as JSON objects")
            return
        try:
            arrived = prepared(piece.text, self.context)
        except NotJson as error:
            yield self._rejected(piece, "", error.reason, error.expected)
        except Misshapen as broken:
            yield self._rejected(piece, broken.pointer, broken.reason, broken.expected)
        else:
            yield from taken(arrived, self.file, piece.line, self.arrivals, self.context)

    def _rejected(self, piece: Piece, field_: str, reason: str, expected: str) -> Rejected:
        return Rejected(Problem(self.file, f"line {piece.line}", field_, reason, expected))


def _unmapped(event: Event) -> Iterator[Record]:
    """Yield what the event holds that is kept with it and not mapped."""
    yield from _unmapped_facets("run", event.run_facets, frozenset(RUN_FACETS))
    yield from _unmapped_facets("job", event.job_facets, frozenset(JOB_FACETS))
    for use in event.datasets:
        yield from _unmapped_facets("dataset", use.facets, frozenset(DATASET_FACETS))
    for facets in (event.job_facets, *(use.facets for use in event.datasets)):
        owners = mapped(JOB_FACETS, facets, "ownership")
        yield from (Skipped(MASKED) for _ in range(owners.masked if isinstance(owners, Owners) else 0))
    location = mapped(JOB_FACETS, event.job_facets, "sourceCodeLocation")
    if isinstance(location, CodeLocation) and location.repository is None:
        yield Skipped(NO_REPOSITORY)


def _unmapped_facets(place: str, facets: JsonObject, known: frozenset[str]) -> Iterator[Skipped]:
    for name in facets:
        if name not in known:
            yield Skipped(f"{place} facet {name}" if name in KNOWN_UNMAPPED else f"custom {place} facet")
