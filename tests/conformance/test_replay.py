"""The past does not change: a past answer is that of a ledger that was never told what came later."""

from collections import defaultdict
from random import Random
from typing import get_args

from graph.ledger.ledger import Ledger
from graph.ledger.operations import ClaimRecorded, Operation
from graph.ledger.personal import PersonalValue
from graph.ledger.port import Store, Transaction
from graph.ledger.verifying.verify import verify
from graph.model import AsOf, Commit, CommitNumber
from graph.store import open_store
from tests.support.random_history import RandomHistory

COMMITS, PAIRS = 40, 200


def test_past_answers_equal_a_replay_from_empty(ledger: Ledger):
    history = RandomHistory(ledger, seed=2030, reads=True, erases=True)
    while ledger.head().sequence < COMMITS:
        history.turn()
    assert ledger.verify().intact
    log = [o for number in range(1, COMMITS + 1) for o in ledger.store.operations(CommitNumber(number))]
    assert {type(operation) for operation in log} == set(get_args(Operation)), "everything has happened"

    dice = Random(200)
    pairs: dict[int, list[AsOf]] = defaultdict(list)
    for _ in range(PAIRS):
        known = dice.randint(0, COMMITS)
        pairs[known].append(AsOf(history.moment(), CommitNumber(known)))

    replayed = open_store(":memory:")
    compared = seen = 0
    for known in range(COMMITS + 1):
        if known:
            replay(ledger.store, replayed, CommitNumber(known))
        # New ones for each commit: nothing that was worked out for another is at hand.
        past, present = Ledger(ledger.store), Ledger(replayed)
        for at in pairs[known]:
            nodes = list(past.all_nodes(at))
            edges = past.all_edges(at)
            assert nodes == list(present.all_nodes(at))
            assert edges == present.all_edges(at)
            assert past.coverage(at) == present.coverage(at)
            compared, seen = compared + 1, seen + len(nodes) + len(edges)
    assert compared == PAIRS
    assert seen > 10 * PAIRS, "the ledger is not nearly empty"
    assert verify(replayed).intact
    assert replayed.head().hash == ledger.head().hash
    replayed.close()


def replay(source: Store, target: Store, number: CommitNumber) -> None:
    """Apply one commit of one store to another, with the personal values that it brought."""
    (commit,) = source.commits(CommitNumber(number - 1), 1)
    operations = source.operations(number)
    claim_ids = {o.claim_id for o in operations if isinstance(o, ClaimRecorded)}
    values: list[PersonalValue] = source.write(lambda t: list(t.personal_values(claim_ids)))

    def work(transaction: Transaction) -> Commit:
        known = {value.commitment for value in transaction.personal_values(claim_ids)}
        transaction.append(commit, operations, [v for v in values if v.commitment not in known])
        return commit

    target.write(work)
