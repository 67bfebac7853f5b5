"""Events that are sent one by one: kept before the answer, worked out after it, never twice, never lost."""

import gzip
import http.server
import importlib.util
import json
import os
import random
import signal
import sqlite3
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from openlineage.client import OpenLineageClient
from openlineage.client.transport.async_http import AsyncHttpConfig, AsyncHttpTransport
from openlineage.client.transport.http import HttpConfig, HttpTransport
from typer.testing import CliRunner

from api.access.tokens import add_token
from api.cli.main import app
from graph.ledger.ledger import Ledger
from graph.store import open_store
from ingest.fingerprint import Fingerprinter
from ingest.job import run_job
from ingest.options import JobOptions
from ingest.sources.openlineage import OpenLineageSource
from tests.api.server.conftest import Answer, Running, serving
from tests.ingest.sources.openlineage.test_order import STORY
from tests.ingest.sources.openlineage.world import complete, dataset, ingest, new_ledger, standing

KEY = b"k" * 32
SAMPLE = Path(__file__).parents[3] / "samples/openlineage"
PATIENCE = 60
"""Seconds after which something that was to happen is missing."""

Event = dict[str, Any]


def begun(folder: Path) -> Path:
    """An empty store and a known key in a folder; returns the store's file."""
    folder.mkdir(exist_ok=True)
    holdfast = folder / ".holdfast"
    holdfast.mkdir(mode=0o700, exist_ok=True)
    (holdfast / "key").write_text(KEY.hex())
    open_store(str(folder / "estate.db")).close()
    return folder / "estate.db"


@pytest.fixture(scope="module")
def receiving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Path]]:
    """A server that the tests of this module send events to, and its folder."""
    folder = tmp_path_factory.mktemp("receiving")
    with serving(begun(folder), folder) as running:
        yield running, folder


def post(running: Running, body: bytes, path: str = "", token: str | None = None, **headers: str) -> Answer:
    authorization = f"Bearer {token or running.token}"
    headers = {"authorization": authorization, "content_type": "application/json", **headers}
    return running.ask("POST", f"/api/v1/lineage{path}", body, **headers)


def settled(running: Running) -> None:
    """Wait until nothing is left to be worked out."""
    until = time.monotonic() + PATIENCE
    pause = threading.Event()
    while running.ask("GET", "/readyz").json()["events_waiting"]:
        assert time.monotonic() < until
        pause.wait(0.02)


def said(store: Path, instance: str) -> list[str]:
    """Everything that stands of an instance, without what may differ: when, how often, and its name."""
    opened = open_store(str(store))
    head = opened.head().sequence
    rows = [*opened.all_node_rows(head), *opened.all_edge_rows(head)]
    claims = [
        (str(r.about), r.scope.name, r.valid, r.basis.value, r.content, r.locator)
        for r in rows
        if r.scope.source.instance == instance
    ]
    covered = {
        (row.scope.name, relation)
        for row in opened.coverage(head)
        for relation in row.relations
        if row.scope.source.instance == instance
    }
    opened.close()
    return sorted(repr(one).replace(instance, "instance") for one in (*claims, *covered))


def in_file(folder: Path, events: Sequence[Event]) -> list[object]:
    """What the command makes of the same events."""
    folder.mkdir()
    ledger = new_ledger(folder)
    path = folder / "events.jsonl"
    path.write_text("\n".join(map(json.dumps, events)))
    ingest(ledger, path)
    found = standing(ledger)
    ledger.store.close()
    return found


def in_store(store: Path) -> list[object]:
    ledger = Ledger(open_store(str(store)))
    found = standing(ledger)
    ledger.store.close()
    return found


# One graph, however the events come


def singly(running: Running, instance: str, events: Sequence[Event], *, packed: bool = False) -> None:
    for event in events:
        body = json.dumps(event).encode()
        body, headers = (gzip.compress(body), {"content_encoding": "gzip"}) if packed else (body, {})
        assert post(running, body, f"?instance={instance}", **headers).status == 200


def as_batch(running: Running, instance: str, events: Sequence[Event]) -> None:
    answer = post(running, json.dumps(events).encode(), f"/batch?instance={instance}")
    assert (answer.status, answer.json()["status"]) == (200, "success")
    assert answer.json()["summary"]["successful"] == len(events)


WAYS: dict[str, Callable[[Running, str], None]] = {
    "forward": lambda running, name: singly(running, name, STORY),
    "reversed": lambda running, name: singly(running, name, STORY[::-1]),
    "shuffled": lambda running, name: singly(running, name, random.Random(7).sample(STORY, len(STORY))),
    "doubled": lambda running, name: singly(running, name, STORY + STORY),
    "packed": lambda running, name: singly(running, name, STORY, packed=True),
    "batched": lambda running, name: as_batch(running, name, STORY),
}


def test_every_way_to_send_gives_the_graph_that_the_command_gives(receiving, tmp_path: Path):
    running, folder = receiving
    for name, send in WAYS.items():
        send(running, name)
    settled(running)
    path = tmp_path / "story.jsonl"
    path.write_text("\n".join(map(json.dumps, STORY)))
    store = open_store(str(folder / "estate.db"))
    options = JobOptions("test", Fingerprinter(KEY), instance="commanded")
    run_job(Ledger(store), OpenLineageSource(), [path], options)
    store.close()
    expected = said(folder / "estate.db", "commanded")
    assert len(expected) > 50
    assert {name: said(folder / "estate.db", name) == expected for name in WAYS} == dict.fromkeys(WAYS, True)


# The official client


def sample_events() -> Sequence[Any]:
    """The sample lender's events, as the client's own objects."""
    spec = importlib.util.spec_from_file_location("make_events", SAMPLE / "make_events.py")
    assert spec is not None
    assert spec.loader is not None
    made = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    found: Sequence[Any] = made.events()
    return found


def settings(url: str, token: str, **more: Any) -> dict[str, Any]:
    return {"url": url, "auth": {"type": "api_key", "apiKey": token}, **more}


def by_http(url: str, token: str, **more: Any) -> None:
    client = OpenLineageClient(transport=HttpTransport(HttpConfig.from_dict(settings(url, token, **more))))
    for event in sample_events():
        client.emit(event)


def by_async_http(url: str, token: str, **more: Any) -> None:
    transport = AsyncHttpTransport(AsyncHttpConfig.from_dict(settings(url, token, **more)))
    client = OpenLineageClient(transport=transport)
    for event in sample_events():
        client.emit(event)
    assert transport.wait_for_completion(timeout=PATIENCE)
    stats = transport.get_stats()
    assert (stats["failed"], stats["pending"]) == (0, 0)
    assert transport.close(timeout=PATIENCE)


@pytest.fixture(scope="module")
def sample_in_file(tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    lines = (SAMPLE / "events.jsonl").read_text().splitlines()
    return in_file(tmp_path_factory.mktemp("sample") / "file", [json.loads(line) for line in lines])


@pytest.mark.parametrize("send", [by_http, by_async_http])
@pytest.mark.parametrize("more", [{}, {"compression": "gzip"}], ids=["plain", "gzip"])
def test_the_official_client_works_as_it_is(
    send: Callable[..., None], more: dict[str, Any], sample_in_file: list[object], tmp_path: Path
):
    store = begun(tmp_path / "server")
    with serving(store, tmp_path / "server") as running:
        send(running.url, running.token, **more)
        settled(running)
    assert in_store(store) == sample_in_file


@contextmanager
def losing_answers(target: str) -> Iterator[tuple[str, list[int]]]:
    """A proxy that passes every request on, and loses the answer to the first attempt of each."""
    seen: set[bytes] = set()
    statuses: list[int] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            request = urllib.request.Request(f"{target}{self.path}", body, method="POST")
            request.add_header("authorization", self.headers["authorization"])
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                statuses.append(answer.status)
            status = 200 if body in seen else 502
            seen.add(body)
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{proxy.server_port}", statuses
        proxy.shutdown()


@pytest.mark.parametrize("send", [by_http, by_async_http])
def test_a_retry_after_a_lost_answer_is_no_duplicate(
    send: Callable[..., None], sample_in_file: list[object], tmp_path: Path
):
    store = begun(tmp_path / "server")
    with serving(store, tmp_path / "server") as running, losing_answers(running.url) as (url, statuses):
        send(url, running.token, retry={"backoff_factor": 0.001})
        settled(running)
    assert len(statuses) == 2 * len(sample_events())
    assert set(statuses) == {200}
    assert in_store(store) == sample_in_file


# Durable before the answer


@contextmanager
def held(store: Path) -> Iterator[None]:
    """Hold the store's write lock, as a long read of another process does."""
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


def test_events_are_answered_for_while_something_else_writes(receiving):
    running, folder = receiving
    with held(folder / "estate.db"):
        # As long as the lock is held: an answer that waited for it would never come.
        for number in range(20):
            event = complete(1 + number, ["a"], ["b"], job="held")
            assert post(running, json.dumps(event).encode(), "?instance=held").status == 200
        assert running.ask("GET", "/readyz").json()["events_waiting"] == 20
    settled(running)
    assert said(folder / "estate.db", "held") != []


@pytest.mark.parametrize("sent", [len(STORY), len(STORY) // 2])
def test_a_server_that_is_killed_after_the_answer_loses_nothing_and_doubles_nothing(
    sent: int, tmp_path: Path
):
    folder = tmp_path / "server"
    store = begun(folder)
    with serving(store, folder) as running:
        token = running.token
        with held(store):
            for event in STORY[:sent]:
                assert post(running, json.dumps(event).encode(), token=token).status == 200
            os.kill(running.process.pid, signal.SIGKILL)
            running.process.wait(PATIENCE)
    assert in_store(store) == []
    with serving(store, folder) as again:
        for event in STORY[sent:]:
            assert post(again, json.dumps(event).encode(), token=token).status == 200
        settled(again)
    assert in_store(store) == in_file(tmp_path / "file", STORY)
    assert [path for path in (folder / ".holdfast/spool/lineage").rglob("*") if path.is_file()] == []


def test_a_server_that_is_killed_again_and_again_while_it_works_comes_to_the_same(tmp_path: Path):
    folder = tmp_path / "server"
    store = begun(folder)
    token = None
    for part in range(4):
        with serving(store, folder) as running:
            token = token or running.token
            for event in STORY[part::4]:
                assert post(running, json.dumps(event).encode(), token=token).status == 200
            os.kill(running.process.pid, signal.SIGKILL)
            running.process.wait(PATIENCE)
    with serving(store, folder) as last:
        settled(last)
    assert in_store(store) == in_file(tmp_path / "file", STORY)


# What is refused


def test_only_a_broken_core_is_refused_and_what_is_wrong_is_named(receiving):
    running, _ = receiving
    event = complete(1, ["a"], ["b"])
    del event["run"]["runId"]
    answer = post(running, json.dumps(event).encode())
    assert (answer.status, answer.json()["code"]) == (400, "broken_event")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["fault"]["field"] == "/run/runId"


def test_an_invalid_facet_costs_the_facet_and_is_in_the_report(receiving):
    running, folder = receiving
    event = complete(1, [dataset("a", schema={"fields": "none"})], ["b"])
    assert post(running, json.dumps(event).encode(), "?instance=facets").status == 200
    settled(running)
    store = ["--json", "--store", str(folder / "estate.db")]
    listed = json.loads(CliRunner().invoke(app, ["runs", *store]).stdout)["runs"]
    [run] = [run["run"] for run in listed if run["source"] == "openlineage/facets"]
    [rejected] = json.loads(CliRunner().invoke(app, ["runs", run, *store]).stdout)["rejected"]
    assert rejected["file"].startswith("received-")
    assert (rejected["position"], rejected["field"]) == ("line 1", "/inputs/0/facets/schema/fields")


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("", b"", 400, "broken_event"),
        ("", b"{", 400, "broken_event"),
        ("", b"[]", 400, "broken_event"),
        ("", b"\xff\xfe", 400, "broken_event"),
        pytest.param("", b"[" * 200_000, 400, "broken_event", id="deep"),
        ("", b'{"a": 1, "a": 2}', 400, "broken_event"),
        ("/batch", b'{"events": []}', 400, "broken_event"),
        pytest.param("/batch", b"[" * 200_000, 400, "broken_event", id="deep batch"),
        ("/batch", b"[1,]", 400, "broken_event"),
        ("/batch", b"[] more", 400, "broken_event"),
        ("/batch", b"[1, 2]", 400, "broken_event"),
        ("/batch", b"[1", 400, "broken_event"),
        ("?colour=red", b"{}", 422, "invalid_question"),
        ("?instance=password%3DSw0rdfish-and-more", b"{}", 422, "invalid_question"),
        pytest.param(f"?instance={'x' * 300}", b"{}", 422, "invalid_question", id="long instance"),
    ],
)
def test_what_is_no_event_is_refused(receiving, path: str, body: bytes, status: int, code: str):
    running, _ = receiving
    answer = post(running, body, path)
    assert (answer.status, answer.json()["code"]) == (status, code)


def test_a_packed_body_is_bounded(receiving):
    running, _ = receiving
    answer = post(running, gzip.compress(b" " * (65 * 1024 * 1024)), content_encoding="gzip")
    assert (answer.status, answer.json()["code"]) == (413, "body_too_long")


def test_each_event_of_a_batch_is_judged_by_itself(receiving):
    running, _ = receiving
    good = complete(1, ["a"], ["b"])
    answer = post(running, json.dumps([good, {"eventTime": 5}, 7, good]).encode(), "/batch?instance=partly")
    told = answer.json()
    assert (answer.status, told["status"]) == (200, "partial_success")
    assert told["summary"] == {
        "received": 4,
        "successful": 2,
        "failed": 2,
        "retriable": 0,
        "non_retriable": 2,
    }
    assert [(one["index"], one["retriable"]) for one in told["failed_events"]] == [(1, False), (2, False)]
    assert post(running, b" [ ] ", "/batch").json()["status"] == "success"


def test_a_token_speaks_as_its_instance_without_naming_it(receiving):
    running, folder = receiving
    path = folder / ".holdfast/tokens.json"
    bound = add_token(path, Fingerprinter(KEY), "airflow", ["openlineage/airflow-eu"])
    body = json.dumps(complete(1, ["a"], ["b"], job="bound")).encode()
    assert post(running, body, token=bound).status == 200
    assert post(running, body, "?instance=airflow-us", token=bound).status == 403
    settled(running)
    assert said(folder / "estate.db", "airflow-eu") != []
    assert said(folder / "estate.db", "airflow-us") == []


# Trouble of our own


def test_trouble_of_our_own_is_never_a_4xx(tmp_path: Path):
    folder = tmp_path / "server"
    store = begun(folder)
    (folder / ".holdfast/spool").write_text("a file in the place of the folder")
    body = json.dumps(complete(1, ["a"], ["b"])).encode()
    with serving(store, folder) as running:
        for path, sent in (("", body), ("/batch", b"[" + body + b"]")):
            answer = post(running, sent, path)
            assert (answer.status, answer.json()["code"]) == (503, "spool_unusable")
            assert answer.headers["retry-after"]


def test_of_two_servers_on_one_spool_one_takes_events_and_the_other_says_so(receiving):
    running, folder = receiving
    body = json.dumps(complete(1, ["a"], ["b"])).encode()
    assert post(running, body).status == 200
    with serving(folder / "estate.db", folder) as second:
        answer = post(second, body, token=running.token)
        assert (answer.status, answer.json()["code"]) == (503, "spool_taken")
        assert second.ask("GET", "/readyz").status == 200


# Secrets and people


def test_nothing_secret_and_nobodys_name_is_written_anywhere(tmp_path: Path):
    folder = tmp_path / "server"
    store = begun(folder)
    secret, person = "planted-value-0123456789abcdef", "ada.morris@example.org"
    event = complete(
        1,
        [dataset("a", ownership={"owners": [{"name": person}]})],
        ["b"],
        run_facets={
            "environmentVariables": {"environmentVariables": [{"name": "DB_PASSWORD", "value": secret}]},
            "custom": {"password": secret, "note": f"asked by {person}"},
        },
    )

    def written(*things: str) -> list[str]:
        files = [path for path in folder.rglob("*") if path.is_file()]
        return [path.name for path in files if any(thing.encode() in path.read_bytes() for thing in things)]

    with serving(store, folder) as running:
        with held(store):
            answer = post(running, json.dumps(event).encode())
            assert answer.status == 200
            assert running.ask("GET", "/readyz").json()["events_waiting"] == 1
            assert written(secret, person) == []
        settled(running)
        assert written(secret, person) == []
        broken = {**event, "producer": secret, "run": {"runId": {"password": secret}}}
        assert secret.encode() not in post(running, json.dumps(broken).encode()).body
        running.process.send_signal(signal.SIGTERM)
        assert running.process.stderr is not None
        assert secret not in running.process.stderr.read()
