"""The topology in step with a ledger: spliced up to the head, built once for older commits."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import Final, Protocol

from graph.ledger.timeline import EdgeTimeline, NodeTimeline, TimelineChanges
from graph.model import CommitNumber, Head
from graph.topology.build import build
from graph.topology.splice import spliced
from graph.topology.topology import Topology


class TimelineSource(Protocol):
    """What is asked of a ledger; its own type says the same and more."""

    def head(self) -> Head:
        """Return where the ledger stands."""
        ...

    def node_timelines(self, known: CommitNumber) -> Iterable[NodeTimeline]:
        """Return every node known at a commit, those only mentioned included."""
        ...

    def edge_timelines(self, known: CommitNumber) -> Iterable[EdgeTimeline]:
        """Return every folded edge known at a commit."""
        ...

    def timeline_changes(self, since: CommitNumber, until: CommitNumber) -> TimelineChanges | None:
        """Return what the commits after one up to another changed; None to ask for building anew."""
        ...


class CurrentTopology:
    """Gives the topology at any commit of one ledger; safe to share between threads.

    The newest one is replaced as a whole when the ledger has moved on: whoever holds the one
    before keeps a picture that stays as it was. A few past ones are kept.
    """

    def __init__(self, source: TimelineSource, *, past_kept: int = 2) -> None:
        self._source: Final = source
        self._past_kept: Final = past_kept
        self._newest: Topology | None = None
        self._past: Final[OrderedDict[CommitNumber, Topology]] = OrderedDict()
        self._newest_lock: Final = threading.Lock()
        self._past_lock: Final = threading.Lock()

    def at(self, known: CommitNumber | None = None) -> Topology:
        """Return the topology as known at a commit, None for the head.

        With None it includes every commit that was acknowledged before the call.

        Cost: nothing where the commit is at hand; a splice of what changed since the newest one;
        else building from the whole ledger.
        """
        wanted = self._source.head().sequence if known is None else known
        with self._newest_lock:
            newest = self._newest
            if newest is None or newest.known < wanted:
                newest = self._newest = self._advanced(newest, wanted)
            if newest.known == wanted:
                return newest
        return self._at_past(wanted)

    def _advanced(self, newest: Topology | None, wanted: CommitNumber) -> Topology:
        if newest is not None:
            changes = self._source.timeline_changes(newest.known, wanted)
            if changes is not None:
                return spliced(newest, changes)
        return self._built(wanted)

    def _at_past(self, wanted: CommitNumber) -> Topology:
        with self._past_lock:
            topology = self._past.pop(wanted, None) or self._built(wanted)
            self._past[wanted] = topology
            while len(self._past) > self._past_kept:
                self._past.popitem(last=False)
            return topology

    def _built(self, known: CommitNumber) -> Topology:
        return build(known, self._source.node_timelines(known), self._source.edge_timelines(known))
