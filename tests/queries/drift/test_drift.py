"""Each way in which two accounts differ, what is no difference, and what cannot be told."""

from dataclasses import dataclass, field

import pytest

from graph.duration import Duration
from graph.ledger.change import Assert, Change, Cover
from graph.ledger.ledger import Ledger
from graph.model import Claim, Scope, SourceInstance
from graph.store import open_store
from graph.vocabulary import Certainty, Kind
from queries.drift import Drift, DriftQuestion, Open, find_drift, key_of
from queries.estate import Estate, Standpoint
from tests.support.saying import DAY, SINCE_JANUARY, Clock, day, days, edge, node, record

IDENTITY, SECRET, DECISION, DATASET = Kind.IDENTITY, Kind.SECRET, Kind.DECISION, Kind.DATASET
ARN = [("arn", "arn:aws:secretsmanager:eu-west-1:1:secret:db")]


def scope(source):
    return Scope(SourceInstance(source, "x"), "all")


@dataclass
class World:
    ledger: Ledger = field(default_factory=lambda: Ledger(open_store(":memory:"), Clock()))

    def say(self, source, *facts, valid=SINCE_JANUARY):
        record(self.ledger, *facts, scope=scope(source), valid=valid)

    def cover(self, source, *words):
        kinds = frozenset(word for word in words if word[1:].islower())
        relations = frozenset(words) - kinds
        record(self.ledger, Cover(scope(source), kinds, relations, day(1), complete_at=day(1)))

    def answer(self, **question):
        asked = {"standpoint": Standpoint(as_of=day(20)), **question}
        return find_drift(Estate(self.ledger), DriftQuestion(**asked))

    def rows(self, **question):
        return {
            (r.drift.value, r.node.uid, r.registered.words, r.observed.words)
            for r in self.answer(**question).rows
        }

    def open(self):
        return {why: set(uids) for why, uids in self.answer().open.items()}


@pytest.fixture
def world():
    return World()


def test_what_is_observed_and_in_no_registry_is_shadow(world):
    world.say("records", node("known", type_="model"))
    world.cover("records", "Asset")
    world.say("mlflow", node("known", type_="model"), node("rogue", type_="model"))
    assert world.rows() == {("shadow", "rogue", "no registry has it", "it is observed")}
    (row,) = world.answer().rows
    assert [str(said.source) for said in row.observed.claims] == ["mlflow/x"]
    assert row.registered.claims == ()


def test_what_may_be_registered_under_another_id_or_is_of_no_registered_type_is_possibly_shadow(world):
    world.say("records", node("app:Portal", type_="service", name="Portal"), node("known", type_="model"))
    world.cover("records", "Asset")
    world.say("kubernetes", node("uid-1", type_="service", name="portal"), node("agent", type_="agent"))
    answer = world.answer(sorts=frozenset({Drift.SHADOW}))
    assert {(r.node.uid, r.certainty, r.registered.words) for r in answer.rows} == {
        (
            "uid-1",
            Certainty.POSSIBLE,
            "no registry has it, unless it is app:Portal, which has its name and was never observed",
        ),
        ("agent", Certainty.POSSIBLE, "no registry has it, nor anything of its type"),
    }


def test_without_a_registry_that_lists_the_kind_it_cannot_be_told(world):
    world.say("records", node("known", type_="model"))
    world.say("mlflow", node("rogue", type_="model"))
    assert world.rows() == set()
    assert world.open() == {Open.NO_REGISTRY: {"rogue"}, Open.NEVER_OBSERVED: {"known"}}


def test_what_left_the_registry_says_so(world):
    world.say("records", node("sold", type_="service"), valid=days(1, 5))
    world.cover("records", "Asset")
    world.say("kubernetes", node("sold", type_="service"))
    assert world.rows() == {("shadow", "sold", "it was registered once, and no longer is", "it is observed")}


def test_parts_and_versions_need_no_entry_of_their_own(world):
    world.cover("records", "Asset")
    world.say("mlflow", node("version", type_="model_version"), node("image", type_="container_image"))
    world.say("records", node("portal", type_="workload"))
    world.say("kubernetes", node("portal", type_="workload"), node("pod", type_="workload"))
    world.say("kubernetes", edge("pod", "PART_OF", "portal"))
    assert world.rows() == set()


def test_what_is_not_observed_for_too_long_is_unseen(world):
    world.say("records", node("portal", type_="service"))
    world.say("kubernetes", node("portal", type_="service"), valid=days(1, 10))
    gone = "no source has observed it since 2026-01-10T00:00:00.000Z"
    assert world.rows() == {("unseen", "portal", "it is registered", gone)}
    patient = {"cadences": {"kubernetes/x": 5 * DAY}}
    assert world.rows(**patient) == set()
    assert len(world.rows(**patient, times=2)) == 1


def test_the_cadence_that_is_configured_for_a_source_counts(world):
    world.say("records", node("portal", type_="service"))
    world.say("kubernetes", node("portal", type_="service"), valid=days(1, 10))
    asked = DriftQuestion(standpoint=Standpoint(as_of=day(20)))
    for cadence, unseen in (("P5D", 0), ("P3D", 1)):
        estate = Estate(world.ledger, {SourceInstance("kubernetes", "x"): Duration.parse(cadence)})
        assert len(find_drift(estate, asked).rows) == unseen


def test_what_was_never_observed_cannot_be_told(world):
    world.say("records", node("portal", type_="service"))
    assert world.rows() == set()
    assert world.open() == {Open.NEVER_OBSERVED: {"portal"}}


def versions(world):
    world.say("mlflow", node("m", type_="model"), node("m1", type_="model_version", name="M 1"))
    world.say("mlflow", node("m2", type_="model_version", name="M 2"))
    world.say("mlflow", edge("m1", "VERSION_OF", "m"), edge("m2", "VERSION_OF", "m"))


def approval(world, version, **properties):
    world.say("records", node(f"ok-{version}", DECISION, type_="approval", **properties))
    world.say("records", edge(f"ok-{version}", "ABOUT", version))


def test_another_version_than_the_approved_one(world):
    versions(world)
    approval(world, "m1")
    world.say("mlflow", edge("m", "DEPLOYED_AS", "m2", environment="production"))
    rows = world.rows(sorts=frozenset({Drift.VERSION}))
    assert rows == {("version", "m", "approved is M 1", "M 2 runs in production")}
    approval(world, "m2")
    assert world.rows(sorts=frozenset({Drift.VERSION})) == set()


def test_without_an_approval_that_still_holds_there_is_nothing_to_compare(world):
    versions(world)
    approval(world, "m1", expires=day(5))
    world.say("mlflow", edge("m", "DEPLOYED_AS", "m2", environment="production"))
    assert world.rows(sorts=frozenset({Drift.VERSION})) == set()
    assert world.open()[Open.NOT_APPROVED] == {"m"}


def test_versions_of_two_things_behind_one_endpoint_are_not_compared_with_each_other(world):
    versions(world)
    approval(world, "m1")
    world.say("mlflow", node("n", type_="model"), node("n1", type_="model_version", name="N 1"))
    world.say("mlflow", edge("n1", "VERSION_OF", "n"), node("front", type_="endpoint"))
    world.say("mlflow", *(edge("front", "SERVES", v, environment="production") for v in ("m1", "n1")))
    assert world.rows(sorts=frozenset({Drift.VERSION})) == set()
    assert world.open()[Open.NOT_APPROVED] == {"front"}


def test_a_version_that_may_be_of_another_thing_is_possibly_not_the_approved_one(world):
    world.say("mlflow", node("m", type_="model"), node("m1", type_="model_version"))
    world.say("mlflow", node("m2", type_="model_version"), edge("m1", "VERSION_OF", "m"))
    maybe = Claim(scope("mlflow"), edge("m2", "VERSION_OF", "m"), SINCE_JANUARY, certainty=Certainty.POSSIBLE)
    world.ledger.commit(Change("test", "said", (Assert(maybe),)))
    approval(world, "m1")
    world.say("mlflow", edge("m", "DEPLOYED_AS", "m2", environment="production"))
    (row,) = world.answer(sorts=frozenset({Drift.VERSION})).rows
    assert row.certainty is Certainty.POSSIBLE


def test_one_version_in_two_environments_is_two_rows_also_over_pages(world):
    versions(world)
    approval(world, "m1")
    for environment in ("production", "staging"):
        world.say("mlflow", edge("m", "DEPLOYED_AS", "m2", environment=environment))
    first = world.answer(sorts=frozenset({Drift.VERSION}), limit=1)
    rest = world.answer(sorts=frozenset({Drift.VERSION}), limit=1, after=key_of(first.rows[0]))
    words = [row.observed.words for row in (*first.rows, *rest.rows)]
    assert words == ["M 2 runs in production", "M 2 runs in staging"]


def owners(world):
    people = [node(f"p{n}", IDENTITY, type_="person", name=f"P{n}") for n in (1, 2, 3)]
    world.say("people", *people, node("thing", type_="service"))


def test_two_sources_that_name_different_owners(world):
    owners(world)
    world.say("backstage", edge("p1", "OWNS", "thing", "accountable"))
    world.say("entra", edge("p2", "OWNS", "thing", "accountable"))
    assert world.rows(sorts=frozenset({Drift.OWNER})) == {("owner", "thing", "owned by P1", "owned by P2")}


def test_an_owner_in_common_two_owners_in_one_source_and_stewards_are_no_difference(world):
    owners(world)
    world.say("backstage", edge("p1", "OWNS", "thing", "accountable"))
    world.say("backstage", edge("p2", "OWNS", "thing", "accountable"))
    world.say("entra", edge("p2", "OWNS", "thing", "accountable"), edge("p3", "OWNS", "thing", "steward"))
    assert world.rows(sorts=frozenset({Drift.OWNER})) == set()


def secret_in_use(world, *grants):
    role, job = node("role", IDENTITY, type_="role", name="role"), node("job", type_="workload")
    world.say("aws", node("db", SECRET, name="db", ids=ARN), role, job)
    world.say("aws", edge("job", "USES_SECRET", "db"), edge("job", "RUNS_AS", "role"))
    world.say("aws", node("set", type_="scope"), edge("db", "WITHIN", "set", "listed"), *grants)


def ungranted(world):
    return world.rows(sorts=frozenset({Drift.UNGRANTED}))


def test_a_secret_used_by_what_no_policy_grants_it(world):
    secret_in_use(world)
    world.cover("aws", "CAN_READ", "CAN_ADMIN")
    assert ungranted(world) == {
        ("ungranted", "job", "no policy lets role read db; its own policy is not known", "it uses db")
    }
    (row,) = world.answer(sorts=frozenset({Drift.UNGRANTED})).rows
    assert row.certainty is Certainty.POSSIBLE


def test_what_a_vault_hands_out_only_policies_of_identities_let_read(world):
    world.say("vault", node("db", SECRET, name="db", ids=[("vault", "c/n/db")]), node("role", IDENTITY))
    world.say("vault", node("job", type_="workload"))
    world.say("vault", edge("job", "USES_SECRET", "db"), edge("job", "RUNS_AS", "role"))
    world.cover("vault", "CAN_READ", "CAN_ADMIN")
    (row,) = world.answer(sorts=frozenset({Drift.UNGRANTED})).rows
    assert row.certainty is Certainty.CERTAIN


def test_where_the_grants_of_what_it_acts_as_are_not_known_it_cannot_be_told(world):
    world.say("elsewhere", node("other", IDENTITY, type_="role"))
    secret_in_use(world, edge("role", "CAN_ASSUME", "other"))
    world.cover("aws", "CAN_READ", "CAN_ADMIN")
    assert ungranted(world) == set()
    assert world.open()[Open.NO_GRANTS] == {"job"}


@pytest.mark.parametrize(
    "grants",
    [
        [edge("role", "CAN_READ", "db")],
        [edge("role", "CAN_READ", "set")],
        [edge("role", "CAN_ADMIN", "set")],
        [edge("role", "CAN_ASSUME", "other"), edge("other", "CAN_READ", "set")],
    ],
)
def test_a_grant_to_it_or_to_where_it_stands_directly_or_by_another_identity(world, grants):
    secret_in_use(world, node("other", IDENTITY, type_="role"), *grants)
    world.cover("aws", "CAN_READ", "CAN_ADMIN")
    assert ungranted(world) == set()


def test_where_not_all_grants_are_known_it_cannot_be_told(world):
    secret_in_use(world)
    world.cover("aws", "CAN_READ")
    assert ungranted(world) == set()
    assert world.open()[Open.NO_GRANTS] == {"job"}


def test_a_secret_that_a_cluster_mounts_needs_no_grant(world):
    world.say("kubernetes", node("s", SECRET, ids=[("k8s", "c//Secret/n/s")]), node("job", type_="workload"))
    world.say(
        "kubernetes", node("sa", IDENTITY), edge("job", "USES_SECRET", "s"), edge("job", "RUNS_AS", "sa")
    )
    world.cover("kubernetes", "CAN_READ", "CAN_ADMIN")
    assert ungranted(world) == set()


def test_a_limit_says_what_it_hides_and_counts_are_of_all(world):
    world.cover("records", "Asset")
    world.say("mlflow", node("a", type_="model"), node("b", type_="model"))
    answer = world.answer(limit=1)
    assert answer.basis.truncated is not None
    assert (len(answer.rows), answer.basis.truncated.hidden) == (1, 1)
    assert answer.counts == {Drift.SHADOW: 2}
    rest = world.answer(limit=1, after=key_of(answer.rows[0]))
    assert rest.basis.truncated is None
    assert [row.node.uid for row in (*answer.rows, *rest.rows)] == ["a", "b"]
