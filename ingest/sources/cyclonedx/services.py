"""Services of a BOM: where they answer, whether they ask who calls, and which data flows through them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ingest.disallowed import other_text
from ingest.shapes import Misshapen, text_at
from ingest.sources.cyclonedx.asides import Fields
from ingest.sources.cyclonedx.book import Book, Link, Thing
from ingest.sources.cyclonedx.names import Key, Sort, address

_FLOWS: Final[Mapping[str, tuple[str, ...]]] = {
    "inbound": ("source",),
    "outbound": ("destination",),
    "bi-directional": ("source", "destination"),
    "unknown": (),
}
"""Which ends of a flow count, by its direction."""

_RELATIONS: Final = {"source": "READS", "destination": "WRITES"}
_FLAGS: Final = {"authenticated": "authenticated", "x-trust-boundary": "crosses_trust_boundary"}
_LINK: Final = "urn:cdx:"
_NOT_MAPPED: Final = {
    "properties": "properties of a service",
    "licenses": "licences of a service",
    "releaseNotes": "release notes of a service",
    "signature": "signature of a service",
    "patentAssertions": "patent assertions of a service",
}


def describe_service(fields: Fields, book: Book, number: int) -> Thing:
    """Return what a service is, with links to the data that it reads and writes in the book.

    Raises:
        Misshapen: where its name cannot be read.
    """
    name = text_at(fields.item, "name")
    ref, group, version = fields.text("bom-ref"), fields.text("group"), fields.text("version")
    unnamed: Key = ("name", "service", group or "", name, version or "")
    key: Key = unnamed if ref is None else ("ref", ref)
    thing = Thing(key, Sort.SERVICE, "service", name, id=number, position=fields.position)
    provider = fields.object("provider")
    known = {
        "namespace": group,
        "version": version,
        "description": fields.text("description"),
        "provider": None if provider is None else provider.text("name"),
        "endpoints": [address(endpoint) for endpoint in fields.texts("endpoints")],
        "trust_zone": fields.text("trustZone"),
        "data_flows": _flows(fields, thing, book),
    }
    thing.properties.update({called: value for called, value in known.items() if value})
    for given, property_ in (
        ("authenticated", "authenticated"),
        ("x-trust-boundary", "crosses_trust_boundary"),
    ):
        flag = fields.flag(given)
        if flag is not None:
            thing.properties[property_] = flag
    fields.skip_others(_NOT_MAPPED)
    return thing


def _flows(fields: Fields, thing: Thing, book: Book) -> list[str]:
    """Return the flows of data in words, and keep links to data that stands in the BOM."""
    found: set[str] = set()
    for flow in fields.objects("data"):
        direction, classification = flow.text("flow"), flow.text("classification")
        if direction is None or direction not in _FLOWS:
            told = "nothing stands here" if direction is None else other_text(direction, _FLOWS)
            fields.asides.reject(Misshapen("/flow", told, ", ".join(_FLOWS)), flow.position)
            continue
        found.add(f"{direction}: {classification or 'unclassified'}")
        flow.skip_others({"governance": "governance of a data flow"})
        for end in _FLOWS[direction]:
            _linked(flow, end, thing, book)
    return sorted(found)


def _linked(flow: Fields, end: str, thing: Thing, book: Book) -> None:
    for reference in flow.texts(end):
        if reference.startswith(_LINK):
            book.link(Link(thing.id, _RELATIONS[end], ref=reference, position=flow.position))
        else:
            flow.asides.skip("address at the other end of a data flow")
