"""Bringing a topology to a later commit without building it anew.

Whole pairs of nodes are replaced: all rows between the ends of a changed edge are taken out,
changed, put in order and inserted where they were. All other rows keep their order, because
node numbers change without changing places among each other.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from graph.ledger.timeline import EdgeSpell, EdgeTimeline, NodeTimeline, TimelineChanges
from graph.model import Instant, Interval, Uid
from graph.topology.arrays import Bytes, Indices, Longs
from graph.topology.build import EdgeRows, RowDrafts, assemble, number_of
from graph.topology.codes import KIND_NUMBER, KIND_ORDER, CodeBook, EdgeCode
from graph.topology.spells import SpellColumns, spell_columns
from graph.topology.topology import Topology
from graph.vocabulary import Kind


def spliced(old: Topology, changes: TimelineChanges) -> Topology:
    """Return the topology after some changes.

    Raises:
        ValueError: if an edge is left without one of its nodes, or a node both stays and goes.

    Cost: some passes over the arrays, and values only for what changed.
    """
    changed = {timeline.uid: timeline for timeline in changes.nodes}
    uids, renumbering = _renumbered(old, changed, set(changes.removed_nodes))
    ends = {uid for edge in changes.edges for uid in (edge.subject, edge.object)}
    numbers = _numbers(uids, ends | set(changed))
    kinds = np.zeros(len(uids), dtype=np.uint8)
    staying = renumbering >= 0
    kinds[renumbering[staying]] = old.kinds[staying]
    kinds[[numbers[uid] for uid in changed]] = [KIND_NUMBER[node.kind] for node in changed.values()]
    types, spells = _spells(old, renumbering, numbers, changed)
    rows, codes, discriminators = _Rows(old, renumbering, numbers, kinds).after(changes.edges)
    return assemble(
        known=changes.until,
        uids=uids,
        kinds=kinds,
        spells=spells,
        types=types,
        rows=rows,
        codes=codes,
        discriminators=discriminators,
    )


def _renumbered(
    old: Topology, changed: Mapping[Uid, NodeTimeline], removed: Collection[Uid]
) -> tuple[tuple[Uid, ...], Indices]:
    """The uids after the changes, and each old node's new number, -1 for one that goes."""
    if not changed.keys().isdisjoint(removed):
        raise ValueError("a node is both changed and removed")
    going = [number for uid in removed if (number := old.find(uid)) is not None]
    coming = sorted(uid for uid in changed if old.find(uid) is None)
    if not going and not coming:
        return old.uids, np.arange(old.node_count, dtype=np.int32)
    stays = np.ones(old.node_count, dtype=np.bool_)
    stays[going] = False
    staying = [uid for uid, kept in zip(old.uids, stays.tolist(), strict=True) if kept] if going else old.uids
    places = np.array([bisect_left(staying, uid) for uid in coming], dtype=np.int64)
    ranks = np.arange(len(staying), dtype=np.int64)
    renumbering = np.full(old.node_count, -1, dtype=np.int32)
    renumbering[stays] = ranks + np.searchsorted(places, ranks, side="right")
    # Two sorted runs one after the other: sorting merges them in one pass.
    return tuple(sorted([*staying, *coming])), renumbering


def _numbers(uids: Sequence[Uid], wanted: Collection[Uid]) -> dict[Uid, int]:
    """The numbers of some uids; those that are nowhere are absent."""
    places = ((uid, bisect_left(uids, uid)) for uid in wanted)
    return {uid: place for uid, place in places if place < len(uids) and uids[place] == uid}


def _spells(
    old: Topology, renumbering: Indices, numbers: Mapping[Uid, int], changed: Mapping[Uid, NodeTimeline]
) -> tuple[tuple[frozenset[str], ...], SpellColumns]:
    """The types and the node spells after the changes; known types keep their numbers."""
    fresh = [(numbers[uid], spell) for uid, node in changed.items() for spell in node.spells]
    types = tuple(dict.fromkeys([*old.types, *(spell.types for _, spell in fresh if spell.types)]))
    replaced = np.zeros(len(renumbering) + 1, dtype=np.bool_)
    replaced[[number for uid in changed if (number := old.find(uid)) is not None]] = True
    node = old.spells.node
    kept = old.spells.taken((renumbering[node] >= 0) & ~replaced[node]).renumbered(renumbering)
    return types, kept.merged(spell_columns(fresh, {names: number for number, names in enumerate(types)}))


class _Rows:
    """The rows of an old topology on their way into a new one."""

    def __init__(self, old: Topology, renumbering: Indices, numbers: dict[Uid, int], kinds: Bytes) -> None:
        self._old = old
        self._renumbering = renumbering
        self._numbers = numbers
        self._kinds = kinds

    def after(self, edges: Sequence[EdgeTimeline]) -> tuple[EdgeRows, CodeBook, tuple[str, ...]]:
        """Return the rows after some edges have changed, and the books that they are numbered by."""
        pairs = self._pairs(edges)
        fresh, fresh_codes, fresh_words = self._drafted(edges, pairs).sorted()
        kept = self._kept(pairs)
        codes, recoded = self._recoded(kept, self._old.codes.extended(fresh_codes.codes))
        words = tuple(dict.fromkeys([*self._old.discriminators, *fresh_words]))
        code_numbers = np.array([codes.number(code) for code in fresh_codes.codes], dtype=np.uint16)
        word_numbers = np.array([words.index(word) for word in fresh_words], dtype=np.int32)
        inserted = EdgeRows(
            fresh.subject,
            fresh.object,
            code_numbers[fresh.code],
            word_numbers[fresh.discriminator],
            fresh.valid_from,
            fresh.valid_to,
        )
        return _merged(recoded, inserted, len(self._kinds)), codes, words

    def _pairs(self, edges: Sequence[EdgeTimeline]) -> dict[tuple[Uid, Uid], range]:
        """The old rows between the ends of the edges that changed."""
        found: dict[tuple[Uid, Uid], range] = {}
        for edge in edges:
            subject, object_ = self._old.find(edge.subject), self._old.find(edge.object)
            if subject is not None and object_ is not None:
                found[edge.subject, edge.object] = self._old.rows_between(subject, object_)
        return found

    def _drafted(self, edges: Sequence[EdgeTimeline], pairs: Mapping[tuple[Uid, Uid], range]) -> RowDrafts:
        """All rows between those ends, new: of the edges that changed, and of others beside them."""
        drafts = RowDrafts()
        changed = {(edge.relation, edge.subject, edge.object, edge.discriminator) for edge in edges}
        if len(changed) != len(edges):
            raise ValueError("an edge is changed twice")
        beside = (
            edge
            for (subject, object_), rows in pairs.items()
            for edge in self._edges(subject, object_, rows)
            if (edge.relation, subject, object_, edge.discriminator) not in changed
        )
        for edge in (*edges, *beside):
            for spell in edge.spells:
                drafts.add(edge, spell, self._end(edge.subject), self._end(edge.object))
        return drafts

    def _edges(self, subject: Uid, object_: Uid, rows: range) -> list[EdgeTimeline]:
        """Some old rows as timelines of one spell each."""
        columns, found = self._old.rows, list[EdgeTimeline]()
        for row in rows:
            code = self._old.code_of(row)
            valid = Interval(Instant(int(columns.valid_from[row])), Instant(int(columns.valid_to[row])))
            word = self._old.discriminators[int(columns.discriminator[row])]
            spell = EdgeSpell(valid, code.certainty, code.marks, code.possible_marks)
            found.append(EdgeTimeline(code.relation, subject, object_, word, (spell,)))
        return found

    def _end(self, uid: Uid) -> tuple[int, Kind]:
        number = number_of(uid, self._numbers)
        return number, KIND_ORDER[int(self._kinds[number])]

    def _kept(self, pairs: Mapping[tuple[Uid, Uid], range]) -> EdgeRows:
        """The rows that nothing touched, between the new numbers of their ends."""
        old = self._old
        stays = np.ones(old.row_count, dtype=np.bool_)
        for rows in pairs.values():
            stays[rows.start : rows.stop] = False
        subjects = np.repeat(np.arange(old.node_count, dtype=np.int32), np.diff(old.out.offsets))
        kept = EdgeRows(
            self._renumbering[subjects],
            self._renumbering[old.out.far],
            old.out.code,
            old.rows.discriminator,
            old.rows.valid_from,
            old.rows.valid_to,
        ).taken(np.flatnonzero(stays))
        if (kept.subject < 0).any() or (kept.object < 0).any():
            raise ValueError("a node is removed that an edge still leads to")
        return kept

    def _recoded(self, rows: EdgeRows, codes: CodeBook) -> tuple[CodeBook, EdgeRows]:
        """The same rows, with new codes where the kind of an end has changed."""
        before = self._kinds.copy()
        staying = self._renumbering >= 0
        before[self._renumbering[staying]] = self._old.kinds[staying]
        changed = before != self._kinds
        which = np.flatnonzero(changed[rows.subject] | changed[rows.object])
        if not len(which):
            return codes, rows
        sorts: Longs = np.stack(
            (rows.code[which], self._kinds[rows.subject[which]], self._kinds[rows.object[which]]), axis=1
        ).astype(np.int64)
        distinct, belongs = np.unique(sorts, axis=0, return_inverse=True)
        triples: list[list[int]] = distinct.tolist()
        meant = [_with_kinds(codes.codes[code], subject, object_) for code, subject, object_ in triples]
        codes = codes.extended(meant)
        code = rows.code.copy()
        code[which] = np.array([codes.number(each) for each in meant], dtype=np.uint16)[belongs.ravel()]
        return codes, replace(rows, code=code)


def _with_kinds(code: EdgeCode, subject_kind: int, object_kind: int) -> EdgeCode:
    return replace(code, subject_kind=KIND_ORDER[subject_kind], object_kind=KIND_ORDER[object_kind])


def _merged(rows: EdgeRows, inserted: EdgeRows, node_count: int) -> EdgeRows:
    """Both lists in order; no pair of nodes is in both."""
    places: Longs = np.searchsorted(_pair_keys(rows, node_count), _pair_keys(inserted, node_count))
    return EdgeRows(
        np.insert(rows.subject, places, inserted.subject),
        np.insert(rows.object, places, inserted.object),
        np.insert(rows.code, places, inserted.code),
        np.insert(rows.discriminator, places, inserted.discriminator),
        np.insert(rows.valid_from, places, inserted.valid_from),
        np.insert(rows.valid_to, places, inserted.valid_to),
    )


def _pair_keys(rows: EdgeRows, node_count: int) -> Longs:
    return rows.subject.astype(np.int64) * node_count + rows.object
