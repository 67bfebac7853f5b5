"""Files with answers of the REST API, saved before: each list of each file a scope, and then the datasets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from graph.errors import Problem
from ingest.documents import NOT_SAID
from ingest.files import Unreadable
from ingest.jsontext import NotJson
from ingest.record import Noted, ReadContext, Record, Rejected, ScopeClosed
from ingest.redaction import Json
from ingest.shapes import Misshapen, as_object
from ingest.sidecar import InputFile, read_time
from ingest.sources.mlflow.datasets import Datasets
from ingest.sources.mlflow.lists import (
    RUNS,
    Listing,
    listing_by_key,
    listing_by_single,
    listing_for,
    listing_named,
    names,
)
from ingest.sources.mlflow.names import Server, server_name
from ingest.sources.mlflow.pages import Listed, PageEnd, pages
from ingest.sources.mlflow.reading import Desk, Item
from ingest.sources.mlflow.sections import Origin, Section, datasets
from ingest.sources.mlflow.settings import Settings

GOES_ON: Final = "it is a page of a list that goes on, and its next page does not follow in the file"
BEHIND_THE_END: Final = "a page follows behind the last one of the list"
ONE_RECORD: Final = "it is one record, and no list"
BROKEN: Final = "the file could not be read to its end"
IN_PARTS: Final = "records of another list stand between its own"

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


def read_answers(files: Sequence[InputFile], settings: Settings, context: ReadContext) -> Iterator[Record]:
    """Yield what files say. Memory grows with the number of datasets and models, not of runs."""
    served: dict[str, Served] = {}
    unnamed = False
    done = 0
    for file in files:
        try:
            read_at, warning = read_time(file, context)
        except Unreadable as error:
            yield Rejected(error.problem)
            continue
        if warning is not None:
            yield warning
        name = _server(file, settings, context)
        unnamed = unnamed or name is None
        server = Server(name or context.source.instance)
        desk = Desk(server, settings, Datasets(server), context.fingerprints)
        known = served.setdefault(server.id, Served(desk))
        yield from _File(file, Origin(file.name, read_at), known, context).records()
        done += file.path.stat().st_size if file.path.exists() else 0
        context.progress(done)
    if unnamed:
        yield Noted(
            f"Nothing says which tracking server the files are of; {context.source.instance!r} was taken. "
            "Name it with --scope, in a sidecar's scope, or as server in mlflow.toml, alike at every reading."
        )
    for one in served.values():
        if one.runs is not None:
            yield from datasets(one.desk, one.runs, one.why_partial, context)


def _server(file: InputFile, settings: Settings, context: ReadContext) -> str | None:
    name = context.scope or settings.server or (file.sidecar.scope if file.sidecar else None)
    return server_name(name) if name else None


@dataclass
class _File:
    """One file while it is read. ``partial`` says why what stands in it may not be the whole of its lists."""

    file: InputFile
    origin: Origin
    served: Served
    context: ReadContext
    partial: str | None = None
    goes_on: bool | None = None
    sections: dict[str, Section] = field(default_factory=dict[str, Section])
    current: Section | None = None

    def records(self) -> Iterator[Record]:
        """Yield what the file says, and close its lists."""
        try:
            for found in pages(self.file.path):
                if isinstance(found, Listed):
                    listing = listing_by_key(found.key)
                    yield from self._record(found.value, found.position, listing)
                else:
                    yield from self._page_end(found)
            if self.goes_on:
                self.partial = self.partial or GOES_ON
        except Unreadable as error:
            yield self._broken(error.problem)
        except NotJson as error:
            place = f"line {error.line}" if error.line else ""
            yield self._broken(Problem(self.file.name, place, "", error.reason, error.expected))
        except Misshapen as fault:
            yield self._broken(self._problem(fault, ""))
        yield from self._closed()

    def _record(self, value: Json, position: str, listing: Listing) -> Iterator[Record]:
        try:
            body = as_object(value)
            listing = listing_for(body, listing)
        except Misshapen as fault:
            yield from self._into(listing)
            yield self._section(listing).reject(self._problem(fault, position))
            return
        yield from self._into(listing)
        yield from self._section(listing).records(Item(body, position))

    def _page_end(self, page: PageEnd) -> Iterator[Record]:
        """Take note of what a page says of itself.

        Raises:
            Misshapen: for one that is no answer of the API.
        """
        if isinstance(page.fields.get("error_code"), str):
            raise Misshapen(f"{page.position}/error_code", "the server's refusal stands here", _EXPECTED)
        if _SERVER_INFO in page.fields:
            return
        if self.goes_on is False:
            self.partial = self.partial or BEHIND_THE_END
        self.goes_on = bool(page.fields.get(_TOKEN))
        alone = listing_by_single(page.fields)
        if alone is not None and alone.single is not None:
            self.partial = ONE_RECORD
            yield from self._record(page.fields[alone.single], f"{page.position}/{alone.single}", alone)
        elif not self.sections or (not page.keys and set(page.fields) - {_TOKEN}):
            self._section(self._without_records(page))

    def _without_records(self, page: PageEnd) -> Listing:
        """Return the list that a page without records is of; where no key tells, the file's name does."""
        named = listing_named(self.file.path.name)
        keyed = listing_by_key(page.keys[0]) if page.keys else None
        if keyed is not None:
            return named if named is not None and named.key == keyed.key else keyed
        if named is not None and not set(page.fields) - {_TOKEN}:
            return named
        nothing = "nothing tells of what this is an empty list"
        reason = "no list of MLflow's stands here" if page.fields else nothing
        listed = ", ".join(names())
        expected = f"{_EXPECTED}; an empty one in a file that is named after its list: {listed}"
        raise Misshapen(page.position, reason, expected)

    def _section(self, listing: Listing) -> Section:
        if listing.name not in self.sections:
            made = Section(listing, self.served.desk, self.origin, self.context)
            self.sections[listing.name] = made
        return self.sections[listing.name]

    def _into(self, listing: Listing) -> Iterator[Record]:
        """Yield what it takes for a list's scope to be the one that is open."""
        section = self._section(listing)
        if self.current is not section:
            if self.current is not None:
                yield ScopeClosed(self.current.scope, complete=False, reason=IN_PARTS)
            yield section.opened()
            self.current = section

    def _closed(self) -> Iterator[Record]:
        why = self._why_partial()
        last = self.current
        for section in sorted(self.sections.values(), key=lambda one: one is not last):
            yield from self._into(section.listing)
            yield from section.closed(why)
            self.current = None
            if section.listing is RUNS:
                self.served.note_runs(self.origin, section.why_partial(why))

    def _why_partial(self) -> str | None:
        if self.file.sidecar is not None:
            return self.file.sidecar.why_partial or self.partial
        return self.partial if self.context.complete else NOT_SAID

    def _broken(self, problem: Problem) -> Rejected:
        self.partial = BROKEN
        return Rejected(problem)

    def _problem(self, fault: Misshapen, position: str) -> Problem:
        return Problem(self.file.name, position, fault.pointer, fault.reason, fault.expected)
