"""A writer killed between any two statements of a commit: nothing half there, and the next one goes on."""

from graph.ledger.chain import verify_chain
from graph.ledger.port import Store
from graph.model import CommitNumber, Uid
from tests.support.other_process import REPLACED, other_process
from tests.support.saying import append, node, recorded


def everything(store: Store) -> object:
    """All that can be read at the head."""
    known = store.head().sequence
    return (
        store.head(),
        list(store.commits(CommitNumber(0), 100)),
        list(store.operations(CommitNumber(2))),
        list(store.uids(known, after=None, limit=100)),
        list(store.uids(known, after=None, limit=100, text="ada")),
        list(store.all_node_rows(known)),
        list(store.all_edge_rows(known)),
        list(store.history(Uid("replaced"))),
        list(store.find_external_id("arn", "1", known)),
        list(store.coverage(known)),
        list(store.same_as(known)),
    )


def test_a_kill_between_any_two_statements_leaves_nothing(place, store):
    append(store, REPLACED)
    before, counts = everything(store), place.counts()
    statements = 0
    with other_process(place) as process:
        while process.ask(do="die", after=statements + 1):
            statements += 1
            assert everything(store) == before, f"killed before statement {statements}"
            assert place.counts() == counts, f"killed before statement {statements}"
    assert statements > 5, "the commit is made of several statements"

    # The last child had no statement left to be killed before: its commit is whole.
    assert store.head().sequence == 2
    assert len(store.operations(CommitNumber(2))) == 6
    assert list(store.uids(CommitNumber(2), after=None, limit=9, text="ada")) == ["p"]
    assert [row.content for row in store.node_rows([Uid("replaced")], CommitNumber(2))] == [
        '{"external_ids":[["arn","1"]],"kind":"Asset","name":"after","properties":{"size":2}}'
    ]
    append(store, recorded(node("next")))
    assert store.head().sequence == 3
    assert verify_chain(store).intact
