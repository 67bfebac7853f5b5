"""Nodes and edges over all of valid time at one commit: what the topology is built and kept in step from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Final, TypeVar

from graph.ledger.fold import (
    FoldKey,
    described_kind,
    fold_key,
    fold_node,
    folded_marks,
    is_certain,
    is_loop,
    mentioned_kind,
    ways_mentioned,
)
from graph.ledger.identity import IdentityMap
from graph.ledger.operations import (
    ClaimEnded,
    ClaimRecorded,
    ClaimRefuted,
    EdgeKey,
    Operation,
    PersonalErased,
    RefutationLifted,
    Subject,
)
from graph.ledger.port import Store
from graph.ledger.reading import Picture
from graph.ledger.standing import SECRET_PROPERTIES, STATUS_PROPERTIES, status_of
from graph.ledger.timeline import (
    WALK_PROPERTIES,
    EdgeSpell,
    EdgeTimeline,
    NodeSpell,
    NodeTimeline,
    TimelineChanges,
)
from graph.model import (
    ClaimRow,
    CommitNumber,
    EdgeFacts,
    Instant,
    Interval,
    NodeFacts,
    PropertyValue,
    Uid,
)
from graph.vocabulary import Certainty, Kind

MAXIMUM_CHANGED: Final = 20_000
"""Beyond so many touched nodes and edges, building anew is cheaper than splicing."""

Told = TypeVar("Told")


def all_edge_timelines(picture: Picture) -> Iterator[EdgeTimeline]:
    """Yield every edge that any standing claim speaks of, whenever it holds.

    Memory: the rows of the ledger's edges, grouped by edge.
    """
    groups: dict[FoldKey, list[ClaimRow]] = defaultdict(list)
    for row in picture.all_edge_rows():
        _group(row, picture.identity, groups)
    for key in sorted(groups):
        yield edge_timeline(key, groups[key])


def all_node_timelines(picture: Picture) -> Iterator[NodeTimeline]:
    """Yield every node that any standing claim describes or mentions, in byte order of uid."""
    described: dict[Uid, list[ClaimRow]] = defaultdict(list)
    for row in picture.all_node_rows():
        if isinstance(row.claim.about, NodeFacts):
            described[picture.identity.canonical(row.claim.about.uid)].append(row)
    ways = ways_mentioned(picture.all_edge_rows(), picture.identity)
    for uid in sorted(described.keys() | ways.keys()):
        kind = described_kind(described[uid]) or mentioned_kind(ways.get(uid, ()))
        yield node_timeline(uid, kind, described[uid])


def edge_timeline(key: FoldKey, rows: Sequence[ClaimRow]) -> EdgeTimeline:
    """Return an edge's spells from all rows about it, whatever their valid time."""

    def told(live: Sequence[ClaimRow], _: Instant) -> tuple[Certainty, frozenset[str], frozenset[str]]:
        certain = any(is_certain(row) for row in live)
        certainty = Certainty.CERTAIN if certain else Certainty.POSSIBLE
        return certainty, *folded_marks(live)

    spells = (EdgeSpell(valid, *said) for valid, said in _spells(rows, told))
    return EdgeTimeline(*key, tuple(spells))


def node_timeline(uid: Uid, kind: Kind, rows: Sequence[ClaimRow]) -> NodeTimeline:
    """Return a node's spells from all rows that describe it, whatever their valid time.

    An identity's ``status`` is what status and dates together come to, so a spell also
    ends where somebody is suspended or leaves. What is said of a secret's end stands or
    falls together: where sources contradict each other on a part of it, none of it is told.
    """

    def told(live: Sequence[ClaimRow], moment: Instant) -> tuple[frozenset[str], dict[str, PropertyValue]]:
        node = fold_node(uid, (uid,), kind, live)
        contested = set(node.contested)
        if contested.intersection(SECRET_PROPERTIES):
            contested.update(SECRET_PROPERTIES)
        said = {n: node.properties[n].value for n in WALK_PROPERTIES if n in node.properties}
        said = {name: value for name, value in said.items() if name not in contested}
        if any(name in node.properties for name in STATUS_PROPERTIES):
            said["status"] = status_of(node, moment)
        types = {type_ for type_ in node.readings("type") if isinstance(type_, str)}
        return frozenset(types), said

    dates = {value for row in rows for value in _dates_in(row)}
    return NodeTimeline(
        uid, kind, tuple(_node_spell(valid, *said) for valid, said in _spells(rows, told, dates))
    )


def _node_spell(valid: Interval, types: frozenset[str], said: Mapping[str, PropertyValue]) -> NodeSpell:
    if len(types) > 1:
        return NodeSpell(valid, None, MappingProxyType(said), types)
    return NodeSpell(valid, next(iter(types), None), MappingProxyType(said))


def _dates_in(row: ClaimRow) -> Iterator[Instant]:
    for name in STATUS_PROPERTIES[1:]:
        value = row.claim.about.properties.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            yield Instant(value)


def changes_between(store: Store, before: Picture, after: Picture) -> TimelineChanges | None:
    """Return what the commits between two pictures of one ledger changed.

    None where so much changed that building the topology anew is cheaper. Cost: the
    operations of the commits between, and the rows of what they touched.
    """
    touched = _touched(store, before.known, after.known)
    moved = after.identity.differences(before.identity)
    if len(touched) + len(moved) > MAXIMUM_CHANGED:
        return None
    keys = _touched_edges(touched, moved, before, after)
    uids = {about for about in touched if not isinstance(about, EdgeKey)} | moved
    for _, subject, object_, _ in keys:
        uids |= {subject, object_}
    if len(keys) + len(uids) > MAXIMUM_CHANGED:
        return None
    nodes, gone = _node_changes(uids, after)
    return TimelineChanges(after.known, nodes, _edge_changes(keys, after), gone)


def _touched(store: Store, since: CommitNumber, until: CommitNumber) -> set[Subject]:
    """Return what the operations of the commits after ``since`` up to ``until`` are about."""
    touched: set[Subject] = set()
    for number in range(since + 1, until + 1):
        for operation in store.operations(CommitNumber(number)):
            touched.update(_subjects(operation, store))
    return touched


def _subjects(operation: Operation, store: Store) -> Iterable[Subject]:
    match operation:
        case ClaimRecorded() | ClaimEnded():
            return (operation.about,)
        case ClaimRefuted() | RefutationLifted():
            return {row.about for row in store.claim_history(operation.claim_id)}
        case PersonalErased(uids):
            return uids
        case _:
            return ()


def _touched_edges(touched: set[Subject], moved: set[Uid], before: Picture, after: Picture) -> set[FoldKey]:
    """Return the folded edges to look at again, under the old identity and the new one."""
    keys: set[FoldKey] = set()
    for identity in (before.identity, after.identity):
        for about in touched:
            if isinstance(about, EdgeKey):
                ends = identity.canonical(about.subject), identity.canonical(about.object)
                keys.add((about.relation, *ends, about.discriminator))
    for picture in (before, after):
        for row in picture.edge_rows(moved) if moved else ():
            if isinstance(row.claim.about, EdgeFacts):
                keys |= {fold_key(row.claim.about, i) for i in (before.identity, after.identity)}
    return keys


def _edge_changes(keys: set[FoldKey], after: Picture) -> list[EdgeTimeline]:
    groups: dict[FoldKey, list[ClaimRow]] = {key: [] for key in sorted(keys)}
    current = [key for key in groups if _is_current(key, after.identity)]
    for row in after.edge_rows_between([EdgeKey(*key) for key in current]):
        _group(row, after.identity, groups)
    return [edge_timeline(key, rows) for key, rows in groups.items()]


def _node_changes(uids: set[Uid], after: Picture) -> tuple[list[NodeTimeline], list[Uid]]:
    wanted = {after.identity.canonical(uid) for uid in uids}
    described: dict[Uid, list[ClaimRow]] = defaultdict(list)
    for row in after.node_rows(wanted):
        if isinstance(row.claim.about, NodeFacts):
            described[after.identity.canonical(row.claim.about.uid)].append(row)
    undescribed = wanted - described.keys()
    ways = ways_mentioned(after.edge_rows(undescribed), after.identity) if undescribed else {}
    nodes: list[NodeTimeline] = []
    gone = [uid for uid in uids if uid not in wanted]
    for uid in sorted(wanted):
        if uid in described or uid in ways:
            kind = described_kind(described[uid]) or mentioned_kind(ways.get(uid, ()))
            nodes.append(node_timeline(uid, kind, described[uid]))
        else:
            gone.append(uid)
    return nodes, sorted(gone)


def _is_current(key: FoldKey, identity: IdentityMap) -> bool:
    return identity.canonical(key[1]) == key[1] and identity.canonical(key[2]) == key[2]


def _group(row: ClaimRow, identity: IdentityMap, groups: dict[FoldKey, list[ClaimRow]]) -> None:
    facts = row.claim.about
    if isinstance(facts, EdgeFacts) and not is_loop(facts, identity):
        groups[fold_key(facts, identity)].append(row)


def _spells(
    rows: Sequence[ClaimRow],
    told: Callable[[Sequence[ClaimRow], Instant], Told],
    dates: Collection[Instant] = (),
) -> Iterator[tuple[Interval, Told]]:
    """Yield the stretches in which rows together tell one thing, in order; gaps are left out.

    What is told may change where a row begins or ends, and at ``dates``.
    """
    ends = {moment for row in rows for moment in (row.valid.start, row.valid.end)}
    pending: tuple[Interval, Told] | None = None
    for start, end in pairwise(sorted(ends | {d for d in dates if min(ends) < d < max(ends)})):
        live = [row for row in rows if row.valid.holds_at(start)]
        if not live:
            continue
        said = told(live, start)
        if pending is not None and pending[1] == said and pending[0].end == start:
            pending = (Interval(pending[0].start, end), said)
            continue
        if pending is not None:
            yield pending
        pending = (Interval(start, end), said)
    if pending is not None:
        yield pending
