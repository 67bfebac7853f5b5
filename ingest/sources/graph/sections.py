"""A database as scopes: one for each entry of its mapping and each tenant, read once for each run.

A run that is through with a list removes what it did not see. So what an older run saw last is either
gone or was not looked at again: it is said as of then, its edges only as possible, and ends nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Final

from graph.errors import Problem, StoreUnavailable
from graph.model import Instant, Scope
from graph.store.foreign import (
    Foreign,
    ForeignEdge,
    ForeignNode,
    Group,
    NodeCount,
    Nodes,
    Relationships,
    Tenants,
)
from ingest.documents import NOT_SAID
from ingest.facts import Fact, said
from ingest.jsontext import shown
from ingest.record import Noted, ReadContext, Record, Rejected, ScopeClosed, ScopeOpened, Skipped
from ingest.sources.graph.claims import Claims, entry_of
from ingest.sources.graph.mapping import EdgeMapping, GraphMapping, NodeMapping, SeenBy, TenantMapping
from ingest.sources.tables.cells import BadCell
from ingest.times import parse_time

SEVERAL_RUNS: Final = "several runs saw it last, so that the newest may not have looked at all of it"
NOT_NEWEST: Final = "a newer run did not see this again"
CHANGED: Final = "it changed while it was read"
BROKEN_OFF: Final = "the server did not answer to the end"

_TIME: Final = "a whole number, the time of the run"
_SERVER: Final = "a Neo4j server that answers"
_NOTHING: Final = frozenset[str]()


@dataclass(frozen=True, slots=True)
class _List:
    """An entry of the mapping, with how it is asked for."""

    entry: NodeMapping | EdgeMapping
    asks: Nodes | Relationships
    tenant: TenantMapping | None

    @property
    def name(self) -> str:
        """Return what its scopes end with."""
        return name_of(self.entry)


@dataclass
class Reading:
    """One database while it is read."""

    database: Foreign
    mapping: GraphMapping
    context: ReadContext
    claims: Claims = field(init=False)
    newest: Instant | None = None
    tenants: dict[TenantMapping | None, set[str]] = field(
        default_factory=lambda: defaultdict[TenantMapping | None, set[str]](set)
    )
    read: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])

    def __post_init__(self) -> None:
        self.claims = Claims(self.mapping, self.context)

    def records(self) -> Iterator[Record]:
        """Yield what the database says, then what it holds besides; a server that fails ends it."""
        lists = _lists(self.mapping)
        held: set[str] | None
        try:
            held = yield from self._held()
        except StoreUnavailable as error:
            yield Noted(f"what the mapping leaves out could not be counted: {error.reason}")
            held = None
        try:
            for one in lists:
                if held is None or one.name in held:
                    yield from self._list(one)
            yield from self._empty_lists(lists)
        except StoreUnavailable as error:
            yield Rejected(self._problem("", error.reason, _SERVER))

    def _list(self, one: _List) -> Iterator[Record]:
        of_tenant: dict[str, list[tuple[Instant, Group]]] = defaultdict(list)
        for group in self.database.groups(one.asks):
            read_at = self._read_at(group)
            if read_at is None:
                reason = f"says of {group.count} of these not when a run saw them"
                yield Rejected(self._problem(one.name, reason, _TIME), self._scope(one, group.tenant))
            else:
                of_tenant[group.tenant].append((read_at, group))
        for tenant, groups in sorted(of_tenant.items()):
            self.tenants[one.tenant].add(tenant)
            self.read.add((one.name, tenant))
            groups.sort(key=lambda found: found[0])
            self.newest = max(groups[-1][0], self.newest or groups[-1][0])
            for read_at, group in groups:
                is_newest = read_at == groups[-1][0]
                why = self._doubt(is_newest=is_newest, runs=len(groups))
                yield from self._section(one, read_at, group, why, is_newest=is_newest)

    def _section(
        self, one: _List, read_at: Instant, group: Group, why: str | None, *, is_newest: bool
    ) -> Iterator[Record]:
        scope = self._scope(one, group.tenant)
        yield ScopeOpened(scope, read_at, kinds=_NOTHING, relations=_NOTHING)
        count = 0
        try:
            for found, fact in self._facts(one, group, is_stale=not is_newest):
                count += found
                if isinstance(fact, Problem):
                    yield Rejected(fact, scope)
                elif fact is not None:
                    yield said(fact, scope, self.database.shown)
        except StoreUnavailable:
            yield ScopeClosed(scope, complete=False, reason=BROKEN_OFF)
            raise
        why = why or (None if count == group.count else CHANGED)
        yield ScopeClosed(scope, complete=why is None, reason=why)

    def _facts(
        self, one: _List, group: Group, *, is_stale: bool
    ) -> Iterator[tuple[int, Fact | Problem | None]]:
        """Yield facts with how many elements each is made of; None for those that another entry says."""
        elements: Iterator[ForeignNode | ForeignEdge]
        if isinstance(one.asks, Nodes):
            elements = self.database.nodes(one.asks, group)
        else:
            elements = self.database.relationships(one.asks, group)
        for element in elements:
            count = len(element.said) if isinstance(element, ForeignEdge) else 1
            try:
                yield count, self._fact(one.entry, element, is_stale=is_stale)
            except BadCell as bad:
                yield count, self._problem(one.name, bad.reason, bad.expected, bad.column)

    def _fact(
        self, entry: NodeMapping | EdgeMapping, element: ForeignNode | ForeignEdge, *, is_stale: bool
    ) -> Fact | None:
        if isinstance(entry, EdgeMapping) and isinstance(element, ForeignEdge):
            return self.claims.of_edge(element, entry, is_stale=is_stale)
        if isinstance(entry, NodeMapping) and isinstance(element, ForeignNode):
            return self.claims.of_node(element, entry) if self.claims.entry_of(element) is entry else None
        raise TypeError("an entry and an element of two sorts")

    def _empty_lists(self, lists: Sequence[_List]) -> Iterator[Record]:
        """Yield the scopes of lists that have become empty, if somebody says that the database is whole."""
        if not self.context.complete or self.newest is None:
            return
        for one in lists:
            for tenant in sorted(self.tenants[one.tenant] if one.tenant else {""}):
                if (one.name, tenant) not in self.read:
                    scope = self._scope(one, tenant)
                    yield ScopeOpened(scope, self.newest, kinds=_NOTHING, relations=_NOTHING)
                    yield ScopeClosed(scope, complete=True)

    def _held(self) -> Generator[Record, None, set[str]]:
        """Return which lists the database has anything for, and yield what no list is about."""
        held: set[str] = set()
        apart = self.mapping.told_apart_by
        for count in self.database.node_counts(apart):
            entry = self._entry(count)
            if entry is not None:
                held.add(name_of(entry))
                continue
            labels = ", ".join(map(shown, sorted(count.labels))) or "no label"
            yield from repeat(Skipped(f"node with {labels}"), count.count)
        types = {edge.type for edge in self.mapping.edges}
        for found in self.database.edge_counts(apart):
            start, end = self._entry(found.start), self._entry(found.end)
            fitting = {name_of(edge) for edge in self.mapping.edges if _fits(edge, found.type, start, end)}
            held |= fitting
            if not fitting:
                rest = " between other nodes" if found.type in types else ""
                yield from repeat(Skipped(f"relationship {shown(found.type)}{rest}"), found.count)
        return held

    def _entry(self, count: NodeCount) -> NodeMapping | None:
        return entry_of(self.mapping, count.labels, count.properties)

    def _read_at(self, group: Group) -> Instant | None:
        seen = self.mapping.seen
        if seen is None:
            return self.context.now if self.context.read_at is None else self.context.read_at
        return _moment(group, seen)

    def _doubt(self, *, is_newest: bool, runs: int) -> str | None:
        if not is_newest:
            return NOT_NEWEST
        if runs > 1:
            return SEVERAL_RUNS
        return None if self.context.complete else NOT_SAID

    def _scope(self, one: _List, tenant: str) -> Scope:
        name = self.context.scope or self.mapping.name
        return Scope(self.context.source, "/".join(filter(None, (name, tenant, one.name))))

    def _problem(self, position: str, reason: str, expected: str, name: str = "") -> Problem:
        return Problem(self.database.shown, position, name, reason, expected)


def name_of(entry: NodeMapping | EdgeMapping) -> str:
    """Return what an entry of a mapping is called among all of them."""
    return f"{'nodes' if isinstance(entry, NodeMapping) else 'edges'}/{entry.name}"


def _fits(edge: EdgeMapping, kind: str, start: NodeMapping | None, end: NodeMapping | None) -> bool:
    return edge.type == kind and start in edge.start and end in edge.end


def _moment(group: Group, seen: SeenBy) -> Instant | None:
    if isinstance(group.seen, bool) or not isinstance(group.seen, int):
        return None
    try:
        return parse_time(group.seen * seen.milliseconds).moment
    except ValueError:
        return None


def _lists(mapping: GraphMapping) -> list[_List]:
    seen = mapping.seen.property if mapping.seen else None
    apart = mapping.told_apart_by
    lists: list[_List] = []
    for node in mapping.nodes.values():
        properties = tuple(dict.fromkeys((*node.read, *apart)))
        lists.append(_List(node, Nodes(node.labels, properties, _tenants(node.tenant), seen), node.tenant))
    for edge in mapping.edges:
        tenant, of_start = _tenant(edge)
        asks = Relationships(
            edge.type,
            _ends(edge.start, apart),
            _ends(edge.end, apart),
            edge.read,
            _tenants(tenant),
            seen,
            of_start,
        )
        lists.append(_List(edge, asks, tenant))
    return lists


def _ends(entries: tuple[NodeMapping, ...], apart: tuple[str, ...]) -> Nodes:
    labels = dict.fromkeys(label for entry in entries for label in entry.labels)
    keys = dict.fromkeys((*(name for entry in entries for name in entry.key), *apart))
    return Nodes(tuple(labels), tuple(keys))


def _tenant(edge: EdgeMapping) -> tuple[TenantMapping | None, bool]:
    """Return to whom relationships belong, and whether their start says it: the end that all have alike."""
    for entries, of_start in ((edge.start, True), (edge.end, False)):
        tenants = {entry.tenant for entry in entries}
        if len(tenants) == 1 and None not in tenants:
            return tenants.pop(), of_start
    return None, True


def _tenants(tenant: TenantMapping | None) -> Tenants | None:
    return None if tenant is None else Tenants(tenant.labels, tenant.id, tenant.relationships)
