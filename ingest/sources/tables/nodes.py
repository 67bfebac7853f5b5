"""From the mapping's words to what a row says of its thing: kind, id, properties and external ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from graph.vocabulary import VOCABULARY, Kind, Scheme
from graph.vocabulary.notation import REAL_KINDS
from ingest.sources.tables.cells import Cell
from ingest.sources.tables.columns import read_property, read_word
from ingest.sources.tables.ends import End, Space, Template
from ingest.sources.tables.mapping import IdColumns, NodeMapping
from ingest.yamlfields import Faults, Part, Parts

NODE_WORDS: Final = ("kind", "type", "id", "uid", "name", "properties", "external_ids")
KINDS: Final = tuple(kind.value for kind in REAL_KINDS)

_DIGESTS: Final = frozenset({"email-digest", "people-id"})
"""Schemes whose ids are made with the installation's key, and stand in no table."""


@dataclass(frozen=True, slots=True)
class Described:
    """What other tables need to know of one that describes things: of which kinds, and how its ids look."""

    kinds: frozenset[Kind]
    space: Space
    columns: int

    @property
    def kind(self) -> Kind | None:
        """Return the one kind of all its things, if they have but one."""
        return next(iter(self.kinds)) if len(self.kinds) == 1 else None


def describe(said: Parts, table: str) -> Described | None:
    """Return what a table describes, None where its rows stand for no thing; raises Misread."""
    if "kind" not in said:
        for word in NODE_WORDS:
            if word in said:
                raise said[word].fault("is said of no thing", "kind: … beside it", of_name=True)
        return None
    if ("id" in said) == ("uid" in said):
        raise said["kind"].fault("has not one of id and uid beside it", "id: the columns of the id")
    kinds = frozenset(Kind(word) for word in _words(read_word(said["kind"], KINDS)))
    columns = len(said["id"].texts()) if "id" in said else 0
    return Described(kinds, Space(table, _is_personal(kinds, said)), columns)


def read_node(said: Parts, described: Described, zone: ZoneInfo | None, faults: Faults) -> NodeMapping:
    """Return what rows say of their things; raises Misread for what nothing can be read without."""
    kinds = described.kinds
    properties: dict[str, Cell] = {}
    if "properties" in said:
        for name, part in said["properties"].anything().items():
            with faults.told():
                properties[name] = read_property(part, kinds, zone)
    ids: list[IdColumns] = []
    if "external_ids" in said:
        for part in said["external_ids"].anything().values():
            with faults.told():
                ids.append(_external_id(part, kinds))
    return NodeMapping(
        kinds=kinds,
        kind=read_word(said["kind"], KINDS),
        own=_own(said, described),
        type=read_word(said["type"], None) if "type" in said else None,
        name=Cell(said["name"].text()) if "name" in said else None,
        properties=properties,
        external_ids=tuple(ids),
    )


def read_template(part: Part) -> Template:
    """Return a uid with columns in it; raises Misread for one without, and for one that shows people."""
    template = Template(part.text())
    if not template.columns:
        raise part.fault("has no column in it", "a uid such as hf:asset:arn:{arn}, or {column}")
    if template.text.startswith(("hf:identity:person:", "hf:identity:smtp:")):
        raise part.fault("would show a person in a uid", "person: or address: with a column")
    return template


def _own(said: Parts, described: Described) -> End:
    if "id" in said:
        cells = tuple(map(Cell, said["id"].texts()))
        return End("table", cells, described.kind, described.space)
    template = read_template(said["uid"])
    if described.space.is_personal and not template.is_one_column:
        raise said["uid"].fault("would show a person in a uid", "id: with the columns of the id")
    return End("uid", tuple(map(Cell, template.columns)), described.kind, template=template)


def _external_id(part: Part, kinds: frozenset[Kind]) -> IdColumns:
    schemes = {scheme.name: scheme for scheme in VOCABULARY.schemes if scheme.name not in _DIGESTS}
    name = part.name
    if name not in schemes:
        with_name = Part(part.file, part.document, name, part.place)
        with_name.word(schemes)
    _check_kinds(part, schemes[name], kinds)
    return IdColumns(name, tuple(map(Cell, part.texts())))


def _check_kinds(part: Part, scheme: Scheme, kinds: frozenset[Kind]) -> None:
    if not scheme.kinds & kinds:
        expected = f"a scheme of {', '.join(sorted(kinds))}"
        raise part.fault(f"is a scheme of {', '.join(sorted(scheme.kinds))}", expected, of_name=True)


def _words(cell: Cell) -> frozenset[str]:
    """Return every word that a cell can come to."""
    if cell.constant is not None:
        return frozenset({str(cell.constant)})
    return frozenset(word for word in (*(cell.values or {}).values(), cell.otherwise) if word)


def _is_personal(kinds: frozenset[Kind], said: Parts) -> bool:
    """Return whether rows may stand for human beings, whose ids no uid may show."""
    if Kind.IDENTITY not in kinds:
        return False
    if "type" not in said:
        return True
    cell = read_word(said["type"], None)
    closed = cell.constant is not None or cell.values is not None
    return not closed or not _words(cell) <= VOCABULARY.kind(Kind.IDENTITY).impersonal_types
