"""What joins the things of a BOM, worked out once all of it was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from graph.model import Uid
from ingest.fingerprint import Fingerprinter
from ingest.people import opaque
from ingest.sources.cyclonedx.asides import Asides
from ingest.sources.cyclonedx.book import OPTIONAL, Book, Edge
from ingest.sources.cyclonedx.dependencies import DEPENDS, inside
from ingest.sources.cyclonedx.names import Bom, Key, Sort
from ingest.sources.cyclonedx.parties import ADDRESS, PERSON
from ingest.uids import address_uid, native_uid

ONLY_LISTED: Final = "the BOM lists it and does not say what depends on it"
IS_OPTIONAL: Final = "the BOM says that it is optional"
UNKNOWN_REFERENCE: Final = "reference to what is not in the BOM"
OTHER_BOM: Final = "reference into another BOM"


@dataclass(frozen=True, slots=True)
class Names:
    """How the things of a BOM are called in the ledger, people among them."""

    bom: Bom
    fingerprints: Fingerprinter

    def uid(self, sort: Sort, key: Key) -> Uid:
        """Return the uid of a thing; the names of people do not show in it."""
        how, *names = key
        if how == ADDRESS:
            return address_uid(names[0], self.fingerprints)
        if how == PERSON:
            digest = opaque(self.fingerprints, self.bom.id, *names)
            return native_uid(sort.kind, "bom-person", digest)
        return self.bom.uid(sort, key)


@dataclass(frozen=True, slots=True)
class Joiner:
    """Makes the edges of a BOM from what its book holds."""

    book: Book
    names: Names
    asides: Asides
    root: tuple[int, Key, Sort] | None

    def join(self) -> None:
        """Put all edges into the book."""
        self._nested()
        self._linked()
        self._owned()
        self._depending()
        self._listed()

    def _nested(self) -> None:
        for (outer, outer_sort), (inner, inner_sort), number, position in self.book.nested():
            thing = self.book.described(number)
            found = inside(outer_sort, inner_sort, thing.type)
            if found is None:
                self.asides.skip(f"{inner_sort} inside of {outer_sort}")
                continue
            relation, inner_first = found
            ends = ((inner, inner_sort), (outer, outer_sort))
            subject, object_ = ends if inner_first else reversed(ends)
            condition = IS_OPTIONAL if relation == "BUILT_FROM" and thing.scope == OPTIONAL else None
            self._add(relation, subject, object_, condition, position)

    def _linked(self) -> None:
        for key, sort, link in self.book.links():
            target = self._target(link.ref) if link.ref is not None else self.book.thing(link.thing or 0)
            if target is None:
                continue
            if link.relation != "DERIVED_FROM" and target[1] is not Sort.DATA:
                self.asides.skip("data flow from or to what is no data")
                continue
            self._add(link.relation, (key, sort), target, link.condition, link.position)

    def _owned(self) -> None:
        for key, sort, party, mark, position in self.book.owners():
            self._add("OWNS", (party, Sort.PARTY), (key, sort), None, position, mark)

    def _depending(self) -> None:
        for ref, target_ref, position in self.book.dependencies():
            subject = self._target(ref)
            target = self.book.find(target_ref) if subject is not None else None
            if subject is None or target is None:
                if subject is not None:
                    self._target(target_ref)
                continue
            number, key, sort = target
            relation = DEPENDS.get((subject[1], sort))
            if relation is None:
                self.asides.skip(f"dependency of {subject[1]} on {sort}")
                continue
            is_optional = self.book.scope_of(number) == OPTIONAL
            self._add(relation, subject, (key, sort), IS_OPTIONAL if is_optional else None, position)

    def _listed(self) -> None:
        """Say of software that is listed and that nothing depends on that it may be in the root component."""
        if self.root is None or (self.root[2], Sort.SOFTWARE) not in DEPENDS:
            return
        number, key, sort = self.root
        for other, other_key, position in self.book.unmentioned():
            if other != number:
                relation = DEPENDS[sort, Sort.SOFTWARE]
                self._add(relation, (key, sort), (other_key, Sort.SOFTWARE), ONLY_LISTED, position)

    def _target(self, reference: str) -> tuple[Key, Sort] | None:
        """Return what a reference stands for; of one that stands for nothing it is told."""
        ref = self.names.bom.local(reference)
        if ref is None:
            self.asides.skip(OTHER_BOM)
            return None
        found = self.book.find(ref)
        if found is None:
            self.asides.skip(
                "reference to what is excluded" if self.book.is_excluded(ref) else UNKNOWN_REFERENCE
            )
            return None
        return found[1], found[2]

    def _add(
        self,
        relation: str,
        subject: tuple[Key, Sort],
        object_: tuple[Key, Sort],
        condition: str | None,
        position: str,
        mark: str = "",
    ) -> None:
        first, second = self.names.uid(subject[1], subject[0]), self.names.uid(object_[1], object_[0])
        if first != second:
            sorts = (subject[1], object_[1])
            self.book.edge(Edge(relation, first, second, mark, sorts, condition, position))
