"""The source ``backstage``: catalog-info.yaml files, an entity in each document, one scope a catalog."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from graph.errors import Problem
from graph.model import Scope
from ingest.facts import merged, said
from ingest.files import Unreadable, document
from ingest.readings import PartOfScope, readings
from ingest.record import ReadContext, Record, Rejected, ScopeClosed, ScopeOpened, Skipped
from ingest.sidecar import InputFile, inputs
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
        parts = (PartOfScope(file, _scope_name(file, context)) for file in files)
        done = 0
        for reading in (yield from readings(parts, context)):
            yield ScopeOpened(reading.scope, reading.read_at, kinds=frozenset(), relations=RELATIONS)
            for part in reading.parts:
                yield from _file(part.file, reading.scope, context)
                done += part.file.path.stat().st_size if part.file.path.exists() else 0
                context.progress(done)
            why = reading.why_partial
            yield ScopeClosed(reading.scope, complete=why is None, reason=why)


def _scope_name(file: InputFile, context: ReadContext) -> str:
    return context.scope or (file.sidecar.scope if file.sidecar else None) or CATALOG


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


SOURCE: Final = BackstageSource()
