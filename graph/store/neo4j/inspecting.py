"""Going through all that is kept beside rows, page by page, so that it can be held against the log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from graph.ledger.canonical import short_digest
from graph.ledger.personal import PersonalValue
from graph.ledger.port import Derived, DerivedSort, Portrait
from graph.model import RowKey, Uid
from graph.store.neo4j.database import Database, Line, Run
from graph.store.neo4j.shape import key_of, sort_key
from graph.store.neo4j.statements import FORMERLY

_PAGE: Final = 2_000


def all_personal(database: Database) -> Iterator[PersonalValue]:
    """Yield every personal value that has not been erased."""
    for line in _paged(database, "page_of_personal"):
        yield PersonalValue(*line)


def names(database: Database) -> Iterator[tuple[Uid, str]]:
    """Yield every uid with the text by which it is searched."""
    for line in _paged(database, "page_of_portraits", after_column=7):
        yield Uid(line[0]), line[8]


def portraits(run: Run, after: Uid | None, limit: int) -> Sequence[Portrait]:
    """Return the next portraits in byte order of uid."""
    lines = run("page_of_portraits", after=sort_key(after or ""), limit=limit)
    return [Portrait(*line[:7]) for line in lines]


def derived(database: Database, types: Sequence[str]) -> Iterator[Derived]:
    """Yield what is kept of rows beside the rows; ``types`` are those of relationships in use."""
    for line in _paged(database, "page_of_findable"):
        yield from _of_node(line)
    for kind in types:
        for line in _paged(database, "page_of_end_kinds", kind):
            key, recorded_from, *kinds, is_ours = line
            if is_ours and any(kinds):
                key = RowKey(key_of(key)) if kind == FORMERLY else key
                yield Derived(DerivedSort.KINDS, key, recorded_from, tuple(kinds))


def _of_node(line: Line) -> Iterator[Derived]:
    row, recorded_from, kind, texts, personal, ids = line
    key = RowKey(key_of(row))
    if kind is not None:
        yield Derived(DerivedSort.KINDS, key, recorded_from, (kind, None))
    found = dict.fromkeys((text, None) for text in texts or ())
    found |= {(text, commitment): None for commitment, said in personal for text in said or ()}
    for text in found:
        if text[0]:
            yield Derived(DerivedSort.TEXTS, key, recorded_from, text)
    for identifier, scheme, value, commitment in ids:
        # What is looked up is the digest; under a wrong one the id would not be found.
        if identifier == short_digest([scheme, value]):
            yield Derived(DerivedSort.EXTERNAL_IDS, key, recorded_from, (scheme, value, commitment))


def _paged(
    database: Database, name: str, relationship: str | None = None, *, after_column: int = 0
) -> Iterator[Line]:
    """Yield the lines of a statement that goes on after the value in one of its columns."""
    after = ""
    while True:

        def page(run: Run, after: str = after) -> list[Line]:
            return run(name, relationship, after=after, limit=_PAGE)

        lines = database.read(page)
        yield from lines
        if len(lines) < _PAGE:
            return
        after = lines[-1][after_column]
