"""Pages neither skip nor repeat while a writer goes on committing."""

import threading

from graph.ledger.ledger import Ledger
from graph.ledger.port import Store
from graph.model import AsOf, CommitNumber, Instant, Interval, Uid
from tests.support.saying import Clock, append, day, edge, ended, node, record, recorded

ROWS = 2_500
"""More than either store reads in one go."""


def test_pages_of_one_commit_are_the_same_whatever_is_written_meanwhile(ledger: Ledger):
    uids = [f"n{number:03}" for number in range(50)]
    record(ledger, *(node(uid) for uid in uids))
    at = ledger.at()
    listed: list[str] = []
    after, turn = None, 0
    while True:
        page = ledger.page(at, after=after, limit=7)
        listed += [found.uid for found in page.items]
        # Before, between, at and after the place where the next page begins.
        turn += 1
        record(
            ledger,
            node(f"a{turn}"),
            node(f"{listed[-1]}-between"),
            node(listed[-1], size=turn),
            node(f"z{turn}"),
            edge(listed[0], "INVOKES", f"m{turn}"),
        )
        if page.next_after is None:
            break
        after = Uid(page.next_after)
    assert listed == uids


def test_pages_that_follow_the_head_show_each_lasting_node_once(ledger: Ledger):
    uids = [f"n{number:03}" for number in range(40)]
    record(ledger, *(node(uid) for uid in uids))
    listed: list[str] = []
    after, turn = None, 0
    while True:
        page = ledger.page(ledger.at(), after=after, limit=6)
        listed += [found.uid for found in page.items]
        if page.next_after is None:
            break
        after, turn = Uid(page.next_after), turn + 1
        record(ledger, node(f"a{turn}"), node(f"z{turn}"))
    assert [uid for uid in listed if uid.startswith("n")] == uids
    assert len(listed) == len(set(listed))
    assert listed == sorted(listed)


def test_search_pages_of_one_commit_are_the_same_whatever_is_written_meanwhile(ledger: Ledger):
    uids = [f"n{number:03}" for number in range(30)]
    record(ledger, *(node(uid, name="needle") for uid in uids))
    at, listed, after = ledger.at(), list[str](), None
    while True:
        page = ledger.search("needle", at, after=after, limit=4)
        listed += [found.uid for found in page.items]
        record(ledger, node(f"{listed[-1]}-between", name="needle"), node(listed[0], name="renamed"))
        after = page.next_after
        if after is None:
            break
    assert listed == uids


def test_all_rows_of_a_commit_come_once_while_rows_end_and_begin(store: Store):
    nodes = [recorded(node(f"n{number:05}")) for number in range(ROWS)]
    edges = [recorded(edge(f"n{number:05}", "INVOKES", "hub")) for number in range(ROWS)]
    append(store, *nodes, *edges)
    known = CommitNumber(1)
    for rows, said in ((store.all_node_rows(known), nodes), (store.all_edge_rows(known), edges)):
        found = [next(rows).key for _ in range(10)]
        # End what was and what was not yet read, and begin more on both sides.
        replaced = [operation for operation in (said[3], said[-3]) if operation in said]
        sequence = store.head().sequence
        append(store, *(ended(operation, 1) for operation in replaced), recorded(node(f"n00003-{sequence}")))
        found += [row.key for row in rows]
        assert len(found) == ROWS
        assert set(found) == {operation.key for operation in said}


def test_a_node_with_more_rows_than_a_page_comes_whole(store: Store):
    said = [recorded(node("n"), valid=Interval(Instant(start), Instant(start + 1))) for start in range(ROWS)]
    append(store, recorded(node("m")), *said, recorded(node("o")))
    found = [row.key for row in store.all_node_rows(CommitNumber(1))]
    assert len(found) == ROWS + 2
    assert set(found[1:-1]) == {operation.key for operation in said}


def test_a_reader_in_a_thread_sees_whole_commits_only(store: Store):
    writer, reader = Ledger(store, Clock()), Ledger(store, Clock())
    record(writer, node("a", size=0), node("b", size=0))
    failures: list[object] = []
    stop = threading.Event()

    def read() -> None:
        try:
            while not stop.is_set():
                at = AsOf(day(300), reader.head().sequence)
                sizes = [found.integer("size") for found in reader.all_nodes(at)]
                if sizes != [at.known - 1] * 2:
                    failures.append((at, sizes))
        except Exception as error:  # noqa: BLE001 - shown by the test
            failures.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    for size in range(1, 25):
        record(writer, node("a", size=size), node("b", size=size), read_at=writer.clock())
    stop.set()
    thread.join()
    assert failures == []
