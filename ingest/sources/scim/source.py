"""The source ``scim``: answers of a SCIM 2.0 server, pages of users and of groups, a scope for each list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from graph.errors import Problem
from graph.model import Instant, Scope
from ingest.facts import said
from ingest.files import Unreadable
from ingest.jsontext import NotJson
from ingest.record import ReadContext, Record, Rejected, ScopeClosed, ScopeOpened, Skipped
from ingest.shapes import Misshapen, as_object
from ingest.sidecar import InputFile, inputs, read_time
from ingest.sources.scim.listing import Answer, Resource, read_answer, type_of
from ingest.sources.scim.paging import Pages, asked_for, why_part
from ingest.sources.scim.resources import READERS

_SEVERAL: Final = "its pages hold users and groups, and are not one page with all"
_UNTOLD: Final = "list without resources, of which nothing tells what it is a list of"
_GOES_ON: Final = "other pages of it may follow"
_REJECTED: Final = "one of its resources could not be read"
_ALONE: Final = "single resources were read, and no list"


class ScimSource:
    """Reads ListResponses of users and groups, and single ones of them."""

    name = "scim"
    summary = "users and groups as SCIM 2.0 servers list them (RFC 7643, RFC 7644; pages, JSON, gzip)"
    maps = (
        "users: Identity of type person, active or suspended, with the addresses that are theirs",
        "the enterprise extension: employee number, department, manager",
        "groups: Identity of type group; MEMBER_OF of users and groups, as either of them says it",
    )
    does_not_map = (
        "other attributes: counted by name; a password is dropped, and counted",
        "roles and entitlements: what they allow is known to the server only",
        "resources of other types: counted",
        "SCIM 1.1",
    )

    def read(self, paths: Sequence[Path], context: ReadContext) -> Iterator[Record]:
        """Yield what the files say; pages of one time are one reading, whole only if all are there."""
        timed: dict[Instant, list[InputFile]] = defaultdict(list)
        for found in inputs(paths, (".json",)):
            if not isinstance(found, InputFile):
                yield found
                continue
            try:
                read_at, warning = read_time(found, context)
            except (Unreadable, OSError) as error:
                yield Rejected(_unreadable(found, error))
                continue
            if warning is not None:
                yield warning
            timed[read_at].append(found)
        done = 0
        for read_at in sorted(timed):
            reading = _Reading(read_at, context)
            for file in timed[read_at]:
                yield from reading.file(file)
                done += file.path.stat().st_size if file.path.exists() else 0
                context.progress(done)
            yield from reading.verdicts()


@dataclass
class _Reading:
    """Files that were read at one time. A scope is told in parts, the last of which says if it is whole."""

    read_at: Instant
    context: ReadContext
    pages: dict[Scope, Pages] = field(default_factory=dict[Scope, Pages])
    _open: Scope | None = None
    _has_rejected: bool = False  # something of the file that is being read

    def file(self, file: InputFile) -> Iterator[Record]:
        """Yield what one file says."""
        answer, types = Answer(), set[str]()
        problem = None
        self._has_rejected = False
        try:
            for resource in read_answer(file.path, answer):
                yield from self._resource(resource, file, types)
            alone = answer.alone()
            if alone is not None:
                yield from self._resource(Resource("", dict(alone)), file, types)
        except Unreadable as error:
            problem = error.problem
        except NotJson as error:
            place = f"line {error.line}" if error.line else ""
            problem = Problem(file.name, place, "", error.reason, error.expected)
        except Misshapen as fault:
            problem = Problem(file.name, "", fault.pointer, fault.reason, fault.expected)
        if problem is not None:
            yield Rejected(problem, self._open)
        yield from self._close()
        yield from self._note(file, answer, types, readable=problem is None)

    def verdicts(self) -> Iterator[Record]:
        """Yield for each scope whether its pages are all of it."""
        for scope, pages in self.pages.items():
            why = pages.why_partial()
            yield ScopeOpened(scope, self.read_at)
            yield ScopeClosed(scope, complete=why is None, reason=why)

    def _resource(self, resource: Resource, file: InputFile, types: set[str]) -> Iterator[Record]:
        try:
            body = as_object(resource.value)
            type_ = type_of(body)
            if type_ is None:
                yield Skipped("resource of another type")
                return
            read = READERS[type_](body, resource.position, self.context)
        except Misshapen as fault:
            pointer = f"{resource.position}{fault.pointer}"
            problem = Problem(file.name, resource.position, pointer, fault.reason, fault.expected)
            yield Rejected(problem, self._open)
            self._has_rejected = True
            return
        types.add(type_)
        scope = self._scope(file, type_)
        if scope != self._open:
            yield from self._close()
            yield ScopeOpened(scope, self.read_at)
            self._open = scope
        for fact in read.facts:
            yield said(fact, scope, file.name)
        yield from map(Skipped, read.skipped)

    def _note(self, file: InputFile, answer: Answer, types: set[str], *, readable: bool) -> Iterator[Record]:
        """Take note of which part of which list a file was."""
        asked = asked_for(file)
        lists = types or ({asked} if asked else set[str]())
        if not readable:
            for type_ in lists:
                self._pages(file, type_).flaw = "one of its files could not be read to its end"
            return
        if answer.alone() is not None:
            for type_ in lists:
                self._pages(file, type_).flaw = _ALONE
            return
        try:
            page = answer.page()
        except Misshapen as fault:
            for type_ in lists:
                self._pages(file, type_).flaw = "one of its files does not say which page it is"
            yield Rejected(Problem(file.name, "", fault.pointer, fault.reason, fault.expected))
            return
        if not lists:
            yield Skipped(_UNTOLD)
        flaw = _REJECTED if self._has_rejected else why_part(file, self.context)
        if len(lists) > 1 and page.count != page.total:
            flaw = flaw or _SEVERAL
        for type_ in lists:
            self._pages(file, type_).add(page, flaw)

    def _close(self) -> Iterator[Record]:
        if self._open is not None:
            yield ScopeClosed(self._open, complete=False, reason=_GOES_ON)
            self._open = None

    def _pages(self, file: InputFile, type_: str) -> Pages:
        return self.pages.setdefault(self._scope(file, type_), Pages())

    def _scope(self, file: InputFile, type_: str) -> Scope:
        named = self.context.scope or (file.sidecar.scope if file.sidecar else None)
        return Scope(self.context.source, f"{named or self.context.source.instance}/{type_}")


def _unreadable(file: InputFile, error: Unreadable | OSError) -> Problem:
    if isinstance(error, Unreadable):
        return error.problem
    return Problem(file.name, "", "", "no such file or directory", "a file that can be read")


SOURCE: Final = ScimSource()
