"""A writer killed between any two statements of a commit: nothing half there, and the next one goes on."""

from pathlib import Path
from typing import Any

import pytest

from graph.ledger.port import Store
from graph.ledger.verifying.verify import verify
from graph.model import CommitNumber, Uid
from tests.ingest.jobs import Desk, section
from tests.ingest.jobs import node as node_line
from tests.support.other_process import REPLACED, other_process
from tests.support.places import Place
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
    assert verify(store).intact


@pytest.mark.parametrize(
    "lines", [[node_line("a"), node_line("z")], [node_line("a")]], ids=["new", "nothing new"]
)
def test_a_complete_read_is_complete_although_its_run_was_killed_before_it_was_logged(
    place: Place, store: Store, tmp_path: Path, lines: list[dict[str, Any]]
):
    """A reading that is older and comes later adds history only, and stays within what is known."""
    desk = Desk(tmp_path)
    desk.store.close()
    desk.use(store)
    desk.read(node_line("a"), on=1)
    newer = desk.file(*section(*lines, on=9))
    with other_process(place) as process:
        assert process.ask(do="read_unlogged", path=str(newer))
    assert store.head().runs == 1, "it did not get as far as the run log"
    desk.read(node_line("a"), node_line("c"), on=5)
    assert desk.when("a") == [(1, None)]
    assert desk.when("c") == [(5, 9)]
