"""Which node a row means: its own, by the columns of its id, or another one at the end of an edge."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final

from graph.model import Uid
from graph.vocabulary import Kind
from ingest.people import ADDRESS_EXPECTED, NO_ADDRESS, is_address, listed_person_uid, listed_team_uid, opaque
from ingest.record import ReadContext
from ingest.sources.tables.cells import BadCell, Cell, Written, id_texts
from ingest.uids import address_uid, escaped, native_uid

SCHEME: Final = "table"
"""The scheme of uids that are made of a table's own ids."""

_PLACEHOLDER: Final = re.compile(r"\{([^{}]+)\}")
_BUILT_IN: Final = re.compile(r"hf:([a-z]+):")


@dataclass(frozen=True, slots=True)
class Space:
    """The ids of one table: its name, and whether they are people's, which no uid may show."""

    table: str
    is_personal: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """A uid with columns in it, each escaped as built-in sources do; alone, a column holds a whole uid."""

    text: str

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns that stand in it."""
        return tuple(_PLACEHOLDER.findall(self.text))

    @property
    def is_one_column(self) -> bool:
        """Return whether a column holds the whole uid."""
        return _PLACEHOLDER.fullmatch(self.text) is not None

    @property
    def kind(self) -> Kind | None:
        """Return the kind that a uid of a built-in source says, if it can be told."""
        found = _BUILT_IN.match(self.text)
        return next((kind for kind in Kind if found and kind.value.lower() == found[1]), None)

    def filled(self, texts: Mapping[str, str]) -> Uid:
        """Return the uid with the texts of the columns in it."""
        if self.is_one_column:
            return Uid(texts[self.columns[0]])
        return Uid(_PLACEHOLDER.sub(lambda found: escaped(texts[found[1]]), self.text))


@dataclass(frozen=True, slots=True)
class End:
    """The node at one end of an edge. ``by`` says how ``cells`` name it.

    ``table`` is an id in a table of the mapping, ``uid`` a template, ``address`` an e-mail
    address, ``person`` and ``team`` an id of the list of people of ``instance``.
    """

    by: str
    cells: tuple[Cell, ...]
    kind: Kind | None = None
    space: Space | None = None
    template: Template | None = None
    instance: str = "default"

    def uids(self, cells: Mapping[str, Written], kind: Kind | None, context: ReadContext) -> Iterator[Uid]:
        """Yield the nodes that a row names here, none where a cell is empty.

        Raises:
            BadCell: for what can name nothing.
        """
        for texts in self._named(cells):
            yield self._uid(texts, kind or self.kind, context)

    def _named(self, cells: Mapping[str, Written]) -> Iterator[tuple[str, ...]]:
        """Yield the texts that name a node; only an end of one column may name several."""
        yield from product(*(id_texts(cell, cells) for cell in self.cells))

    def _uid(self, texts: tuple[str, ...], kind: Kind | None, context: ReadContext) -> Uid:
        if self.by == "address":
            if not is_address(texts[0]):
                raise BadCell(self.cells[0].column, NO_ADDRESS, ADDRESS_EXPECTED)
            return address_uid(texts[0], context.fingerprints)
        if self.by == "person":
            return listed_person_uid(self.instance, texts[0], context.fingerprints)
        if self.by == "team":
            return listed_team_uid(self.instance, texts[0])
        if self.template is not None:
            columns = (cell.column for cell in self.cells)
            return self.template.filled(dict(zip(columns, texts, strict=True)))
        if self.space is None or kind is None:
            raise ValueError(f"an end by {self.by} without a table or a kind")
        return row_uid(self.space, kind, texts, context)


def row_uid(space: Space, kind: Kind, texts: tuple[str, ...], context: ReadContext) -> Uid:
    """Return the uid of what a table calls by these texts, for the instance that is read.

    >>> from ingest.fingerprint import Fingerprinter
    >>> from graph.model import Instant, SourceInstance
    >>> context = ReadContext(SourceInstance("tables", "cmdb"), Fingerprinter(b"k"), Instant(0))
    >>> row_uid(Space("apps"), Kind.ASSET, ("APP-1",), context)
    'hf:asset:table:cmdb/apps/APP-1'
    """
    parts = (context.source.instance, space.table, *texts)
    if space.is_personal and kind is Kind.IDENTITY:
        return native_uid(kind, SCHEME, opaque(context.fingerprints, *parts))
    return native_uid(kind, SCHEME, *parts)
