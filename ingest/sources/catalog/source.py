"""The source `catalog`: editions of regulations as OSCAL catalogs in YAML or JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from graph.errors import Problem
from graph.model import Scope
from graph.vocabulary import Kind
from graph.vocabulary.duties import EditionStatus
from ingest.files import Unreadable, document, file_name
from ingest.folders import expand
from ingest.record import Noted, ReadContext, Record, Rejected, Said, ScopeClosed, ScopeOpened
from ingest.sources.catalog.claims import edition_claims, requirement_claims
from ingest.sources.catalog.reading import CatalogFile, read_catalog
from ingest.yamltext import Malformed, read_document

CATALOGS: Final = files("ingest") / "catalogs"
ENDINGS: Final = (".yaml", ".yml", ".json")
LIMIT: Final = 32 * 1024 * 1024
"""Bytes of the largest catalog; the largest that is known has a third of it."""

KINDS: Final = frozenset({Kind.REGULATION.value, Kind.REQUIREMENT.value})
RELATIONS: Final = frozenset({"VERSION_OF", "REQUIRES", "PART_OF"})


def shipped_names() -> list[str]:
    """Return the names of the catalogs that come with the product, in order.

    >>> shipped_names()
    ['house', 'owasp-nhi-2025']
    """
    names = (entry.name for entry in CATALOGS.iterdir())
    return sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml"))


class CatalogSource:
    """Reads editions of regulations with their requirements and evidence slots."""

    name = "catalog"
    summary = "Editions of regulations as OSCAL 1.1 catalogs (YAML or JSON); without a path, those shipped"
    maps = (
        "catalog metadata: a regulation and its edition, with dates, their sources and status",
        "controls: requirements with level, weight, predicate, label, aliases and evidence slots",
        "controls within controls: PART_OF",
    )
    does_not_map = (
        "profiles, parameters, parties, back matter",
        "guidance parts; of a control, the prose of its statement is kept",
        "controls without our properties: they are rejected by line, until an overlay can complete them",
    )

    @property
    def shipped(self) -> Sequence[str]:
        """Return the names of the catalogs that come with the product."""
        return shipped_names()

    def read(self, paths: Sequence[Path], context: ReadContext) -> Iterator[Record]:
        """Yield every catalog of these files and folders, or shipped under these names, each a scope.

        A file or folder of the name goes before a shipped catalog. Without paths, all
        shipped catalogs are read.
        """
        for path in paths or [Path(name) for name in shipped_names()]:
            if not path.exists() and str(path) in shipped_names():
                with as_file(CATALOGS / f"{path}.yaml") as shipped:
                    yield from self._file(shipped, context)
                continue
            for found in expand([path], lambda name: name.endswith(ENDINGS)):
                if isinstance(found, Path):
                    yield from self._file(found, context)
                else:
                    yield found

    def _file(self, path: Path, context: ReadContext) -> Iterator[Record]:
        try:
            text = document(path, limit=LIMIT)
            catalog = read_catalog(read_document(text), file_name(path))
        except Unreadable as error:
            yield Rejected(error.problem)
            return
        except Malformed as error:
            position = f"line {error.line}"
            yield Rejected(Problem(file_name(path), position, "", error.reason, error.expected))
            return
        yield from self._catalog(
            catalog, f"sha256:{sha256(text.encode()).hexdigest()}", file_name(path), context
        )

    def _catalog(
        self, catalog: CatalogFile, digest: str, file: str, context: ReadContext
    ) -> Iterator[Record]:
        edition = catalog.edition
        if edition is None:
            yield from (Rejected(problem) for problem in catalog.problems)
            return
        scope = Scope(context.source, context.scope or f"{edition.catalog_id}/{edition.name}")
        read_at = edition.read_at if context.read_at is None else context.read_at
        yield ScopeOpened(
            scope,
            read_at,
            states_history=True,
            kinds=KINDS,
            relations=RELATIONS,
            covered_from=min(edition.adopted, read_at),
        )
        yield from (Rejected(problem, scope) for problem in catalog.problems)
        for claim in edition_claims(edition, digest, scope, f"{file}:{edition.line}"):
            yield Said(claim, file, f"line {edition.line}")
        for requirement in catalog.requirements:
            locator = f"{file}:{requirement.line}"
            for claim in requirement_claims(edition, requirement, scope, locator):
                yield Said(claim, file, f"line {requirement.line}")
        if edition.status == EditionStatus.UNVERIFIED:
            yield Noted(f"{edition.title} has the status unverified and is never selected by itself")
        yield ScopeClosed(
            scope,
            complete=not catalog.problems,
            reason="parts of the catalog could not be read" if catalog.problems else None,
        )
