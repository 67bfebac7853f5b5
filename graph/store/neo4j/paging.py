"""Going through all rows page by page while others write: none left out, none twice, memory bounded."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias, cast

from graph.ledger.operations import EdgeKey
from graph.ledger.port import StoredRow
from graph.model import CommitNumber
from graph.store.neo4j import log
from graph.store.neo4j.rows import Rows
from graph.store.neo4j.statements import FORMERLY

_NAMES: Final = 1_000
_EDGES: Final = 2_000

NodePage: TypeAlias = tuple[list[StoredRow], str | None]
EdgePage: TypeAlias = tuple[list[tuple[StoredRow, bool]], str | None, CommitNumber]


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

    A row that a commit ends while this goes on may have been met as a typed
    relationship, and turn up again among the former ones. So it is remembered at
    which head each page was read: a former row that ended after its page is old news.
    """
    seen = _Seen()
    for relation in (*relations, FORMERLY):
        after: str | None = ""
        while after is not None:

            def page(rows: Rows, kind: str = relation, after: str = after) -> EdgePage:
                found, following = rows.page_of_edges(kind, known, after=after, limit=_EDGES)
                return found, following, log.tip(rows.run).head.sequence

            found, after, head = read(page)
            if relation != FORMERLY:
                seen.add(relation, after, head)
            yield from (row for row, always_former in found if always_former or not seen.holds(row, relation))


class _Seen:
    """Up to which key each relation was read at which head."""

    def __init__(self) -> None:
        self._ends: dict[str, list[str]] = {}
        self._heads: dict[str, list[CommitNumber]] = {}

    def add(self, relation: str, last_key: str | None, head: CommitNumber) -> None:
        """Remember a page; without a last key it reached to the end."""
        self._ends.setdefault(relation, []).append("\U0010ffff" if last_key is None else last_key)
        self._heads.setdefault(relation, []).append(head)

    def holds(self, row: StoredRow, kind: str) -> bool:
        """Return whether a row that is a former one now was read as a typed one."""
        if kind != FORMERLY:
            return False
        relation = cast("EdgeKey", row.about).relation
        heads = self._heads.get(relation)
        if not heads:
            return False
        page = bisect_left(self._ends[relation], row.key)
        return row.recorded_to > heads[page] and row.recorded_from <= heads[page]
