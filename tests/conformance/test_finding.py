"""Finding nodes by text and by external id, at every commit; and personal values until they are erased."""

from graph.ledger.identity import identity_at
from graph.ledger.operations import ClaimRecorded, EdgeKey, PersonalErased
from graph.ledger.personal import PersonalValue, commitment_of
from graph.ledger.port import RunRecord, Store, VolatileValue
from graph.ledger.verifying.verify import verify
from graph.model import CommitNumber, RunId, Scope, SourceInstance, Uid
from graph.vocabulary import Kind
from tests.support.saying import append, day, edge, ended, node, recorded

FIRST, SECOND = CommitNumber(1), CommitNumber(2)


def found(store: Store, text: str, known: CommitNumber = FIRST) -> list[str]:
    return list(store.uids(known, after=None, limit=100, text=text))


def test_text_is_found_wherever_it_stands_in_a_node(store: Store):
    append(
        store,
        recorded(node("uid-needle")),
        recorded(node("b", name="a needle")),
        recorded(node("c", type_="needle_type")),
        recorded(node("d", ids=[("arn", "arn:aws:needle")])),
        recorded(node("e", description="has a needle in it")),
        recorded(node("f", hosts=("one", "needle"))),
        recorded(edge("g", "INVOKES", "needle-only-mentioned")),
        recorded(node("h", name="nothing", number=5)),
    )
    assert found(store, "needle") == ["b", "c", "d", "e", "f", "needle-only-mentioned", "uid-needle"]
    assert found(store, "5") == []


def test_case_is_folded_and_nothing_else(store: Store):
    append(
        store,
        recorded(node("STRASSE-1")),
        recorded(node("n", name="Hauptstraße")),
        recorded(node("o", name="CAFÉ")),
        recorded(node("p", name="cafe\u0301")),
    )
    assert found(store, "strasse") == ["STRASSE-1", "n"]
    assert found(store, "café") == ["o"]


def test_wildcards_and_patterns_are_plain_text(store: Store):
    append(store, recorded(node("a", name="100% sure_thing")), recorded(node("b", name="100 surething")))
    for text in ("%", "_", "0% s"):
        assert found(store, text) == ["a"]
    for text in (".*", "[a-z]", "a b", "sure_thing\n"):
        assert found(store, text) == []


def test_text_does_not_match_across_two_values(store: Store):
    append(store, recorded(node("x", name="alpha", description="beta")))
    assert found(store, "alphabeta") == []


def test_text_is_paged_like_uids(store: Store):
    append(store, *(recorded(node(f"n{number}", name="needle")) for number in range(5)))
    assert list(store.uids(FIRST, after=Uid("n1"), limit=2, text="needle")) == ["n2", "n3"]


def test_text_is_found_as_it_was_at_a_commit(store: Store):
    old = recorded(node("a", name="old name"))
    append(store, old)
    append(store, ended(old, 1), recorded(node("a", name="new name")))
    assert (found(store, "old"), found(store, "new")) == (["a"], [])
    assert (found(store, "old", SECOND), found(store, "new", SECOND)) == ([], ["a"])


def test_external_ids_are_found_as_they_were_at_a_commit(store: Store):
    old = recorded(node("a", ids=[("arn", "1"), ("purl", "x")]))
    append(
        store,
        old,
        recorded(node("b", Kind.DATASET, ids=[("arn", "1")])),
        recorded(node("c", ids=[("arn", "2")])),
    )
    append(store, ended(old, 1))
    assert [(r.uid, r.kind, r.plugin) for r in by_uid(store.find_external_id("arn", "1", FIRST))] == [
        ("a", Kind.ASSET, "records"),
        ("b", Kind.DATASET, "records"),
    ]
    assert [r.uid for r in store.find_external_id("arn", "1", SECOND)] == ["b"]
    assert {(r.uid, r.scheme, r.value) for r in store.external_ids_of([Uid("a"), Uid("c")], FIRST)} == {
        ("a", "arn", "1"),
        ("a", "purl", "x"),
        ("c", "arn", "2"),
    }
    assert {r.uid for r in store.external_ids_of([Uid("a"), Uid("c")], SECOND)} == {"c"}
    assert list(store.find_external_id("arn", "ARN", FIRST)) == []


def test_only_ids_that_two_uids_assert_are_shared(store: Store):
    other = Scope(SourceInstance("other"), "x")
    shared = recorded(node("b", ids=[("arn", "1")]))
    append(
        store,
        recorded(node("a", ids=[("arn", "1"), ("arn", "own")])),
        shared,
        # One uid said twice is no sharing, nor is one value under two schemes or in two cases.
        recorded(node("c", ids=[("arn", "2")])),
        recorded(node("c", ids=[("arn", "2")]), scope=other),
        recorded(node("d", ids=[("purl", "2"), ("arn", "OWN")])),
    )
    append(store, ended(shared, 1))
    assert [(r.uid, r.value) for r in by_uid(store.shared_external_ids(FIRST))] == [("a", "1"), ("b", "1")]
    assert list(store.shared_external_ids(SECOND)) == []


# Personal values


STAFF = Scope(SourceInstance("people"), "staff")


def person(uid: str, name: str, email: str, salt: str = "5a17") -> tuple[ClaimRecorded, list[PersonalValue]]:
    """A person whose name and address are sealed."""
    values: list[PersonalValue] = []
    facts = node(uid, Kind.IDENTITY, type_="person", status="active")
    claim_id = recorded(facts, scope=STAFF).claim_id
    for field, value in (("name", name), ("external_ids.email", email)):
        text = f'"{value}"'
        values.append(PersonalValue(commitment_of(salt, field, text), claim_id, field, salt, text))

    def seal(content: dict) -> dict:
        ids = [["email", {"commitment": values[1].commitment}], ["github-id", "7"]]
        return {**content, "name": {"commitment": values[0].commitment}, "external_ids": ids}

    return recorded(facts, scope=STAFF, seal=seal), values


def erased(uid: str, values: list[PersonalValue]) -> PersonalErased:
    return PersonalErased((Uid(uid),), tuple(value.commitment for value in values), "as was asked for")


def test_personal_values_are_found_and_joined_on_in_the_open(store: Store):
    ada, values = person("p1", "Ada Byron", "ada@example.org")
    append(store, ada, personal=values)
    assert found(store, "byron") == ["p1"]
    assert found(store, "ada@example") == ["p1"]
    assert [r.uid for r in store.find_external_id("email", "ada@example.org", FIRST)] == ["p1"]
    assert store.personal([v.commitment for v in values]) == {
        values[0].commitment: '"Ada Byron"',
        values[1].commitment: '"ada@example.org"',
    }
    assert {v.field for v in store.write(lambda t: t.personal_values([ada.claim_id]))} == {
        "name",
        "external_ids.email",
    }


def test_a_later_row_with_a_known_commitment_is_found_too(store: Store):
    ada, values = person("p1", "Ada Byron", "ada@example.org")
    append(store, ada, personal=values)
    append(store, ended(ada, 1), ada)
    assert found(store, "byron", SECOND) == ["p1"]
    assert [r.uid for r in store.find_external_id("email", "ada@example.org", SECOND)] == ["p1"]


def test_erasing_takes_values_out_of_everything_but_the_chain(store: Store):
    ada, values = person("p1", "Ada Byron", "ada@example.org")
    alan, others = person("p2", "Alan Byron", "alan@example.org")
    append(store, ada, alan, personal=[*values, *others])
    commitments = [v.commitment for v in values]
    append(store, erased("p1", values))
    assert found(store, "byron") == ["p2"]
    assert found(store, "ada@") == []
    assert list(store.find_external_id("email", "ada@example.org", FIRST)) == []
    assert [r.uid for r in store.find_external_id("github-id", "7", FIRST)] in (["p1", "p2"], ["p2", "p1"])
    assert store.personal(commitments) == {}
    assert list(store.write(lambda t: t.personal_values([ada.claim_id]))) == []
    assert list(store.operations(FIRST)) == [ada, alan]
    (row,) = store.node_rows([Uid("p1")], FIRST)
    assert values[0].commitment in row.content


def test_a_row_that_is_recorded_again_after_erasing_stays_without_the_value(store: Store):
    ada, values = person("p1", "Ada Byron", "ada@example.org")
    append(store, ada, personal=values)
    append(store, erased("p1", values))
    append(store, ended(ada, 1), ada)
    third = CommitNumber(3)
    assert found(store, "byron", third) == []
    assert list(store.find_external_id("email", "ada@example.org", third)) == []


def test_erasing_takes_what_was_seen_in_passing_of_the_node_and_of_no_other(store: Store):
    ada, values = person("p1", "Ada Byron", "ada@example.org")
    append(store, ada, personal=values)
    seen = [VolatileValue(Uid(uid), "last_seen", "today", day(1), RunId("r")) for uid in ("p1", "p2")]
    run = RunRecord(0, RunId("r"), "people/default", day(1), day(1), day(1), (), "{}")
    store.add_run(run, seen)
    append(store, erased("p1", values))
    assert [v.uid for v in store.volatile([Uid("p1"), Uid("p2")])] == ["p2"]


def test_erasing_what_is_gone_already_changes_nothing_else(store: Store):
    ada, values = person("p1", "Ada Byron", "ada@example.org")
    append(store, ada, personal=values)
    append(store, erased("p1", values))
    append(store, erased("p1", values))
    assert verify(store).reason is None


def test_uids_that_only_an_erased_id_joined_are_two_again(store: Store):
    ada, values = person("p1", "Ada Byron", "ada@example.org")
    same, others = person("p2", "A. Byron", "ada@example.org", salt="0b0b")
    append(store, ada, same, recorded(edge("p2", "OWNS", "app", "accountable")), personal=[*values, *others])
    assert identity_at(store, FIRST).members(Uid("p2")) == ("p1", "p2")
    append(store, erased("p2", others))
    assert identity_at(store, SECOND).members(Uid("p2")) == ("p2",)
    assert identity_at(store, FIRST).members(Uid("p2")) == ("p2",)
    (owns,) = store.edge_rows([Uid("p2")], SECOND)
    assert owns.about == EdgeKey("OWNS", Uid("p2"), Uid("app"), "accountable")
    assert verify(store).reason is None


def by_uid(rows) -> list:
    return sorted(rows, key=lambda row: row.uid)
