"""The lists of a BOM besides its components and services: dependencies, compositions, citations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from graph.model import as_text
from ingest.disallowed import other_text
from ingest.jsonstream import Path
from ingest.shapes import Misshapen, text_at
from ingest.sources.cyclonedx.asides import Asides, Fields
from ingest.sources.cyclonedx.book import Book

COMPLETE: Final = "complete"
UNKNOWN: Final = ("unknown", "not_specified")
AGGREGATES: Final = (
    COMPLETE,
    "incomplete",
    "incomplete_first_party_only",
    "incomplete_first_party_proprietary_only",
    "incomplete_first_party_opensource_only",
    "incomplete_third_party_only",
    "incomplete_third_party_proprietary_only",
    "incomplete_third_party_opensource_only",
    *UNKNOWN,
)

_SKIPPED: Final[Mapping[str, str]] = {
    "vulnerabilities": "vulnerability",
    "annotations": "annotation",
    "formulation": "formulation",
    "externalReferences": "external reference of the BOM",
    "properties": "property of the BOM",
    "declarations": "declarations (attestations, claims, evidence)",
    "definitions": "definitions of standards",
    "signature": "signature of the BOM",
}
_METADATA: Final[Mapping[str, str]] = {
    "tools": "tools that made the BOM",
    "authors": "authors of the BOM",
    "manufacture": "manufacturer of the BOM",
    "manufacturer": "manufacturer of the BOM",
    "supplier": "supplier of the BOM",
    "licenses": "licences of the BOM",
    "lifecycles": "lifecycles of the BOM",
    "properties": "property of the BOM",
    "distributionConstraints": "distribution constraints of the BOM",
}


def read_dependency(fields: Fields, number: int, book: Book) -> None:
    """Keep whose dependencies an entry holds; they are in the book already.

    Raises:
        Misshapen: where it names nothing.
    """
    book.dependency(number, text_at(fields.item, "ref"), fields.position)


def read_composition(fields: Fields, number: int, book: Book) -> None:
    """Keep how complete a composition says that something is; of what is in the book already.

    Raises:
        Misshapen: where it says so in no word of the specification.
    """
    aggregate = text_at(fields.item, "aggregate")
    if aggregate not in AGGREGATES:
        raise Misshapen("/aggregate", other_text(aggregate, AGGREGATES), ", ".join(AGGREGATES))
    book.composition(number, aggregate)


def read_citation(fields: Fields, book: Book) -> None:
    """Keep who is cited for which places, and when.

    Raises:
        Misshapen: where it says nothing of when.
    """
    text_at(fields.item, "timestamp")
    moment = fields.time("timestamp")
    words = "cited" if moment is None else f"cited {as_text(moment)}"
    for pointer in fields.texts("pointers"):
        book.cite(pointer, words, fields.text("attributedTo"))
    fields.skip_others({"expressions": "expressions of a citation", "note": "note of a citation"})


def skip_item(path: Path, asides: Asides) -> None:
    """Count what stands at a place and is not mapped; nothing where it is no content."""
    if path[0] == "metadata" and len(path) == 2:
        asides.skip(_METADATA.get(str(path[1]), "other metadata of the BOM"))
    elif path[0] != "$schema":
        asides.skip(_SKIPPED.get(str(path[0]), "extension of the format"))
