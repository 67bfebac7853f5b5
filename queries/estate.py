"""The estate that questions are asked of: a ledger, and the compiled pictures that walks run on.

An `Estate` is made once a process. Every question first takes an `EstateView`: the
estate at one date, as known at one commit, under one edition of the rules. The head is
read once for it, so that everything in one answer belongs together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Final

from graph.errors import InvalidQuestion, NodeNotFound
from graph.ledger.chain import GENESIS_HASH
from graph.ledger.coverage import Coverage
from graph.ledger.ledger import Ledger
from graph.model import AsOf, Commit, CommitNumber, Edge, Instant, Node, Uid
from graph.topology import CurrentTopology, Topology
from graph.vocabulary import VOCABULARY, End, Vocabulary, vocabulary_for
from graph.walk import RuleTables
from queries.cadences import NO_CADENCES, Cadences
from queries.report_log import ReportLog
from queries.spoken import Spoken


@dataclass(frozen=True, slots=True)
class Standpoint:
    """The date, the knowledge and the rules that a question is asked for.

    None is now for `as_of`, everything known for `known_at` and `known`, and the edition
    in force for `rules_version`. `known_at` is a time of the clock (milliseconds in UTC)
    and stands for the newest commit recorded by then, `known` is that commit's number;
    give one at most.
    """

    as_of: Instant | None = None
    known_at: Instant | None = None
    known: CommitNumber | None = None
    rules_version: int | None = None


HERE_AND_NOW: Final = Standpoint()


class Estate:
    """A ledger with the topologies compiled from it; safe to share between threads.

    `cadences` say how often sources are to report; answers that rest on one that is overdue say so.

    >>> from graph.store import open_store
    >>> Estate(Ledger(open_store(":memory:"))).view().at.known
    0
    """

    def __init__(self, ledger: Ledger, cadences: Cadences = NO_CADENCES) -> None:
        self.ledger: Final = ledger
        self.cadences: Final = cadences
        self.reports: Final = ReportLog(ledger.store)
        self.spoken: Final = Spoken(ledger, self.reports)
        self._topologies: Final = CurrentTopology(ledger)
        self._tables: Final[dict[int, RuleTables]] = {}
        self._lock: Final = Lock()

    def view(self, standpoint: Standpoint = HERE_AND_NOW) -> EstateView:
        """Return the estate as it is to be read from a standpoint.

        Raises:
            InvalidQuestion: for a commit that does not exist, or one given twice over.
            UnknownRulesVersion: for an edition of the rules that this release does not carry.
        """
        number = standpoint.rules_version
        rules = VOCABULARY if number is None else vocabulary_for(number)
        head = self.ledger.head()
        known = standpoint.known
        if known is not None and standpoint.known_at is not None:
            raise InvalidQuestion("known_at", "given as a time and as a commit", "one of the two")
        if known is not None and not 0 <= known <= head.sequence:
            raise InvalidQuestion("known_commit", f"there is no commit {known}", f"0 to {head.sequence}")
        if known is None and standpoint.known_at is None:
            known = head.sequence
        at = self.ledger.at(standpoint.as_of, standpoint.known_at, known=known)
        return EstateView(self, at, rules, head.runs)

    def topology(self, known: CommitNumber) -> Topology:
        """Return the compiled picture of a commit; see `CurrentTopology.at` for its cost."""
        return self._topologies.at(known)

    def tables(self, rules: Vocabulary) -> RuleTables:
        """Return an edition's rules as the tables that walks look up; compiled once."""
        with self._lock:
            if rules.rules_version not in self._tables:
                self._tables[rules.rules_version] = RuleTables(rules)
            return self._tables[rules.rules_version]


class EstateView:
    """The estate at one pair of times under one edition of the rules; made by `Estate.view`."""

    def __init__(self, estate: Estate, at: AsOf, rules: Vocabulary, run_position: int) -> None:
        self.estate: Final = estate
        self.at: Final = at
        self.rules: Final = rules
        self.run_position: Final = run_position

    @property
    def ledger(self) -> Ledger:
        """Return the ledger that is read."""
        return self.estate.ledger

    @cached_property
    def topology(self) -> Topology:
        """Return the compiled picture at the commit up to which the ledger is read."""
        return self.estate.topology(self.at.known)

    @cached_property
    def tables(self) -> RuleTables:
        """Return the rules as the tables that walks look up."""
        return self.estate.tables(self.rules)

    @cached_property
    def coverage(self) -> Coverage:
        """Return what had been read completely at these times."""
        return self.ledger.coverage(self.at)

    @cached_property
    def commit(self) -> Commit | None:
        """Return the commit up to which the ledger is read; None before the first one."""
        if self.at.known == 0:
            return None
        return self.ledger.commits(after=CommitNumber(self.at.known - 1), limit=1)[0]

    @property
    def commit_hash(self) -> str:
        """Return the hash that the chain has at that commit."""
        return GENESIS_HASH if self.commit is None else self.commit.hash

    def commits(self, numbers: Collection[CommitNumber]) -> Mapping[CommitNumber, Commit]:
        """Return commits by number. Cost: one read of the store for each stretch of numbers in a row."""
        found: dict[CommitNumber, Commit] = {}
        for number in sorted(numbers):
            if number not in found:
                last = number
                while last + 1 in numbers:
                    last = CommitNumber(last + 1)
                for commit in self.ledger.commits(after=CommitNumber(number - 1), limit=last - number + 1):
                    found[commit.sequence] = commit
        return found

    def canonical(self, uid: Uid) -> Uid:
        """Return the uid that stands for everything that is the same as this one."""
        return self.ledger.canonical(uid, self.at.known)

    def node(self, uid: Uid) -> Node:
        """Return a node by any of its uids.

        Raises:
            NodeNotFound: where no source describes or mentions it at these times.
        """
        found = self.ledger.nodes([uid], self.at)
        if uid not in found:
            raise NodeNotFound(uid)
        return found[uid]

    def nodes(self, uids: Collection[Uid]) -> Mapping[Uid, Node]:
        """Return nodes by the uids asked for; those that nothing mentions are absent."""
        return self.ledger.nodes(uids, self.at)

    def existing(self, uids: Collection[Uid]) -> tuple[Node, ...]:
        """Return the nodes of these uids, each once, in the order asked for.

        Raises:
            NodeNotFound: for the first uid that nothing describes or mentions.
        """
        found = self.nodes(uids)
        for uid in uids:
            if uid not in found:
                raise NodeNotFound(uid)
        return tuple({found[uid].uid: found[uid] for uid in uids}.values())

    def edges(
        self, uids: Collection[Uid], *, relations: Collection[str] = (), end: End | None = None
    ) -> list[Edge]:
        """Return the edges at these nodes; see `Ledger.edges`."""
        return self.ledger.edges(uids, self.at, relations=relations, end=end)

    def all_edges(self, relations: Collection[str]) -> list[Edge]:
        """Return every edge of these relations. Cost: one pass over all edges."""
        return self.ledger.all_edges(self.at, relations=relations)

    def all_nodes(self) -> Iterator[Node]:
        """Yield every node, in byte order of uid."""
        return self.ledger.all_nodes(self.at)
