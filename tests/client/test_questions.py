"""The questions, asked of a real server through the client."""

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from holdfast_client import (
    At,
    Client,
    During,
    EdgeBetween,
    InvalidQuestion,
    NotFound,
    NotReached,
    Only,
    Refused,
    TakenAway,
    UnexpectedAnswer,
    WalkBounds,
)
from tests.api.server.conftest import Running

AT = At(as_of=datetime(2026, 1, 10, tzinfo=UTC))


def test_a_blast_radius_has_states_paths_totals_and_its_basis(client: Client):
    answer = client.blast_radius("key", harm="DISCLOSED", at=AT)
    harmed = {(state.node.uid, state.harm) for state in answer.states}
    assert {("key", "DISCLOSED"), ("account", "CONTROLLED"), ("customers", "DISCLOSED")} <= harmed
    [model] = [s for s in answer.states if (s.node.uid, s.harm) == ("model", "TAINTED")]
    assert [hop.relation for hop in model.path] == ["AUTHENTICATES", "CAN_WRITE", "TRAINED_ON"]
    assert (model.certainty, model.hops, model.node.kind) == ("certain", 3, "Asset")
    assert answer.totals.states == len(harmed) == answer.walked_states
    assert answer.basis.as_of == datetime(2026, 1, 10, tzinfo=UTC)
    assert (answer.basis.truncated, answer.basis.stale) == (None, ())
    assert "CAN_READ" in {uncovered.relation for uncovered in answer.basis.coverage.uncovered_relations}


def test_a_cut_answer_says_so(client: Client):
    answer = client.blast_radius("key", harm="DISCLOSED", at=AT, bounds=WalkBounds(max_hops=1))
    assert answer.basis.truncated is not None
    assert (answer.basis.truncated.reason, answer.basis.truncated.limit) == ("max_hops", 1)
    assert answer.totals.complete is False


def test_a_what_if_a_window_and_a_filter_are_stated_again(client: Client):
    taken = TakenAway(between=[EdgeBetween("AUTHENTICATES", "key", "account")])
    during = During(datetime(2026, 1, 5, tzinfo=UTC))
    only = Only(kinds=["Secret"], certainty="certain")
    answer = client.blast_radius("key", harm="DISCLOSED", at=AT, without=taken, during=during, only=only)
    assert [state.node.uid for state in answer.states] == ["key"]
    assert answer.without is not None
    assert answer.without.between[0].relation == "AUTHENTICATES"
    assert answer.during is not None
    assert answer.during.start == datetime(2026, 1, 5, tzinfo=UTC)
    assert answer.only is not None
    assert (answer.only.kinds, answer.only.certainty) == (("Secret",), "certain")


def test_all_other_questions_are_answered(client: Client):
    assert client.exposure("model", harm="TAINTED", at=AT).states.first_page
    path = client.explain("key", "model", harm="DISCLOSED", at=AT)
    assert (path.found, path.hops, path.harm) == (True, 3, "TAINTED")
    lineage = client.lineage("model", at=AT, directions=["upstream"])
    assert [side.direction for side in lineage.sides] == ["upstream"]
    assert "features" in lineage.sides[0].nodes.uid
    assert client.ownership_gaps(at=AT).standings
    assert {row.node.uid: row.standing for row in client.ownership("customers", at=AT).nodes} == {
        "customers": "owned"
    }
    matrix = client.evidence(at=AT)
    assert (matrix.catalogs, matrix.total_count, list(matrix.cells)) == ((), 0, [])
    assert [found.uid for found in client.search("gateway key", at=AT).nodes] == ["key"]
    node = client.node("customers", at=AT)
    assert (node.brief.name, node.brief.criticality) == ("customers", 4)
    both = client.nodes("key", "nobody", at=AT)
    assert ([found.uid for found in both.nodes], both.not_found) == (["key"], ("nobody",))
    assert [found.node.uid for found in client.inventory(at=AT, environments=["production"]).nodes]
    assert client.drift(at=AT).basis.commit.sequence == client.head().commit.sequence
    same = client.identity_suggestions(at=AT)
    assert (same.total_count, list(same.suggestions)) == (0, [])
    leaks = client.known_leaks(at=AT)
    assert (leaks.leaks, leaks.covered_by) == ((), ())
    assert list(client.runs(page=5).runs) is not None


@pytest.mark.parametrize("page", [1, 2, 100])
def test_pages_are_followed_to_the_end_and_again_from_the_beginning(client: Client, page: int):
    whole = [(s.node.uid, s.harm) for s in client.blast_radius("key", harm="DISCLOSED", at=AT).states]
    answer = client.blast_radius("key", harm="DISCLOSED", at=AT, page=page)
    assert answer.states.has_more is (page < len(whole))
    for _ in range(2):
        assert [(state.node.uid, state.harm) for state in answer.states] == whole
    assert repr(answer.states).startswith(f"<{min(page, len(whole))} items")


def test_a_page_asked_for_later_is_of_the_same_commit(client: Client):
    named = {"scope": {"name": "later"}}
    answer = client.search("a", page=1)
    history = client.history("customers", page=1)
    before = ([n.uid for n in answer.nodes], [(e.commit, e.what) for e in history.events])
    lines: list[dict[str, Any]] = [{"node": {"uid": "a:new", "kind": "Dataset", "name": "a new table"}}]
    lines += [{"node": {"uid": "customers", "kind": "Dataset", "name": "said by another"}}]
    client.ingest(
        "records",
        [named, *lines, {"end": {"scope": "later", "count": 2}}],
        instance="later",
        read_at=datetime(2026, 1, 20, tzinfo=UTC),
    )
    assert ([n.uid for n in answer.nodes], [(e.commit, e.what) for e in history.events]) == before
    assert "a:new" in {n.uid for n in client.search("a", page=1).nodes}
    newest = next(iter(client.history("customers", page=1).events))
    assert (newest.what, newest.recorded[0].source) == ("said", "records/later")
    assert len(list(client.runs(page=1).runs)) == len(list(client.runs().runs))


def test_outcomes_are_errors_with_fields(client: Client):
    with pytest.raises(NotFound) as missing:
        client.node("nobody")
    assert (missing.value.uid, "nobody" in str(missing.value)) == ("nobody", True)
    with pytest.raises(InvalidQuestion) as wrong:
        client.search("a", page=1000)
    assert (wrong.value.code, wrong.value.part) == ("invalid_question", "first")
    with pytest.raises(Refused) as refused:
        client.blast_radius("key", harm="NO_HARM")  # type: ignore[arg-type]
    assert (refused.value.status, refused.value.code) == (400, "GRAPHQL_VALIDATION_FAILED")
    with pytest.raises(ValueError, match="no zone"):
        client.node("key", at=At(as_of=datetime(2026, 1, 1)))  # noqa: DTZ001 - what is tested
    with pytest.raises(NotReached), Client("http://127.0.0.1:9") as nobody:
        nobody.head()


def test_a_token_shows_nowhere(server: Running, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    with Client(server.url, token=server.token) as client:
        client.ingest(
            "records",
            b'{"scope": {"name": "t"}}',
            read_at=datetime.now(UTC) - timedelta(days=1),
            instance="t",
        )
        assert server.token not in repr(client) + repr(vars(client)) + repr(vars(client._connection))
    assert server.token not in caplog.text
    broken = f"{server.token}\nX-More: 1"
    with pytest.raises(ValueError, match="printable") as wrong:
        Client(server.url, token=broken)
    assert server.token not in str(wrong.value)


@pytest.mark.parametrize(
    "url", ["http://user:planted-value@127.0.0.1", "ftp://a", "127.0.0.1:8321", "http://", "http://a?b=c"]
)
def test_an_address_that_is_none_is_refused_without_its_login(url: str):
    with pytest.raises(ValueError, match=r"address|like") as wrong:
        Client(url)
    assert "planted-value" not in str(wrong.value)


def answering(body: object, media: str, ask: Callable[[Client], object]) -> None:
    """Ask a server that answers everything alike."""

    class Alike(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            text = json.dumps(body).encode()
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("content-type", media)
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            pass

    with HTTPServer(("127.0.0.1", 0), Alike) as http:
        Thread(target=http.serve_forever, daemon=True).start()
        with Client(f"http://127.0.0.1:{http.server_port}") as client:
            try:
                ask(client)
            finally:
                http.shutdown()


GRAPHQL = "application/graphql-response+json"


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"uid": "a"}, "basis"),
        ({"basis": {}, "nodes": [], "notFound": []}, "asOf"),
        ([], "nodes"),
        (None, "nodes"),
    ],
)
def test_an_answer_of_another_shape_is_never_guessed_at(said: object, place: str):
    with pytest.raises(UnexpectedAnswer, match=place):
        answering({"data": {"nodes": said}}, GRAPHQL, lambda client: client.nodes("a"))


def test_an_answer_of_another_server_is_no_answer():
    with pytest.raises(Refused, match="not_of_holdfast"):
        answering({"nodes": []}, "application/json", lambda client: client.nodes("a"))
