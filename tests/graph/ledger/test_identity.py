"""Which uids external ids join: never through an id that was passed on, and in whatever order it is said."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from graph.ledger.identity import IdentityMap, identity_of
from graph.ledger.port import ExternalIdRow, SameAsRow
from graph.model import OPEN_END, CommitNumber, Instant, Interval, Uid
from graph.vocabulary import Kind

UIDS = [Uid(letter) for letter in "abcde"]


def mail(value: str, uid: str, start: int, end: int = OPEN_END, kind: Kind = Kind.IDENTITY) -> ExternalIdRow:
    return ExternalIdRow("email", value, Uid(uid), kind, "people", Interval(Instant(start), Instant(end)))


def same(first: str, second: str, *, same: bool = True) -> SameAsRow:
    return SameAsRow((Uid(first), Uid(second)), same, CommitNumber(1), "why")


def of(*rows: ExternalIdRow, decisions: tuple[SameAsRow, ...] = (), **kinds: Kind) -> IdentityMap:
    return identity_of(decisions, rows, rows, {Uid(uid): kind for uid, kind in kinds.items()})


def classes(identity: IdentityMap, uids=UIDS) -> set[tuple[Uid, ...]]:
    return {identity.members(uid) for uid in uids}


def test_one_who_left_and_one_who_came_later_are_two():
    identity = of(mail("1", "a", 1, 5), mail("1", "b", 9))
    assert classes(identity, "ab") == {("a",), ("b",)}
    (conflict,) = identity.conflicts
    assert (conflict.uids, conflict.external_ids[0].value) == (("a", "b"), "1")
    assert conflict.reason == "a and b have this email at different times only"


def test_times_that_only_touch_do_not_overlap():
    assert of(mail("1", "a", 1, 5), mail("1", "b", 5)).conflicts
    assert classes(of(mail("1", "a", 1, 6), mail("1", "b", 5)), "ab") == {("a", "b")}


def test_a_third_does_not_bridge_what_never_was_together():
    identity = of(mail("1", "a", 1, 5), mail("1", "b", 9), mail("1", "c", 1))
    assert classes(identity, "abc") == {("a",), ("b",), ("c",)}
    assert identity.conflicts[0].uids == ("a", "b", "c")


def test_one_address_after_another_keeps_a_person_with_both():
    identity = of(mail("1", "a", 1, 5), mail("2", "a", 5), mail("1", "old", 1), mail("2", "new", 7))
    assert identity.members(Uid("a")) == ("a", "new", "old")
    assert not identity.conflicts


def test_several_rows_of_one_uid_count_together():
    identity = of(mail("1", "a", 1, 5), mail("1", "a", 9), mail("1", "b", 6, 10))
    assert classes(identity, "ab") == {("a", "b")}


def test_what_a_person_has_merged_is_not_held_against_them():
    rows = mail("1", "a", 1, 5), mail("1", "b", 9), mail("1", "c", 1)
    assert of(*rows, decisions=(same("a", "b"),)).members(Uid("c")) == ("a", "b", "c")
    # Merging the third with one of the two says nothing about the other.
    identity = of(*rows, decisions=(same("a", "c"),))
    assert classes(identity, "abc") == {("a", "c"), ("b",)}
    assert identity.conflicts


def test_one_node_of_two_kinds_is_not_made():
    identity = of(mail("1", "a", 1), mail("1", "b", 1), a=Kind.IDENTITY, b=Kind.ASSET)
    assert classes(identity, "ab") == {("a",), ("b",)}
    assert identity.conflicts[0].reason == "one node would be Asset and Identity"


spans = st.tuples(st.integers(0, 6), st.integers(1, 4)).map(lambda pair: (pair[0], pair[0] + pair[1]))
some_rows = st.lists(
    st.builds(
        lambda value, uid, span: mail(value, uid, *span), st.sampled_from("123"), st.sampled_from(UIDS), spans
    ),
    max_size=9,
)
some_decisions = st.lists(
    st.builds(
        lambda pair, is_same: same(*sorted(pair), same=is_same),
        st.lists(st.sampled_from(UIDS), min_size=2, max_size=2, unique=True),
        st.booleans(),
    ),
    max_size=2,
)


@given(some_rows, some_decisions, st.randoms(use_true_random=False))
def test_the_order_in_which_it_is_said_does_not_matter(rows, decisions, random):
    before = of(*rows, decisions=tuple(decisions))
    shuffled = random.sample(rows, len(rows))
    after = of(*shuffled, decisions=tuple(decisions))
    assert classes(after) == classes(before)
    assert after.conflicts == before.conflicts


@given(some_rows)
def test_it_is_what_following_ids_held_at_one_time_comes_to(rows):
    """Moments are small whole numbers here, so that being together can be counted out."""
    holders: dict[str, dict[str, set[int]]] = {}
    for row in rows:
        moments = set(range(row.valid.start, row.valid.end))
        holders.setdefault(row.value, {}).setdefault(row.uid, set()).update(moments)
    links = [
        set(held)
        for held in holders.values()
        if all(held[first] & held[second] for first, second in combinations(held, 2))
    ]
    expected: set[tuple[str, ...]] = set()
    for uid in UIDS:
        reached: set[str] = {uid}
        while grown := {other for link in links if link & reached for other in link} - reached:
            reached |= grown
        expected.add(tuple(sorted(reached)))
    assert classes(of(*rows)) == expected
