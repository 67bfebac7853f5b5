"""Looking only at what was touched: what is derived is what would be worked out anew, whatever happened."""

from contextlib import suppress
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import HoldfastError
from graph.ledger.change import Change, LiftRefutation, Merge, Refute, Step, Unmerge, Withdraw
from graph.model import ClaimId, EdgeFacts, ExternalId, NodeFacts, Uid
from graph.vocabulary import Certainty, End
from ingest.derivers import SOURCE, changes, deriving
from ingest.derivers.conclusions import NodePremise, Premise
from tests.ingest.derivers.world import (
    ISSUER,
    World,
    arn,
    asset,
    dataset,
    identity,
    scope,
    secret,
    subject,
    trusted,
)
from tests.support.saying import Clock, days

DIGEST = f"sha256:{'ab' * 32}"
KEY = "aws-access-key-id=AKIAEXAMPLE"
IMAGE = "214365870912.dkr.ecr.eu-west-1.amazonaws.com/scoring:1"
REPOSITORY = arn("arn:aws:ecr:eu-west-1:214365870912:repository/scoring")


def edge(subject_: str, relation: str, object_: str) -> EdgeFacts:
    return EdgeFacts(relation, Uid(subject_), Uid(object_))


FACTS: tuple[NodeFacts | EdgeFacts, ...] = (
    subject("pipeline", "repo:o/r:environment:prod"),
    subject("pipeline", "repo:o/r:environment:test"),
    identity("family", "oidc_subject", issuer=ISSUER, subject_patterns=("repo:o/r:*",)),
    trusted("set", "repo:o/r:environment:prod"),
    trusted("set", "repo:o/*"),
    scope("objects", "s3:object", "arn:aws:s3:::lake/*", namespace="214365870912"),
    scope("images", "ecr:repository", REPOSITORY.value),
    dataset("data", uri="s3://lake/raw"),
    dataset("data", purpose="training"),
    asset("registry", "storage", "scoring", REPOSITORY, tag_mutability="IMMUTABLE"),
    asset("registry", "storage", "scoring", REPOSITORY),
    secret("key", ExternalId("aws-access-key-id", "AKIAEXAMPLE"), fingerprint="hk1:aa"),
    secret("leak", fingerprint="hk1:aa", key_ids=(KEY,)),
    secret("leak", key_ids=(KEY, "arn=arn:aws:iam::214365870912:user/ada")),
    identity("ada", None, arn("arn:aws:iam::214365870912:user/ada")),
    identity("ada", None, status="active"),
    edge("key", "AUTHENTICATES", "ada"),
    edge("other", "AUTHENTICATES", "ada"),
    asset("image", "container_image", IMAGE, digest=DIGEST),
    asset("bom", "application", "scoring", ExternalId("oci-digest", DIGEST)),
    edge("workload", "BUILT_FROM", "image"),
    edge("workload", "BUILT_FROM", "plain"),
    asset("plain", "service", "Plain"),
    asset("plain", "service", "Plainer"),
    edge("plain", "READS", "data"),
)
UIDS = ("image", "bom", "plain", "key", "leak", "ada", "pipeline", "family", "workload", "other")
SOURCES = ("aws", "github", "records")


class History:
    """Random things happen to a world, and after each of them it is derived."""

    def __init__(self, seed: int) -> None:
        self.world = World()
        self.random = Random(seed)
        self.claims: list[ClaimId] = []

    def happen(self) -> None:
        way = self.random.choice((*("say",) * 6, "end", "withdraw", "refute", "lift", "merge", "unmerge"))
        # What cannot be, such as a merge of two kinds, changes nothing.
        with suppress(HoldfastError, AssertionError):
            getattr(self, way)()

    def say(self) -> None:
        valid = days(1) if self.random.random() < 0.5 else days(*sorted(self.random.sample(range(1, 20), 2)))
        certainty = self.random.choice((Certainty.CERTAIN, Certainty.CERTAIN, Certainty.POSSIBLE))
        fact, source = self.random.choice(FACTS), self.random.choice(SOURCES)
        self.claims += self.world.say(source, fact, valid=valid, certainty=certainty)

    def end(self) -> None:
        self.world.end(self.random.choice(self.claims or [ClaimId("none")]), at=self.random.randint(2, 15))

    def withdraw(self) -> None:
        """Take back anything, what was derived included."""
        ledger = self.world.ledger
        rows = list(ledger.picture(ledger.head().sequence).all_edge_rows())
        rows += ledger.picture(ledger.head().sequence).all_node_rows()
        if rows:
            self.commit(Withdraw((self.random.choice(rows).key,)))

    def refute(self) -> None:
        ledger = self.world.ledger
        rows = list(ledger.picture(ledger.head().sequence).all_edge_rows())
        claims = self.claims + [row.claim_id for row in rows]
        self.commit(Refute(self.random.choice(claims or [ClaimId("none")]), "it is wrong"))

    def lift(self) -> None:
        for row in self.world.ledger.refutations(self.world.ledger.head().sequence)[:1]:
            self.commit(LiftRefutation(row.claim_id, "it is right"))

    def merge(self) -> None:
        first, second = self.random.sample(UIDS, 2)
        self.commit(Merge((Uid(first), Uid(second)), "one thing"))

    def unmerge(self) -> None:
        first, second = self.random.sample(UIDS, 2)
        self.commit(Unmerge((Uid(first), Uid(second)), "two things"))

    def commit(self, step: Step) -> None:
        self.world.ledger.commit(Change("ada", "random", (step,)))


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32))
def test_what_is_derived_is_what_would_be_worked_out_anew(seed):
    history = History(seed)
    for _ in range(25):
        history.happen()
        if history.random.random() < 0.7:
            history.world.derive()
            with pytest.MonkeyPatch.context() as anew:
                anew.setattr(deriving, "_is_in_line", lambda _: False)
                anew.setattr(deriving, "_ATTEMPTS", 1)
                head = history.world.ledger.head().sequence
                history.world.derive()
                assert history.world.ledger.head().sequence == head


@pytest.fixture
def passes(world: World, monkeypatch) -> list[int]:
    """The heads at which all was worked out anew, from when something follows on."""
    world.say("github", FACTS[0])
    world.say("aws", FACTS[3])
    world.say("aws", asset("image", "container_image", "here", digest=DIGEST), asset("plain", "service"))
    world.say("aws", asset("copy", "container_image", "there", digest=DIGEST))
    assert world.derived() == ["pipeline MEMBER_OF set"]
    found: list[int] = []
    real = deriving._Derivation._work_out

    def noted(self):
        found.append(self._ledger.head().sequence)
        real(self)

    monkeypatch.setattr(deriving._Derivation, "_work_out", noted)
    return found


@pytest.mark.parametrize(
    "said",
    [
        asset("plain", "service", "Plain"),
        dataset("table", ExternalId("openlineage", "postgres:%2F%2Fdb:5432/credit.loans")),
        edge("plain", "READS", "table"),
        edge("plain", "BUILT_FROM", "package"),
        edge("somebody", "AUTHENTICATES", "somebody else"),
    ],
)
def test_what_no_rule_takes_note_of_costs_no_pass(world, passes, said):
    world.say("records", said)
    assert world.derive() is None
    assert passes == []


def test_a_merge_of_what_no_rule_takes_note_of_costs_no_pass(world, passes):
    world.ledger.commit(Change("ada", "one", (Merge((Uid("plain"), Uid("plainer")), "one thing"),)))
    world.derive()
    assert passes == []


def test_a_merge_that_makes_two_images_one_is_looked_at(world, passes):
    world.say("kubernetes", edge("workload", "BUILT_FROM", "image"))
    assert "workload BUILT_FROM copy" in world.derived()
    world.ledger.commit(Change("ada", "one", (Merge((Uid("image"), Uid("copy")), "one thing"),)))
    assert world.derived() == ["pipeline MEMBER_OF set"]


def test_an_edge_that_a_rule_asks_for_is_looked_at(world, passes):
    world.say("kubernetes", edge("workload", "BUILT_FROM", "image"))
    assert world.derived() == ["pipeline MEMBER_OF set", "workload BUILT_FROM copy"]


def test_what_was_derived_and_taken_back_by_somebody_is_said_again(world, passes):
    known = world.ledger.head().sequence
    [row] = [r for r in world.ledger.picture(known).all_edge_rows() if r.claim.scope.source == SOURCE]
    world.ledger.commit(Change("ada", "away with it", (Withdraw((row.key,)),)))
    assert world.derived() == ["pipeline MEMBER_OF set"]


def test_beyond_many_operations_all_is_worked_out_anew(world, passes, monkeypatch):
    monkeypatch.setattr(changes, "MAXIMUM_OPERATIONS", 1)
    world.say("records", asset("plain", "service", "Plain"), asset("plainer", "service"))
    world.derive()
    assert len(passes) == 1


def test_after_a_day_all_is_worked_out_anew(world, passes):
    world.say("records", asset("plain", "service", "Plain"))
    clock = world.ledger.clock
    assert isinstance(clock, Clock)
    clock.moment += 86_400_000  # type: ignore[assignment]
    world.derive()
    assert len(passes) == 1


@pytest.mark.parametrize("fact", [fact for fact in FACTS if isinstance(fact, NodeFacts)])
def test_what_a_rule_takes_note_of_has_one_of_its_words(fact):
    world = World()
    world.say("aws", fact)
    picture = world.ledger.picture(world.ledger.head().sequence)
    [row] = picture.all_node_rows()
    for make in deriving.RULES:
        if make().take(NodePremise(Premise.of(row), fact)):
            assert list(picture.all_node_rows(make().words)) == [row]


def test_a_word_stands_by_itself():
    world = World()
    world.say("aws", asset("a", "service", "the uri of it", purpose='{"uri": 1}'), dataset("b", uri="s3://x"))
    rows = world.ledger.picture(world.ledger.head().sequence).all_node_rows({"uri"})
    assert [row.claim.about.uid for row in rows if isinstance(row.claim.about, NodeFacts)] == ["b"]


def test_every_rule_says_which_relations_it_asks_for():
    asked = {make().name: make().reads for make in deriving.RULES if make().reads}
    assert asked == {
        "leaked-key": {("AUTHENTICATES", End.SUBJECT)},
        "image-digest": {("BUILT_FROM", End.OBJECT)},
    }
