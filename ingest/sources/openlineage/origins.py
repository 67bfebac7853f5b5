"""What a dataset derives from by its own events, and what it took over with a name that was re-used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, cast

from graph.model import Claim, EdgeFacts, Interval, Scope
from graph.vocabulary import Certainty, Kind
from ingest.sources.openlineage.book import DatasetBook
from ingest.sources.openlineage.described import States
from ingest.sources.openlineage.facets import DATASET_FACETS, Upstream
from ingest.sources.openlineage.facts import TRACED, Fact, GivenBy, Named, derivations, mapped
from ingest.sources.openlineage.names import Name, dataset_uid
from ingest.sources.openlineage.retained import Slice
from ingest.sources.openlineage.timeline import inside, intervals, is_cut, joined, millisecond, together

NAME_REUSED: Final = "the former name was given to another dataset since"
"""The condition under which a renamed dataset still holds what stands under its former name."""

_LINEAGE: Final = ("columnLineage", "lineage")


def origins(
    name: Name,
    members: Sequence[Name],
    slices: Sequence[Slice],
    states: States,
    scope: Scope,
    book: DatasetBook,
) -> Iterator[Claim]:
    """Yield where a dataset comes from; ``members`` are its names, ``states`` what its facets said when."""
    found: dict[Fact, list[tuple[Interval, GivenBy]]] = {}
    for part, state in states:
        for named in _derivations(name, state):
            found.setdefault(named.fact, []).append((part, named.given_by))
    standing = _standing(name, slices, book)
    for fact in sorted(found):
        pieces = ((p, given_by) for part, given_by in found[fact] for p in inside(part, standing[fact]))
        for part, given_by in joined(pieces):
            yield Claim(scope, _edge(fact, given_by.value), valid=part, locator=f"{given_by} of the dataset")
    for fact, spans in sorted(_taken_over(name, members, book).items()):
        if fact not in found:
            yield from _inheritance(fact, spans, states, scope)


def _standing(name: Name, slices: Sequence[Slice], book: DatasetBook) -> dict[Fact, list[Interval]]:
    """Return when each edge stood that the dataset's own events name: until a dataset at its ends is dropped.

    Facets last longer than that; only an event that names the edge again opens it again.
    """
    said: defaultdict[Fact, list[int]] = defaultdict(list)
    ends: dict[Fact, tuple[Name, ...]] = {}
    for part in slices:
        for facet in _LINEAGE:
            for named in _derivations(name, {facet: mapped(DATASET_FACETS, part.facets, facet)}):
                said[named.fact].append(part.time.nanoseconds)
                ends[named.fact] = named.datasets
    return {fact: _until_dropped(moments, ends[fact], book) for fact, moments in said.items()}


def _until_dropped(moments: Sequence[int], ends: Sequence[Name], book: DatasetBook) -> list[Interval]:
    drops = sorted({drop for dataset in ends for drop in book.drops(dataset)})
    named = (moment for moment in moments if not is_cut(moment, drops, millisecond(moment)))
    return intervals(map(millisecond, named), map(millisecond, drops))


def _taken_over(name: Name, members: Sequence[Name], book: DatasetBook) -> dict[Fact, list[Interval]]:
    """Return the former names that were given away again, as edges, with when they say something.

    Each does from the renaming on, until the other dataset that got the name is dropped.
    """
    found: dict[Fact, list[Interval]] = {}
    for member in members:
        for renaming in book.history(member).renamings:
            reused_at = book.reused_at(member, renaming)
            if reused_at is not None:
                ends = (drop for drop in book.drops(renaming.previous) if drop >= reused_at)
                spans = intervals([millisecond(renaming.nanoseconds)], map(millisecond, ends))
                fact = Fact("DERIVED_FROM", dataset_uid(name), dataset_uid(renaming.previous))
                found.setdefault(fact, []).extend(spans)
    return found


def _inheritance(fact: Fact, spans: Sequence[Interval], states: States, scope: Scope) -> Iterator[Claim]:
    held = together(spans)
    for existing in together(part for part, _ in states):
        for part in inside(existing, held):
            yield Claim(
                scope,
                _edge(fact, "renaming"),
                valid=part,
                certainty=Certainty.POSSIBLE,
                condition=NAME_REUSED,
                locator="lifecycleStateChange facet",
            )


def _derivations(name: Name, state: Mapping[str, object]) -> Iterator[Named]:
    """Yield the edges that a dataset's facets come to; the lineage facet speaks before column lineage."""
    lineage, columns = state.get("lineage"), state.get("columnLineage")
    found: Iterator[Named] = iter(())
    if isinstance(lineage, tuple):
        found = derivations(name, cast("tuple[Upstream, ...]", lineage), None, GivenBy.LINEAGE)
    elif isinstance(columns, tuple):
        sources = [Upstream(is_job=False, name=source) for source in cast("tuple[Name, ...]", columns)]
        found = derivations(name, sources, None, GivenBy.COLUMNS)
    yield from (named for named in found if named.fact.relation != TRACED)


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
