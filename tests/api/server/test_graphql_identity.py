"""GraphQL's suggestions of what may be one thing: every page once, with reasons, conflicts and counts."""

from collections.abc import Iterator
from typing import Any

import pytest

from graph.ledger.ledger import Ledger
from graph.model import Scope, SourceInstance
from graph.store import open_store
from graph.vocabulary import Kind
from tests.api.server.conftest import Running, serving
from tests.support.saying import Clock, node, record

QUESTION = """query ($first: Int!, $after: String, $kinds: [Kind!]) {
    identitySuggestions(first: $first, after: $after, kinds: $kinds) { __typename
        ... on InvalidQuestion { part }
        ... on IdentitySuggestions {
            basis { commit { sequence } } totalCount objected tooCommon conflictCount
            pageInfo { hasNextPage endCursor }
            conflicts { uids externalIds reason }
            suggestions { strength weight because nodes { node { uid kind } sources } } } } }"""


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("names")
    store = open_store(str(folder / "estate.db"))
    _say(Ledger(store, clock=Clock()))
    store.close()
    with serving(folder / "estate.db", folder) as server:
        yield server


def _say(ledger: Ledger) -> None:
    arn = [("arn", "arn:aws:lambda:eu-west-1:1:function:letters")]
    lake = "s3://lake/letters/"
    told = [
        ("backstage", node("service:portal", type_="service", name="loan-portal")),
        ("tables", node("row:portal", type_="service", name="Loan Portal")),
        ("aws", node("function:letters", type_="workload", name="letters", ids=arn)),
        ("tables", node("row:letters", type_="workload", name="Letters in the cloud", ids=arn)),
        ("mlflow", node("dataset:letters", Kind.DATASET, type_="file", name="sent", uri=lake)),
        ("cyclonedx", node("bom:letters", Kind.DATASET, type_="file", name="Letters", uri=lake)),
        ("mlflow", node("tracker:model", type_="model", name="churn-risk")),
        ("mlflow/test", node("other:model", type_="model", name="churn-risk")),
        ("people", node("ada", Kind.IDENTITY, type_="person", name="Ada", ids=_ids("1"))),
        ("people", node("ben", Kind.IDENTITY, type_="person", name="Ben", ids=_ids("2"))),
    ]
    for source, facts in told:
        plugin, _, instance = source.partition("/")
        record(ledger, facts, scope=Scope(SourceInstance(plugin, instance or "default"), "all"))


def _ids(number: str) -> list[tuple[str, str]]:
    return [("people-id", number), ("email", "desk@fairbank.example")]


def asked(server: Running, **variables: Any) -> dict[str, Any]:
    found: dict[str, Any] = server.data(QUESTION, {"first": 10, **variables})["identitySuggestions"]
    return found


def pairs(answer: dict[str, Any]) -> list[set[str]]:
    return [{one["node"]["uid"] for one in said["nodes"]} for said in answer["suggestions"]]


def test_suggestions_come_with_their_reasons_and_sources(names: Running):
    answer = asked(names)
    assert pairs(answer) == [
        {"bom:letters", "dataset:letters"},
        {"function:letters", "row:letters"},
        {"row:portal", "service:portal"},
    ]
    weakest = answer["suggestions"][-1]
    assert (weakest["strength"], weakest["weight"]) == ("medium", 2)
    assert weakest["because"] == ["both are called Loan Portal"]
    assert {source for said in weakest["nodes"] for source in said["sources"]} == {
        "backstage/default",
        "tables/default",
    }


def test_what_was_not_joined_and_what_was_told_apart_is_counted(names: Running):
    answer = asked(names)
    assert (answer["totalCount"], answer["objected"], answer["conflictCount"]) == (3, 2, 1)
    (conflict,) = answer["conflicts"]
    assert (conflict["uids"], conflict["externalIds"]) == (["ada", "ben"], ["email=desk@fairbank.example"])
    assert conflict["reason"] == "one node would have 2 ids of scheme people-id"


def test_pages_hold_every_suggestion_once_at_one_commit(names: Running):
    seen: list[set[str]] = []
    commits = set()
    after = None
    for _ in range(3):
        page = asked(names, first=1, after=after)
        seen += pairs(page)
        commits.add(page["basis"]["commit"]["sequence"])
        after = page["pageInfo"]["endCursor"]
    assert not page["pageInfo"]["hasNextPage"]
    assert seen == pairs(asked(names))
    assert len(commits) == 1


def test_kinds_narrow_it_and_a_cursor_of_another_question_is_refused(names: Running):
    assert pairs(asked(names, kinds=["Dataset"])) == [{"bom:letters", "dataset:letters"}]
    cursor = asked(names, first=1)["pageInfo"]["endCursor"]
    assert asked(names, kinds=["Identity"], after=cursor)["part"] == "after"
    assert asked(names, first=0)["part"] == "first"
