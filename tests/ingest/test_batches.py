"""A store that refuses large batches gets smaller ones; a claim too large by itself is rejected."""

from collections.abc import Callable
from typing import Any, cast

import pytest

from graph.errors import BatchTooLarge
from graph.ledger.ledger import Ledger
from graph.ledger.port import Store, Transaction
from graph.model import Uid
from tests.ingest.jobs import Desk, edge, node, section
from tests.support.saying import Clock, day


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


# Small scopes share commits


def small_scopes(on: int, *said: tuple[str, list[str]], **scope: Any) -> list[dict[str, Any]]:
    """The lines of several scopes, each with its nodes, all read completely on one day."""
    return [
        line
        for name, uids in said
        for line in section(*(node(uid) for uid in uids), name=name, on=on, **scope)
    ]


def sizes(desk: Desk) -> list[int]:
    return [len(commit.operation_digests) for commit in desk.ledger.commits()]


def test_small_scopes_of_one_reading_share_commits(desk: Desk) -> None:
    report = desk.run(desk.file(*small_scopes(1, ("a", ["1", "2"]), ("b", ["3"]), ("c", []))))
    # The claims of all three; then, that each was read completely.
    assert sizes(desk) == [3, 3]
    assert [commit.summary for commit in desk.ledger.commits()] == [
        "Read 2 scopes of records/default",
        "Read 3 scopes of records/default",
    ]
    assert (report.commits, report.nodes.created) == (2, 3)
    assert [(scope.scope.name, scope.complete) for scope in report.scopes] == [
        ("a", True),
        ("b", True),
        ("c", True),
    ]
    assert desk.run(desk.file(*small_scopes(1, ("a", ["1", "2"]), ("b", ["3"]), ("c", [])))).commits == 0


def test_a_scope_alone_in_a_commit_is_named_by_it(desk: Desk) -> None:
    desk.run(desk.file(*small_scopes(1, ("a", ["1"]))))
    assert {commit.summary for commit in desk.ledger.commits()} == {"Read a of records/default"}


def test_shared_commits_are_bounded_too(desk: Desk) -> None:
    said = [(f"s{i}", [f"{i}/{j}" for j in range(2)]) for i in range(5)]
    desk.run(desk.file(*small_scopes(1, *said)), batch_size=4)
    assert sizes(desk) == [4, 4, 2, 4, 1]


def test_what_was_read_at_another_time_or_from_another_source_shares_no_claims(desk: Desk) -> None:
    desk.run(
        desk.file(
            *small_scopes(1, ("a", ["1"]), ("b", ["2"])),
            *small_scopes(2, ("c", ["3"])),
            *small_scopes(1, ("d", ["4"])),
            *small_scopes(1, ("e", ["5"]), source="crm"),
        )
    )
    # a, b and d; c; e. That the first four were read completely is one commit again.
    assert sizes(desk) == [3, 1, 1, 4, 1]
    assert desk.when("3") == [(2, None)]


def test_a_scope_is_ended_in_one_commit_with_what_it_rests_on(desk: Desk) -> None:
    desk.run(desk.file(*small_scopes(1, ("a", ["1", "2", "3"]), ("b", ["4", "5", "6"]), ("c", ["7"]))))
    before = desk.ledger.head().sequence
    later = {"covers": {"kinds": ["Asset", "Secret"]}}
    report = desk.run(desk.file(*small_scopes(5, ("a", []), ("b", []), ("c", []), **later)), batch_size=6)
    # Three ends and a new coverage each for a and b, two steps for c: only b and c fit together.
    # An end is two operations: the row is over, and the part of it before is recorded.
    assert sizes(desk)[before:] == [7, 10]
    assert {s.scope.name: s.closed for s in report.scopes} == {"a": 3, "b": 3, "c": 1}
    assert (report.nodes.closed, desk.when("1"), desk.when("7")) == (7, [(1, 5)], [(1, 5)])


def test_of_two_scopes_that_differ_about_a_thing_the_later_one_is_believed(desk: Desk) -> None:
    """Whatever fits into one commit: what was recorded later outweighs what was recorded before."""
    names = ["first", "second", "third"]
    lines = [line for name in names for line in section(node("x", name=name), node(name), name=name)]
    desk.run(desk.file(*lines, *section(node("x", name="third"), name="fourth")))
    found = desk.ledger.nodes([Uid("x")], desk.ledger.at(day(2)))[Uid("x")]
    assert found.name == "third"
    # Each of the first two goes before the next; the fourth says what the third says. Then coverage.
    assert sizes(desk) == [2, 2, 3, 4]


def test_the_guard_looks_at_each_scope_by_itself(desk: Desk) -> None:
    many, few = [f"m{i}" for i in range(20)], ["f1", "f2"]
    desk.run(desk.file(*small_scopes(1, ("many", many), ("few", few))))
    report = desk.run(desk.file(*small_scopes(5, ("many", many[:5]), ("few", ["f1"]))))
    assert {s.scope.name: (s.refused, s.closed) for s in report.scopes} == {
        "many": (True, 0),
        "few": (False, 1),
    }
    assert desk.when("m19") == [(1, None)]
    assert desk.when("f2") == [(1, 5)]


def test_what_is_refused_in_one_scope_spoils_no_other(desk: Desk) -> None:
    desk.run(desk.file(*small_scopes(1, ("kinds", ["x"]), ("a", ["1", "2"]), ("b", ["3", "4"]))))
    lines = [
        *section(node("1"), node("x", "Dataset"), name="a", on=5),
        *section(node("3"), name="b", on=5),
    ]
    report = desk.run(desk.file(*lines))
    assert [(p.position, p.field) for p in report.rejected] == [("line 3", "kind")]
    assert {s.scope.name: s.complete for s in report.scopes} == {"a": False, "b": True}
    assert (desk.when("2"), desk.when("4")) == ([(1, None)], [(1, 5)])


def test_a_shared_batch_that_is_too_large_is_halved_as_well(desk: Desk, narrow: Narrow) -> None:
    said = [(f"s{i}", [f"{i}"]) for i in range(10)]
    report = desk.run(desk.file(*small_scopes(1, *said)))
    assert (report.rejected_count, report.nodes.created) == (0, 10)
    assert max(sizes(desk)) <= 3
    assert all(scope.complete for scope in report.scopes)
