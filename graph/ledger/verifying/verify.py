"""Verifying a whole ledger: the chain of commits, and everything that answers are read from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from graph.ledger.chain import GENESIS_HASH
from graph.ledger.port import Store
from graph.ledger.verifying.entry import Break, Broken, Table, first_of, readable
from graph.ledger.verifying.log import Log
from graph.ledger.verifying.moves import check_moves
from graph.ledger.verifying.names import check_names
from graph.ledger.verifying.personal_values import Missing, check_personal
from graph.ledger.verifying.portraits import check_portraits
from graph.ledger.verifying.tables import kept_entries
from graph.ledger.verifying.tally import first_difference
from graph.model import CommitNumber

_OPENED: Final = frozenset({Table.TEXTS, Table.EXTERNAL_IDS})
"""The tables that are made of personal values among others."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What verifying found: how much there is to the log, and the first thing that does not fit, if any.

    ``erased`` counts personal values that a commit erased, ``unexplained`` those that are
    gone otherwise.
    """

    commits: int
    operations: int
    head: str
    erased: int = 0
    unexplained: int = 0
    found: Break | None = None

    @property
    def intact(self) -> bool:
        """Return whether everything fits."""
        return self.found is None

    @property
    def table(self) -> str | None:
        """Return where the first break is; one of ``entry.Table``."""
        return None if self.found is None else self.found.table.value

    @property
    def broken_at(self) -> CommitNumber | None:
        """Return the commit that the first break belongs to; None without one, or where none brought it."""
        return None if self.found is None else self.found.commit

    @property
    def reason(self) -> str | None:
        """Return what the first break is, in words that hold no personal value."""
        return None if self.found is None else self.found.reason


def verify(store: Store) -> Verification:
    """Recompute the chain, hold everything that answers are read from against it, and name the first break.

    Up to the head at the beginning; what is written meanwhile is left for the next time.

    Cost: reads the whole log and every table once, twice where they differ. Memory: one
    commit, the commits' times, the uids, the commitments, and the refutations.
    """
    try:
        with readable(Table.LOG):
            head = store.head()
    except Broken as broken:
        return Verification(0, 0, GENESIS_HASH, found=broken.found)
    log = Log(store, head)
    missing = Missing()
    try:
        different = first_difference(log.entries, lambda: kept_entries(store, head.sequence))
        altered, missing = check_personal(store, log, head.sequence)
        if altered is not None and different is not None and different.table in _OPENED:
            different = None  # what was made of the altered value does not fit either
        found = first_of(different, altered)
        found = found or check_names(store, log.named, head.sequence)
        found = found or check_moves(store, log.recorded_at) or check_portraits(store, head)
    except Broken as broken:
        found = broken.found
    return Verification(log.commits, log.operations, log.hash, missing.erased, missing.unexplained, found)
