"""The commit log: in order, complete, whatever its size; decisions and coverage as of a commit."""

import random

from graph.ledger.operations import (
    ClaimRefuted,
    NodesMerged,
    NodesUnmerged,
    Operation,
    PersonalErased,
    RefutationLifted,
    ScopeCovered,
)
from graph.ledger.port import Store
from graph.ledger.verifying.verify import verify
from graph.model import ClaimId, CommitNumber, Instant, Uid
from tests.support.saying import RECORDS, append, day, edge, ended, node, recorded

A_AND_B = (Uid("a"), Uid("b"))


def test_commits_come_in_order_and_whole(store: Store):
    written = [append(store, recorded(node(uid)), at=day(40), run=f"run-{uid}") for uid in "abcde"]
    assert list(store.commits(CommitNumber(0), 100)) == written
    assert list(store.commits(CommitNumber(1), 2)) == written[1:3]
    assert list(store.commits(CommitNumber(5), 2)) == []
    head = store.head()
    assert (head.sequence, head.hash, head.recorded_at) == (5, written[-1].hash, written[-1].recorded_at)


def test_operations_of_every_sort_come_back_equal_and_in_order(store: Store):
    claim = recorded(node("a", name="é\n", ratio=0.1, empty=()), locator="line 1")
    append(store, claim)
    operations: list[Operation] = [
        ended(claim, 1),
        recorded(edge("a", "READS", "d", "optional")),
        ScopeCovered(RECORDS, ("Asset",), ("READS",), day(3)),
        NodesMerged(A_AND_B, "one host"),
        NodesUnmerged((Uid("a"), Uid("c")), "two hosts"),
        ClaimRefuted(claim.claim_id, "0" * 64, "wrong"),
        RefutationLifted(claim.claim_id, "0" * 64, "right after all"),
        PersonalErased((Uid("a"), Uid("é")), ("1" * 64, "2" * 64), "as was asked for"),
    ]
    append(store, *operations)
    assert list(store.operations(CommitNumber(2))) == operations
    assert verify(store).intact


def test_a_commit_of_more_than_a_chunk_comes_back_whole(store: Store):
    # Random digits hardly compress: several pieces of 256 KB.
    digits = random.Random(1)
    operations = [
        recorded(node(f"n{number}", noise="".join(digits.choices("0123456789abcdef", k=60_000))))
        for number in range(30)
    ]
    append(store, *operations)
    assert list(store.operations(CommitNumber(1))) == operations
    assert verify(store).intact


def test_the_newest_commit_at_a_moment(store: Store):
    first = append(store, recorded(node("a")), at=day(40))
    second = append(store, recorded(node("b")), at=day(40))
    assert second.recorded_at == first.recorded_at + 1
    moments = [day(40) - 1, day(40), second.recorded_at, day(400)]
    assert [store.newest_at(Instant(moment)) for moment in moments] == [0, 1, 2, 2]


def test_decisions_about_identity_as_of_a_commit(store: Store):
    append(store, NodesMerged(A_AND_B, "same"))
    append(store, NodesUnmerged(A_AND_B, "not the same"))
    assert [row.same for row in store.same_as(CommitNumber(0))] == []
    assert [(row.uids, row.same, row.recorded_from) for row in store.same_as(CommitNumber(1))] == [
        (A_AND_B, True, 1)
    ]
    assert [row.same for row in store.same_as(CommitNumber(2))] == [True, False]
    assert [row.same for row in store.write(lambda t: t.same_as())] == [True, False]


def test_refutations_as_of_a_commit(store: Store):
    claim, other = ClaimId("c" * 32), ClaimId("d" * 32)
    append(store, ClaimRefuted(claim, "1" * 64, "wrong"), ClaimRefuted(other, "2" * 64, "too"))
    append(store, RefutationLifted(claim, "1" * 64, "right"))
    standing = {
        known: {
            (row.claim_id, row.content_digest, row.reason, row.recorded_from)
            for row in store.refutations(known)
        }
        for known in map(CommitNumber, range(3))
    }
    of_other = (other, "2" * 64, "too", 1)
    assert standing == {0: set(), 1: {(claim, "1" * 64, "wrong", 1), of_other}, 2: {of_other}}
    assert list(store.write(lambda t: t.refutations([claim]))) == []
    assert [row.claim_id for row in store.write(lambda t: t.refutations([claim, other]))] == [other]


def test_coverage_as_of_a_commit(store: Store):
    append(store, ScopeCovered(RECORDS, ("Asset", "Dataset"), ("READS",), day(3)))
    append(store, ScopeCovered(RECORDS, (), ("WRITES",), day(4)))
    assert list(store.coverage(CommitNumber(0))) == []
    (first,) = store.coverage(CommitNumber(1))
    assert (first.scope, first.kinds, first.relations) == (RECORDS, ("Asset", "Dataset"), ("READS",))
    assert (first.read_at, first.recorded_from) == (day(3), 1)
    assert [row.relations for row in store.coverage(CommitNumber(2))] == [("READS",), ("WRITES",)]
    assert [row.relations for row in store.write(lambda t: t.coverage_of(RECORDS))] == [
        ("READS",),
        ("WRITES",),
    ]
