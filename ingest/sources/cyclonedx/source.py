"""The CycloneDX plug-in: bills of materials in, claims by BOM out.

A file is walked once, whatever its length, and what it says is kept on a temporary file;
then it is said. So a dependency may stand before the component it names, memory does not
grow with either, and that a file breaks off is known before anything of it is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from graph.errors import Problem
from graph.model import Instant, Scope
from ingest.files import Unreadable, pieces
from ingest.jsontext import NotJson
from ingest.record import ReadContext, Record, Rejected, ScopeClosed, ScopeOpened
from ingest.sidecar import InputFile, inputs
from ingest.sources.cyclonedx.asides import Asides
from ingest.sources.cyclonedx.book import Book
from ingest.sources.cyclonedx.edges import Joiner, Names
from ingest.sources.cyclonedx.editions import Content, Edition, former_editions, out_of_order, why_not_newer
from ingest.sources.cyclonedx.heading import Heading, heading_of
from ingest.sources.cyclonedx.reading import Reader
from ingest.sources.cyclonedx.saying import Speaker

_SUFFIXES: Final = (".json",)
_NONE: Final = frozenset[str]()


@dataclass(frozen=True, slots=True)
class CycloneDxSource:
    """Reads CycloneDX BOMs from files."""

    @property
    def name(self) -> str:
        """Return the plug-in's name."""
        return "cyclonedx"

    @property
    def summary(self) -> str:
        """Return in one line what it reads."""
        return (
            "CycloneDX 1.4 to 1.7 in JSON: software, services, models, data, keys; also gzip, of any length"
        )

    @property
    def maps(self) -> Sequence[str]:
        """Return what it maps, one line each."""
        return (
            "components: Asset of type application, package, container_image, device, by package URL",
            "machine learning models with their cards: Asset of type model or model_version; TRAINED_ON",
            "data with its governance: Dataset; OWNS by owners (accountable), stewards, custodians",
            "services, their endpoints and data flows: Asset of type service; READS, WRITES",
            "related crypto material and certificates: Secret with state and dates; WITHIN",
            "dependencies: BUILT_FROM, INVOKES, TRAINED_ON, READS, USES_SECRET, DERIVED_FROM, RUNS_ON",
            "nested components: BUILT_FROM packages, PART_OF for the rest; pedigree: DERIVED_FROM ancestors",
            "compositions: whether the dependencies of a component are all named",
            "citations: in the locator of what they are about",
        )

    @property
    def does_not_map(self) -> Sequence[str]:
        """Return what it knowingly leaves out, one line each."""
        return (
            "vulnerabilities, annotations, formulation, declarations, definitions: counted by kind",
            "components with the scope excluded, and what stands inside of them",
            "algorithms, protocols, public keys and other material that is not secret",
            "properties, evidence, licences' texts, patents, signatures, release notes",
            "quantitative analysis, trade-offs and fairness of models; content of data",
            "references into another BOM",
        )

    def read(self, paths: Sequence[Path], context: ReadContext) -> Iterator[Record]:
        """Yield what these files say, one BOM after the other."""
        done = 0
        for found in inputs(paths, _SUFFIXES):
            if not isinstance(found, InputFile):
                yield found
                continue
            with Book() as book:
                yield from _File(found, context, book, Asides(found.name)).records(done)
            done += found.path.stat().st_size if found.path.exists() else 0
            context.progress(done)


@dataclass
class _File:
    """One file while it is read."""

    file: InputFile
    context: ReadContext
    book: Book
    asides: Asides
    broken: bool = False
    _content: Content = field(default_factory=Content)

    def records(self, done: int) -> Iterator[Record]:
        """Yield what the file says; ``done`` is how many bytes were read before it."""
        reader = Reader(self.book, self.asides, self.context.fingerprints)
        yield from self._walk(reader, done)
        if self.broken and "bomFormat" not in reader.header.values:
            return
        try:
            heading = heading_of(reader.header, self.file, self.context, broken=self.broken)
        except Unreadable as error:
            yield Rejected(error.problem)
            return
        yield from heading.asides
        yield from self._said(reader, heading)

    def _walk(self, reader: Reader, done: int) -> Iterator[Record]:
        """Read the file into the book, up to its end or to where it breaks."""
        try:
            yield from reader.read(self._texts(done))
        except Unreadable as error:
            self.broken = True
            yield Rejected(error.problem)
        except NotJson as error:
            self.broken = True
            place = f"line {error.line}, column {error.column}"
            yield Rejected(Problem(self.file.name, place, "", error.reason, error.expected))
        yield from self.asides.taken()
        self.book.settle()

    def _texts(self, done: int) -> Iterator[str]:
        for piece in pieces(self.file.path):
            self._content.add(piece.text)
            self.context.progress(done + piece.done)
            yield piece.text

    def _said(self, reader: Reader, heading: Heading) -> Iterator[Record]:
        bom = heading.bom
        digest = self.context.fingerprints.of_payload(self._content.digest())
        edition = Edition(heading.version, heading.read_at, digest)
        former = list(former_editions(bom, self.context))
        problem = out_of_order(edition, former, self.file.name)
        if problem is not None:
            yield Rejected(problem)
            return
        why = heading.why_partial or self._why_partial() or why_not_newer(edition, former)
        scope = Scope(self.context.source, bom.id)
        yield from self._scope(scope, reader, heading, why)
        if not self.broken:
            yield edition.retained(bom, self.context)

    def _scope(self, scope: Scope, reader: Reader, heading: Heading, why: str | None) -> Iterator[Record]:
        names = Names(heading.bom, self.context.fingerprints)
        root = reader.header.root
        Joiner(self.book, names, self.asides, None if root is None else (root.id, root.key, root.sort)).join()
        self.asides.skip("component with the scope excluded", self.book.excluded_count())
        yield from self.asides.taken()
        yield ScopeOpened(scope, Instant(heading.read_at), kinds=_NONE, relations=_NONE)
        speaker = Speaker(self.book, names, scope, self.file.name, self.asides)
        yield from speaker.nodes()
        yield from speaker.edges()
        yield ScopeClosed(scope, complete=why is None, reason=why)

    def _why_partial(self) -> str | None:
        if self.broken:
            return "the file could not be read to its end"
        if self.asides.rejected:
            return "not all of it could be read"
        return None if self.file.sidecar is None else self.file.sidecar.why_partial


SOURCE: Final = CycloneDxSource()
