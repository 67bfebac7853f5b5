"""Nodes and edges on their way, in a temporary file: an edge may stand before the nodes that it joins.

The file is SQLite's own, has no name and is gone with the connection; memory does not grow with it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Final, Self, cast

from ingest.sources.bloodhound.payload import Edge, End, Node

_TABLES: Final = """
    CREATE TABLE nodes (id TEXT, file INTEGER, kinds TEXT, properties TEXT, position TEXT, UNIQUE (id, file));
    CREATE TABLE edges (file INTEGER, kind TEXT, position TEXT,
                        start TEXT, start_kind TEXT, end TEXT, end_kind TEXT);
"""


class Book:
    """Keeps what the files of one reading hold; for a ``with`` statement.

    Texts stand in it as JSON, for half a surrogate pair, which JSON can carry, is no text to SQLite.
    """

    def __init__(self) -> None:
        self._connection = sqlite3.connect("")
        self._connection.executescript(_TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def add_node(self, file: int, node: Node) -> bool:
        """Keep a node; return whether the file did not have one of this id before."""
        kinds, properties = json.dumps(node.kinds), json.dumps(dict(node.properties))
        row = (json.dumps(node.id), file, kinds, properties, node.position)
        return self._connection.execute("INSERT OR IGNORE INTO nodes VALUES (?,?,?,?,?)", row).rowcount == 1

    def add_edge(self, file: int, edge: Edge) -> None:
        """Keep an edge whose ends are both named by their ids."""
        ends = (edge.start.id, edge.start.kind, edge.end.id, edge.end.kind)
        row = (file, edge.kind, edge.position, *map(json.dumps, ends))
        self._connection.execute("INSERT INTO edges VALUES (?,?,?,?,?,?,?)", row)

    def nodes(self, file: int) -> Iterator[Node]:
        """Yield the nodes of a file, in its order."""
        text = "SELECT id, kinds, properties, position FROM nodes WHERE file = ? ORDER BY rowid"
        for id_, kinds, properties, position in self._connection.execute(text, (file,)):
            yield _node(json.loads(id_), kinds, properties, position)

    def edges(self, file: int) -> Iterator[Edge]:
        """Yield the edges of a file, in its order."""
        text = (
            "SELECT kind, position, start, start_kind, end, end_kind FROM edges WHERE file = ? ORDER BY rowid"
        )
        for kind, position, start, start_kind, end, end_kind in self._connection.execute(text, (file,)):
            ends = [json.loads(held) for held in (start, start_kind, end, end_kind)]
            yield Edge(kind, End(*ends[:2]), End(*ends[2:]), position)

    def node(self, id_: str, file: int) -> Node | None:
        """Return the node of an id: as one file has it, else another one; None where none does."""
        text = "SELECT kinds, properties, position FROM nodes WHERE id = ? ORDER BY file <> ?, file LIMIT 1"
        found = self._connection.execute(text, (json.dumps(id_), file)).fetchone()
        return None if found is None else _node(id_, *found)


def _node(id_: str, kinds: str, properties: str, position: str) -> Node:
    found = cast("list[str]", json.loads(kinds))
    return Node(id_, tuple(found), cast("dict[str, Any]", json.loads(properties)), position)
