"""From the book of a BOM to claims: what each thing is, how completely it is known, and what joins them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from graph.model import EdgeFacts, Extent, ExternalId, NodeFacts, PropertyValue, Scope
from graph.vocabulary import Certainty
from ingest.facts import Fact, said
from ingest.record import Record, Said
from ingest.sources.cyclonedx.asides import Asides
from ingest.sources.cyclonedx.book import Book, Edge, Thing
from ingest.sources.cyclonedx.dependencies import CLOSED
from ingest.sources.cyclonedx.edges import Names
from ingest.sources.cyclonedx.names import Sort
from ingest.sources.cyclonedx.sections import COMPLETE, UNKNOWN

DIFFERENT: Final = "field in which two components with one package URL differ"
CITED_ELSEWHERE: Final = "citation of what is no component, service or dataset"
COMPOSED_ELSEWHERE: Final = "composition of what is not in the BOM"
_LISTS: Final = ("digests", "licenses", "references")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says what is in a book as claims of one scope."""

    book: Book
    names: Names
    scope: Scope
    file: str
    asides: Asides

    def nodes(self) -> Iterator[Record]:
        """Yield what each thing is, once for those that are called alike."""
        cites = self.book.has_citations()
        for same in self.book.same_things():
            yield self._node(same, cites=cites)
            yield from self.asides.taken()
        citations, composed = self.book.unused()
        self.asides.skip(CITED_ELSEWHERE, citations)
        self.asides.skip(COMPOSED_ELSEWHERE, composed)
        yield from self.asides.taken()

    def edges(self) -> Iterator[Record]:
        """Yield what joins them."""
        for edge in self.book.edges():
            yield said(_edge(edge), self.scope, self.file)

    def _node(self, same: Sequence[Thing], *, cites: bool) -> Said:
        thing = self._merged(same)
        facts = NodeFacts(
            self.names.uid(thing.sort, thing.key),
            thing.sort.kind,
            type=thing.type,
            name=thing.name,
            properties={key: _property(value) for key, value in sorted(thing.properties.items())},
            external_ids=tuple(ExternalId(scheme, value) for scheme, value in thing.external_ids),
            coverage=self._coverage(thing),
        )
        record = said(Fact(facts, thing.position), self.scope, self.file)
        cited = self._cited([each.position for each in same]) if cites else ""
        if not cited:
            return record
        return replace(record, claim=replace(record.claim, locator=f"{record.claim.locator} ({cited})"))

    def _merged(self, same: Sequence[Thing]) -> Thing:
        """Return one thing of several that are called alike: the first, with what the others add."""
        first = same[0]
        for other in same[1:]:
            for key, value in other.properties.items():
                if key in _LISTS:
                    first.properties[key] = sorted({*first.properties.get(key, ()), *value})
                elif first.properties.setdefault(key, value) != value:
                    self.asides.skip(DIFFERENT)
            first.external_ids += [given for given in other.external_ids if given not in first.external_ids]
        return first

    def _coverage(self, thing: Thing) -> dict[str, Extent]:
        """Return how completely what a thing depends on is known, by the compositions that name it.

        Its dependencies count; that its parts are not all named speaks against it too.
        """
        relation = CLOSED.get(thing.sort)
        found = self.book.extents(thing.key) if relation is not None else ()
        if relation is None or not found:
            return {}
        aggregates = {aggregate for _, aggregate in found}
        if aggregates - {COMPLETE, *UNKNOWN}:
            return {relation: Extent.INCOMPLETE}
        if aggregates == {COMPLETE} and any(what == "dependencies" for what, _ in found):
            return {relation: Extent.COMPLETE}
        return {}

    def _cited(self, positions: Sequence[str]) -> str:
        """Return in words who is cited for a thing; people are not named."""
        words: list[str] = []
        for cited, ref in sorted({cite for position in positions for cite in self.book.cited(position)}):
            found = self.book.find(ref) if ref else None
            name = self.book.name_of(found[0]) if found is not None and found[2] is not Sort.PARTY else None
            words.append(cited if name is None else f"{cited}, attributed to {name}")
        return "; ".join(words)


def _edge(edge: Edge) -> Fact:
    subject, object_ = edge.sorts
    about = EdgeFacts(
        edge.relation,
        edge.subject,
        edge.object,
        frozenset({edge.mark} if edge.mark else ()),
        subject_kind=subject.kind,
        object_kind=object_.kind,
    )
    certainty = Certainty.CERTAIN if edge.condition is None else Certainty.POSSIBLE
    return Fact(about, edge.position, certainty, edge.condition)


def _property(value: Any) -> PropertyValue:  # noqa: ANN401 - a scalar or a list, as the book kept it
    return tuple(cast("list[str]", value)) if isinstance(value, list) else cast("str | bool | int", value)
