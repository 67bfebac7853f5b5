"""Pages of every question that has some: cursors that hold, and texts that are none."""

from typing import Any

import pytest

from api.cursors import resumed
from queries.estate import Standpoint
from tests.api.server.conftest import Running

KNOWN = "2026-11-01T00:00:00Z"
QUESTIONS = {
    "search": ('search(text: "gateway", first: 1%s)', "SearchResults", "nodes { uid }"),
    "blastRadius": (
        'blastRadius(seeds: ["key"], harm: DISCLOSED, first: 3%s)',
        "BlastRadius",
        "walkedStates",
    ),
    "inventory": ("inventory(first: 1%s)", "Inventory", "inScope"),
    "ownership": ("ownership(first: 2%s)", "OwnershipPage", "totalCount"),
}


def asked(server: Running, name: str, more: str) -> dict[str, Any]:
    question, answer, field = QUESTIONS[name]
    query = f"""{{ {question % more} {{ __typename ... on InvalidQuestion {{ part message }}
        ... on {answer} {{ {field}
        basis {{ commit {{ sequence }} }} pageInfo {{ endCursor hasNextPage }} }} }} }}"""
    found: dict[str, Any] = server.data(query)[name]
    return found


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_page_after_is_there_with_a_time_of_knowledge_too(server: Running, name: str):
    at = f', at: {{knownAt: "{KNOWN}"}}'
    first = asked(server, name, at)
    after = f', after: "{first["pageInfo"]["endCursor"]}"'
    second = asked(server, name, at + after)
    assert second["__typename"] == first["__typename"]
    assert second["basis"] == first["basis"]
    third = f', after: "{second["pageInfo"]["endCursor"]}"'
    assert asked(server, name, at + third)["__typename"] == first["__typename"]
    other = ', at: {knownAt: "2026-10-31T00:00:00Z"}'
    assert asked(server, name, other + after)["part"] == "after"


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("cursor", ["x", "", "0key", "W10=", "WzEsMl0", "Wy0xLCJhIl0="])
def test_a_cursor_that_is_none_is_refused(server: Running, name: str, cursor: str):
    assert asked(server, name, f', after: "{cursor}"')["part"] == "after"


def test_a_place_without_a_cursor_is_that_of_the_question():
    assert resumed(None, Standpoint()).standpoint == Standpoint()


def test_search_counts_what_matches_and_says_where_it_is_cut(server: Running):
    query = """{ search(text: "gateway", first: 1, kinds: [Secret, Identity]) { ... on SearchResults {
        totalCount matches basis { truncated { reason limit hidden } } nodes { uid } } } }"""
    found = server.data(query)["search"]
    assert (found["totalCount"], found["matches"]) == (2, 3)
    assert found["basis"]["truncated"] == {"reason": "limit", "limit": 1, "hidden": 1}


def test_a_time_at_the_open_end_is_refused(server: Running):
    for moment in ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59-05:00"):
        query = f"""{{ node(id: "key", at: {{asOf: "{moment}"}}) {{ ... on InvalidQuestion {{ part }} }}
            evidence(lawAt: "{moment}") {{ ... on InvalidQuestion {{ part }} }}
            lineage(starts: ["key"], during: {{start: "{moment}"}}) {{
              ... on InvalidQuestion {{ part }} }} }}"""
        parts = {name: found["part"] for name, found in server.data(query).items()}
        assert parts == {"node": "asOf", "evidence": "lawAt", "lineage": "during"}
