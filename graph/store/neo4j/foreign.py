"""Reads a Neo4j database that somebody else fills: asked for by labels and types, never written to.

Whoever asks names labels, types of relationships and properties; the Cypher stands here. Each page is
a transaction of its own in the access mode that refuses writes, with a timeout, and goes on behind the
last key, so that neither side holds more than a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final, cast

from graph.errors import StoreUnavailable
from graph.store.foreign import (
    EdgeCount,
    ForeignEdge,
    ForeignNode,
    Group,
    NodeCount,
    Nodes,
    Other,
    Relationships,
    Seen,
    Value,
    is_plain_name,
)
from graph.store.neo4j.database import Database, Line
from graph.store.neo4j.place import place_of

PAGE: Final = 2_000
PAGE_SECONDS: Final = 60.0
"""How long the server may take for one page."""

COUNT_SECONDS: Final = 300.0
"""How long it may take for what goes over the whole database."""


class ForeignDatabase:
    """A database that is read only.

    Raises:
        StoreUnavailable: where no server answers, it refuses the user, or it ends a statement; from
            every method that asks it.
    """

    def __init__(self, address: str, *, user: str | None, password: str | None, page: int = PAGE) -> None:
        place = place_of(address, user=user)
        if ":" in address.partition("://")[2].rpartition("@")[0]:
            raise StoreUnavailable(place.shown, "its address holds a password")
        self._database = Database(place, password)
        self._page = page

    @property
    def shown(self) -> str:
        """Return the address with the database, without the user."""
        return self._database.target

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    def groups(self, of: Nodes | Relationships) -> list[Group]:
        """Return how many elements there are of each tenant and run."""
        text = f"""
            {_match(of)} {_tenant_of(of)}
            WITH DISTINCT x, tenant
            RETURN tenant, x[$seen] AS seen, count(*) AS count
        """
        return [
            Group(tenant, cast("Seen", _plain(seen)), count)
            for tenant, seen, count in self._ask(text, COUNT_SECONDS, of)
        ]

    def nodes(self, of: Nodes, group: Group) -> Iterator[ForeignNode]:
        """Yield the nodes of a group."""
        text = f"""
            {_match(of)} WHERE elementId(x) > $after AND {_SEEN}
            {_tenant_of(of)}
            WITH DISTINCT x, tenant WHERE tenant = $tenant
            RETURN elementId(x) AS key, labels(x), [p IN $properties | x[p]]
            ORDER BY key LIMIT $limit
        """
        for _, labels, values in self._paged(text, of, group):
            yield _node(labels, of.properties, values)

    def relationships(self, of: Relationships, group: Group) -> Iterator[ForeignEdge]:
        """Yield the pairs of nodes that relationships of a group join."""
        text = f"""
            {_match(of)} WHERE {_SEEN}
            WITH a, x, b, elementId(a) + ' ' + elementId(b) AS key WHERE key > $after
            {_tenant_of(of, "a, x, b, key")}
            WITH DISTINCT a, x, b, key, tenant WHERE tenant = $tenant
            WITH a, b, key, collect([p IN $properties | x[p]]) AS said
            RETURN key, labels(a), [p IN $of_start | a[p]], labels(b), [p IN $of_end | b[p]], said
            ORDER BY key LIMIT $limit
        """
        for _, starts, of_start, ends, of_end, said in self._paged(text, of, group):
            yield ForeignEdge(
                _node(starts, of.start.properties, of_start),
                _node(ends, of.end.properties, of_end),
                tuple(_named(of.properties, one) for one in said),
            )

    def node_counts(self, properties: Sequence[str]) -> Iterator[NodeCount]:
        """Yield how many nodes there are of each set of labels and values."""
        text = "MATCH (x) RETURN labels(x), [p IN $properties | x[p]], count(*)"
        for labels, values, count in self._database.ask(
            text, COUNT_SECONDS, {"properties": list(properties)}
        ):
            yield NodeCount(frozenset(labels), _named(properties, values), count)

    def edge_counts(self, properties: Sequence[str]) -> Iterator[EdgeCount]:
        """Yield how many relationships there are of each type between nodes of such sets."""
        text = """
            MATCH (a)-[x]->(b)
            RETURN type(x), labels(a), [p IN $properties | a[p]],
                labels(b), [p IN $properties | b[p]], count(*)
        """
        lines = self._database.ask(text, COUNT_SECONDS, {"properties": list(properties)})
        for kind, starts, of_start, ends, of_end, count in lines:
            start = NodeCount(frozenset(starts), _named(properties, of_start), count)
            yield EdgeCount(kind, start, NodeCount(frozenset(ends), _named(properties, of_end), count), count)

    def _paged(self, text: str, of: Nodes | Relationships, group: Group) -> Iterator[Line]:
        after = ""
        while True:
            where = {"after": after, "limit": self._page, "tenant": group.tenant, "seen_by": group.seen}
            lines = self._ask(text, PAGE_SECONDS, of, where)
            yield from lines
            if len(lines) < self._page:
                return
            after = lines[-1][0]

    def _ask(
        self,
        text: str,
        seconds: float,
        of: Nodes | Relationships,
        parameters: Mapping[str, object] | None = None,
    ) -> list[Line]:
        said: dict[str, object] = {
            "seen": of.seen or "",
            "properties": list(of.properties),
            "tenant_id": of.tenants.id if of.tenants else "",
        }
        if isinstance(of, Relationships):
            said |= {"of_start": list(of.start.properties), "of_end": list(of.end.properties)}
        return self._database.ask(text, seconds, said | dict(parameters or {}))


_SEEN: Final = "(x[$seen] = $seen_by OR (x[$seen] IS NULL AND $seen_by IS NULL))"


def _match(of: Nodes | Relationships) -> str:
    if isinstance(of, Nodes):
        return f"MATCH (x:{_either(of.labels)})"
    start, end = _either(of.start.labels), _either(of.end.labels)
    return f"MATCH (a:{start})-[x:{_either((of.type,))}]->(b:{end})"


def _tenant_of(of: Nodes | Relationships, kept: str = "x") -> str:
    """Return what finds the tenant of an element, or of one end of it; empty where it has none."""
    if of.tenants is None:
        return f"WITH {kept}, '' AS tenant"
    element = "x" if isinstance(of, Nodes) else "a" if of.of_start else "b"
    labels, types = _either(of.tenants.labels), _either(of.tenants.relationships)
    return (
        f"OPTIONAL MATCH (t:{labels})-[:{types}]-({element})"
        f" WITH {kept}, coalesce(toStringOrNull(t[$tenant_id]), '') AS tenant"
    )


def _either(names: Sequence[str]) -> str:
    """Return names in quotes, one of which must fit.

    Raises:
        ValueError: for a name that quotes cannot hold; whoever reads a mapping has refused it.
    """
    for name in names:
        if not is_plain_name(name):
            raise ValueError("a name with a quote in it")
    return "|".join(f"`{name}`" for name in names)


def _node(labels: list[str], names: Sequence[str], values: list[Any]) -> ForeignNode:
    return ForeignNode(frozenset(labels), _named(names, values))


def _named(names: Sequence[str], values: list[Any]) -> Mapping[str, Value]:
    return dict(zip(names, map(_plain, values), strict=True))


def _plain(value: Any) -> Value:  # noqa: ANN401 - whatever stands in a database
    """Return a value as plain Python; times as ISO 8601."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, list):
        return [_plain(item) for item in cast("Iterable[Any]", value)]
    native = value.to_native() if hasattr(value, "to_native") else value
    if isinstance(native, datetime | date | time):
        return native.isoformat()
    return Other(type(value).__name__)
