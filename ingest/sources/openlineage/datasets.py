"""Everything that is said about a dataset as such: what it is, its other names, its owners, its end.

A dataset of which no event says anything but its name is mentioned by its jobs' edges
and not described. A function of the set of events, like ``jobs``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from graph.model import (
    Claim,
    ExternalId,
    Instant,
    NodeFacts,
    PropertyValue,
    Scope,
)
from graph.vocabulary import Kind
from ingest.record import ReadContext
from ingest.shapes import JsonObject
from ingest.sources.openlineage.book import DatasetBook
from ingest.sources.openlineage.described import States, contacts, states_of
from ingest.sources.openlineage.facets import DATASET_FACETS, DataSource
from ingest.sources.openlineage.names import Name, dataset_uid
from ingest.sources.openlineage.origins import origins
from ingest.sources.openlineage.retained import Slice
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


@dataclass(frozen=True, slots=True)
class DatasetReading:
    """A dataset as its events show it."""

    claims: tuple[Claim, ...]
    last_event: Instant | None


def read_dataset(name: Name, scope: Scope, book: DatasetBook, context: ReadContext) -> DatasetReading:
    """Return what is said about a dataset, under whichever of its names.

    All of it is said of the name that stands for the others, so that it does not depend
    on which of them was read first; of another name nothing is. Cost: what is retained
    about the dataset under all its names.
    """
    members = sorted(book.aliases(name))
    slices = [part for member in members for part in book.history(member).slices]
    if not slices:
        return DatasetReading((), None)
    last_event = max(part.time.instant for part in slices)
    if name != book.canonical(name):
        return DatasetReading((), last_event)
    states = states_of(_changes(slices, book.drops(name)), DATASET_FACETS)
    claims = (
        *_description(name, members, states, scope),
        *contacts(states, dataset_uid(name), Kind.DATASET, scope, context),
        *origins(name, members, slices, states, scope, book),
    )
    return DatasetReading(claims, last_event)


def _changes(slices: Sequence[Slice], drops: Sequence[int]) -> list[tuple[Instant, JsonObject | None]]:
    """Return what sets facets and what takes all back, in order; what tells of the end comes before it."""
    found: list[tuple[int, int, str, JsonObject | None]] = [
        (part.time.nanoseconds, 0, part.order, part.facets) for part in slices
    ]
    found += [(drop, 1, "", None) for drop in drops]
    found.sort(key=lambda change: change[:3])
    return [(Instant(moment // 1_000_000), facets) for moment, _, _, facets in found]


def _description(name: Name, members: Sequence[Name], states: States, scope: Scope) -> Iterator[Claim]:
    """Yield what the dataset is, and that there is something of each other name; the ids join them."""
    ids = tuple(member.external_id for member in members)
    for part, facts in joined((part, _facts(name, state, ids)) for part, state in states):
        yield Claim(scope, facts, valid=part, locator="dataset facets")
    existing = together(part for part, _ in states)
    for other in (member for member in members if member != name):
        facts = NodeFacts(dataset_uid(other), Kind.DATASET, external_ids=(other.external_id,))
        for part in existing:
            yield Claim(scope, facts, valid=part, locator="symlinks or lifecycleStateChange facet")


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
