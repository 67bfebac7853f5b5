"""The source ``backstage``: catalog-info.yaml files, an entity in each document, one scope a catalog."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph.errors import Problem
from graph.model import Instant, Scope
from ingest.documents import NOT_SAID
from ingest.facts import merged, said
from ingest.files import Unreadable, document
from ingest.record import ReadContext, Record, Rejected, ScopeClosed, ScopeOpened, Skipped
from ingest.sidecar import InputFile, inputs, read_time
from ingest.sources.backstage.entities import read_entity
from ingest.yamlfields import Misread, Part
from ingest.yamltext import Malformed, read_documents

ENDINGS: Final = (".yaml", ".yml")
CATALOG: Final = "catalog"
"""The scope of files of which nothing says what they are of: the catalog of the instance."""

RELATIONS: Final = frozenset({"OWNS"})
"""What a whole catalog covers: an entity without an owner has none. Dependencies nobody lists in full."""

LIMIT: Final = 32 * 1024 * 1024
"""Bytes of the largest file; whole catalogs in one are far smaller."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """The files of one catalog that were read at one time."""

    scope: Scope
    read_at: Instant
    files: Sequence[InputFile]


class BackstageSource:
    """Reads entities of Backstage's software catalog from their descriptor files."""

    name = "backstage"
    summary = "Backstage catalog files (catalog-info.yaml, apiVersion backstage.io/v1alpha1 and v1beta1)"
    maps = (
        "Component, API, Resource, System, Domain: Asset, with what the catalog says of type and lifecycle",
        "spec.owner: OWNS, accountable, of a group, a user or an e-mail address",
        "system, domain, subcomponentOf, subdomainOf: PART_OF",
        "consumesApis: INVOKES; providesApis, dependsOn, dependencyOf: INVOKES, possible",
        "Group, User: Identity; memberOf, members, parent, children: MEMBER_OF",
        "annotations that name the repository of the source: BUILT_FROM",
    )
    does_not_map = (
        "Location entities are not followed, Template and other kinds not read: counted",
        "definitions of APIs, links, labels and other annotations: counted by name",
        "addresses of groups; those of users join nobody and are suggestions",
        "types and lifecycles that the tables do not have: kept as they are, and counted",
        "whether something runs in production, which Backstage's lifecycle does not say",
    )

    def read(self, paths: Sequence[Path], context: ReadContext) -> Iterator[Record]:
        """Yield what the files say; all files that no sidecar parts are one catalog."""
        files: list[InputFile] = []
        for found in inputs(paths, ENDINGS):
            if isinstance(found, InputFile):
                files.append(found)
            else:
                yield found
        done = 0
        for reading in (yield from _readings(files, context)):
            why = _why_partial(reading.files, context)
            yield ScopeOpened(reading.scope, reading.read_at, kinds=frozenset(), relations=RELATIONS)
            for file in reading.files:
                yield from _file(file, reading.scope, context)
                done += file.path.stat().st_size if file.path.exists() else 0
                context.progress(done)
            yield ScopeClosed(reading.scope, complete=why is None, reason=why)


def _readings(files: Sequence[InputFile], context: ReadContext) -> Generator[Record, None, list[_Reading]]:
    """Return the readings in order of time; files without a word of their own have that of the newest."""
    parts: dict[tuple[str, Instant | None], list[InputFile]] = defaultdict(list)
    newest: dict[str, Instant] = {}
    for file in files:
        named = context.scope or (file.sidecar.scope if file.sidecar else None) or CATALOG
        try:
            read_at, warning = read_time(file, context)
        except (Unreadable, OSError) as error:
            yield Rejected(_unreadable(file, error))
            continue
        if warning is not None:
            yield warning
            newest[named] = max(read_at, newest.get(named, read_at))
        parts[named, None if warning else read_at].append(file)
    found = [
        _Reading(Scope(context.source, named), newest[named] if at is None else at, of_one)
        for (named, at), of_one in parts.items()
    ]
    return sorted(found, key=lambda reading: (reading.scope.name, reading.read_at))


def _file(file: InputFile, scope: Scope, context: ReadContext) -> Iterator[Record]:
    try:
        text = document(file.path, limit=LIMIT)
    except Unreadable as error:
        yield Rejected(error.problem, scope)
        return
    for one in read_documents(text):
        if isinstance(one, Malformed):
            yield Rejected(Problem(file.name, f"line {one.line}", "", one.reason, one.expected), scope)
            continue
        for part in Part(file.name, one, one.value).items():
            yield from _entity(part, file, scope, context)


def _entity(part: Part, file: InputFile, scope: Scope, context: ReadContext) -> Iterator[Record]:
    try:
        found = read_entity(part, context)
    except Misread as fault:
        yield Rejected(fault.problem, scope)
        return
    if isinstance(found, str):
        yield Skipped(found)
        return
    for fact in merged(found.facts):
        yield said(fact, scope, file.name)
    yield from (Rejected(problem, scope) for problem in found.problems)
    yield from map(Skipped, found.skipped)


def _why_partial(files: Sequence[InputFile], context: ReadContext) -> str | None:
    for file in files:
        if file.sidecar is not None and file.sidecar.why_partial is not None:
            return file.sidecar.why_partial
        if file.sidecar is None and not context.complete:
            return NOT_SAID
    return None


def _unreadable(file: InputFile, error: Unreadable | OSError) -> Problem:
    if isinstance(error, Unreadable):
        return error.problem
    return Problem(file.name, "", "", "no such file or directory", "a file that can be read")


SOURCE: Final = BackstageSource()
