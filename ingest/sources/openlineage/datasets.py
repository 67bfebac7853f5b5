"""Everything that is said about a dataset as such: what it is, its other names, its owners, its end.

A dataset of which no event says anything but its name is mentioned by its jobs' edges
and not described. A function of the set of events, like ``jobs``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

from graph.model import (
    Claim,
    EdgeFacts,
    ExternalId,
    Instant,
    Interval,
    NodeFacts,
    PropertyValue,
    Scope,
)
from graph.vocabulary import Certainty, Kind
from ingest.record import ReadContext
from ingest.sources.openlineage.book import DatasetBook
from ingest.sources.openlineage.described import States, contacts, states_of
from ingest.sources.openlineage.facets import DATASET_FACETS, DataSource, Upstream
from ingest.sources.openlineage.facts import TRACED, Fact, GivenBy, Named, derivations
from ingest.sources.openlineage.names import Name, dataset_uid
from ingest.sources.openlineage.shapes import JsonObject
from ingest.sources.openlineage.timeline import joined, together

TYPES: Final[Mapping[str, str]] = {
    "FILE": "file",
    "MODEL": "model_artifact",
    "STREAM": "topic",
    "TABLE": "table",
    "TOPIC": "topic",
    "VIEW": "view",
}
"""Types of the datasetType facet by the vocabulary's; any other is taken over in lower case."""

NAME_REUSED: Final = "the former name was given to another dataset since"
"""The condition under which a renamed dataset still holds what stands under its former name."""


@dataclass(frozen=True, slots=True)
class DatasetReading:
    """A dataset as its events show it."""

    claims: tuple[Claim, ...]
    last_event: Instant | None


def read_dataset(name: Name, scope: Scope, book: DatasetBook, context: ReadContext) -> DatasetReading:
    """Return what is said about a dataset. Cost: what is retained about it and its other names."""
    slices = book.history(name).slices
    if not slices:
        return DatasetReading((), None)
    states = states_of(_changes(name, book), DATASET_FACETS)
    uid = dataset_uid(name)
    claims = (
        *_description(name, states, scope, book),
        *_other_names(name, states, scope, book),
        *contacts(states, uid, Kind.DATASET, scope, context),
        *_origins(name, states, scope, book),
    )
    return DatasetReading(claims, slices[-1].time.instant)


def _changes(name: Name, book: DatasetBook) -> list[tuple[Instant, JsonObject | None]]:
    """Return what sets facets and what takes all back, in order; what tells of the end comes before it."""
    found: list[tuple[int, int, JsonObject | None]] = [
        (part.time.nanoseconds, 0, part.facets) for part in book.history(name).slices
    ]
    found += [(drop, 1, None) for drop in book.drops(name)]
    found.sort(key=lambda change: change[:2])
    return [(Instant(moment // 1_000_000), facets) for moment, _, facets in found]


def _description(name: Name, states: States, scope: Scope, book: DatasetBook) -> Iterator[Claim]:
    ids = (name.external_id, *(other.external_id for other in sorted(book.own_aliases(name))))
    for part, facts in joined((part, _facts(name, state, ids)) for part, state in states):
        yield Claim(scope, facts, valid=part, locator="dataset facets")


def _facts(name: Name, state: Mapping[str, object], ids: tuple[ExternalId, ...]) -> NodeFacts:
    properties: dict[str, PropertyValue] = {"namespace": name.namespace}
    documentation, columns = state.get("documentation"), state.get("schema")
    source, sort = state.get("dataSource"), state.get("datasetType")
    if isinstance(documentation, str):
        properties["description"] = documentation
    if isinstance(columns, tuple) and columns:
        properties["columns"] = cast("tuple[str, ...]", columns)
    if isinstance(source, DataSource) and source.uri is not None:
        properties["source_uri"] = source.uri
    return NodeFacts(
        dataset_uid(name),
        Kind.DATASET,
        type=TYPES.get(sort.upper(), sort.lower()) if isinstance(sort, str) else None,
        name=name.name,
        properties=properties,
        external_ids=ids,
    )


def _other_names(name: Name, states: States, scope: Scope, book: DatasetBook) -> Iterator[Claim]:
    """Yield that there is something of each other name; the ids of the two join them."""
    existing = together(part for part, _ in states)
    for other in sorted(book.own_aliases(name)):
        facts = NodeFacts(dataset_uid(other), Kind.DATASET, external_ids=(other.external_id,))
        for part in existing:
            yield Claim(scope, facts, valid=part, locator="symlinks or lifecycleStateChange facet")


def _origins(name: Name, states: States, scope: Scope, book: DatasetBook) -> Iterator[Claim]:
    """Yield what the dataset derives from by its own events, and what it took over under a re-used name."""
    found: dict[Fact, list[tuple[Interval, GivenBy]]] = {}
    for part, state in states:
        for named in _derivations(name, state):
            if named.fact.relation != TRACED:
                found.setdefault(named.fact, []).append((part, named.given_by))
    for fact in sorted(found):
        for part, given_by in joined(found[fact]):
            yield Claim(scope, _edge(fact, given_by.value), valid=part, locator=f"{given_by} of the dataset")
    existing = together(part for part, _ in states)
    for renaming in book.history(name).renamings:
        fact = Fact("DERIVED_FROM", dataset_uid(name), dataset_uid(renaming.previous))
        if fact not in found and book.is_reused(name, renaming):
            since = Instant(renaming.nanoseconds // 1_000_000)
            for part in (Interval(Instant(max(p.start, since)), p.end) for p in existing if p.end > since):
                yield Claim(
                    scope,
                    _edge(fact, "renaming"),
                    valid=part,
                    certainty=Certainty.POSSIBLE,
                    condition=NAME_REUSED,
                    locator="lifecycleStateChange facet",
                )


def _derivations(name: Name, state: Mapping[str, object]) -> Iterator[Named]:
    lineage, columns = state.get("lineage"), state.get("columnLineage")
    if isinstance(lineage, tuple):
        yield from derivations(name, cast("tuple[Upstream, ...]", lineage), None, GivenBy.LINEAGE)
    elif isinstance(columns, tuple):
        sources = [Upstream(is_job=False, name=source) for source in cast("tuple[Name, ...]", columns)]
        yield from derivations(name, sources, None, GivenBy.COLUMNS)


def _edge(fact: Fact, given_by: str) -> EdgeFacts:
    is_write = fact.relation == "WRITES"
    return EdgeFacts(
        fact.relation,
        fact.subject,
        fact.object,
        properties={"given_by": given_by},
        subject_kind=Kind.ASSET if is_write else Kind.DATASET,
        object_kind=Kind.DATASET,
    )
