"""A real server on a free port of 127.0.0.1, on the small estate."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from graph.ledger.ledger import Ledger
from graph.store import open_store
from tests.api.conftest import say_estate
from tests.support.saying import Clock

HOLDFAST = Path(sys.executable).with_name("holdfast")


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Running:
    """A server that runs, and how to ask it."""

    port: int
    process: subprocess.Popen
    token: str = ""
    """What writes needs it; empty where the server was started in this folder before."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read())
        finally:
            connection.close()

    def graphql(self, query: str, variables: dict | None = None, **headers: str) -> Answer:
        body = json.dumps({"query": query, "variables": variables}).encode()
        media = {"content_type": "application/json", "accept": "application/graphql-response+json"}
        return self.ask("POST", "/graphql", body, **{**media, **headers})

    def data(self, query: str, variables: dict | None = None) -> Any:
        answer = self.graphql(query, variables)
        assert "errors" not in answer.json(), answer.json()
        return answer.json()["data"]


@contextmanager
def serving(store: Path, folder: Path, env: dict[str, str] | None = None) -> Iterator[Running]:
    """Run `holdfast serve` until the block ends; it picks a free port and says which."""
    is_first = not (folder / ".holdfast/tokens.json").exists()
    process = subprocess.Popen(
        [HOLDFAST, "serve", "--port", "0", "--store", str(store)],
        cwd=folder,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **(env or {})},
    )
    try:
        assert process.stderr is not None
        said = process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", said)
        assert found, said + process.stderr.read()
        token = re.search(r"hft_\S+", process.stderr.readline()) if is_first else None
        yield Running(int(found[1]), process, token[0] if token else "")
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One server for all tests of this folder; none of them writes."""
    folder = tmp_path_factory.mktemp("server")
    store = open_store(str(folder / "estate.db"))
    say_estate(Ledger(store, Clock()))
    store.close()
    with serving(folder / "estate.db", folder) as running:
        yield running


@pytest.fixture
def own_server(
    with_ledger: Callable[[Callable[[Ledger], None]], Path], tmp_path: Path
) -> Callable[[Callable[[Ledger], None]], Any]:
    """Serve a store that the test fills, as a context manager."""
    return lambda say: serving(with_ledger(say), tmp_path)
