"""Rows at a commit number: what stood then is found then, by uid, by fact, by scope, and in history."""

from dataclasses import replace

import pytest

from graph.errors import WriteConflict
from graph.ledger.claims import content_digest_of
from graph.ledger.kinds import Description
from graph.ledger.operations import (
    ClaimRefuted,
    EdgeKey,
    NodesMerged,
    NodesUnmerged,
    RefutationLifted,
    ScopeCovered,
)
from graph.ledger.port import RefutationRow, Store
from graph.model import (
    OPEN_RECORD,
    ClaimId,
    Commit,
    CommitNumber,
    Interval,
    RunId,
    Scope,
    SourceInstance,
    Uid,
)
from graph.vocabulary import End, Kind
from tests.support.saying import RECORDS, append, day, days, edge, ended, keys, node, recorded, standing

FIRST, SECOND, THIRD = CommitNumber(1), CommitNumber(2), CommitNumber(3)


def test_an_empty_store_has_nothing(store: Store):
    nothing = CommitNumber(0)
    assert (store.head().sequence, store.head().hash, store.head().runs) == (0, "0" * 64, 0)
    assert list(store.commits(nothing, 10)) == []
    assert list(store.operations(FIRST)) == []
    assert list(store.node_rows([Uid("a")], nothing)) == []
    assert list(store.all_node_rows(nothing)) == []
    assert list(store.all_edge_rows(nothing)) == []
    assert list(store.uids(nothing, after=None, limit=10)) == []
    assert store.newest_at(day(400)) == 0


def test_a_row_comes_back_as_it_was_recorded(store: Store):
    operation = recorded(node("a", name="A", criticality=3), valid=days(2, 5), locator="line 7")
    append(store, operation, run="run-1")
    (row,) = store.node_rows([Uid("a")], FIRST)
    assert (row.key, row.claim_id, row.scope, row.about) == (
        operation.key,
        operation.claim_id,
        RECORDS,
        "a",
    )
    assert row.valid == Interval(day(2), day(5))
    assert row.content == '{"kind":"Asset","name":"A","properties":{"criticality":3}}'
    assert (row.basis, row.locator, row.run) == (operation.basis, "line 7", "run-1")
    assert (row.read_at, row.said_in) == (None, 1)
    assert (row.recorded_from, row.recorded_to) == (1, OPEN_RECORD)


def test_a_part_of_a_row_comes_back_with_those_who_said_it(store: Store):
    for whole in (recorded(node("a"), valid=days(1)), recorded(edge("a", "INVOKES", "b"), valid=days(1))):
        append(store, replace(whole, read_at=day(4)), run="first")
        said_in = store.head().sequence
        part = replace(whole, valid=days(1, 9), read_at=day(4), said_in=said_in, run=RunId("first"))
        append(store, ended(whole, said_in), part, run="second")
        first, second = store.claim_history(whole.claim_id)
        for row in (first, second):
            assert (row.run, row.read_at, row.said_in) == ("first", day(4), said_in)
        assert (first.recorded_from, second.recorded_from) == (said_in, said_in + 1)


def test_an_edge_row_comes_back_as_it_was_recorded(store: Store):
    append(store, recorded(edge("app", "SERVES", "model", "sole", environment="production")))
    (row,) = store.edge_rows([Uid("app")], FIRST)
    assert row.about == EdgeKey("SERVES", Uid("app"), Uid("model"), "production")
    assert row.content == '{"environment":"production","marks":["sole"]}'


def test_a_row_stands_from_its_commit_until_the_one_that_ends_it(store: Store):
    before = recorded(node("a", name="before"))
    after = recorded(node("a", name="after"))
    append(store, before)
    append(store, ended(before, 1), after)
    append(store, ended(after, 2))
    seen = {
        known: [row.content for row in store.node_rows([Uid("a")], CommitNumber(known))] for known in range(4)
    }
    assert seen == {
        0: [],
        1: ['{"kind":"Asset","name":"before"}'],
        2: ['{"kind":"Asset","name":"after"}'],
        3: [],
    }
    assert [(row.recorded_from, row.recorded_to) for row in store.history(Uid("a"))] == [(1, 2), (2, 3)]
    assert [row.recorded_from for row in store.claim_history(before.claim_id)] == [1, 2]


def test_only_the_uids_asked_for_are_found(store: Store):
    append(store, *(recorded(node(uid)) for uid in ("a", "b", "c")))
    assert sorted(str(row.about) for row in store.node_rows([Uid("a"), Uid("c"), Uid("no")], FIRST)) == [
        "a",
        "c",
    ]
    assert list(store.node_rows([], FIRST)) == []


@pytest.mark.parametrize("uid", ["a\x00b", "\ud800", "a" * 5000])
def test_a_uid_that_no_store_can_hold_is_simply_not_there(store: Store, uid: str):
    append(store, recorded(node("a")), recorded(edge("a", "INVOKES", "b")))
    asked = Uid(uid)
    assert list(store.node_rows([asked], FIRST)) == []
    assert list(store.edge_rows([asked], FIRST)) == []
    assert list(store.edge_rows_between([EdgeKey("INVOKES", asked, Uid("b"), "")], FIRST)) == []
    assert list(store.history(asked)) == []
    assert list(store.claim_history(ClaimId(uid))) == []
    assert list(store.find_external_id("arn", uid, FIRST)) == []
    assert list(store.uids(FIRST, after=None, limit=9, text=uid)) == []


def test_edges_are_found_from_either_end_or_from_one(store: Store):
    first = recorded(edge("a", "INVOKES", "b"))
    second = recorded(edge("b", "INVOKES", "c"))
    itself = recorded(edge("b", "INVOKES", "b"))
    append(store, first, second, itself, recorded(node("b")))
    at_b = [Uid("b")]
    assert keys(store.edge_rows(at_b, FIRST)) == sorted([first.key, second.key, itself.key])
    assert keys(store.edge_rows(at_b, FIRST, End.SUBJECT)) == sorted([second.key, itself.key])
    assert keys(store.edge_rows(at_b, FIRST, End.OBJECT)) == sorted([first.key, itself.key])
    assert keys(store.edge_rows([Uid("a"), Uid("b")], FIRST)) == sorted([first.key, second.key, itself.key])


def test_edges_are_found_by_exactly_their_fact(store: Store):
    staging = recorded(edge("app", "SERVES", "model", environment="staging"))
    production = recorded(edge("app", "SERVES", "model", environment="production"))
    other_way = recorded(edge("model", "SERVES", "app", environment="production"))
    elsewhere = recorded(
        edge("app", "SERVES", "model", environment="staging"), scope=Scope(SourceInstance("other"), "x")
    )
    append(store, staging, production, other_way, elsewhere)
    asked = [EdgeKey("SERVES", Uid("app"), Uid("model"), said) for said in ("staging", "")]
    assert keys(store.edge_rows_between(asked, FIRST)) == sorted([staging.key, elsewhere.key])


def test_ten_thousand_keys_fit_into_one_question(store: Store):
    there = [f"n{number}" for number in range(1_200)]
    nodes, edges = (
        [recorded(node(uid)) for uid in there],
        [recorded(edge(uid, "INVOKES", uid)) for uid in there],
    )
    append(store, *nodes, *edges)
    many = [Uid(f"n{number}") for number in range(10_000)]
    facts = [EdgeKey("INVOKES", uid, uid, "") for uid in many]
    assert len(store.node_rows(many, FIRST)) == 1_200
    assert len(store.edge_rows(many, FIRST)) == 1_200
    assert len(store.edge_rows_between(facts, FIRST)) == 1_200
    assert len(store.write(lambda t: t.descriptions(many))) == 1_200
    assert len(store.write(lambda t: t.end_kinds(many))) == 1_200
    assert len(standing(store, *(operation.claim_id for operation in nodes))) == 1_200
    assert len(store.write(lambda t: t.rows_by_key([operation.key for operation in edges]))) == 1_200


def test_a_scope_is_read_in_order_of_keys_page_by_page(store: Store):
    elsewhere = Scope(SourceInstance("records"), "other")
    ours = [recorded(node(f"n{number}")) for number in range(7)]
    append(store, *ours, recorded(node("n0"), scope=elsewhere))
    append(store, ended(ours[0], 1))
    found, after = [], None
    while page := store.scope_rows(RECORDS, FIRST, after=after, limit=3):
        assert len(page) <= 3
        found += [row.key for row in page]
        after = page[-1].key
    assert found == sorted(operation.key for operation in ours)
    assert len(store.scope_rows(RECORDS, SECOND, after=None, limit=100)) == 6


def test_all_node_rows_come_in_byte_order_of_uid(store: Store):
    # By UTF-16 units the last two would be the other way round.
    uids = ["A", "B", "a", "a/b", "aa", "z", "é", "\uffff", "\U00010000"]
    append(
        store, *(recorded(node(uid)) for uid in reversed(uids)), recorded(edge("a", "INVOKES", "only-named"))
    )
    assert [row.about for row in store.all_node_rows(FIRST)] == uids
    expected = sorted([*uids, "only-named"], key=str.encode)
    assert list(store.uids(FIRST, after=None, limit=100)) == expected


def test_uids_are_listed_while_any_row_names_them(store: Store):
    described, named = recorded(node("a")), recorded(edge("b", "INVOKES", "c"))
    append(store, described, named)
    append(store, ended(described, 1))
    append(store, ended(named, 1))
    listed = {known: list(store.uids(CommitNumber(known), after=None, limit=9)) for known in range(4)}
    assert listed == {0: [], 1: ["a", "b", "c"], 2: ["b", "c"], 3: []}


def test_uids_are_paged_by_the_last_one_seen(store: Store):
    append(store, *(recorded(node(uid)) for uid in "abcde"))
    assert list(store.uids(FIRST, after=None, limit=2)) == ["a", "b"]
    assert list(store.uids(FIRST, after=Uid("b"), limit=2)) == ["c", "d"]
    assert list(store.uids(FIRST, after=Uid("bb"), limit=9)) == ["c", "d", "e"]
    assert list(store.uids(FIRST, after=Uid("e"), limit=2)) == []


# What a writer sees


def test_a_writer_sees_the_standing_rows_of_a_claim(store: Store):
    early, late = recorded(node("a"), valid=days(1, 3)), recorded(node("a"), valid=days(5))
    append(store, early, late)
    append(store, ended(early, 1))
    assert keys(standing(store, early.claim_id)) == [late.key]
    assert keys(store.write(lambda t: list(t.rows_by_key([early.key, late.key])))) == [late.key]


def test_a_writer_sees_how_nodes_are_described_and_mentioned(store: Store):
    other = Scope(SourceInstance("kubernetes", "eu"), "prod")
    described = recorded(node("app"), scope=other)
    append(
        store, described, recorded(edge("app", "USES_SECRET", "key")), recorded(edge("app", "INVOKES", "b"))
    )
    kinds, mentions = store.write(
        lambda t: (t.descriptions([Uid("app"), Uid("key")]), t.end_kinds([Uid("app"), Uid("key")]))
    )
    assert list(kinds) == [
        Description(
            uid=Uid("app"),
            kind=Kind.ASSET,
            claim_id=described.claim_id,
            content_digest=content_digest_of(described.content),
            source="kubernetes/eu",
            valid=described.valid,
        )
    ]
    assert {(way.relation, way.end, way.said, way.source) for way in mentions[Uid("app")]} == {
        ("USES_SECRET", End.SUBJECT, None, "records/default"),
        ("INVOKES", End.SUBJECT, None, "records/default"),
    }
    (way,) = mentions[Uid("key")]
    assert (way.relation, way.end) == ("USES_SECRET", End.OBJECT)


def test_what_a_scope_covers_keeps_whether_its_readings_restate_all(store: Store):
    plain = ScopeCovered(RECORDS, ("Asset",), ("READS",), day(3))
    restating = ScopeCovered(RECORDS, (), ("WRITES",), day(4), restates=True)
    append(store, plain, restating)
    assert list(store.operations(FIRST)) == [plain, restating]
    assert [(row.relations, row.restates) for row in store.coverage(FIRST)] == [
        (("READS",), False),
        (("WRITES",), True),
    ]


def test_decisions_keep_who_they_are_about_and_why(store: Store):
    claim, digest = ClaimId("c"), "d" * 64
    append(store, ClaimRefuted(claim, digest, "wrong"), NodesMerged((Uid("a"), Uid("b")), "one"))
    append(store, RefutationLifted(claim, digest, "right"), NodesUnmerged((Uid("a"), Uid("b")), "two"))
    append(store, ClaimRefuted(claim, digest, "wrong after all"))
    lifted = RefutationRow(claim, digest, FIRST, "wrong", SECOND, "right")
    standing_now = RefutationRow(claim, digest, THIRD, "wrong after all")
    assert list(store.refutations(None)) == [lifted, standing_now]
    assert list(store.refutations(FIRST)) == [lifted]
    assert list(store.refutations(SECOND)) == []
    assert list(store.refutations(THIRD)) == [standing_now]
    assert [(row.same, row.reason) for row in store.same_as(SECOND)] == [(True, "one"), (False, "two")]


def test_a_writer_sees_the_head_it_writes_on(store: Store):
    first: Commit = append(store, recorded(node("a")))
    seen = store.write(lambda transaction: transaction.head)
    assert (seen.sequence, seen.hash, seen.recorded_at) == (1, first.hash, first.recorded_at)


def test_a_commit_that_does_not_follow_the_head_is_refused(store: Store):
    first = append(store, recorded(node("a")))
    with pytest.raises(WriteConflict):
        store.write(lambda transaction: transaction.append(first, [recorded(node("b"))], []))
    assert store.head().sequence == 1
    assert list(store.uids(FIRST, after=None, limit=9)) == ["a"]


def test_work_that_fails_leaves_nothing(store: Store, place):
    append(store, recorded(node("a")))
    before = place.counts()

    class Failure(Exception):
        pass

    def work(transaction) -> None:
        commit = Commit(CommitNumber(2), transaction.head.hash, "f" * 64, day(40), "x", None, None, "", ())
        transaction.append(commit, [recorded(node("b")), recorded(edge("a", "INVOKES", "b"))], [])
        raise Failure

    with pytest.raises(Failure):
        store.write(work)
    assert store.head().sequence == 1
    assert list(store.uids(CommitNumber(2), after=None, limit=9)) == ["a"]
    assert place.counts() == before


def test_an_operation_that_ends_what_does_not_stand_is_refused_whole(store: Store, place):
    operation = recorded(node("a"))
    append(store, operation)
    append(store, ended(operation, 1))
    before = place.counts()
    with pytest.raises(ValueError, match="ends"):
        append(store, recorded(node("b")), ended(operation, 1))
    assert store.head().sequence == 2
    assert place.counts() == before
