"""Everything that one question reads of a ledger, over all of valid time, as known at one commit.

Read once; after that, every date is a filter. Evidence and decisions are facts about the
past that do not depend on when their claims hold, and freshness asks for what happened
between two dates: so what is kept are rows and timelines, not a picture of one date.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from graph.ledger.fold import described_kind, fold_key, fold_node, is_loop, mentioned_kind, ways_mentioned
from graph.ledger.identity import IdentityMap
from graph.ledger.ledger import Ledger
from graph.ledger.port import CoverageRow
from graph.ledger.timeline import EdgeTimeline
from graph.ledger.timelines import edge_timeline
from graph.model import ClaimRow, CommitNumber, EdgeFacts, Instant, Node, NodeFacts, Scope, Uid
from graph.vocabulary import Kind
from queries.readings import CommitTimes, seen_at


@dataclass(frozen=True)
class Facts:
    """Nodes, edges and reads as known at a commit.

    ``rows`` are the descriptions of each canonical node, ``edge_rows`` the claims behind
    each edge. ``reads`` are the complete reads of each scope, in order of time.
    """

    known: CommitNumber
    identity: IdentityMap
    rows: Mapping[Uid, Sequence[ClaimRow]]
    kinds: Mapping[Uid, Kind]
    edges: Mapping[tuple[str, Uid], Sequence[EdgeTimeline]]
    edges_into: Mapping[tuple[str, Uid], Sequence[EdgeTimeline]]
    edge_rows: Mapping[tuple[str, Uid, Uid, str], Sequence[ClaimRow]]
    coverage: Sequence[CoverageRow]
    reads: Mapping[Scope, Sequence[Instant]]
    recorded: CommitTimes

    @classmethod
    def read(cls, ledger: Ledger, known: CommitNumber) -> Facts:
        """Return what a ledger held at a commit. Cost: one pass over its rows."""
        picture = ledger.picture(known)
        identity = picture.identity
        rows: dict[Uid, list[ClaimRow]] = defaultdict(list)
        for row in picture.all_node_rows():
            if isinstance(row.claim.about, NodeFacts):
                rows[identity.canonical(row.claim.about.uid)].append(row)
        edge_rows: dict[tuple[str, Uid, Uid, str], list[ClaimRow]] = defaultdict(list)
        every_edge_row = list(picture.all_edge_rows())
        for row in every_edge_row:
            about = row.claim.about
            if isinstance(about, EdgeFacts) and not is_loop(about, identity):
                edge_rows[fold_key(about, identity)].append(row)
        ways = ways_mentioned(every_edge_row, identity)
        kinds = {
            uid: described_kind(rows.get(uid, ())) or mentioned_kind(ways.get(uid, ()))
            for uid in sorted(rows.keys() | ways.keys())
        }
        out: dict[tuple[str, Uid], list[EdgeTimeline]] = defaultdict(list)
        into: dict[tuple[str, Uid], list[EdgeTimeline]] = defaultdict(list)
        for key in sorted(edge_rows):
            timeline = edge_timeline(key, edge_rows[key])
            out[timeline.relation, timeline.subject].append(timeline)
            into[timeline.relation, timeline.object].append(timeline)
        return cls(
            known=known,
            identity=identity,
            rows=dict(rows),
            kinds=kinds,
            edges=dict(out),
            edges_into=dict(into),
            edge_rows=dict(edge_rows),
            coverage=ledger.store.coverage(known),
            reads=ledger.complete_reads(known),
            recorded=CommitTimes(ledger),
        )

    @cached_property
    def covered(self) -> Mapping[Scope, Sequence[Instant]]:
        """Return for each scope when what it covers began to be covered."""
        found: dict[Scope, list[Instant]] = defaultdict(list)
        for row in self.coverage:
            found[row.scope].append(row.read_at)
        return dict(found)

    def of_kind(self, kind: Kind) -> Iterator[Uid]:
        """Yield the nodes of a kind at whatever date, in byte order of uid."""
        return (uid for uid, found in self.kinds.items() if found is kind)

    def described(self, uid: Uid, moment: Instant) -> list[ClaimRow]:
        """Return the rows that describe a node at a date."""
        return [row for row in self.rows.get(uid, ()) if row.valid.holds_at(moment)]

    def node(self, uid: Uid, rows: Sequence[ClaimRow]) -> Node:
        """Return the node that some of its rows make."""
        return fold_node(uid, self.identity.members(uid), self.kinds[uid], rows, self.rows.get(uid, ()))

    def lasting_rows(self, uid: Uid, moment: Instant) -> list[ClaimRow]:
        """Return the rows of something that does not pass away: as at a date, else as first described.

        Evidence holds from when it was gathered, not from when it was handed in. Of
        descriptions that all ended before, the last ones are returned.
        """
        live = self.described(uid, moment)
        if live:
            return live
        rows = self.rows.get(uid, ())
        later = [row for row in rows if row.valid.start > moment]
        if later:
            first = min(row.valid.start for row in later)
            return [row for row in later if row.valid.start == first]
        last = max((row.valid.end for row in rows), default=None)
        return [row for row in rows if row.valid.end == last]

    def boundaries(self, uid: Uid) -> Iterator[Instant]:
        """Yield the moments at which what describes a node begins or ends."""
        return (moment for row in self.rows.get(uid, ()) for moment in (row.valid.start, row.valid.end))

    def edges_of(self, relation: str) -> Iterator[EdgeTimeline]:
        """Yield all edges of a relation."""
        return chain.from_iterable(edges for (name, _), edges in self.edges.items() if name == relation)

    def last_read(self, scope: Scope, moment: Instant) -> Instant | None:
        """Return when a scope was last read completely, not after a date; None if it never was."""
        moments = [read_at for read_at in self.covered.get(scope, ()) if read_at <= moment]
        reads = self.reads.get(scope, ())
        place = bisect_right(reads, moment)
        return max([*moments, *reads[max(0, place - 1) : place]], default=None)

    def read_at(self, row: ClaimRow, moment: Instant) -> Instant:
        """Return when what a row says was last known to be so, not after a date."""
        last, seen = self.last_read(row.claim.scope, moment), seen_at(row, self.recorded)
        return min(moment, seen if last is None else max(last, min(seen, moment)))


def changes(timelines: Iterable[EdgeTimeline]) -> Iterator[Instant]:
    """Yield the moments at which edges begin, change or end."""
    for timeline in timelines:
        for spell in timeline.spells:
            yield spell.valid.start
            yield spell.valid.end
