"""The topology in step with a ledger is the one of the commit asked for, from many threads too."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from graph.ledger.timeline import EdgeTimeline, NodeTimeline, TimelineChanges
from graph.model import CommitNumber, Head, Instant
from graph.topology import CurrentTopology, build
from tests.graph.topology.decoding import decoded
from tests.graph.topology.test_build import asset, edge


class Book:
    """A ledger of one kind of commit: commit n adds the node n and an edge to it from node n - 1."""

    def __init__(self, *, remembers: bool = True) -> None:
        self.sequence = 0
        self.remembers = remembers
        self.asked: list[str] = []

    def head(self) -> Head:
        return Head(CommitNumber(self.sequence), "", Instant(0), 0)

    def node_timelines(self, known: CommitNumber) -> list[NodeTimeline]:
        self.asked.append(f"all at {known}")
        return [asset(f"n{number}") for number in range(known + 1)]

    def edge_timelines(self, known: CommitNumber) -> list[EdgeTimeline]:
        return [edge(f"n{number}", f"n{number + 1}") for number in range(known)]

    def timeline_changes(self, since: CommitNumber, until: CommitNumber) -> TimelineChanges | None:
        self.asked.append(f"{since} to {until}")
        if not self.remembers:
            return None
        numbers = range(since, until)
        nodes = [asset(f"n{number + 1}") for number in numbers]
        return TimelineChanges(until, nodes, [edge(f"n{number}", f"n{number + 1}") for number in numbers])


def built(known: int):
    book = Book()
    return decoded(
        build(
            CommitNumber(known),
            book.node_timelines(CommitNumber(known)),
            book.edge_timelines(CommitNumber(known)),
        )
    )


def test_it_is_built_once_and_then_follows_the_head():
    book = Book()
    book.sequence = 2
    current = CurrentTopology(book)
    first = current.at()
    book.sequence = 5
    second = current.at()
    assert current.at() is second
    assert book.asked == ["all at 2", "2 to 5"]
    assert decoded(first) == built(2)
    assert decoded(second) == built(5)


def test_where_the_ledger_cannot_tell_what_changed_it_is_built_anew():
    book = Book(remembers=False)
    current = CurrentTopology(book)
    current.at()
    book.sequence = 3
    assert decoded(current.at()) == built(3)
    assert book.asked == ["all at 0", "0 to 3", "all at 3"]


def test_past_commits_are_built_once_and_a_few_are_kept():
    book = Book()
    book.sequence = 9
    current = CurrentTopology(book, past_kept=2)
    current.at()
    assert decoded(current.at(CommitNumber(4))) == built(4)
    assert current.at(CommitNumber(4)) is current.at(CommitNumber(4))
    for known in (5, 6, 4):
        assert current.at(CommitNumber(known)).known == known
    assert book.asked == ["all at 9", "all at 4", "all at 5", "all at 6", "all at 4"]


def test_a_question_about_the_past_leaves_the_newest_where_it_is():
    book = Book()
    book.sequence = 9
    current = CurrentTopology(book)
    newest = current.at()
    current.at(CommitNumber(3))
    assert current.at() is newest


def test_threads_that_ask_at_once_all_get_a_whole_picture():
    book = Book()
    current = CurrentTopology(book)

    def ask(number: int) -> bool:
        book.sequence = max(book.sequence, number)
        topology = current.at()
        return topology.known >= number and topology.node_count == topology.known + 1

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(100)))
