"""What is suggested as one thing, what is not, and why: single cases, each with its reason."""

import pytest

from graph.ledger.change import Change, Merge, Unmerge
from graph.ledger.ledger import Ledger
from graph.model import ExternalId, NodeFacts, Scope, SourceInstance, Uid
from graph.store import open_store
from graph.vocabulary import Kind
from queries.estate import Estate
from queries.identity import Strength, SuggestionQuestion, suggest_identities
from queries.identity.clues import EMPTY
from tests.support.saying import Clock, record

ASSET, DATASET, IDENTITY = Kind.ASSET, Kind.DATASET, Kind.IDENTITY


class World:
    def __init__(self) -> None:
        self.ledger = Ledger(open_store(":memory:"), Clock())
        self.estate = Estate(self.ledger)

    def say(self, source, uid, kind=ASSET, type_=None, name=None, ids=(), **properties):
        facts = NodeFacts(Uid(uid), kind, type_, name, properties, tuple(ExternalId(*i) for i in ids))
        record(self.ledger, facts, scope=Scope(SourceInstance(*source.split("/")), "all"))

    def decide(self, step):
        self.ledger.commit(Change("ada", "decided", (step,)))

    def answer(self, **question):
        return suggest_identities(self.estate, SuggestionQuestion(**question))

    def pairs(self):
        return {(f"{s.nodes[0].uid} {s.nodes[1].uid}", s.strength.value) for s in self.answer().suggestions}


@pytest.fixture
def world():
    return World()


def test_two_ways_to_write_one_repository(world):
    world.say(
        "github", "a", type_="repository", name="o/forms", ids=[("git-url", "https://github.com/o/forms")]
    )
    world.say("leaks", "b", type_="repository", ids=[("git-url", "git@github.com:o/forms.git")])
    assert world.pairs() == {("a b", "strong")}
    (suggestion,) = world.answer().suggestions
    assert suggestion.because == ("both are the repository github.com/o/forms",)


def test_what_lies_in_a_repository_is_not_the_repository_nor_its_neighbour(world):
    address = [("git-url", "https://github.com/o/mono")]
    world.say("github", "mono", type_="repository", name="o/mono", ids=address)
    world.say("backstage", "one", type_="service", name="payments", ids=address)
    world.say("records", "other", type_="service", name="letters", ids=address)
    assert world.pairs() == set()


def test_an_id_from_a_source_that_may_not_assert_it_is_a_reason_and_joins_nothing(world):
    arn = [("arn", "arn:aws:iam::1:role/x")]
    world.say("aws", "a", IDENTITY, "role", "x", arn)
    world.say("tables", "b", IDENTITY, "role", "the role", arn)
    assert world.ledger.canonical(Uid("b"), world.ledger.head().sequence) == "b"
    assert world.pairs() == {("a b", "strong")}


def test_a_dataset_at_one_place(world):
    world.say("mlflow", "a", DATASET, "file", "loans", uri="s3://lake/loans/")
    world.say("openlineage", "b", DATASET, None, "loans", [("openlineage", "s3:%2F%2Flake/loans")])
    assert world.pairs() == {("a b", "strong")}


def test_a_table_by_its_full_name_and_never_by_its_last_part(world):
    world.say("dbt", "a", DATASET, "table", "warehouse.credit.scores")
    world.say("openlineage", "b", DATASET, "table", "warehouse.credit.scores", [("openlineage", "pg/x.y.z")])
    world.say("records", "c", DATASET, "table", "test.scores")
    assert {pair for pair, _ in world.pairs()} == {"a b"}


def test_a_telling_name_of_one_type(world):
    world.say("backstage", "a", ASSET, "service", "Loan Portal")
    world.say("kubernetes", "b", ASSET, "workload", "loan-portal")
    world.say("records", "c", ASSET, "model", "loan-portal")
    assert world.pairs() == {("a b", "medium")}


def test_a_name_that_everybody_uses_says_nothing(world):
    world.say("backstage", "a", ASSET, "service", "api")
    world.say("kubernetes", "b", ASSET, "workload", "api")
    assert world.pairs() == set()


def test_what_one_source_tells_apart_is_two(world):
    world.say("kubernetes/eu", "a", ASSET, "workload", "loan-portal")
    world.say("kubernetes/eu", "b", ASSET, "workload", "loan-portal")
    assert world.pairs() == set()
    assert world.answer().objected == 1


def test_what_runs_in_two_environments_is_two(world):
    world.say("backstage", "a", ASSET, "service", "loan-portal", environment="production")
    world.say("kubernetes", "b", ASSET, "workload", "loan-portal", environment="staging")
    assert world.pairs() == set()


def test_a_person_by_login_and_name_and_not_by_a_shared_mailbox(world):
    world.say("people", "a", IDENTITY, "person", "Ada Morris", [("email", "ada.morris@f.example")])
    world.say("github", "b", IDENTITY, "person", None, [("github-login", "adamorris")])
    world.say("scim", "c", IDENTITY, "person", "Support Desk", [("email", "support@f.example")])
    world.say("entra", "d", IDENTITY, "person", None, [("github-login", "support")])
    assert world.pairs() == {("a b", "medium")}
    world.say("github", "b", IDENTITY, "person", "Ada Morris", [("github-login", "adamorris")])
    assert world.pairs() == {("a b", "medium")}


def test_a_name_is_read_in_any_order_with_or_without_marks_and_titles(world):
    world.say("scim", "a", IDENTITY, "person", "Müller, Jürgen")
    world.say("cyclonedx", "b", IDENTITY, "person", "Dr. Juergen Mueller")
    world.say("aws", "c", IDENTITY, None, "jmueller")
    world.say("tables", "d", IDENTITY, "person", "J. Mueller")
    assert {pair for pair, _ in world.pairs()} == {"a b", "a c", "b c", "a d", "b d", "c d"}


def test_a_user_name_that_two_people_might_have_tells_nothing(world):
    world.say("people", "a", IDENTITY, "person", "Judith Smythe")
    world.say("github", "b", IDENTITY, "person", "jsmythe", [("github-login", "jsmythe")])
    assert {pair for pair, _ in world.pairs()} == {"a b"}
    world.say("people", "c", IDENTITY, "person", "Jakob Smythe")
    assert world.pairs() == set()
    assert world.answer().too_common == 1


def test_two_people_whose_names_have_no_word_in_common_are_two_whatever_address_a_table_gives(world):
    address = [("email", "ada.morris@f.example")]
    world.say("people", "a", IDENTITY, "person", "Ada Morris", address)
    world.say("tables/right", "b", IDENTITY, "person", "A Morris", address)
    world.say("tables/wrong", "c", IDENTITY, "person", "Ben Kroll", address)
    assert {pair for pair, _ in world.pairs()} == {"a b"}


def test_an_address_that_nobody_reads_is_no_clue(world):
    address = [("email", "No-Reply@f.example")]
    world.say("tables", "a", IDENTITY, "person", "Ada", address)
    world.say("backstage", "b", IDENTITY, "person", "Ben", address)
    assert world.pairs() == set()


def test_one_content_under_two_names_and_two_contents_under_one(world):
    one, other, nothing = f"sha256:{'1' * 64}", f"sha256:{'2' * 64}", EMPTY
    world.say("cyclonedx", "a", ASSET, "model_version", "ranker", digests=(one,))
    world.say("records", "b", ASSET, "model_version", "release 12", digest=one)
    world.say("tables", "c", ASSET, "model_version", "ranker", digest=other)
    world.say("cyclonedx", "d", DATASET, "file", "marker", digest=nothing)
    world.say("records", "e", DATASET, "file", "placeholder", digest=nothing)
    assert world.pairs() == {("a b", "strong")}


def test_what_a_name_says_of_the_sort_of_thing_does_not_count(world):
    world.say("tables", "a", ASSET, "model", "The Mortgage Model")
    world.say("mlflow", "b", ASSET, "model", "mortgage")
    world.say("records", "c", ASSET, "model", "mortgage-shadow")
    assert {pair for pair, _ in world.pairs()} == {"a b"}


def test_a_name_without_the_account_that_two_accounts_have_is_neithers(world):
    world.say("huggingface", "a", DATASET, None, "fairbank/claims")
    world.say("tables", "b", DATASET, None, "Claims")
    assert {pair for pair, _ in world.pairs()} == {"a b"}
    world.say("records", "c", DATASET, None, "someone/claims")
    assert world.pairs() == set()


def test_names_of_records_and_rules_say_nothing(world):
    for kind, type_ in ((Kind.EVIDENCE, "test"), (Kind.DECISION, "approval"), (Kind.REQUIREMENT, "article")):
        world.say("records", f"a {kind}", kind, type_, "Robustness of loan-default")
        world.say("dbt", f"b {kind}", kind, type_, "Robustness of loan-default")
    assert world.pairs() == set()


def test_names_of_variables_say_what_a_program_wants(world):
    world.say("agents", "a", Kind.SECRET, "api_key", "LEDGER_BUREAU_LICENCE")
    world.say("github", "b", Kind.SECRET, None, "LEDGER_BUREAU_LICENCE")
    assert world.pairs() == set()


def test_one_name_in_two_installations_of_a_system_is_two_things_and_counted(world):
    world.say("mlflow/test", "a", ASSET, "model", "loan-portal")
    world.say("mlflow/live", "b", ASSET, "model", "loan-portal")
    assert world.pairs() == set()
    assert world.answer().objected == 1
    world.say("tables", "c", ASSET, "model", "Loan Portal")
    assert {pair for pair, _ in world.pairs()} == {"a c", "b c"}


def test_two_people_with_addresses_of_their_own_are_two(world):
    world.say("people", "a", IDENTITY, "person", "Jan Smit", [("email", "jan.smit@f.example")])
    world.say("scim", "b", IDENTITY, "person", "Jan Smit", [("email", "jan.smit2@f.example")])
    assert world.pairs() == set()


def test_a_host_name_alone_or_repeated_as_a_name_is_too_little(world):
    world.say("kubernetes", "a", ASSET, "compute", "worker-eu-17", [("hostname", "worker-eu-17")])
    world.say("records", "b", ASSET, "compute", "batch machine", [("hostname", "worker-eu-17")])
    assert world.pairs() == set()


def test_what_a_person_has_decided_is_not_asked_again(world):
    world.say("backstage", "a", ASSET, "service", "loan-portal")
    world.say("kubernetes", "b", ASSET, "workload", "loan-portal")
    world.decide(Unmerge((Uid("a"), Uid("b")), "two products of one name"))
    assert world.pairs() == set()
    world.decide(Merge((Uid("a"), Uid("b")), "one after all"))
    assert world.pairs() == set()


def test_a_limit_says_how_many_more_there_are(world):
    for n in range(3):
        world.say("backstage", f"a{n}", ASSET, "service", f"loan-portal-{'xyz'[n]}")
        world.say("kubernetes", f"b{n}", ASSET, "workload", f"loan-portal-{'xyz'[n]}")
    answer = world.answer(limit=1)
    assert len(answer.suggestions) == 1
    assert answer.basis.truncated is not None
    assert answer.basis.truncated.hidden == 2


def test_what_too_many_have_in_common_is_counted(world):
    for n in range(13):
        world.say(f"records/{n}", f"n{n}", ASSET, "service", "loan-portal")
    answer = world.answer()
    assert (answer.suggestions, answer.too_common) == ((), 1)


def test_the_strongest_come_first(world):
    world.say("backstage", "a", ASSET, "service", "loan-portal")
    world.say("kubernetes", "b", ASSET, "workload", "loan-portal")
    world.say("mlflow", "y", DATASET, "file", "loans", uri="s3://lake/loans")
    world.say("records", "z", DATASET, "file", "loans", uri="s3://lake/loans")
    assert [s.strength for s in world.answer().suggestions] == [Strength.STRONG, Strength.MEDIUM]
    assert [s.nodes[0].uid for s in world.answer(kinds=frozenset({ASSET})).suggestions] == ["a"]
