"""Who may ask, and what is sent with every answer."""

import http.client
import json
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.main import app
from api.rest.guard import refusal_of
from graph.ledger.ledger import Ledger
from graph.store import open_store
from tests.api.conftest import say_estate
from tests.api.server.conftest import HOLDFAST, Running

QUESTION = "{ head { runPosition } }"


def test_programs_on_this_machine_may_ask_under_every_name_of_it(server: Running):
    for host in ("127.0.0.1", "localhost", "[::1]", "LOCALHOST"):
        assert server.ask("GET", "/livez", host=f"{host}:{server.port}").status == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "evil.example:8321", "10.0.0.1", "localhost@evil.example", ""],
)
def test_a_name_that_was_made_to_point_here_is_refused(server: Running, host: str):
    answer = server.ask("GET", "/livez", host=host)
    assert answer.status in (400, 421)
    assert answer.body != b'{"status":"alive"}'


def test_two_hosts_are_refused(server: Running):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.putrequest("GET", "/livez", skip_host=True)
    connection.putheader("Host", "localhost")
    connection.putheader("Host", "evil.example")
    connection.endheaders()
    assert connection.getresponse().status in (400, 421)
    connection.close()


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:1", "file://"])
def test_pages_of_another_origin_are_refused_with_a_stable_code(server: Running, origin: str):
    for answer in (server.graphql(QUESTION, origin=origin), server.ask("GET", "/livez", origin=origin)):
        assert answer.status == 403
        assert answer.json()["code"] == "wrong_origin"


def test_the_page_itself_may_ask(server: Running):
    assert server.graphql(QUESTION, origin=server.url).status == 200


def test_only_this_machine_may_ask_whatever_address_the_server_listens_on():
    scope = {"type": "http", "client": ("192.0.2.1", 5), "headers": [(b"host", b"localhost")]}
    refused = refusal_of(scope)
    assert refused is not None
    assert refused[0] == "not_loopback"


def test_there_are_no_sockets(server: Running):
    upgrade = {"connection": "Upgrade", "upgrade": "websocket", "sec_websocket_version": "13"}
    upgrade["sec_websocket_key"] = "AAAAAAAAAAAAAAAAAAAAAA=="
    answer = server.ask("GET", "/graphql", None, **upgrade)
    assert answer.status >= 400


@pytest.mark.parametrize("path", ["/", "/livez", "/graphql", "/nowhere"])
def test_every_answer_has_the_security_headers_and_a_request_id(server: Running, path: str):
    headers = server.ask("GET", path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["x-request-id"]
    assert "access-control-allow-origin" not in headers
    assert "server" not in headers


def test_a_request_id_comes_back_if_it_is_a_plain_one(server: Running):
    assert server.ask("GET", "/livez", x_request_id="my-id.1").headers["x-request-id"] == "my-id.1"
    assert server.ask("GET", "/livez", x_request_id="a b<script>").headers["x-request-id"] != "a b<script>"


def begun(path: Path) -> str:
    """A store with nothing in it yet."""
    open_store(str(path)).close()
    return str(path)


def test_a_store_that_is_not_there_is_not_served(tmp_path):
    missing = tmp_path / "mistyped.db"
    refused = CliRunner().invoke(app, ["serve", "--port", "0", "--store", str(missing)])
    assert refused.exit_code == 5
    assert not missing.exists()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.org"])
def test_no_other_address_is_listened_on(host: str, tmp_path):
    refused = CliRunner().invoke(app, ["serve", "--host", host, "--store", begun(tmp_path / "e.db")])
    assert refused.exit_code == 2
    assert "not a loopback address" in refused.stderr


def test_a_port_that_is_taken_is_said(server: Running, tmp_path):
    ran = subprocess.run(
        [HOLDFAST, "serve", "--port", str(server.port), "--store", begun(tmp_path / "e.db")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ},
    )
    assert ran.returncode == 1
    assert "cannot listen on" in ran.stderr


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/graphql/", "/assets/../app.py", "/x"])
def test_what_is_not_there_is_a_problem_with_a_stable_code(server: Running, path: str):
    answer = server.ask("GET", path)
    assert answer.status in (404, 405)
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status
    assert problem["code"] in ("no_such_address", "method_not_allowed")
    assert problem["request_id"] == answer.headers["x-request-id"]


def test_alive_and_ready_are_said(server: Running):
    assert server.ask("GET", "/livez").json() == {"status": "alive"}
    ready = server.ask("GET", "/readyz")
    assert ready.status == 200
    assert (ready.json()["status"], ready.json()["commit"], ready.json()["schema_version"]) == ("ready", 2, 1)


def test_serve_says_where_as_one_line_of_json(
    with_ledger: Callable[[Callable[[Ledger], None]], Path], tmp_path: Path
):
    store = with_ledger(say_estate)
    command: list[str | Path] = [HOLDFAST, "serve", "--json", "--port", "0", "--store", str(store)]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
    assert said["url"].startswith("http://127.0.0.1:")
    assert (said["store"], said["commit"]["sequence"]) == (str(store), 2)
