"""Going through all rows page by page while others write: none left out, none twice, memory bounded."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias, cast

from graph.ledger.operations import EdgeKey
from graph.ledger.port import KeptEdge, StoredRow
from graph.model import CommitNumber
from graph.store.neo4j import log
from graph.store.neo4j.rows import Rows
from graph.store.neo4j.shape import row_id
from graph.store.neo4j.statements import FORMERLY

_NAMES: Final = 1_000
_EDGES: Final = 2_000

NodePage: TypeAlias = tuple[list[StoredRow], str | None]
EdgePage: TypeAlias = tuple[list[KeptEdge], str | None, CommitNumber]


def all_node_rows(
    read: Callable[[Callable[[Rows], NodePage]], NodePage], known: CommitNumber | None
) -> Iterator[StoredRow]:
    """Yield all node rows that stood at a commit, or for None ever, in byte order of the uid, then by key."""
    after: str | None = ""
    while after is not None:

        def page(rows: Rows, after: str = after) -> NodePage:
            names, following = rows.page_of_names(after, _NAMES)
            return rows.node_rows(names, known), following

        found, after = read(page)
        yield from sorted(found, key=lambda row: (str(row.about), row.key, row.recorded_from))


def all_edge_rows(
    read: Callable[[Callable[[Rows], EdgePage]], EdgePage],
    relations: tuple[str, ...],
    known: CommitNumber | None,
) -> Iterator[StoredRow]:
    """Yield all edge rows that stood at a commit, or for None ever, by relation and key; ended ones last.

    A row that a commit ends, or that is refuted or no longer, moves to another page while
    this goes on. So it is remembered at which head each page was read: a row that was
    on a page at its head has been met there. What moved to a page that was behind us
    comes at the very end.
    """
    met = _Met()
    for relation in (*relations, FORMERLY):
        for found, after, head in _pages(read, relation, known):
            yield from (each.row for each in found if not met.as_typed(each))
            met.add(relation, after, head)

    def last(rows: Rows) -> EdgePage:
        return rows.judged_edges(met.first, known, (*relations, FORMERLY)), None, met.first

    judged, _, _ = read(last)
    yield from (each.row for each in judged if not met.as_typed(each) and not met.as_former(each))


def kept_edges(
    read: Callable[[Callable[[Rows], EdgePage]], EdgePage], types: tuple[str, ...]
) -> Iterator[KeptEdge]:
    """Yield all edge rows ever recorded with where they are, as the pages of each type show them."""
    for kind in types:
        for found, _, _ in _pages(read, kind, None):
            yield from found


def _pages(
    read: Callable[[Callable[[Rows], EdgePage]], EdgePage], kind: str, known: CommitNumber | None
) -> Iterator[EdgePage]:
    """Yield the pages of one type, each with the key that it ends at and the head at which it was read."""
    after: str | None = ""
    while after is not None:

        def page(rows: Rows, after: str = after) -> EdgePage:
            found, following = rows.page_of_edges(kind, known, after=after, limit=_EDGES)
            return found, following, log.tip(rows.run).head.sequence

        found, after, head = read(page)
        yield found, after, head


class _Met:
    """Up to which key each relation was read at which head; ``first`` is the earliest of the heads."""

    def __init__(self) -> None:
        self._ends: dict[str, list[str]] = {}
        self._heads: dict[str, list[CommitNumber]] = {}
        self.first = CommitNumber(0)

    def add(self, relation: str, last_key: str | None, head: CommitNumber) -> None:
        """Remember a page; without a last key it reached to the end."""
        if not self._heads:
            self.first = head
        self._ends.setdefault(relation, []).append("\U0010ffff" if last_key is None else last_key)
        self._heads.setdefault(relation, []).append(head)

    def as_typed(self, each: KeptEdge) -> bool:
        """Return whether a row was on the page of its relation that has been read."""
        head = self._head(cast("EdgeKey", each.row.about).relation, each.row.key)
        return head is not None and _is_typed_at(each, head)

    def as_former(self, each: KeptEdge) -> bool:
        """Return whether a row was on the page of former ones that has been read."""
        head = self._head(FORMERLY, row_id(each.row.key, each.row.recorded_from))
        return head is not None and _is_former_at(each, head)

    def _head(self, kind: str, key: str) -> CommitNumber | None:
        if kind not in self._heads:
            return None
        page = bisect_left(self._ends[kind], key)
        return self._heads[kind][page] if page < len(self._heads[kind]) else None


def _is_typed_at(each: KeptEdge, head: CommitNumber) -> bool:
    """Return whether a row was with what is currently claimed when the ledger stood there."""
    return each.row.recorded_from <= head and not _is_aside_at(each, head)


def _is_former_at(each: KeptEdge, head: CommitNumber) -> bool:
    """Return whether a row was among the former ones when the ledger stood there."""
    return each.row.recorded_from <= head and _is_aside_at(each, head)


def _is_aside_at(each: KeptEdge, head: CommitNumber) -> bool:
    moved = sum(move <= head for move in each.moves)
    return each.is_belated or each.row.recorded_to <= head or moved % 2 == 1
