"""What the ledger makes of what it is told: kinds, refutations, identity, personal data, coverage.

The cases that must hold of both stores alike are in tests/conformance; these run on
the embedded store only.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from graph.errors import HoldfastError, InvalidValue, KindConflict, RelationNotAllowed, WriteConflict
from graph.ledger.change import (
    Assert,
    Change,
    Close,
    Cover,
    Effect,
    LiftRefutation,
    Merge,
    Refute,
    Step,
    Unmerge,
    Withdraw,
)
from graph.ledger.ledger import Ledger
from graph.ledger.matching import Match
from graph.model import (
    Claim,
    ClaimId,
    CommitNumber,
    EdgeFacts,
    ExternalId,
    Instant,
    Interval,
    NodeFacts,
    PropertyValue,
    RunId,
    Scope,
    SourceInstance,
    Uid,
)
from graph.store import open_store
from graph.vocabulary import Certainty, End, Kind, Origin

HOME = Scope(SourceInstance("records"), "home")
AWAY = Scope(SourceInstance("kubernetes", "eu-1"), "away")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    store = open_store(str(tmp_path / "estate.db"))
    yield Ledger(store)
    store.close()


def node(
    uid: str,
    kind: Kind,
    *,
    scope: Scope = HOME,
    type: str | None = None,  # noqa: A002  # the name of the field
    name: str | None = None,
    ids: tuple[tuple[str, str], ...] = (),
    valid: Interval | None = None,
    **properties: PropertyValue,
) -> Assert:
    external_ids = tuple(ExternalId(*pair) for pair in ids)
    return Assert(Claim(scope, NodeFacts(Uid(uid), kind, type, name, properties, external_ids), valid))


def edge(
    relation: str,
    subject: str,
    object_: str,
    *,
    scope: Scope = HOME,
    marks: tuple[str, ...] = (),
    certainty: Certainty = Certainty.CERTAIN,
    origin: Origin = Origin.DECLARED,
    valid: Interval | None = None,
) -> Assert:
    facts = EdgeFacts(relation, Uid(subject), Uid(object_), frozenset(marks))
    return Assert(Claim(scope, facts, valid, origin, certainty))


def say(ledger: Ledger, *steps: Step, read_at: int = 10) -> list[Effect]:
    return [step.effect for step in tell(ledger, *steps, read_at=read_at)]


def tell(ledger: Ledger, *steps: Step, read_at: int = 10):
    return ledger.commit(Change("test", "test", steps, read_at=Instant(read_at))).steps


def errors(ledger: Ledger, *steps: Step) -> list[HoldfastError]:
    return [step.error for step in tell(ledger, *steps) if step.error]


class TestRecording:
    def test_saying_the_same_again_makes_no_commit(self, ledger: Ledger) -> None:
        said = (node("app", Kind.ASSET, name="App"), edge("USES_SECRET", "app", "key"))
        assert say(ledger, *said) == ["created", "created"]
        assert say(ledger, *said, read_at=99) == ["unchanged", "unchanged"]
        assert ledger.head().sequence == 1

    def test_a_change_for_another_head_is_refused_and_records_nothing(self, ledger: Ledger) -> None:
        say(ledger, node("app", Kind.ASSET))
        change = Change("test", "late", (node("db", Kind.DATASET),), read_at=Instant(1))
        with pytest.raises(WriteConflict, match="made for commit 0, but the ledger stands at 1"):
            ledger.commit(change, expected_head=CommitNumber(0))
        assert ledger.head().sequence == 1

    def test_a_rejected_step_does_not_keep_the_others_out(self, ledger: Ledger) -> None:
        effects = say(ledger, edge("OWNS", "ada", "app"), node("app", Kind.ASSET))
        assert effects == ["rejected", "created"]

    def test_a_whole_change_is_recorded_in_full_or_not_at_all(self, ledger: Ledger) -> None:
        steps = (node("app", Kind.ASSET), edge("OWNS", "ada", "app"), node("ada", Kind.ASSET))
        torn = ledger.commit(Change("eve", "two things", steps, read_at=Instant(10), whole=True))
        assert torn.commit is None
        assert ledger.head().sequence == 0
        sound = ledger.commit(Change("eve", "one thing", steps[:1], read_at=Instant(10), whole=True))
        assert sound.commit is not None

    def test_a_second_kind_is_rejected_with_both_sources_named(self, ledger: Ledger) -> None:
        say(ledger, node("x", Kind.ASSET))
        (error,) = errors(ledger, node("x", Kind.DATASET, scope=AWAY))
        assert isinstance(error, KindConflict)
        assert str(error).startswith(
            "kubernetes/eu-1 describes 'x' as Dataset, but records/default has it as Asset."
        )

    def test_a_source_may_correct_its_own_kind(self, ledger: Ledger) -> None:
        say(ledger, node("x", Kind.ASSET))
        assert say(ledger, node("x", Kind.DATASET), read_at=20) == ["changed"]

    def test_a_description_must_agree_with_the_edges_that_mention_the_node(self, ledger: Ledger) -> None:
        say(ledger, edge("USES_SECRET", "app", "key"))
        (error,) = errors(ledger, node("key", Kind.DATASET))
        assert "USES_SECRET" in str(error)

    def test_an_edge_must_fit_the_described_kinds_also_of_its_own_batch(self, ledger: Ledger) -> None:
        (error,) = errors(ledger, edge("USES_SECRET", "app", "table"), node("table", Kind.DATASET))
        assert isinstance(error, RelationNotAllowed)
        assert ledger.edges([Uid("app")], ledger.at(Instant(10))) == []

    def test_a_mark_that_the_relation_does_not_have_is_rejected(self, ledger: Ledger) -> None:
        (error,) = errors(ledger, edge("TRAINED_ON", "model", "set", marks=("optional",)))
        assert str(error) == "marks holds 'optional' on TRAINED_ON. Expected no mark."


class TestValues:
    def test_json_is_kept_in_one_form_however_it_is_written(self, ledger: Ledger) -> None:
        say(ledger, node("q", Kind.REQUIREMENT, slots='{"b": [1, 2.50],\n "a": "é"}'))
        (found,) = ledger.nodes([Uid("q")], ledger.at(Instant(10))).values()
        assert found.get("slots") == '{"a":"é","b":[1,2.5]}'
        assert say(ledger, node("q", Kind.REQUIREMENT, slots='{"a":"\\u00e9","b":[1,2.5]}')) == ["unchanged"]

    @pytest.mark.parametrize(
        "text", ["not json {", "", "abc", '{"a": 1, "a": 2}', "NaN", "[1e400]", "[" * 30_000, '"\\ud800"']
    )
    def test_text_that_is_no_json_is_refused_and_not_repeated(self, ledger: Ledger, text: str) -> None:
        (error,) = errors(ledger, node("q", Kind.REQUIREMENT, slots=text))
        assert isinstance(error, InvalidValue)
        assert error.field == "properties.slots"
        assert len(text) < 3 or text not in str(error)

    def test_choices_hold_also_for_what_does_not_come_through_ingest(self, ledger: Ledger) -> None:
        (error,) = errors(ledger, node("a", Kind.IDENTITY, status="gone fishing"))
        assert str(error) == (
            "properties.status holds a value that is not one of them. "
            "Expected one of active, suspended, departed, unknown."
        )
        assert not errors(ledger, node("r", Kind.REGULATION, status="in-force"))
        (error,) = errors(ledger, node("s", Kind.REGULATION, status="active"))
        assert "in-force" in str(error)


class TestClosing:
    def test_closing_ends_what_held_then_and_keeps_the_past(self, ledger: Ledger) -> None:
        (outcome,) = tell(ledger, node("app", Kind.ASSET))
        (closed,) = tell(ledger, Close(outcome.keys, Instant(20)))
        assert (closed.effect, closed.count) == ("closed", 1)
        assert ledger.nodes([Uid("app")], ledger.at(Instant(20))) == {}
        assert list(ledger.nodes([Uid("app")], ledger.at(Instant(19)))) == ["app"]
        assert list(ledger.nodes([Uid("app")], ledger.at(Instant(20), known=CommitNumber(1))))

    @pytest.mark.parametrize(
        "lasting",
        [
            node("test-report", Kind.EVIDENCE),
            node("approval", Kind.DECISION),
            edge("ABOUT", "test-report", "model"),
            edge("SATISFIES", "test-report", "req"),
            edge("VERIFIED_BY", "test-report", "ada"),
            edge("DECIDED_BY", "approval", "ada"),
            edge("COLLECTED_BY", "test-report", "ci"),
        ],
    )
    def test_evidence_and_decisions_are_never_closed(self, ledger: Ledger, lasting: Assert) -> None:
        (outcome,) = tell(ledger, lasting)
        assert say(ledger, Close(outcome.keys, Instant(20))) == ["unchanged"]

    def test_withdrawing_takes_back_the_past_but_not_what_was_known(self, ledger: Ledger) -> None:
        (outcome,) = tell(ledger, node("app", Kind.ASSET))
        say(ledger, Withdraw(outcome.keys))
        assert ledger.nodes([Uid("app")], ledger.at(Instant(15))) == {}
        assert ledger.nodes([Uid("app")], ledger.at(Instant(15), known=CommitNumber(1)))


class TestFolding:
    def test_two_sources_on_one_node_resolve_by_the_latest_where_no_precedence_is_declared(
        self, ledger: Ledger
    ) -> None:
        say(ledger, node("app", Kind.ASSET, purpose="old", region="eu"), read_at=10)
        say(ledger, node("app", Kind.ASSET, scope=AWAY, purpose="new"), read_at=20)
        (app,) = ledger.nodes([Uid("app")], ledger.at(Instant(30))).values()
        assert (app.get("purpose"), app.get("region")) == ("new", "eu")
        assert app.properties["purpose"].source == AWAY.source
        (then,) = ledger.nodes([Uid("app")], ledger.at(Instant(15))).values()
        assert then.get("purpose") == "old"

    def test_one_source_going_silent_does_not_remove_what_another_says(self, ledger: Ledger) -> None:
        first, _ = tell(ledger, edge("READS", "job", "t"), edge("READS", "job", "t", scope=AWAY))
        say(ledger, Close(first.keys, Instant(20)))
        (left,) = ledger.edges([Uid("job")], ledger.at(Instant(30)))
        assert left.sources == (AWAY.source,)

    def test_optional_needs_every_claim_and_other_marks_one(self, ledger: Ledger) -> None:
        say(
            ledger,
            edge("READS", "job", "t", marks=("optional", "refined")),
            edge("READS", "job", "t", scope=AWAY),
        )
        (folded,) = ledger.edges([Uid("job")], ledger.at(Instant(10)))
        assert folded.marks == {"refined"}

    @pytest.mark.parametrize(
        ("origin", "certainty", "expected"),
        [
            (Origin.DECLARED, Certainty.CERTAIN, Certainty.CERTAIN),
            (Origin.OBSERVED, Certainty.CERTAIN, Certainty.CERTAIN),
            (Origin.OBSERVED, Certainty.POSSIBLE, Certainty.POSSIBLE),
            (Origin.DERIVED, Certainty.CERTAIN, Certainty.POSSIBLE),
            (Origin.ASSUMED, Certainty.CERTAIN, Certainty.POSSIBLE),
        ],
    )
    def test_certainty_of_one_claim(
        self, ledger: Ledger, origin: Origin, certainty: Certainty, expected: Certainty
    ) -> None:
        say(ledger, edge("READS", "job", "t", origin=origin, certainty=certainty))
        (folded,) = ledger.edges([Uid("job")], ledger.at(Instant(10)))
        assert folded.certainty is expected

    def test_parallel_claims_take_the_strongest(self, ledger: Ledger) -> None:
        say(
            ledger,
            edge("READS", "job", "t", origin=Origin.ASSUMED),
            edge("READS", "job", "t", scope=AWAY),
        )
        (folded,) = ledger.edges([Uid("job")], ledger.at(Instant(10)))
        assert folded.certainty is Certainty.CERTAIN

    def test_a_node_that_is_only_mentioned_is_there_and_says_so(self, ledger: Ledger) -> None:
        say(ledger, edge("USES_SECRET", "app", "key"), edge("CAN_READ", "ci", "thing"))
        found = ledger.nodes([Uid("key"), Uid("thing")], ledger.at(Instant(10)))
        assert [(n.kind, n.described) for n in found.values()] == [
            (Kind.SECRET, False),
            (Kind.UNKNOWN, False),
        ]

    def test_several_mentions_narrow_the_kind(self, ledger: Ledger) -> None:
        say(ledger, edge("CAN_READ", "ci", "k"), edge("USES_SECRET", "app", "k"))
        assert ledger.nodes([Uid("k")], ledger.at(Instant(10)))[Uid("k")].kind is Kind.SECRET


class TestRefutation:
    def test_it_silences_the_claim_until_its_content_changes(self, ledger: Ledger) -> None:
        say(ledger, node("app", Kind.ASSET, name="wrong"), node("app", Kind.ASSET, scope=AWAY))
        claim_id = next(r.claim_id for r in ledger.history(Uid("app")) if r.claim.scope == HOME)
        assert say(ledger, Refute(claim_id, "not ours")) == ["created"]
        (app,) = ledger.nodes([Uid("app")], ledger.at(Instant(10))).values()
        assert (app.name, app.sources) == (None, (AWAY.source,))
        before = ledger.at(Instant(10), known=CommitNumber(1))
        assert ledger.nodes([Uid("app")], before)[Uid("app")].name == "wrong"

        say(ledger, node("app", Kind.ASSET, name="right"), read_at=20)
        assert ledger.nodes([Uid("app")], ledger.at(Instant(20)))[Uid("app")].name == "right"
        # Over the time for which the refuted content was claimed it stays refuted.
        assert ledger.nodes([Uid("app")], ledger.at(Instant(15)))[Uid("app")].name is None

    def test_it_can_be_taken_back(self, ledger: Ledger) -> None:
        (outcome,) = tell(ledger, node("app", Kind.ASSET))
        (row,) = ledger.claims(Uid("app"), ledger.at(Instant(10)))
        assert row.key in outcome.keys
        say(ledger, Refute(row.claim_id, "no"))
        assert ledger.nodes([Uid("app")], ledger.at(Instant(10))) == {}
        assert say(ledger, LiftRefutation(row.claim_id, "yes after all")) == ["changed"]
        assert ledger.nodes([Uid("app")], ledger.at(Instant(10)))

    def test_each_decision_of_a_change_knows_those_before_it(self, ledger: Ledger) -> None:
        say(ledger, node("app", Kind.ASSET))
        (row,) = ledger.claims(Uid("app"), ledger.at(Instant(10)))
        refute, lift = Refute(row.claim_id, "no"), LiftRefutation(row.claim_id, "yes")
        assert say(ledger, refute, refute) == ["created", "unchanged"]
        assert say(ledger, lift, lift) == ["changed", "unchanged"]
        assert say(ledger, refute, lift) == ["created", "changed"]
        assert ledger.refutations(ledger.head().sequence) == []
        say(ledger, refute)
        assert say(ledger, lift, refute) == ["changed", "created"]
        assert len(ledger.refutations(ledger.head().sequence)) == 1
        assert ledger.verify().reason is None

    def test_what_the_claim_said_before_stays(self, ledger: Ledger) -> None:
        claim_id = self.renamed(ledger)
        assert say(ledger, Refute(claim_id, "a typing error")) == ["created"]
        assert self.names(ledger) == {15: "old", 25: None, 35: "old"}
        assert say(ledger, Refute(claim_id, "again")) == ["unchanged"]

    def test_other_content_can_be_named_by_its_row_or_its_digest(self, ledger: Ledger) -> None:
        claim_id = self.renamed(ledger)
        old = next(row for row in ledger.history(Uid("app")) if row.valid.start == 10)
        assert say(ledger, Refute(claim_id, "never", old.key)) == ["created"]
        assert self.names(ledger) == {15: None, 25: "new", 35: None}
        assert say(ledger, Refute(claim_id, "never", old.content_digest)) == ["unchanged"]
        (error,) = errors(ledger, Refute(claim_id, "never", "beef"))
        assert "one of its rows" in str(error)

    def test_of_a_claim_that_has_ended_the_last_content_is_meant(self, ledger: Ledger) -> None:
        say(ledger, node("app", Kind.ASSET, name="old", valid=moments(10, 20)))
        say(ledger, node("app", Kind.ASSET, name="new", valid=moments(20, 30)))
        claim_id = ledger.history(Uid("app"))[0].claim_id
        say(ledger, Refute(claim_id, "a typing error"))
        assert self.names(ledger) == {15: "old", 25: None, 35: None}

    @staticmethod
    def renamed(ledger: Ledger) -> ClaimId:
        """Tell of one that was called new from 20 to 30; the clock says that it is 25."""
        ledger.clock = lambda: Instant(25)
        say(ledger, node("app", Kind.ASSET, name="old"))
        say(ledger, node("app", Kind.ASSET, name="new", valid=moments(20, 30)))
        return ledger.history(Uid("app"))[0].claim_id

    @staticmethod
    def names(ledger: Ledger) -> dict[int, str | None]:
        """Return what the node is called at some times; None where it is not there."""
        found = {at: ledger.nodes([Uid("app")], ledger.at(Instant(at))) for at in (15, 25, 35)}
        return {at: nodes[Uid("app")].name if nodes else None for at, nodes in found.items()}

    def test_an_unknown_claim_is_an_error(self, ledger: Ledger) -> None:
        from graph.model import ClaimId

        (error,) = errors(ledger, Refute(ClaimId("beef"), "no"))
        assert "holdfast history" in str(error)


class TestIdentity:
    def test_a_merge_joins_and_an_unmerge_takes_it_back_exactly(self, ledger: Ledger) -> None:
        say(ledger, node("b", Kind.ASSET, name="B"), node("a", Kind.ASSET), edge("READS", "b", "t"))
        before = ledger.all_edges(ledger.at(Instant(10)))
        say(ledger, Merge((Uid("b"), Uid("a")), "one host"))
        (merged,) = {
            n.uid: n for n in ledger.nodes([Uid("b"), Uid("a")], ledger.at(Instant(10))).values()
        }.values()
        assert (merged.uid, merged.members, merged.name) == ("a", ("a", "b"), "B")
        (moved,) = ledger.all_edges(ledger.at(Instant(10)))
        assert moved.subject.uid == "a"
        say(ledger, Unmerge((Uid("a"), Uid("b")), "two hosts"))
        assert ledger.all_edges(ledger.at(Instant(10))) == before

    def test_a_loop_made_by_merging_is_not_an_edge(self, ledger: Ledger) -> None:
        say(ledger, edge("INVOKES", "a", "b"), edge("INVOKES", "c", "c"))
        say(ledger, Merge((Uid("a"), Uid("b")), "same"))
        assert [e.subject.uid for e in ledger.all_edges(ledger.at(Instant(10)))] == ["c"]

    def test_external_ids_of_the_table_join_by_themselves(self, ledger: Ledger) -> None:
        ids = (("openlineage", "s3://feed|bureau"),)
        ours = Scope(SourceInstance("openlineage"), "jobs")
        say(
            ledger,
            node("x", Kind.DATASET, scope=ours, ids=ids),
            node("y", Kind.DATASET, scope=ours, ids=ids),
        )
        assert ledger.identity(ledger.head().sequence).members(Uid("y")) == ("x", "y")
        say(ledger, Unmerge((Uid("x"), Uid("y")), "a person knows better"))
        assert ledger.identity(ledger.head().sequence).members(Uid("y")) == ("y",)

    @pytest.mark.parametrize(
        ("scheme", "plugin"),
        [
            pytest.param("hostname", "openlineage", id="a scheme that never joins"),
            pytest.param("openlineage", "people", id="a source that may not assert it"),
            pytest.param("made-up", "records", id="a scheme nobody declared"),
        ],
    )
    def test_other_ids_do_not_join(self, ledger: Ledger, scheme: str, plugin: str) -> None:
        scope = Scope(SourceInstance(plugin), "s")
        for uid in ("x", "y"):
            say(ledger, node(uid, Kind.DATASET, scope=scope, ids=((scheme, "v"),)))
        assert ledger.identity(ledger.head().sequence).members(Uid("y")) == ("y",)

    def test_a_class_with_two_ids_of_a_scheme_that_allows_one_is_not_joined_and_shown(
        self, ledger: Ledger
    ) -> None:
        scope = Scope(SourceInstance("kubernetes"), "c")
        # b carries the k8s id of both a and c, which cannot both be it.
        say(
            ledger,
            node("a", Kind.ASSET, scope=scope, ids=(("k8s", "1"),)),
            node("b", Kind.ASSET, scope=scope, ids=(("k8s", "1"), ("k8s", "2"))),
            node("c", Kind.ASSET, scope=scope, ids=(("k8s", "2"),)),
        )
        identity = ledger.identity(ledger.head().sequence)
        assert identity.members(Uid("b")) == ("b",)
        (conflict,) = identity.conflicts
        assert conflict.uids == ("a", "b", "c")

    def test_what_a_refuted_claim_asserts_joins_nothing(self, ledger: Ledger) -> None:
        ours = Scope(SourceInstance("openlineage"), "jobs")
        ids = (("openlineage", "s3://feed|bureau"),)
        for uid in ("x", "y"):
            say(ledger, node(uid, Kind.DATASET), node(uid, Kind.DATASET, scope=ours, ids=ids))
        rows = ledger.store.node_rows([Uid("y")], ledger.head().sequence)
        (row,) = [row for row in rows if row.scope == ours]
        say(ledger, Refute(row.claim_id, "another feed"))
        head = ledger.head().sequence
        assert ledger.identity(head).members(Uid("y")) == ("y",)
        assert ledger.identity(CommitNumber(head - 1)).members(Uid("y")) == ("x", "y")

    def test_a_chain_of_merges_cannot_make_one_node_of_two_kinds(self, ledger: Ledger) -> None:
        say(ledger, node("a", Kind.ASSET), node("s", Kind.SECRET))
        say(ledger, Merge((Uid("a"), Uid("m")), "same"))
        (error,) = errors(ledger, Merge((Uid("m"), Uid("s")), "same"))
        assert isinstance(error, KindConflict)
        (error,) = errors(ledger, node("m", Kind.SECRET, scope=AWAY))
        assert isinstance(error, KindConflict)
        first, second = tell(ledger, Merge((Uid("s"), Uid("n")), "same"), Merge((Uid("a"), Uid("n")), "same"))
        assert (first.effect, second.effect) == ("created", "rejected")

    def test_mentions_alone_can_forbid_a_merge(self, ledger: Ledger) -> None:
        say(ledger, edge("USES_SECRET", "app", "key"), edge("READS", "app", "table"))
        (error,) = errors(ledger, Merge((Uid("key"), Uid("table")), "same"))
        assert "USES_SECRET" in str(error)
        assert "READS" in str(error)
        assert isinstance(error, KindConflict)
        assert {error.uid, error.described_uid} == {"key", "table"}

    def test_nodes_of_two_kinds_cannot_be_merged(self, ledger: Ledger) -> None:
        say(ledger, node("a", Kind.ASSET), node("d", Kind.DATASET))
        for pair in ((Uid("a"), Uid("d")), (Uid("d"), Uid("a"))):
            (error,) = errors(ledger, Merge(pair, "no"))
            assert isinstance(error, KindConflict)
            said = {error.uid: error.kind, error.described_uid: error.described_kind}
            assert said == {"a": "Asset", "d": "Dataset"}
            assert "has it as" not in str(error)


class TestPersonalData:
    def test_it_is_in_answers_and_not_in_the_chain(self, ledger: Ledger) -> None:
        say(
            ledger,
            node(
                "p1",
                Kind.IDENTITY,
                type="person",
                name="Ada Lovelace",
                ids=(("email", "ada@x.org"),),
                phone="0123456789",
            ),
        )
        (ada,) = ledger.nodes([Uid("p1")], ledger.at(Instant(10))).values()
        assert (ada.name, ada.get("phone")) == ("Ada Lovelace", "0123456789")
        chain = str([ledger.store.operations(CommitNumber(1)), ledger.commits()])
        for value in ("Lovelace", "ada@x.org", "0123456789"):
            assert value not in chain

    def test_erasing_leaves_the_chain_whole_and_the_rest_in_place(
        self, ledger: Ledger, tmp_path: Path
    ) -> None:
        say(
            ledger,
            node("p1", Kind.IDENTITY, type="person", name="Ada Lovelace", status="active"),
            edge("MEMBER_OF", "p1", "team"),
        )
        assert ledger.erase_personal(Uid("p1"), actor="test", reason="as was asked for").count == 1
        (ada,) = ledger.nodes([Uid("p1")], ledger.at(Instant(10))).values()
        assert (ada.name, ada.get("status")) == (None, "active")
        assert ledger.verify().intact
        assert ledger.search("lovelace", ledger.at(Instant(10))).items == ()

    def test_erasing_reaches_every_uid_of_a_person(self, ledger: Ledger) -> None:
        for uid in ("p1", "p2"):
            say(ledger, node(uid, Kind.IDENTITY, type="person", name=f"Ada {uid}"))
        say(ledger, Merge((Uid("p1"), Uid("p2")), "one person"))
        assert ledger.erase_personal(Uid("p1"), actor="test", reason="as was asked for").count == 2
        assert ledger.search("ada", ledger.at(Instant(10))).items == ()

    def test_the_same_value_keeps_its_commitment_so_a_refutation_keeps_standing(self, ledger: Ledger) -> None:
        ada = node("p1", Kind.IDENTITY, type="person", name="Ada")
        (outcome,) = tell(ledger, ada)
        (row,) = ledger.claims(Uid("p1"), ledger.at(Instant(10)))
        say(ledger, Refute(row.claim_id, "left long ago"))
        say(ledger, Close(outcome.keys, Instant(20)))
        say(ledger, ada, read_at=30)
        assert ledger.nodes([Uid("p1")], ledger.at(Instant(30))) == {}

    @pytest.mark.parametrize("type_", ["employee", "Person", "contractor", "user", None])
    def test_whoever_may_be_human_is_kept_out_of_the_chain(self, ledger: Ledger, type_: str | None) -> None:
        ids = (("email", "ada@x.org"), ("badge", "4711"))
        say(ledger, node("p1", Kind.IDENTITY, type=type_, name="Ada Lovelace", ids=ids, phone="0123456789"))
        chain = str([ledger.store.operations(CommitNumber(1)), ledger.commits()])
        for value in ("Lovelace", "ada@x.org", "4711", "0123456789"):
            assert value not in chain

    def test_a_team_is_not_personal(self, ledger: Ledger) -> None:
        say(ledger, node("t1", Kind.IDENTITY, type="team", name="Credit Risk"))
        assert "Credit Risk" in str(ledger.store.operations(CommitNumber(1)))


class TestCoverage:
    def test_absence_means_something_only_from_a_complete_read_on(self, ledger: Ledger) -> None:
        cover = Cover(HOME, frozenset({"Asset"}), frozenset({"OWNS"}), Instant(20))
        say(ledger, node("app", Kind.ASSET), cover)
        (app,) = ledger.nodes([Uid("app")], ledger.at(Instant(20))).values()
        assert not ledger.coverage(ledger.at(Instant(19))).is_covered(app, "OWNS")
        assert ledger.coverage(ledger.at(Instant(20))).is_covered(app, "OWNS")
        assert not ledger.coverage(ledger.at(Instant(20))).is_covered(app, "READS")
        assert say(ledger, cover) == ["unchanged"]

    def test_an_earlier_complete_read_moves_the_beginning(self, ledger: Ledger) -> None:
        for read_at in (20, 5):
            say(ledger, Cover(HOME, frozenset({"Asset"}), frozenset({"OWNS"}), Instant(read_at)))
        (since,) = {c.since for c in ledger.coverage(ledger.at(Instant(30))).scopes.values()}
        assert since == 5


class TestSearch:
    def test_best_matches_come_first_and_pages_go_on(self, ledger: Ledger) -> None:
        say(
            ledger,
            node("n1", Kind.ASSET, purpose="uses score"),
            node("n2", Kind.ASSET, name="credit score"),
            node("n3", Kind.ASSET, name="Scoring"),
            node("n4", Kind.ASSET, name="score"),
            node("n5", Kind.DATASET, name="score"),
        )
        at = ledger.at(Instant(10))
        first = ledger.search("SCOR", at, limit=2)
        assert [n.uid for n in first.items] == ["n3", "n4"]
        second = ledger.search("SCOR", at, limit=2, after=first.next_after)
        assert [n.uid for n in second.items] == ["n5", "n2"]
        last = ledger.search("SCOR", at, limit=2, after=second.next_after)
        assert ([n.uid for n in last.items], last.next_after) == (["n1"], None)
        assert [n.uid for n in ledger.search("score", at).items] == ["n4", "n5", "n2", "n1"]
        assert [n.uid for n in ledger.search("score", at, kinds=[Kind.DATASET]).items] == ["n5"]
        assert [n.uid for n in ledger.search("cred", at, match=Match.PREFIX).items] == ["n2"]
        assert [n.uid for n in ledger.search("sco cre", at, match=Match.WORDS).items] == ["n2"]

    def test_a_merged_node_is_found_once_under_any_of_its_names(self, ledger: Ledger) -> None:
        say(ledger, node("a", Kind.ASSET, name="alpha"), node("z", Kind.ASSET, name="zeta"))
        say(ledger, Merge((Uid("a"), Uid("z")), "same"))
        at = ledger.at(Instant(10))
        for text in ("alpha", "zeta", "z", "a"):
            assert [n.uid for n in ledger.search(text, at).items] == ["a"], text

    def test_what_has_ended_is_found_only_in_its_time(self, ledger: Ledger) -> None:
        valid = Interval(Instant(1), Instant(5))
        say(ledger, node("a", Kind.ASSET, name="alpha", valid=valid))
        assert ledger.search("alpha", ledger.at(Instant(4))).items
        assert not ledger.search("alpha", ledger.at(Instant(5))).items


def test_edges_by_end(ledger: Ledger) -> None:
    say(ledger, edge("READS", "job", "t"), edge("INVOKES", "x", "job"))
    at = ledger.at(Instant(10))
    assert [e.relation for e in ledger.edges([Uid("job")], at)] == ["INVOKES", "READS"]
    assert [e.relation for e in ledger.edges([Uid("job")], at, end=End.SUBJECT)] == ["READS"]
    assert [e.relation for e in ledger.edges([Uid("job")], at, end=End.OBJECT)] == ["INVOKES"]


@pytest.mark.parametrize(
    ("tampering", "said"),
    [
        pytest.param("DELETE FROM claims WHERE relation = 'READS'", "is gone", id="a row taken away"),
        pytest.param(
            "UPDATE claims SET content = '{\"marks\":[\"optional\"]}' WHERE relation = 'READS'",
            "is not as the log recorded it",
            id="a row changed",
        ),
    ],
)
def test_rows_that_were_tampered_with_beside_the_log_are_found(
    ledger: Ledger, tmp_path: Path, tampering: str, said: str
) -> None:
    say(ledger, node("job", Kind.ASSET), edge("READS", "job", "t"))
    assert ledger.verify().intact
    with closing(sqlite3.connect(tmp_path / "estate.db")) as connection:
        assert connection.execute(tampering).rowcount == 1
        connection.commit()
    report = ledger.verify()
    assert not report.intact
    assert said in (report.reason or "")


class TestWhoSaidIt:
    """A part of a row keeps the run, the reading and the commit of whoever said it first."""

    def test_a_split_leaves_each_part_with_those_who_said_it(self, ledger: Ledger) -> None:
        self.read(ledger, node("a", Kind.ASSET, name="old"), run="first", read_at=10)
        self.read(ledger, node("a", Kind.ASSET, name="new"), run="second", read_at=20)
        assert self.rows(ledger, 15) == [("first", 10, 1, 2)]
        assert self.rows(ledger, 25) == [("second", 20, 2, 2)]

    def test_closing_leaves_it_with_those_who_said_it(self, ledger: Ledger) -> None:
        self.read(ledger, node("a", Kind.ASSET), run="first", read_at=10)
        (row,) = ledger.claims(Uid("a"), ledger.at(Instant(15)))
        self.read(ledger, Close((row.key,), Instant(20)), run="second", read_at=20)
        assert self.rows(ledger, 15) == [("first", 10, 1, 2)]

    def test_a_part_of_a_part_too(self, ledger: Ledger) -> None:
        self.read(ledger, node("a", Kind.ASSET, name="old"), run="first", read_at=10)
        self.read(ledger, node("a", Kind.ASSET, name="new"), run="second", read_at=30)
        self.read(
            ledger, node("a", Kind.ASSET, name="between", valid=moments(15, 20)), run="third", read_at=40
        )
        assert [self.rows(ledger, at) for at in (12, 17, 25, 35)] == [
            [("first", 10, 1, 3)],
            [("third", 40, 3, 3)],
            [("first", 10, 1, 3)],
            [("second", 30, 2, 2)],
        ]

    def test_what_no_reading_said_has_no_time_of_reading(self, ledger: Ledger) -> None:
        ledger.commit(Change("eve", "by hand", (node("a", Kind.ASSET, valid=moments(1, 9)),)))
        assert self.rows(ledger, 5) == [(None, None, 1, 1)]

    def test_a_split_does_not_win_a_tie_in_the_past(self, ledger: Ledger) -> None:
        self.read(ledger, node("a", Kind.ASSET, size=1), run="first", read_at=10)
        self.read(ledger, node("a", Kind.ASSET, scope=AWAY, size=3), run="second", read_at=10)
        before = ledger.nodes([Uid("a")], ledger.at(Instant(15)))[Uid("a")].get("size")
        self.read(ledger, node("a", Kind.ASSET, size=2), run="third", read_at=20)
        after = ledger.nodes([Uid("a")], ledger.at(Instant(15)))[Uid("a")].get("size")
        assert (before, after) == (3, 3)

    @staticmethod
    def read(ledger: Ledger, *steps: Step, run: str, read_at: int) -> None:
        change = Change("test", "test", steps, run=RunId(run), read_at=Instant(read_at))
        assert [step.error for step in ledger.commit(change).steps if step.error] == []

    @staticmethod
    def rows(ledger: Ledger, at: int) -> list[tuple[str | None, int | None, int, int]]:
        """Return run, time of reading, first commit and last recording of what describes ``a``."""
        live = ledger.claims(Uid("a"), ledger.at(Instant(at)))
        return [(row.run, row.read_at, row.said_in, row.recorded_from) for row in live]


def moments(start: int, end: int) -> Interval:
    return Interval(Instant(start), Instant(end))
