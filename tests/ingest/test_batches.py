"""A store that refuses large batches gets smaller ones; a claim too large by itself is rejected."""

from collections.abc import Callable
from typing import Any, cast

import pytest

from graph.errors import BatchTooLarge
from graph.ledger.ledger import Ledger
from graph.ledger.port import Store, Transaction
from tests.ingest.jobs import Desk, edge, node
from tests.support.saying import Clock


class Narrow:
    """A store that refuses commits of more operations than it likes: what a server's memory does."""

    def __init__(self, store: Any, most: int, *, hates: str | None = None) -> None:
        self._store = store
        self._most = most
        self._hates = hates
        self.refused = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def write(self, work: Callable[[Transaction], Any]) -> Any:
        return self._store.write(lambda transaction: work(self._watched(transaction)))

    def _watched(self, transaction: Transaction) -> Any:
        narrow = self

        class Watched:
            def __getattr__(self, name: str) -> Any:
                return getattr(transaction, name)

            def append(self, commit: Any, operations: Any, personal: Any) -> None:
                hated = narrow._hates is not None and narrow._hates in repr(operations)
                if len(operations) > narrow._most or hated:
                    narrow.refused += 1
                    raise BatchTooLarge("fault injected by a test")
                transaction.append(commit, operations, personal)

        return Watched()


@pytest.fixture
def narrow(desk: Desk) -> Narrow:
    store = Narrow(desk.store, 3)
    desk.ledger = Ledger(cast("Store", store), clock=Clock())
    return store


def test_a_batch_is_halved_until_it_fits_and_stays_that_small(desk: Desk, narrow: Narrow) -> None:
    report = desk.read(*(node(f"n{i}") for i in range(20)), batch_size=12)
    assert (report.rejected_count, report.nodes.created) == (0, 20)
    # 12 and 6 are refused once each; from then on three go in at a time.
    assert narrow.refused == 2
    assert max(len(commit.operation_digests) for commit in desk.ledger.commits()) == 3


def test_closing_is_halved_too(desk: Desk, narrow: Narrow) -> None:
    desk.read(*(node(f"n{i}") for i in range(9)), on=1)
    report = desk.read(on=5)
    assert report.nodes.closed == 9


def test_a_claim_that_is_too_large_by_itself_is_rejected_and_the_rest_goes_in(desk: Desk) -> None:
    store = Narrow(desk.store, 1_000, hates="monster")
    desk.ledger = Ledger(cast("Store", store), clock=Clock())
    report = desk.read(node("a"), node("monster"), node("b"), edge("a", "INVOKES", "b"))
    (problem,) = report.rejected
    assert (problem.position, problem.reason) == ("line 3", "is alone too large for the store")
    assert (report.nodes.created, report.edges.created) == (2, 1)
    assert not report.scopes[0].complete
