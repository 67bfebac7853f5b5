"""GraphQL over HTTP: media types, refused requests, limits, masked errors."""

import json

import pytest

from api.graphql.limits import MOST_ALIASES
from tests.api.server.conftest import Running

QUESTION = "{ head { runPosition } }"
JSON = "application/json"
RESPONSE = "application/graphql-response+json"


def test_the_type_that_was_asked_for_is_answered(server: Running):
    assert server.graphql(QUESTION).headers["content-type"] == f"{RESPONSE}; charset=utf-8"
    assert server.graphql(QUESTION, accept=JSON).headers["content-type"] == f"{JSON}; charset=utf-8"
    assert server.graphql(QUESTION, accept="*/*").status == 200
    assert server.graphql(QUESTION, accept="text/html").status == 406


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ head { ", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("mutation { head { runPosition } }", "GRAPHQL_VALIDATION_FAILED"),
        ("", "GRAPHQL_VALIDATION_FAILED"),
    ],
)
def test_a_request_that_is_refused_has_a_status_that_says_so(server: Running, query: str, code: str):
    refused = server.graphql(query)
    assert refused.status == 400
    assert "data" not in refused.json()
    assert refused.json()["errors"][0]["extensions"]["code"] == code
    assert server.graphql(query, accept=JSON).status == 200


def test_of_several_operations_the_request_has_to_name_one(server: Running):
    several = "query A { head { runPosition } } query B { head { commit { sequence } } }"
    refused = server.graphql(several)
    assert refused.status == 400
    assert "operationName" in refused.json()["errors"][0]["message"]
    body = json.dumps({"query": several, "operationName": "B"}).encode()
    chosen = server.ask("POST", "/graphql", body, content_type=JSON)
    assert chosen.json() == {"data": {"head": {"commit": {"sequence": 2}}}}
    wrong = json.dumps({"query": several, "operationName": "C"}).encode()
    assert server.ask("POST", "/graphql", wrong, content_type=JSON, accept=RESPONSE).status == 400


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_what_a_page_of_another_origin_could_send_is_refused(server: Running, content_type: str):
    assert server.graphql(QUESTION, content_type=content_type).status == 415


def test_queries_in_the_address_and_batches_are_refused(server: Running):
    assert server.ask("GET", "/graphql?query=%7Bhead%7BrunPosition%7D%7D").status == 405
    batch = json.dumps([{"query": QUESTION}]).encode()
    assert server.ask("POST", "/graphql", batch, content_type=JSON).status == 400


@pytest.mark.parametrize(
    "body", [b"", b"{", b"1", b'{"query": 1}', b'{"query": "{a}", "variables": []}', b"\xff"]
)
def test_a_body_of_another_shape_is_a_problem(server: Running, body: bytes):
    answer = server.ask("POST", "/graphql", body, content_type=JSON)
    assert answer.status == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_problems_have_a_code_of_their_own_and_name_their_request(server: Running):
    refused = {
        415: server.graphql(QUESTION, content_type="text/plain"),
        413: server.graphql(f"{{ head {{ runPosition }} }} #{'x' * 300_000}"),
        400: server.ask("POST", "/graphql", b"{", content_type=JSON),
        406: server.graphql(QUESTION, accept="text/html"),
        404: server.ask("GET", "/nowhere"),
        405: server.ask("GET", "/graphql"),
    }
    codes = {status: answer.json()["code"] for status, answer in refused.items()}
    assert codes == {
        415: "unsupported_media_type",
        413: "body_too_long",
        400: "not_json",
        406: "not_acceptable",
        404: "no_such_address",
        405: "method_not_allowed",
    }
    for status, answer in refused.items():
        assert answer.status == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["instance"] == f"urn:holdfast:request:{answer.headers['x-request-id']}"
    unlike = server.ask("POST", "/graphql", b'{"query": 1}', content_type=JSON)
    assert unlike.json()["code"] == "no_graphql_request"


def bomb(fragments: int) -> str:
    """Each fragment spreads the next one twice: 2 to the power of their number when walked naively."""
    parts = [f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }}" for n in range(fragments)]
    return " ".join(["{ ...f0 }", *parts, f"fragment f{fragments} on Query {{ head {{ runPosition }} }}"])


def test_a_bomb_of_fragments_is_refused_and_costs_nothing(server: Running):
    refused = server.graphql(bomb(60))
    assert refused.status == 400
    assert refused.json()["errors"][0]["extensions"]["code"] == "REQUEST_TOO_LARGE"
    # Within the limit on fragments, the doubling itself is too much.
    refused = server.graphql(bomb(45))
    assert refused.json()["errors"][0]["extensions"]["code"] == "REQUEST_TOO_LARGE"


@pytest.mark.parametrize(
    "query",
    [
        "{" + " ".join(f"a{n}: head {{ runPosition }}" for n in range(MOST_ALIASES + 1)) + "}",
        "{" + " ".join("head { runPosition }" for _ in range(600)) + "}",
        "fragment f on Query { ...f } { ...f }",
        "{" + " ".join(f"a{n}: ownership {{ __typename }}" for n in range(13)) + "}",
        "{ __schema { types { fields { type { fields { type { fields { type { fields { name }}}}}}}}}}",
    ],
)
def test_other_documents_that_cost_too_much_are_refused(server: Running, query: str):
    assert server.graphql(query).status == 400


@pytest.mark.parametrize(
    "query",
    [
        "{" + "head { runPosition } " * 450 + "}",
        "{ head {" + "runPosition " * 450 + "} }",
        "{ head { ...f ...g } } fragment f on Head {"
        + "runPosition " * 60
        + "} fragment g on Head {"
        + "runPosition " * 60
        + "}",
    ],
)
def test_a_field_that_is_repeated_too_often_is_refused_with_its_name(server: Running, query: str):
    [error] = server.graphql(query).json()["errors"]
    assert error["extensions"]["code"] == "REQUEST_TOO_LARGE"
    assert "of its fields answer as " in error["message"]


def test_a_page_of_the_largest_size_with_paths_passes(server: Running):
    query = """{ blastRadius(seeds: ["key"], harm: DISCLOSED, first: 100) { ... on BlastRadius {
        basis { asOf commit { sequence hash } coverage { uncoveredRelations { relation nodes } } }
        states { harm hops certainty sentence node { uid kind name } path { fromName relation toName harm } }
        pageInfo { hasNextPage endCursor } } } }"""
    assert len(server.data(query)["blastRadius"]["states"]) == 8


def test_all_that_cells_of_evidence_rest_on_can_be_asked_for_at_once(server: Running):
    proof = "proof { evidence locator digest collectedAt freshUntil rule facts { name values } }"
    query = f"""{{ evidence(first: 20) {{ ... on EvidenceMatrix {{ totalCount cells {{
        subject subjectLabel requirement label applies state worst because facts {{ name values source }}
        slots {{ key title state because repair {proof} versions {{ version state because }} }} }}
        pageInfo {{ hasNextPage endCursor }} }} }} }}"""
    assert server.data(query)["evidence"]["totalCount"] == 0


def test_introspection_is_answered(server: Running):
    from graphql import build_client_schema, get_introspection_query

    schema = build_client_schema(server.data(get_introspection_query()))
    assert schema.query_type is not None
    assert "blastRadius" in schema.query_type.fields


def test_variables_of_the_wrong_type_are_the_clients_fault(server: Running):
    answer = server.graphql("query ($n: Int!) { runs(first: $n) { __typename } }", {"n": "many"})
    assert answer.json()["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
