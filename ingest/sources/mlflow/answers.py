"""Files with answers of the REST API: one page each, or a list of pages in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from graph.errors import Problem
from ingest.documents import NOT_SAID, Document, read_document
from ingest.record import Noted, ReadContext, Record, Rejected
from ingest.shapes import JsonObject, Misshapen, as_list, as_object
from ingest.sidecar import InputFile
from ingest.sources.mlflow.datasets import Datasets
from ingest.sources.mlflow.lists import RUNS, Listing, listing_for, listing_named, listing_of, names
from ingest.sources.mlflow.names import Server, server_name
from ingest.sources.mlflow.reading import Desk, Item
from ingest.sources.mlflow.sections import Origin, Section, datasets
from ingest.sources.mlflow.settings import Settings

GOES_ON: Final = "it is a page of a list that goes on, and its next page does not follow in the file"
BEHIND_THE_END: Final = "a page follows behind the last one of the list"
ONE_RECORD: Final = "it is one record, and no list"

_TOKEN: Final = "next_page_token"  # noqa: S105 - the name of a field
_SERVER_INFO: Final = "store_type"
_EXPECTED: Final = "an answer of MLflow's REST API"


@dataclass
class Served:
    """What one run reads of one server: its desk, and where and how whole its runs were read."""

    desk: Desk
    runs: Origin | None = None
    why_partial: str | None = NOT_SAID

    def note_runs(self, origin: Origin, why_partial: str | None) -> None:
        """Take note of a list of runs, which is whole once one of its files is."""
        self.runs = origin
        if self.why_partial is not None:
            self.why_partial = why_partial


@dataclass
class _Answers:
    """The records of one file, by the lists that they are of; what is none is a problem of its list."""

    items: dict[str, tuple[Listing, list[Item | Problem]]] = field(
        default_factory=dict[str, tuple[Listing, list["Item | Problem"]]]
    )
    partial: str | None = None

    def of(self, listing: Listing) -> list[Item | Problem]:
        """Return the records of a list, which is there from now on also if it has none."""
        return self.items.setdefault(listing.name, (listing, []))[1]


def read_answers(files: Sequence[InputFile], settings: Settings, context: ReadContext) -> Iterator[Record]:
    """Yield what files say, each list of each file as a scope, and then the datasets of each server."""
    served: dict[str, Served] = {}
    unnamed = False
    for file in files:
        for found in read_document(file, context):
            if not isinstance(found, Document):
                yield found
                continue
            name = _server(found, settings, context)
            unnamed = unnamed or name is None
            server = Server(name or context.source.instance)
            desk = Desk(server, settings, Datasets(server), context.fingerprints)
            yield from _read(found, served.setdefault(server.id, Served(desk)), context)
    if unnamed:
        yield Noted(
            f"Nothing says which tracking server the files are of; {context.source.instance!r} was taken. "
            "Name it with --scope, in a sidecar's scope, or as server in mlflow.toml, alike at every reading."
        )
    for one in served.values():
        if one.runs is not None:
            yield from datasets(one.desk, one.runs, one.why_partial, context)


def _server(document: Document, settings: Settings, context: ReadContext) -> str | None:
    sidecar = document.file.sidecar
    name = context.scope or settings.server or (sidecar.scope if sidecar else None)
    return server_name(name) if name else None


def _read(document: Document, served: Served, context: ReadContext) -> Iterator[Record]:
    try:
        read = _answers(document)
    except Misshapen as fault:
        yield Rejected(document.problem(fault))
        return
    origin = Origin(document.file.name, document.read_at)
    why = document.why_partial(context) or read.partial
    for listing, items in read.items.values():
        section = Section(listing, served.desk, origin, context)
        yield section.opened()
        for item in items:
            if isinstance(item, Problem):
                yield section.reject(item)
            else:
                yield from section.records(item)
        yield from section.closed(why)
        if listing is RUNS:
            served.note_runs(origin, section.why_partial(why))


def _answers(document: Document) -> _Answers:
    """Return what stands in a file.

    Raises:
        Misshapen: for what is no answer of the API.
    """
    read = _Answers()
    if isinstance(document.body, list):
        pages = [(f"/{i}", as_object(page, f"/{i}")) for i, page in enumerate(document.body)]
    else:
        pages = [("", as_object(document.body))]
    for i, (place, page) in enumerate(pages, start=1):
        _take_page(read, page, place, document)
        if page.get(_TOKEN) and i == len(pages):
            read.partial = GOES_ON
        elif not page.get(_TOKEN) and i < len(pages):
            read.partial = BEHIND_THE_END
    return read


def _take_page(read: _Answers, page: JsonObject, place: str, document: Document) -> None:
    if isinstance(page.get("error_code"), str):
        raise Misshapen(f"{place}/error_code", "the server's refusal stands here", _EXPECTED)
    known, named = listing_of(page), listing_named(document.file.path.name)
    if known is None:
        if _SERVER_INFO not in page:
            read.of(_empty(page, place, named))
        return
    listing, alone = known
    if alone:
        read.partial = ONE_RECORD
        records = [(f"{place}/{listing.single}", page[listing.single or ""])]
    else:
        base = f"{place}/{listing.key}"
        records = [(f"{base}/{i}", record) for i, record in enumerate(as_list(page[listing.key], base))]
    if not records:
        read.of(named if named is not None and named.key == listing.key else listing)
    for position, record in records:
        try:
            body = as_object(record)
            read.of(listing_for(body, listing)).append(Item(body, position))
        except Misshapen as fault:
            read.of(listing).append(document.problem(fault, position))


def _empty(page: JsonObject, place: str, named: Listing | None) -> Listing:
    """Return the list that an answer without records is of, which only the name of its file tells."""
    if named is not None and not set(page) - {_TOKEN}:
        return named
    reason = "no list of MLflow's stands here" if page else "nothing tells of what this is an empty list"
    expected = f"{_EXPECTED}; an empty one in a file that is named after its list: {', '.join(names())}"
    raise Misshapen(place, reason, expected)
