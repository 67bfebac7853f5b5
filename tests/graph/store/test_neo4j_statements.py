"""Every statement of the store against a real server: no notification, in either language, and no scan.

A plan is made for the data there is and kept for a while: one that goes through all nodes looks cheap
over an empty database and is a disaster a minute into an import.
"""

import re
from collections.abc import Iterator
from typing import Any, cast

import neo4j
import pytest

from graph.ledger.change import Cover, Merge, Refute
from graph.model import Uid
from graph.store.neo4j.statements import names, statement, takes_relationship
from graph.vocabulary import Kind
from tests.graph.store.neo4j_support import new_estate, prompt
from tests.support.neo4j_server import Neo4jServer
from tests.support.saying import JANUARY, RECORDS, edge, node, record

SCANS = re.compile("Scan|HashJoin|Eager.*Product")

WHOLE = {
    "claims_judged_since",
    "aliases",  # identity is worked out for all at once
    "complete_reads",
    "coverage",
    "count_run",  # one node of this label
    "head",
    "hold_gate",
    "holds_anything",  # asks whether there is any node at all
    "lock_head",
    "move_head",
    "refutations",
    "same_as",
    "schema",
    "shared_external_ids",
}
"""Statements that want everything of a label, or the only node of it."""

LISTS = {"uids", "ids", "keys", "prefixes", "commitments", "scopes"}
NUMBERS = {
    "since",
    "known",
    "limit",
    "sequence",
    "position",
    "after",
    "until",
    "moment",
    "before",
    "occurred_at",
}


def parameters(text: str) -> dict[str, Any]:
    """Values of the right sort for what a statement asks; what is run must find nothing."""
    return {name: sample(name, text) for name in re.findall(r"\$(\w+)", text)}


def sample(name: str, text: str) -> Any:
    if name in LISTS:
        return ["nothing has this id"]
    if name in {"rows", "pieces", "facts"}:
        return []
    if name == "after" and "seq > $after" not in text:
        return "zzz"
    return 0 if name in NUMBERS else False if name == "standing" else "nothing"


def languages(server: Neo4jServer) -> list[str]:
    return ["CYPHER 5"] if server.line == "5.26" else ["CYPHER 5", "CYPHER 25"]


@pytest.fixture(scope="module")
def session(neo4j_server: Neo4jServer) -> Iterator[neo4j.Session]:
    """A session on a small estate that has some of everything."""
    with new_estate(neo4j_server) as estate:
        record(estate.ledger, node("a", ids=[("purl", "pkg:x")]), node("b", ids=[("purl", "pkg:x")]))
        record(estate.ledger, node("p", Kind.IDENTITY, type_="person", name="Ada"), edge("a", "INVOKES", "b"))
        record(estate.ledger, Cover(RECORDS, frozenset({"Asset"}), frozenset(), JANUARY))
        record(estate.ledger, Merge((Uid("c"), Uid("d")), "one thing"))
        (row,) = estate.store.node_rows([Uid("a")], estate.ledger.head().sequence)
        record(estate.ledger, Refute(row.claim_id, "wrong"))
    with prompt(neo4j_server) as opened:
        opened.run("CALL db.clearQueryCaches()").consume()
        yield opened


@pytest.fixture
def languages_of_server(neo4j_server: Neo4jServer) -> list[str]:
    return languages(neo4j_server)


@pytest.mark.parametrize("name", [name for name in names() if name != "begin"])
def test_a_statement_runs_without_any_notification(
    session: neo4j.Session, languages_of_server: list[str], name: str
):
    text = statement(name, "INVOKES" if takes_relationship(name) else None)
    for language in languages_of_server:
        with session.begin_transaction() as transaction:
            summary = transaction.run(cast("Any", f"{language} {text}"), parameters(text)).consume()
            transaction.rollback()
        assert [status for status in summary.gql_status_objects if status.is_notification] == [], language


@pytest.mark.parametrize("name", [name for name in names() if name not in WHOLE])
def test_a_statement_goes_by_an_index(session: neo4j.Session, languages_of_server: list[str], name: str):
    text = statement(name, "INVOKES" if takes_relationship(name) else None)
    for language in languages_of_server:
        plan = session.run(cast("Any", f"{language} EXPLAIN {text}"), parameters(text)).consume().plan
        assert plan is not None
        assert [step for step in operators(plan) if SCANS.search(step)] == [], language


def operators(plan: dict[str, Any]) -> Iterator[str]:
    yield f"{plan['operatorType']} {plan['args'].get('Details', '')}"
    for child in plan.get("children", []):
        yield from operators(child)
