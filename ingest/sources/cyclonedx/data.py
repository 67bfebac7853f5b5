"""Data of a BOM: what it is, how confidential, where it lies, and who is responsible for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ingest.shapes import Misshapen
from ingest.sources.cyclonedx.asides import Fields
from ingest.sources.cyclonedx.book import Book, Thing
from ingest.sources.cyclonedx.names import Sort, address
from ingest.sources.cyclonedx.parties import party_of

_CLASSIFICATIONS: Final = frozenset({"public", "internal", "confidential", "restricted"})

ROLES: Final[Mapping[str, str]] = {"owners": "accountable", "stewards": "steward", "custodians": "steward"}
"""An owner of data answers for its risk; a steward for its content, a custodian for its keeping."""

_NOT_MAPPED: Final = {"graphics": "graphics of a dataset"}


def describe_data(entries: Sequence[Fields], thing: Thing, book: Book) -> None:
    """Add what the entries of a component say of its data; each may be named by a reference of its own."""
    for entry in entries:
        ref = entry.text("bom-ref")
        if ref is not None and not book.refer(ref, thing.id):
            entry.asides.reject(
                Misshapen("/bom-ref", "a reference that stands twice", "each once"), entry.position
            )
        describe_dataset(entry, thing, book)


def describe_dataset(entry: Fields, thing: Thing, book: Book) -> None:
    """Add what one entry says of data."""
    contents = entry.object("contents")
    url = contents.text("url") if contents is not None else None
    if contents is not None:
        contents.skip_others({"attachment": "content of a dataset", "properties": "properties of a dataset"})
    classification = entry.text("classification")
    known = {
        "data_type": entry.text("type"),
        "description": entry.text("description"),
        "sensitive_data": list(entry.texts("sensitiveData")),
        "uri": None if url is None else address(url),
        **classified(classification),
    }
    for key, value in known.items():
        if value:
            thing.properties.setdefault(key, value)
    thing.name = thing.name or entry.text("name")
    governed(entry.object("governance"), thing, book)
    entry.skip_others(_NOT_MAPPED)


def classified(text: str | None) -> dict[str, str]:
    """Return a classification under its property: the common words, or the BOM's own.

    >>> classified("Confidential"), classified("PII")
    ({'classification': 'confidential'}, {'data_classification': 'PII'})
    """
    if text is None:
        return {}
    common = text.strip().lower()
    return {"classification": common} if common in _CLASSIFICATIONS else {"data_classification": text}


def governed(governance: Fields | None, thing: Thing, book: Book) -> None:
    """Keep who is responsible for data, in which role."""
    for role, mark in ROLES.items() if governance is not None else ():
        for responsible in governance.objects(role) if governance is not None else ():
            party = party_of(responsible)
            if party is None:
                responsible.asides.skip("responsible party without a name")
                continue
            if party.sort is Sort.PARTY and party.type is not None:
                party.id = book.next_id()
                book.add(party)
            book.own(thing.id, party.key, mark, responsible.position)
