"""The ledger on every store: saying again, closing by scope, several sources, two times, and identity."""

from graph.ledger.change import Close, Effect, LiftRefutation, Merge, Refute, Unmerge, Withdraw
from graph.ledger.ledger import Ledger
from graph.model import AsOf, CommitNumber, EdgeFacts, NodeFacts, RowKey, Scope, SourceInstance, Uid
from graph.vocabulary import Certainty, Kind
from tests.support.saying import RECORDS, day, days, edge, node, record

KUBERNETES = Scope(SourceInstance("kubernetes", "eu"), "prod")
APP, MODEL, DATA = Uid("app"), Uid("model"), Uid("data")


def held_by(ledger: Ledger, scope: Scope) -> tuple[RowKey, ...]:
    return tuple(
        r.key for r in ledger.store.scope_rows(scope, ledger.head().sequence, after=None, limit=1000)
    )


def names(ledger: Ledger, at: AsOf) -> list[str]:
    return [found.uid for found in ledger.all_nodes(at)]


# Saying again


def test_saying_the_same_again_makes_no_commit(ledger: Ledger, place):
    said = (node("app", name="App", criticality=3), edge("app", "READS", "data", "optional"))
    first = record(ledger, *said)
    assert [step.effect for step in first.steps] == [Effect.CREATED, Effect.CREATED]
    before = place.counts()
    for read_at in (day(1), day(2), day(40)):
        again = record(ledger, *said, read_at=read_at)
        assert again.commit is None
        assert [step.effect for step in again.steps] == [Effect.UNCHANGED, Effect.UNCHANGED]
    assert place.counts() == before


def test_saying_a_stated_interval_again_makes_no_commit(ledger: Ledger):
    record(ledger, node("app"), valid=days(1, 5))
    record(ledger, node("app"), valid=days(8))
    assert record(ledger, node("app"), valid=days(1, 5)).commit is None
    assert record(ledger, node("app"), valid=days(8)).commit is None


def test_a_node_that_an_edge_names_exists_without_description(ledger: Ledger):
    record(ledger, edge("app", "USES_SECRET", "key"))
    found = ledger.nodes([APP, Uid("key")], ledger.at())
    assert {uid: (n.kind, n.described) for uid, n in found.items()} == {
        "app": (Kind.ASSET, False),
        "key": (Kind.SECRET, False),
    }


# Closing


def test_closing_a_scope_leaves_what_another_says(ledger: Ledger):
    record(ledger, node("app", name="ours"), node("only-ours"), edge("app", "READS", "data"))
    record(ledger, node("app", name="theirs"), edge("app", "READS", "data"), scope=KUBERNETES)
    outcome = record(ledger, Close(held_by(ledger, RECORDS), day(10)))
    assert outcome.steps[0].count == 3
    before, after = ledger.at(day(9)), ledger.at(day(10))
    assert names(ledger, before) == ["app", "data", "only-ours"]
    assert names(ledger, after) == ["app", "data"]
    assert ledger.nodes([APP], after)[APP].name == "theirs"
    (still,) = ledger.edges([APP], after)
    assert still.sources == (KUBERNETES.source,)
    assert held_by(ledger, KUBERNETES)


def test_closing_again_closes_nothing(ledger: Ledger):
    record(ledger, node("app"))
    held = held_by(ledger, RECORDS)
    record(ledger, Close(held, day(10)))
    again = record(ledger, Close(held_by(ledger, RECORDS), day(12)))
    assert again.commit is None
    assert again.steps[0].effect is Effect.UNCHANGED


def test_closing_never_touches_evidence(ledger: Ledger):
    record(ledger, node("report", Kind.EVIDENCE), edge("report", "ABOUT", "app"), node("app"))
    record(ledger, Close(held_by(ledger, RECORDS), day(10)))
    assert names(ledger, ledger.at(day(20))) == ["app", "report"]
    assert not ledger.nodes([APP], ledger.at(day(20)))[APP].described


def test_what_is_withdrawn_was_never_so(ledger: Ledger):
    record(ledger, node("app"), node("kept"))
    (key,) = (r.key for r in ledger.store.node_rows([APP], ledger.head().sequence))
    record(ledger, Withdraw((key,)))
    assert names(ledger, ledger.at(day(5))) == ["kept"]
    assert names(ledger, ledger.at(day(5), known=CommitNumber(1))) == ["app", "kept"]


# Two sources


def test_two_sources_speak_of_one_node(ledger: Ledger):
    record(ledger, node("app", name="from records", region="eu", team="x"))
    record(ledger, node("app", type_="service", region="us"), scope=KUBERNETES, read_at=day(3))
    found = ledger.nodes([APP], ledger.at(day(5)))[APP]
    assert (found.name, found.type, found.text("team")) == ("from records", "service", "x")
    # Neither source outranks the other for a region: the newer one counts, and says so.
    assert found.properties["region"].value == "us"
    assert found.properties["region"].source == KUBERNETES.source
    assert set(found.scopes) == {RECORDS, KUBERNETES}
    assert len(ledger.claims(APP, ledger.at(day(5)))) == 2
    assert ledger.nodes([APP], ledger.at(day(2)))[APP].text("region") == "eu"


def test_two_sources_speak_of_one_edge(ledger: Ledger):
    record(ledger, edge("app", "READS", "data", "optional"))
    record(ledger, edge("app", "READS", "data", "coarse"), scope=KUBERNETES)
    (found,) = ledger.edges([APP], ledger.at())
    # ``optional`` switches a rule off, so both would have to say it.
    assert found.marks == {"coarse"}
    assert set(found.sources) == {RECORDS.source, KUBERNETES.source}
    assert len(ledger.edge_claims(found, ledger.at())) == 2
    assert found.certainty is Certainty.CERTAIN


def test_owners_in_two_roles_are_two_edges(ledger: Ledger):
    record(ledger, edge("ada", "OWNS", "app", "accountable"), edge("ada", "OWNS", "app", "steward"))
    assert [found.discriminator for found in ledger.edges([APP], ledger.at())] == ["accountable", "steward"]


# Two times


def test_as_of_and_known_at(ledger: Ledger):
    record(ledger, node("app", size=1), valid=days(1, 10))
    record(ledger, node("app", size=2), valid=days(5, 10))
    record(ledger, node("app", size=3), valid=days(10))
    answers = {
        (valid, known): found[APP].integer("size") if (found := ledger.nodes([APP], at)) else None
        for known in (0, 1, 2, 3)
        for valid in (1, 4, 5, 9, 10, 30)
        for at in [AsOf(day(valid), CommitNumber(known))]
    }
    assert answers == {
        **{(valid, 0): None for valid in (1, 4, 5, 9, 10, 30)},
        **{(valid, 1): 1 for valid in (1, 4, 5, 9)},
        (10, 1): None,
        (30, 1): None,
        (1, 2): 1,
        (4, 2): 1,
        (5, 2): 2,
        (9, 2): 2,
        (10, 2): None,
        (30, 2): None,
        (1, 3): 1,
        (4, 3): 1,
        (5, 3): 2,
        (9, 3): 2,
        (10, 3): 3,
        (30, 3): 3,
    }


def test_a_clock_time_stands_for_the_newest_commit_by_then(ledger: Ledger):
    commits = [record(ledger, node(uid)).commit for uid in ("a", "b")]
    first, second = (commit.recorded_at for commit in commits if commit)
    assert ledger.at(known_at=first).known == 1
    assert ledger.at(known_at=second).known == 2
    assert names(ledger, ledger.at(known_at=first)) == ["a"]
    assert names(ledger, ledger.at(known_at=day(1))) == []


def test_history_keeps_every_version(ledger: Ledger):
    record(ledger, node("app", name="one"), valid=days(1), run="first")
    record(ledger, node("app", name="two"), valid=days(1), run="second")
    said = [
        (row.claim.about.name, row.run, row.recorded_from, row.recorded_to <= 2)
        for row in ledger.history(APP)
        if isinstance(row.claim.about, NodeFacts)
    ]
    assert said == [("one", "first", 1, True), ("two", "second", 2, False)]


def test_history_keeps_every_version_of_a_personal_value(ledger: Ledger):
    for name in ("Ada Byron", "Ada Lovelace"):
        record(ledger, node("p", Kind.IDENTITY, type_="person", name=name), valid=days(1))
    said = [
        row.claim.about.name for row in ledger.history(Uid("p")) if isinstance(row.claim.about, NodeFacts)
    ]
    assert said == ["Ada Byron", "Ada Lovelace"]


# Identity


def test_merging_and_taking_it_back_is_exact(ledger: Ledger):
    record(ledger, node("a1", name="A"), edge("x", "INVOKES", "a2"), edge("a2", "INVOKES", "a1"))
    record(ledger, node("a2", size=2), scope=KUBERNETES)
    apart = (list(ledger.all_nodes(ledger.at())), ledger.all_edges(ledger.at()))
    record(ledger, Merge((Uid("a2"), Uid("a1")), "one thing"))
    merged = ledger.at()
    assert names(ledger, merged) == ["a1", "x"]
    found = ledger.nodes([Uid("a2")], merged)[Uid("a2")]
    assert (found.uid, found.members, found.name, found.integer("size")) == ("a1", ("a1", "a2"), "A", 2)
    # The edge between the two became a loop and is gone; the other hangs on the canonical node.
    assert [(e.subject.uid, e.object.uid) for e in ledger.all_edges(merged)] == [("x", "a1")]
    record(ledger, Unmerge((Uid("a1"), Uid("a2")), "two things"))
    assert (list(ledger.all_nodes(ledger.at())), ledger.all_edges(ledger.at())) == apart
    assert names(ledger, merged) == ["a1", "x"]


def test_external_ids_join_by_themselves_while_they_are_shared(ledger: Ledger):
    record(ledger, node("b", ids=[("k8s", "c/apps/app")]), scope=KUBERNETES)
    record(ledger, node("a", ids=[("k8s", "c/apps/app")]), scope=Scope(KUBERNETES.source, "dev"))
    record(ledger, node("c", ids=[("k8s", "c/apps/app")]))  # records may not assert this scheme
    assert names(ledger, ledger.at()) == ["a", "c"]
    assert names(ledger, ledger.at(known=CommitNumber(1))) == ["b"]
    record(ledger, node("b", ids=[("k8s", "c/apps/another")]), scope=KUBERNETES, valid=days(1))
    assert names(ledger, ledger.at()) == ["a", "b", "c"]


def test_an_address_that_was_passed_on_makes_nobody_one(ledger: Ledger):
    people = Scope(SourceInstance("people"), "staff")
    ids = [("email", "a@example.org")]
    record(ledger, node("u1", Kind.IDENTITY, name="Ada", ids=ids), scope=people, valid=days(1, 5))
    record(ledger, node("u2", Kind.IDENTITY, name="Bob", ids=ids), scope=people, valid=days(9))
    record(ledger, node("u3", Kind.IDENTITY, ids=ids), scope=people, valid=days(1))
    for moment, there in ((2, ["u1", "u3"]), (10, ["u2", "u3"])):
        assert names(ledger, ledger.at(day(moment))) == there
    (conflict,) = ledger.identity(ledger.head().sequence).conflicts
    assert conflict.uids == ("u1", "u2", "u3")
    # Once it is known that the first had it longer, all held it together.
    record(ledger, node("u1", Kind.IDENTITY, name="Ada", ids=ids), scope=people, valid=days(1, 10))
    assert names(ledger, ledger.at(day(20))) == ["u1"]


def test_a_corrected_kind_takes_a_node_out_of_its_class(ledger: Ledger):
    ids = [("k8s", "c/apps/app")]
    record(ledger, node("a", ids=ids), scope=KUBERNETES)
    record(ledger, node("b", ids=ids), scope=Scope(KUBERNETES.source, "dev"))
    assert names(ledger, ledger.at(day(20))) == ["a"]
    record(ledger, node("b", Kind.DATASET), scope=Scope(KUBERNETES.source, "dev"), read_at=day(3))
    at = ledger.at(day(20))
    assert [(n.uid, n.kind) for n in ledger.all_nodes(at)] == [("a", Kind.ASSET), ("b", Kind.DATASET)]
    assert ledger.identity(at.known).conflicts


# Refutations


def test_a_refuted_claim_is_gone_until_it_is_lifted_or_says_something_else(ledger: Ledger):
    record(ledger, edge("app", "READS", "data"))
    record(ledger, edge("app", "READS", "data"), edge("app", "READS", "other"), scope=KUBERNETES)

    def read() -> list[tuple[str, int]]:
        return [(e.object.uid, len(e.claims)) for e in ledger.edges([APP], ledger.at())]

    ours = next(
        row.claim_id
        for row in ledger.history(DATA)
        if row.claim.scope == RECORDS and isinstance(row.claim.about, EdgeFacts)
    )
    assert read() == [("data", 2), ("other", 1)]
    record(ledger, Refute(ours, "not so"))
    assert read() == [("data", 1), ("other", 1)]
    record(ledger, LiftRefutation(ours, "it is"))
    assert read() == [("data", 2), ("other", 1)]
    record(ledger, Refute(ours, "not so after all"))
    record(ledger, edge("app", "READS", "data", "coarse"), read_at=day(3))
    assert read() == [("data", 2), ("other", 1)]
