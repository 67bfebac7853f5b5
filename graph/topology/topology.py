"""The compiled picture of the graph at one commit: integer arrays that walks read and nobody changes.

Nodes are numbered in the order of their uids. Every spell of every edge is a *row*; rows are
ordered by (subject, object, relation, discriminator, valid_from), so the slots that lead from
subjects to objects are the rows themselves. The opposite direction has slots of its own, each
naming its row. The picture holds all of valid time: a date is a filter (`DatedView`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from graph.errors import NodeNotFound
from graph.ledger.claims import edge_id_of
from graph.model import CommitNumber, EdgeId, Instant, Interval, NodeRef, Uid
from graph.topology.arrays import Bytes, Codes, Indices, Longs
from graph.topology.codes import KIND_ORDER, CodeBook, EdgeCode
from graph.topology.spells import SpellColumns
from graph.topology.view import DatedView, ViewCache


@dataclass(frozen=True, slots=True)
class Adjacency:
    """One direction of all edges: node `i` has the slots `offsets[i]` to `offsets[i + 1]`.

    Within a node, slots are ordered by the number of the far node. `row` is None where a
    slot's number is its row's number.
    """

    offsets: Longs
    far: Indices
    code: Codes
    row: Indices | None

    def rows(self, slots: Longs) -> Longs | Indices:
        """Return the rows of some slots."""
        return slots if self.row is None else self.row[slots]


@dataclass(frozen=True, slots=True)
class RowColumns:
    """What a row holds beyond its slots: when it is valid, and its discriminator's number."""

    valid_from: Longs
    valid_to: Longs
    discriminator: Indices


@dataclass(frozen=True, eq=False)
class Topology:
    """Nodes and edges as arrays, over all of valid time, as known at one commit.

    Immutable: `graph.topology.splice.spliced` makes another one. Safe to share between threads.
    """

    known: CommitNumber
    uids: tuple[Uid, ...]
    kinds: Bytes
    spells: SpellColumns
    types: tuple[frozenset[str], ...]
    out: Adjacency
    into: Adjacency
    rows: RowColumns
    codes: CodeBook
    discriminators: tuple[str, ...]
    _views: ViewCache = field(default_factory=ViewCache, repr=False)

    @property
    def node_count(self) -> int:
        """Return how many nodes there are, those only mentioned included."""
        return len(self.uids)

    @property
    def row_count(self) -> int:
        """Return how many spells all edges have together."""
        return len(self.out.far)

    def find(self, uid: str) -> int | None:
        """Return the number of the node with exactly this canonical uid, None if there is none."""
        number = bisect_left(self.uids, uid)
        return number if number < len(self.uids) and self.uids[number] == uid else None

    def get(self, uid: str) -> int:
        """Return the number of a node.

        Raises:
            NodeNotFound: if no source mentions it, at any date.
        """
        number = self.find(uid)
        if number is None:
            raise NodeNotFound(uid)
        return number

    def ref(self, number: int) -> NodeRef:
        """Return the node of a number by uid and kind."""
        return NodeRef(self.uids[number], KIND_ORDER[int(self.kinds[number])])

    def code_of(self, row: int) -> EdgeCode:
        """Return what a row says about its edge."""
        return self.codes.codes[int(self.out.code[row])]

    def ends_of(self, row: int) -> tuple[int, int]:
        """Return the numbers of a row's subject and object."""
        subject = int(np.searchsorted(self.out.offsets, row, side="right")) - 1
        return subject, int(self.out.far[row])

    def edge_id(self, row: int) -> EdgeId:
        """Return the id of the edge that a row is a spell of; computed, not stored."""
        subject, object_ = self.ends_of(row)
        discriminator = self.discriminators[int(self.rows.discriminator[row])]
        return edge_id_of(self.code_of(row).relation, self.uids[subject], self.uids[object_], discriminator)

    def rows_between(self, subject: int, object_: int) -> range:
        """Return the rows of all edges from one node to another."""
        begin, end = int(self.out.offsets[subject]), int(self.out.offsets[subject + 1])
        far = self.out.far[begin:end]
        first, last = np.searchsorted(far, [object_, object_ + 1])
        return range(begin + int(first), begin + int(last))

    def rows_of(self, edges: Iterable[EdgeId]) -> dict[EdgeId, list[int]]:
        """Return the rows of edges by id; an id that no edge has is absent.

        Ids are digests, so every edge's id is computed until all are found: about two
        microseconds an edge.
        """
        wanted = set(edges)
        found: dict[EdgeId, list[int]] = {}
        if not wanted:
            return found
        for row in range(self.row_count):
            eid = self.edge_id(row)
            if eid in wanted:
                found.setdefault(eid, []).append(row)
            elif len(found) == len(wanted):
                break  # rows of one edge stand together, so the last one found is whole
        return found

    def view(self, as_of: Instant, window: Interval | None = None) -> DatedView:
        """Return the picture at a date, or with the edges of a whole stretch of time.

        Cheap for dates between which nothing changes: views are kept and shared.
        """
        return self._views.get(self, as_of, window)
