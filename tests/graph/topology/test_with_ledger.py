"""A topology that follows a real ledger equals one that is built from it anew, whatever happens to it."""

from __future__ import annotations

import pytest

from graph.ledger.ledger import Ledger
from graph.model import CommitNumber
from graph.store import open_store
from graph.topology import CurrentTopology, build
from tests.graph.topology.decoding import decoded
from tests.support.random_history import RandomHistory


@pytest.mark.parametrize("seed", range(12))
def test_it_stays_in_step_with_a_ledger_that_changes_at_random(seed):
    store = open_store(":memory:")
    ledger = Ledger(store)
    current, history = CurrentTopology(ledger), RandomHistory(ledger, seed, reads=True)
    current.at()
    for _ in range(15):
        history.turn()
        known = ledger.head().sequence
        anew = build(known, ledger.node_timelines(known), ledger.edge_timelines(known))
        assert decoded(current.at()) == decoded(anew)
    past = CommitNumber(ledger.head().sequence // 2)
    anew = build(past, ledger.node_timelines(past), ledger.edge_timelines(past))
    assert decoded(current.at(past)) == decoded(anew)
    store.close()
