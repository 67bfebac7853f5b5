"""Several write at once, in threads or in processes: no lost commit, no gap in the numbers, one chain."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

from graph.ledger.ledger import Ledger
from graph.ledger.verifying.verify import verify
from graph.model import CommitNumber
from tests.support.other_process import HUB, other_process
from tests.support.saying import Clock, node, record

EACH = 15


def test_threads_of_one_process_write_at_once(store):
    ledger = Ledger(store, Clock())

    def write(name: str) -> list[int]:
        outcomes = [record(ledger, node(f"{name}-{number}"), node("hub")) for number in range(EACH)]
        return [outcome.commit.sequence for outcome in outcomes if outcome.commit]

    with ThreadPoolExecutor(max_workers=3) as threads:
        numbers = [number for written in threads.map(write, "abc") for number in written]
    assert sorted(numbers) == list(range(1, 3 * EACH + 1))
    assert ledger.verify().intact
    assert len(list(ledger.all_nodes(ledger.at()))) == 3 * EACH + 1


def test_two_processes_write_at_once(place, store):
    with other_process(place) as first, other_process(place) as second:
        # One commit each shows that both are up; only then do they race.
        warm = first.ask(do="write", name="warm-a", count=1) + second.ask(do="write", name="warm-b", count=1)
        first.tell(do="write", name="a", count=EACH)
        second.tell(do="write", name="b", count=EACH)
        of_first, of_second = first.answer(), second.answer()
    assert warm == [1, 2]
    assert sorted([*of_first, *of_second]) == list(range(3, 3 + 2 * EACH))
    assert of_first == sorted(of_first)
    assert of_second == sorted(of_second)

    head = store.head().sequence
    assert head == 2 + 2 * EACH
    assert verify(store).intact
    commits = store.commits(CommitNumber(0), 100)
    assert [commit.sequence for commit in commits] == list(range(1, head + 1))
    assert all(earlier.recorded_at < later.recorded_at for earlier, later in pairwise(commits))

    ledger = Ledger(store)
    expected = {f"{name}-{number}" for name in "ab" for number in range(EACH)} | {"warm-a-0", "warm-b-0"}
    assert {node.uid for node in ledger.all_nodes(ledger.at())} == expected | {HUB}
    assert {edge.subject.uid for edge in ledger.all_edges(ledger.at())} == expected
