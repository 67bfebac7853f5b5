"""Walks a BOM from its first character to its last and keeps in the book what it says.

A component is put together from its fields as they come; those inside of it are taken on
their own, so that one that holds a hundred thousand others is no larger than any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from ingest.fingerprint import Fingerprinter
from ingest.jsonstream import Entered, Given, Left, Path, pointer_of, stream_json
from ingest.record import Record
from ingest.redaction import Json
from ingest.shapes import Misshapen, is_misshapen
from ingest.sources.cyclonedx.asides import Asides, Fields
from ingest.sources.cyclonedx.book import Book, Thing
from ingest.sources.cyclonedx.components import describe_component
from ingest.sources.cyclonedx.sections import read_citation, read_composition, read_dependency, skip_item
from ingest.sources.cyclonedx.services import describe_service

COMPONENTS, SERVICES, METADATA = "components", "services", "metadata"
_LISTS: Final = frozenset(
    {
        COMPONENTS, SERVICES, "dependencies", "compositions", "citations", "vulnerabilities", "annotations",
        "formulation", "externalReferences", "properties",
    }
)  # fmt: skip
"""What stands at the top of a BOM as a list."""

_HEADER: Final = frozenset({"bomFormat", "specVersion", "serialNumber", "version"})
_LONG: Final = frozenset({"dependsOn", "provides", "assemblies", "dependencies", "vulnerabilities"})
"""Lists of references, which may be as long as that of the components."""


@dataclass
class Header:
    """What a BOM says of itself. ``root`` is its root component, as the book knows it."""

    values: dict[str, Json] = field(default_factory=dict[str, Json])
    timestamp: Json = None
    root: Thing | None = None


@dataclass
class _Building:
    """A component, service or entry as far as it was read."""

    path: Path
    number: int
    parent: int | None
    fields: dict[str, Json] = field(default_factory=dict[str, Json])


@dataclass
class Reader:
    """Reads one BOM into a book."""

    book: Book
    asides: Asides
    fingerprints: Fingerprinter
    header: Header = field(default_factory=Header)
    _open: list[_Building] = field(default_factory=list[_Building])

    def read(self, pieces: Iterable[str]) -> Iterator[Record]:
        """Read to the end, and yield on the way what is told besides.

        Raises:
            NotJson: where the text breaks; what stands before is in the book.
        """
        for step in stream_json(pieces, is_entered):
            match step:
                case Entered(path, is_list):
                    self._enter(path, is_list=is_list)
                case Left(path):
                    self._leave(path)
                case Given(path, value):
                    self._give(path, value)
            if self.asides.has_any:
                yield from self.asides.taken()

    def _enter(self, path: Path, *, is_list: bool) -> None:
        wants_list = _wants_list(path)
        if wants_list is not None and wants_list != is_list:
            self._refuse([] if is_list else {}, path)
        elif not is_list and _is_record(path):
            parent = self._open[-1].number if self._open and _is_thing(path) else None
            self._open.append(_Building(path, self.book.next_id(), parent))

    def _leave(self, path: Path) -> None:
        if self._open and self._open[-1].path == path:
            self._finish(self._open.pop())

    def _give(self, path: Path, value: Json) -> None:
        if not path or is_entered(path):
            self._refuse(value, path)
        elif self._open and path[:-1] == self._open[-1].path:
            self._open[-1].fields[str(path[-1])] = value
        elif self._open and path[:-2] == self._open[-1].path and isinstance(path[-1], int):
            self._refer(self._open[-1], str(path[-2]), value, pointer_of(path))
        elif len(path) == 1 and path[0] in _HEADER:
            self.header.values[str(path[0])] = value
        elif path == (METADATA, "timestamp"):
            self.header.timestamp = value
        else:
            self._give_other(path, value)

    def _give_other(self, path: Path, value: Json) -> None:
        if path[0] == "citations" and isinstance(value, dict):
            position = pointer_of(path)
            self._tried(lambda: read_citation(Fields(value, position, self.asides), self.book), position)
        else:
            skip_item(path, self.asides)

    def _refer(self, building: _Building, name: str, value: Json, position: str) -> None:
        """Keep one reference of a list that is too long to be held."""
        if not isinstance(value, str):
            self.asides.reject(is_misshapen(value, "a reference"), position)
        elif name == "dependsOn":
            self.book.depend(building.number, value, position)
        elif name == "provides":
            self.asides.skip("what a component provides")
        elif name in ("dependencies", "assemblies"):
            self.book.compose(building.number, name, value)
        else:
            self.asides.skip("composition of vulnerabilities")

    def _finish(self, building: _Building) -> None:
        position = pointer_of(building.path)
        fields = Fields(building.fields, position, self.asides)
        kind = building.path[-2] if isinstance(building.path[-1], int) else "component"
        if kind == "dependencies":
            self._tried(lambda: read_dependency(fields, building.number, self.book), position)
        elif kind == "compositions":
            self._tried(lambda: read_composition(fields, building.number, self.book), position)
        else:
            self._tried(lambda: self._thing(fields, building, str(kind)), position)

    def _thing(self, fields: Fields, building: _Building, kind: str) -> None:
        if kind == SERVICES:
            thing: Thing | None = describe_service(fields, self.book, building.number)
        else:
            thing = describe_component(fields, self.book, self.fingerprints, building.number)
        if thing is None:
            return
        thing.parent = building.parent
        if building.path == (METADATA, "component"):
            self.header.root = thing
        ref = fields.text("bom-ref")
        if ref is not None and not self.book.refer(ref, thing.id) and not self._is_same(ref, thing):
            raise Misshapen("/bom-ref", "a reference that stands for something else already", "each once")
        self.book.add(thing)

    def _is_same(self, ref: str, thing: Thing) -> bool:
        """Return whether a reference stands for the same thing already, as where a root is repeated."""
        found = self.book.find(ref)
        return found is not None and thing.key[0] == "purl" and found[1] == thing.key

    def _tried(self, read: Callable[[], None], position: str) -> None:
        try:
            read()
        except Misshapen as fault:
            self.asides.reject(fault, position)

    def _refuse(self, value: Json, path: Path) -> None:
        expected = "a list" if _wants_list(path) else "an object" if path else "a BOM"
        self.asides.reject(is_misshapen(value, expected), pointer_of(path))


def is_entered(path: Path) -> bool:
    """Return whether to take a value of a BOM member by member."""
    if not path:
        return True
    if path[0] in (COMPONENTS, SERVICES):
        return _is_nested(path, str(path[0]))
    if path[0] == METADATA:
        return path == (METADATA,) or (path[1] == "component" and _is_nested(path[2:], COMPONENTS))
    if path[0] in ("dependencies", "compositions"):
        return len(path) < 3 or (len(path) == 3 and path[2] in _LONG)
    return len(path) == 1 and path[0] in _LISTS


def _is_nested(path: Path, name: str) -> bool:
    return all(part == name for part in path if isinstance(part, str))


def _wants_list(path: Path) -> bool | None:
    """Return whether a list has to stand at a place, or (False) an object; None where it does not matter."""
    if not is_entered(path):
        return None
    is_object = not path or isinstance(path[-1], int) or path in ((METADATA,), (METADATA, "component"))
    return not is_object


def _is_record(path: Path) -> bool:
    """Return whether a place is that of a component, a service, or an entry of a list that is kept."""
    if not path or not is_entered(path):
        return False
    return isinstance(path[-1], int) or path == (METADATA, "component")


def _is_thing(path: Path) -> bool:
    return path[0] in (COMPONENTS, SERVICES, METADATA)
