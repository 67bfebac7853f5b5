"""At which nodes a source says edges: told from its own scopes, without looking at what others say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Final

from graph.ledger.ledger import Ledger
from graph.ledger.operations import EdgeKey
from graph.model import CommitNumber, RowKey, Scope, SourceInstance, Uid
from queries.report_log import ReportLog

_ROWS: Final = 2_000
_KEPT: Final = 32

Places = Mapping[str, frozenset[Uid]]
"""By relation the nodes at either end of its edges, by the uids that the source uses."""


class Spoken:
    """Where sources say edges, at whatever date; made when first asked for, safe to share between threads.

    What a source says at the head is kept until a run speaks as it again.
    """

    def __init__(self, ledger: Ledger, reports: ReportLog) -> None:
        self._ledger: Final = ledger
        self._reports: Final = reports
        self._lock: Final = Lock()
        self._places: Final[dict[tuple[SourceInstance, int, CommitNumber | None], Places]] = {}

    def places(self, source: SourceInstance, known: CommitNumber) -> Places:
        """Return the nodes at which a source says edges, as known at a commit.

        Cost: the first time, one pass over all that the source says.
        """
        scopes = self._reports.scopes(source)
        is_head = known == self._ledger.head().sequence
        key = (source, max(scopes.values(), default=0), None if is_head else known)
        with self._lock:
            if key not in self._places:
                while len(self._places) >= _KEPT:
                    self._places.pop(next(iter(self._places)))
                self._places[key] = self._read(scopes, known)
            return self._places[key]

    def _read(self, scopes: Iterable[Scope], known: CommitNumber) -> Places:
        places: defaultdict[str, set[Uid]] = defaultdict(set)
        for scope in scopes:
            after: RowKey | None = None
            while rows := self._ledger.store.scope_rows(scope, known, after=after, limit=_ROWS):
                after = rows[-1].key
                for row in rows:
                    if isinstance(row.about, EdgeKey):
                        places[row.about.relation] |= {row.about.subject, row.about.object}
        return {relation: frozenset(uids) for relation, uids in places.items()}
