"""The ledger: the one door through which everybody records and reads, whatever the store.

Reading always takes an ``AsOf``: a date in the world and a commit number. What is
read is folded from all sources by the rules of this package, so the same question at
the same pair of times has the same answer for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Final, Generic, TypeVar

from graph.errors import WriteConflict
from graph.ledger.chain import commit_after
from graph.ledger.change import Change, Outcome, completed_by
from graph.ledger.coverage import Coverage, coverage_at
from graph.ledger.erasing import Erasure, erase_personal, erases_anything
from graph.ledger.fold import (
    FoldKey,
    described_kind,
    fold_edge,
    fold_key,
    fold_node,
    is_loop,
    mentioned_kind,
    ways_mentioned,
)
from graph.ledger.identity import IdentityMap
from graph.ledger.matching import Match, SearchText, match_of, searched_texts
from graph.ledger.opening import open_rows
from graph.ledger.operations import EdgeKey
from graph.ledger.plan import plan
from graph.ledger.port import RefutationRow, Store, Transaction
from graph.ledger.reading import Picture
from graph.ledger.timeline import EdgeTimeline, NodeTimeline, TimelineChanges
from graph.ledger.timelines import all_edge_timelines, all_node_timelines, changes_between
from graph.ledger.verifying.verify import Verification, verify
from graph.model import (
    AsOf,
    ClaimRow,
    Commit,
    CommitNumber,
    Edge,
    EdgeFacts,
    Head,
    Instant,
    Node,
    NodeFacts,
    Scope,
    Uid,
    now,
)
from graph.vocabulary import End, Kind

Item = TypeVar("Item")

EMPTY_LEDGER: Final = CommitNumber(0)
"""The number before the first commit."""

_PICTURES_KEPT: Final = 8
_SCAN: Final = 500
_RUNS: Final = 500


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Part of a list that stays in order while others write.

    ``next_after`` is what to pass as ``after`` for the next part; None at the end.
    """

    items: tuple[Item, ...]
    next_after: str | None


@dataclass
class Ledger:
    """Claims, commits and times over a store. Safe to share between threads.

    >>> import tempfile
    >>> from graph.store import open_store
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     Ledger(open_store(f"{folder}/estate.db")).head().sequence
    0
    """

    store: Store
    clock: Callable[[], Instant] = now
    _pictures: dict[CommitNumber, Picture] = field(default_factory=dict[CommitNumber, Picture], repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    # Recording

    def commit(self, change: Change, *, expected_head: CommitNumber | None = None) -> Outcome:
        """Record a change in one commit, and return what came of each of its steps.

        Steps that cannot be recorded are rejected with their error while the others go
        in, unless the change is to be recorded whole. A change that says nothing new
        makes no commit.

        Raises:
            WriteConflict: where ``expected_head`` is given and the ledger has moved on.
            BatchTooLarge: where the store refuses a transaction of that size.
        """

        def work(transaction: Transaction) -> Outcome:
            head = transaction.head
            if expected_head is not None and head.sequence != expected_head:
                raise WriteConflict(expected_head, head.sequence)
            now = self.clock()
            planned = plan(change, transaction, now)
            is_torn = change.whole and any(step.error is not None for step in planned.outcomes)
            if is_torn:
                return Outcome(None, planned.outcomes)
            for scope, read_at in completed_by(change):
                transaction.mark_complete(scope, read_at)
            if not planned.operations:
                return Outcome(None, planned.outcomes)
            commit = commit_after(head, change, planned.operations, now)
            transaction.append(commit, planned.operations, planned.personal)
            return Outcome(commit, planned.outcomes)

        return self.store.write(work)

    def erase_personal(self, uid: Uid, *, actor: str, reason: str, basis: str | None = None) -> Erasure:
        """Erase every personal value ever given for a node under any of its uids; see ``erasing``.

        ``basis`` says how it is known that the actor is who is named.

        Raises:
            NodeNotFound: for a uid that nothing was ever said about.
            InvalidValue: where the reason or the actor repeats a value that is to be erased.
        """
        known = "" if basis is None else f" (actor_basis: {basis})"
        change = Change(actor, f"personal values of {uid} are erased{known}", ())
        erasure = erase_personal(self.store, uid, change, self.clock, reason)
        with self._lock:
            self._pictures.clear()
        return erasure

    # The log

    def head(self) -> Head:
        """Return where the ledger stands."""
        return self.store.head()

    def commits(self, *, after: CommitNumber = EMPTY_LEDGER, limit: int = 100) -> Sequence[Commit]:
        """Return commits in order, those with greater numbers than ``after``."""
        return self.store.commits(after, limit)

    def commit_number_at(self, moment: Instant) -> CommitNumber:
        """Return the newest commit recorded at or before a moment of the clock; 0 if there is none."""
        return self.store.newest_at(moment)

    def at(
        self,
        as_of: Instant | None = None,
        known_at: Instant | None = None,
        *,
        known: CommitNumber | None = None,
    ) -> AsOf:
        """Return the pair of times to read at: by default now, and everything known.

        ``known_at`` is a time of the clock, ``known`` a commit number; give one at most.
        """
        if known is None:
            known = self.head().sequence if known_at is None else self.commit_number_at(known_at)
        return AsOf(self.clock() if as_of is None else as_of, known)

    def verify(self) -> Verification:
        """Hold everything that answers are read from against the log; see ``verifying.verify``."""
        return verify(self.store)

    # Nodes and edges

    def picture(self, known: CommitNumber) -> Picture:
        """Return identity and refutations as of a commit; the last few are kept.

        Until something is erased, by whatever process: older ones may then hold what was.
        """
        with self._lock:
            picture = self._pictures.get(known)
            newest = max(self._pictures, default=known)
        if picture is None:
            is_outdated = erases_anything(self.store, newest, known)
            picture = Picture.at(self.store, known)
            with self._lock:
                if is_outdated:
                    self._pictures.clear()
                while len(self._pictures) >= _PICTURES_KEPT:
                    self._pictures.pop(next(iter(self._pictures)))
                self._pictures[known] = picture
        return picture

    def identity(self, known: CommitNumber) -> IdentityMap:
        """Return which uids name one thing as of a commit."""
        return self.picture(known).identity

    def canonical(self, uid: Uid, known: CommitNumber) -> Uid:
        """Return the uid that stands for everything that is the same as this one."""
        return self.identity(known).canonical(uid)

    def nodes(self, uids: Collection[Uid], at: AsOf) -> dict[Uid, Node]:
        """Return nodes by the uid that was asked for; uids that nothing mentions are absent.

        Cost: two reads of the store, whatever the number of uids.
        """
        picture = self.picture(at.known)
        canonical = {uid: picture.identity.canonical(uid) for uid in uids}
        folded = self._fold_nodes(set(canonical.values()), picture, at)
        found = {node.uid: node for node, _ in folded}
        return {uid: found[name] for uid, name in canonical.items() if name in found}

    def page(
        self,
        at: AsOf,
        *,
        kinds: Collection[Kind] = (),
        types: Collection[str] = (),
        after: Uid | None = None,
        limit: int = 100,
    ) -> Page[Node]:
        """Return nodes that exist at a pair of times, in byte order of uid; empty filters let all pass.

        Neither skips nor repeats while others write.
        """
        items: list[Node] = []
        for _, node, _ in self._scan(at, after=after):
            if (not kinds or node.kind in kinds) and (not types or node.type in types):
                items.append(node)
                if len(items) > limit:
                    return Page(tuple(items[:limit]), items[limit - 1].uid)
        return Page(tuple(items), None)

    def all_nodes(self, at: AsOf) -> Iterator[Node]:
        """Yield every node that exists at a pair of times, in byte order of uid."""
        return (node for _, node, _ in self._scan(at, after=None))

    def search(
        self,
        text: str,
        at: AsOf,
        *,
        match: Match = Match.SUBSTRING,
        kinds: Collection[Kind] = (),
        types: Collection[str] = (),
        after: str | None = None,
        limit: int = 50,
    ) -> Page[Node]:
        """Return nodes whose name, uid, type, external ids or texts match, best matches first.

        Upper and lower case are the same here. Within one grade of match the order is
        that of uids; ``after`` is an earlier page's ``next_after``.
        """
        wanted = SearchText(text, match)
        grade, uid = SearchText.split_cursor(after)
        items: list[tuple[str, Node]] = []
        for current in range(grade, wanted.grades):
            start = uid if current == grade else None
            for place, node, rows in self._scan(at, after=start, text=wanted.fragment):
                if match_of(wanted, node, rows) != current:
                    continue
                if (not kinds or node.kind in kinds) and (not types or node.type in types):
                    items.append((SearchText.cursor(current, place), node))
                    if len(items) > limit:
                        return Page(tuple(node for _, node in items[:limit]), items[limit - 1][0])
        return Page(tuple(node for _, node in items), None)

    def edges(
        self,
        uids: Collection[Uid],
        at: AsOf,
        *,
        relations: Collection[str] = (),
        end: End | None = None,
    ) -> list[Edge]:
        """Return the edges at these nodes: with ``end``, those of which they are that end.

        In order of relation, subject, object. Edges that merging turned into loops are
        left out.
        """
        picture = self.picture(at.known)
        return self._fold_edges(picture.edge_rows(uids, end), relations, picture, at)

    def all_edges(self, at: AsOf, *, relations: Collection[str] = ()) -> list[Edge]:
        """Return every edge that exists at a pair of times. Memory: all of them."""
        picture = self.picture(at.known)
        return self._fold_edges(picture.all_edge_rows(), relations, picture, at)

    # Claims

    def claims(self, uid: Uid, at: AsOf) -> list[ClaimRow]:
        """Return the live claims that describe a node, under any of its uids."""
        return [row for row in self.picture(at.known).node_rows([uid]) if row.holds(at)]

    def edge_claims(self, edge: Edge, at: AsOf) -> list[ClaimRow]:
        """Return the live claims behind an edge."""
        key = EdgeKey(edge.relation, edge.subject.uid, edge.object.uid, edge.discriminator)
        return [row for row in self.picture(at.known).edge_rows_between([key]) if row.holds(at)]

    def history(self, uid: Uid) -> list[ClaimRow]:
        """Return every claim ever recorded about a node, or naming it in an edge, oldest first.

        Under all uids that are the same at the head.
        """
        members = self.identity(self.head().sequence).members(uid)
        rows = {(r.key, r.recorded_from): r for member in members for r in self.store.history(member)}
        ordered = sorted(rows.values(), key=lambda row: (row.recorded_from, row.key))
        return open_rows(self.store, ordered)

    def refutations(self, known: CommitNumber | None) -> Sequence[RefutationRow]:
        """Return the refutations that stand at a commit, or for None every one ever made."""
        return self.store.refutations(known)

    def coverage(self, at: AsOf) -> Coverage:
        """Return which scopes had been read completely, when, and for what.

        Cost: the complete reads in the run log.
        """
        return coverage_at(self.store.coverage(at.known), self.complete_reads(at.known), at.valid)

    def complete_reads(self, known: CommitNumber) -> Mapping[Scope, Sequence[Instant]]:
        """Return the complete reads of each scope, in order, that had finished before the next commit.

        Runs are not part of the chain of commits, so an answer for an older commit must not
        see those of later days.
        """
        following = self.commits(after=known, limit=1)
        if not following:
            return self.store.complete_reads()
        reads: dict[Scope, list[Instant]] = {}
        before: int | None = None
        while page := self.store.runs(before=before, limit=_RUNS):
            before = page[-1].position
            for run in page:
                if run.finished_at < following[0].recorded_at and run.read_at is not None:
                    for scope in run.completed:
                        reads.setdefault(scope, []).append(run.read_at)
        return {scope: sorted(moments) for scope, moments in reads.items()}

    # For the topology

    def node_timelines(self, known: CommitNumber) -> Iterator[NodeTimeline]:
        """Yield every node over all of valid time, in byte order of uid."""
        return all_node_timelines(self.picture(known))

    def edge_timelines(self, known: CommitNumber) -> Iterator[EdgeTimeline]:
        """Yield every edge over all of valid time."""
        return all_edge_timelines(self.picture(known))

    def timeline_changes(self, since: CommitNumber, until: CommitNumber) -> TimelineChanges | None:
        """Return what the commits after ``since`` changed; None if building anew is cheaper."""
        return changes_between(self.store, self.picture(since), self.picture(until))

    # Folding

    def _scan(
        self, at: AsOf, *, after: str | None, text: str | None = None
    ) -> Iterator[tuple[Uid, Node, list[ClaimRow]]]:
        """Yield nodes that exist, each with its place and its live rows, in order of places.

        The place is the canonical uid; with a text, the first of the node's uids under
        which the text is found.
        """
        picture = self.picture(at.known)
        cursor = None if after is None else Uid(after)
        while uids := self.store.uids(at.known, after=cursor, limit=_SCAN, text=text):
            cursor = uids[-1]
            places = {
                picture.identity.canonical(uid): uid
                for uid in reversed(uids)
                if uid == self._place(uid, picture, text)
            }
            folded = self._fold_nodes(places, picture, at)
            for node, rows in sorted(folded, key=lambda pair: places[pair[0].uid]):
                yield places[node.uid], node, rows

    def _place(self, uid: Uid, picture: Picture, text: str | None) -> Uid:
        """Return under which of a node's uids a scan brings it up."""
        members = picture.identity.members(uid)
        if len(members) == 1 or text is None:
            return members[0]
        found = {member for member in members if text in member.casefold()}
        for row in open_rows(self.store, self.store.node_rows(members, picture.known)):
            facts = row.claim.about
            if isinstance(facts, NodeFacts) and any(text in t for t in searched_texts(facts)):
                found.add(facts.uid)
        return min(found, default=uid)

    def _fold_nodes(
        self, uids: Collection[Uid], picture: Picture, at: AsOf
    ) -> list[tuple[Node, list[ClaimRow]]]:
        """Return the nodes of these canonical uids that exist, each with the rows that live."""
        identity = picture.identity
        described: dict[Uid, list[ClaimRow]] = {uid: [] for uid in uids}
        for row in picture.node_rows(uids):
            if isinstance(row.claim.about, NodeFacts):
                described[identity.canonical(row.claim.about.uid)].append(row)
        live = {uid: [row for row in rows if row.holds(at)] for uid, rows in described.items()}
        mentioned = self._mentions([uid for uid in uids if not live[uid]], picture)
        nodes: list[tuple[Node, list[ClaimRow]]] = []
        for uid in sorted(uids):
            rows = mentioned.get(uid, [])
            if live[uid] or any(row.holds(at) for row in rows):
                kind = described_kind(described[uid]) or self._mentioned_kind(uid, rows, identity)
                node = fold_node(uid, identity.members(uid), kind, live[uid], described[uid])
                nodes.append((node, live[uid]))
        return nodes

    def _mentions(self, uids: Collection[Uid], picture: Picture) -> Mapping[Uid, list[ClaimRow]]:
        mentions: dict[Uid, list[ClaimRow]] = {}
        wanted = set(uids)
        for row in picture.edge_rows(wanted) if wanted else ():
            facts = row.claim.about
            if isinstance(facts, EdgeFacts):
                for said in {facts.subject, facts.object}:
                    uid = picture.identity.canonical(said)
                    if uid in wanted:
                        mentions.setdefault(uid, []).append(row)
        return mentions

    def _mentioned_kind(self, uid: Uid, rows: Iterable[ClaimRow], identity: IdentityMap) -> Kind:
        return mentioned_kind(ways_mentioned(rows, identity).get(uid, ()))

    def _fold_edges(
        self, rows: Iterable[ClaimRow], relations: Collection[str], picture: Picture, at: AsOf
    ) -> list[Edge]:
        groups: dict[FoldKey, list[ClaimRow]] = {}
        for row in rows:
            facts = row.claim.about
            if not isinstance(facts, EdgeFacts) or not row.holds(at):
                continue
            if (not relations or facts.relation in relations) and not is_loop(facts, picture.identity):
                groups.setdefault(fold_key(facts, picture.identity), []).append(row)
        kinds = self._kinds({uid for key in groups for uid in key[1:3]}, picture)
        return [fold_edge(key, groups[key], kinds) for key in sorted(groups)]

    def _kinds(self, uids: Collection[Uid], picture: Picture) -> Mapping[Uid, Kind]:
        described: dict[Uid, list[ClaimRow]] = {}
        for row in picture.node_rows(uids):
            if isinstance(row.claim.about, NodeFacts):
                uid = picture.identity.canonical(row.claim.about.uid)
                described.setdefault(uid, []).append(row)
        kinds = {uid: described_kind(rows) for uid, rows in described.items()}
        unknown = [uid for uid in uids if uid not in kinds]
        ways = ways_mentioned(picture.edge_rows(unknown), picture.identity) if unknown else {}
        return {uid: kinds.get(uid) or mentioned_kind(ways.get(uid, ())) for uid in uids}
