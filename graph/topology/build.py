"""Building a topology from timelines: one pass over the values, then sorting in numpy."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from graph.ledger.timeline import EdgeSpell, EdgeTimeline, NodeTimeline
from graph.model import CommitNumber, Uid
from graph.topology.arrays import Bytes, Codes, Indices, Longs, offsets_of, stable_order
from graph.topology.codes import KIND_NUMBER, CodeBook, EdgeCode
from graph.topology.spells import SpellColumns, spell_columns
from graph.topology.topology import Adjacency, RowColumns, Topology
from graph.vocabulary import Kind


@dataclass(frozen=True, slots=True)
class EdgeRows:
    """Rows with both ends named; the form in which edges are sorted, dropped and added."""

    subject: Indices
    object: Indices
    code: Codes
    discriminator: Indices
    valid_from: Longs
    valid_to: Longs

    def taken(self, which: Longs) -> EdgeRows:
        """Return the rows at these positions, in the order given."""
        return EdgeRows(
            self.subject[which],
            self.object[which],
            self.code[which],
            self.discriminator[which],
            self.valid_from[which],
            self.valid_to[which],
        )


def build(known: CommitNumber, nodes: Iterable[NodeTimeline], edges: Iterable[EdgeTimeline]) -> Topology:
    """Return the topology of some timelines; they may come in any order, each node and edge once.

    Edges without spells are left out. Every end of an edge must be among the nodes, also one
    that is only mentioned.

    Raises:
        ValueError: if an edge leads to a node that is not given, or a node is given twice.

    Cost: one pass over the values, then two sorts of the rows.
    """
    timelines = sorted(nodes, key=lambda timeline: timeline.uid)
    uids = tuple(timeline.uid for timeline in timelines)
    numbers = {uid: number for number, uid in enumerate(uids)}
    if len(numbers) != len(uids):
        raise ValueError("a node is given twice")
    kinds = [timeline.kind for timeline in timelines]
    types, spells = _spells(timelines)
    drafts = RowDrafts()
    for edge in edges:
        subject, object_ = number_of(edge.subject, numbers), number_of(edge.object, numbers)
        ends = (subject, kinds[subject]), (object_, kinds[object_])
        for spell in edge.spells:
            drafts.add(edge, spell, *ends)
    rows, codes, discriminators = drafts.sorted()
    return assemble(
        known=known,
        uids=uids,
        kinds=np.array([KIND_NUMBER[kind] for kind in kinds], dtype=np.uint8),
        spells=spells,
        types=types,
        rows=rows,
        codes=codes,
        discriminators=discriminators,
    )


def number_of(uid: Uid, numbers: dict[Uid, int]) -> int:
    """Return the number of an edge's end.

    Raises:
        ValueError: if the timelines hold no such node.
    """
    try:
        return numbers[uid]
    except KeyError:
        raise ValueError(f"an edge leads to {uid!r}, which is not among the nodes") from None


def assemble(
    *,
    known: CommitNumber,
    uids: tuple[Uid, ...],
    kinds: Bytes,
    spells: SpellColumns,
    types: tuple[frozenset[str], ...],
    rows: EdgeRows,
    codes: CodeBook,
    discriminators: tuple[str, ...],
) -> Topology:
    """Return the topology of rows that are in order already."""
    # Stable, so that within an object rows keep their order by subject.
    backwards = stable_order(rows.object)
    return Topology(
        known=known,
        uids=uids,
        kinds=kinds,
        spells=spells,
        types=types,
        out=Adjacency(offsets_of(rows.subject, len(uids)), rows.object, rows.code, None),
        into=Adjacency(
            offsets_of(rows.object, len(uids)), rows.subject[backwards], rows.code[backwards], backwards
        ),
        rows=RowColumns(rows.valid_from, rows.valid_to, rows.discriminator),
        codes=codes,
        discriminators=discriminators,
    )


def _spells(timelines: list[NodeTimeline]) -> tuple[tuple[frozenset[str], ...], SpellColumns]:
    named = {spell.types for timeline in timelines for spell in timeline.spells if spell.types}
    types = tuple(sorted(named, key=sorted))
    pairs = ((number, spell) for number, timeline in enumerate(timelines) for spell in timeline.spells)
    return types, spell_columns(pairs, {names: number for number, names in enumerate(types)})


@dataclass(slots=True)
class RowDrafts:
    """Rows as they are collected, with what they name numbered in the order of first sight."""

    subject: array[int] = field(default_factory=lambda: array("q"))
    object: array[int] = field(default_factory=lambda: array("q"))
    code: array[int] = field(default_factory=lambda: array("q"))
    discriminator: array[int] = field(default_factory=lambda: array("q"))
    valid_from: array[int] = field(default_factory=lambda: array("q"))
    valid_to: array[int] = field(default_factory=lambda: array("q"))
    codes: dict[EdgeCode, int] = field(default_factory=dict[EdgeCode, int])
    discriminators: dict[str, int] = field(default_factory=dict[str, int])

    def add(
        self, edge: EdgeTimeline, spell: EdgeSpell, subject: tuple[int, Kind], object_: tuple[int, Kind]
    ) -> None:
        """Adds one spell of an edge between two nodes given by number and kind."""
        code = EdgeCode(
            edge.relation, subject[1], object_[1], spell.marks, spell.certainty, spell.possible_marks
        )
        self.subject.append(subject[0])
        self.object.append(object_[0])
        self.code.append(self.codes.setdefault(code, len(self.codes)))
        self.discriminator.append(
            self.discriminators.setdefault(edge.discriminator, len(self.discriminators))
        )
        self.valid_from.append(spell.valid.start)
        self.valid_to.append(spell.valid.end)

    def sorted(self) -> tuple[EdgeRows, CodeBook, tuple[str, ...]]:
        """Return the rows in order, and what their numbers of codes and discriminators mean."""
        book = CodeBook(self.codes)
        relation = ranks([code.relation for code in book.codes])
        discriminator = ranks(list(self.discriminators))
        draft = EdgeRows(
            np.array(self.subject, dtype=np.int32),
            np.array(self.object, dtype=np.int32),
            np.array(self.code, dtype=np.uint16),
            np.array(self.discriminator, dtype=np.int32),
            np.array(self.valid_from, dtype=np.int64),
            np.array(self.valid_to, dtype=np.int64),
        )
        keys = (
            draft.valid_from,
            discriminator[draft.discriminator],
            relation[draft.code],
            draft.object,
            draft.subject,
        )
        return draft.taken(np.lexsort(keys)), book, tuple(self.discriminators)


def ranks(words: list[str]) -> Indices:
    """Return each word's place in alphabetical order; equal words share one.

    >>> ranks(["b", "a", "b"]).tolist()
    [1, 0, 1]
    """
    places = {word: place for place, word in enumerate(sorted(set(words)))}
    return np.array([places[word] for word in words], dtype=np.int32)
