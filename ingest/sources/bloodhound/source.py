"""The bloodhound plug-in: OpenGraph payloads in, claims by payload out; nothing in them ends anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph.errors import Problem
from graph.model import Instant, Scope
from ingest.facts import said
from ingest.files import Unreadable
from ingest.jsontext import NotJson
from ingest.record import ReadContext, Record, Rejected, ScopeClosed, ScopeOpened, Skipped
from ingest.shapes import Misshapen
from ingest.sidecar import InputFile, inputs, read_time
from ingest.sources.bloodhound.book import Book
from ingest.sources.bloodhound.claims import Claims
from ingest.sources.bloodhound.payload import Edge, Node, SourceKind, elements

NEVER_WHOLE: Final = "a payload is what a collector could see, and never says that this is all"
TWICE: Final = "node that its payload holds once more"
NAMED: Final = "edge whose end is named by properties and not by its id"
WITHOUT_SOURCE: Final = "opengraph"

_ENDINGS: Final = (".json",)
_NOTHING: Final = frozenset[str]()


class BloodhoundSource:
    """Reads payloads of BloodHound OpenGraph."""

    name = "bloodhound"
    summary = "BloodHound OpenGraph payloads (JSON): Active Directory, Azure, GitHub (GitHound), Okta"
    maps = (
        "users, groups, roles, teams, applications: Identity; MEMBER_OF, CAN_ASSUME",
        "computers, tenants, subscriptions, vaults, organisations, repositories: Asset; WITHIN",
        "secrets by name, personal access tokens: Secret; WITHIN, AUTHENTICATES",
        "control, reading and writing with a clear meaning: CAN_ADMIN, CAN_READ, CAN_WRITE, RUNS_AS",
    )
    does_not_map = (
        "kinds of nodes and edges that are not in its tables: counted by kind",
        "edges whose ends are named by properties, or lead to nodes that no file describes: counted",
        "properties but names, logins, enabled, archived, private and addresses of repositories",
        "files of SharpHound and AzureHound in their own format: rejected",
    )

    def read(self, paths: Sequence[Path], context: ReadContext) -> Iterator[Record]:
        """Yield what payloads say; edges may lead to nodes of another. Memory does not grow with them."""
        files: list[_File] = []
        with Book() as book:
            for found in inputs(paths, _ENDINGS):
                if not isinstance(found, InputFile):
                    yield found
                    continue
                file = _File(len(files), found)
                files.append(file)
                yield from _taken_in(file, book, context)
            claims = Claims(book, context)
            for file in files:
                yield from _scope(file, claims, context)


@dataclass
class _File:
    """A payload, and what is known of it once it was taken in; ``read_at`` is None where it is none."""

    number: int
    input: InputFile
    read_at: Instant | None = None
    source_kind: str | None = None

    def problem(self, fault: Misshapen, position: str = "") -> Problem:
        """Return what is wrong with a part of it."""
        return Problem(self.input.name, position, fault.pointer, fault.reason, fault.expected)


def _taken_in(file: _File, book: Book, context: ReadContext) -> Iterator[Record]:
    """Put a payload into the book, and yield what of it cannot be read."""
    try:
        read_at, warning = read_time(file.input, context)
        if warning is not None:
            yield warning
        for found in elements(file.input.path):
            file.read_at = read_at
            yield from _kept(found, file, book)
    except Unreadable as error:
        yield Rejected(error.problem)
    except NotJson as error:
        place = f"line {error.line}" if error.line else ""
        yield Rejected(Problem(file.input.name, place, "", error.reason, error.expected))
    except Misshapen as fault:
        yield Rejected(file.problem(fault))


def _kept(found: Node | Edge | SourceKind | Misshapen, file: _File, book: Book) -> Iterator[Record]:
    """Put one element into the book, and yield why it does not belong there."""
    match found:
        case Node():
            if not book.add_node(file.number, found):
                yield Skipped(TWICE)
        case Edge() if found.start.id is None or found.end.id is None:
            yield Skipped(NAMED)
        case Edge():
            book.add_edge(file.number, found)
        case SourceKind():
            file.source_kind = found.name
        case Misshapen():
            yield Rejected(file.problem(found))


def _scope(file: _File, claims: Claims, context: ReadContext) -> Iterator[Record]:
    if file.read_at is None:
        return
    sidecar = file.input.sidecar.scope if file.input.sidecar is not None else None
    name = context.scope or sidecar or file.source_kind or WITHOUT_SOURCE
    scope = Scope(context.source, name)
    yield ScopeOpened(scope, file.read_at, kinds=_NOTHING, relations=_NOTHING)
    for node in claims.book.nodes(file.number):
        try:
            fact = claims.of_node(node)
        except Misshapen as fault:
            yield Rejected(file.problem(fault.below(node.position)), scope)
            continue
        yield fact if isinstance(fact, Skipped) else said(fact, scope, file.input.name)
    for edge in claims.book.edges(file.number):
        fact = claims.of_edge(edge, file.number)
        yield fact if isinstance(fact, Skipped) else said(fact, scope, file.input.name)
    yield ScopeClosed(scope, complete=False, reason=NEVER_WHOLE)


SOURCE: Final = BloodhoundSource()
