"""A database of Cartography's shape on a real server of one line, filled anew where a test changes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import pytest

from graph.ledger.ledger import Ledger
from graph.model import Instant
from graph.store import open_store
from ingest.job import run_job
from ingest.options import JobOptions
from ingest.report import RunReport
from ingest.sources.graph import SOURCE
from tests.ingest.jobs import FINGERPRINTS
from tests.ingest.sources.graph.estate import FILL, NEW, VALUES
from tests.support.neo4j_server import LINES, Neo4jServer, Neo4jServers, server_or_skip


@dataclass
class Estate:
    """The server with the database, and a ledger that reads it."""

    server: Neo4jServer
    ledger: Ledger

    @property
    def address(self) -> str:
        return f"{self.server.uri}/{self.server.database}"

    def change(self, text: LiteralString, **parameters: Any) -> None:
        with self.server.driver() as driver, driver.session(database=self.server.database) as session:
            session.run(text, parameters).consume()

    def read(self, *paths: Path, **options: Any) -> RunReport:
        given = {"addresses": (self.address,), **options}
        return run_job(
            self.ledger,
            SOURCE,
            paths or [Path("cartography")],
            JobOptions(actor="tests", fingerprints=FINGERPRINTS, **given),
        )

    def at(self) -> Any:
        return self.ledger.at(Instant((NEW + 1) * 1000))


@pytest.fixture
def line() -> str:
    """The line of the server; a test of both names them itself."""
    return LINES[0]


@pytest.fixture
def estate(line: str, neo4j_servers: Neo4jServers, monkeypatch: pytest.MonkeyPatch) -> Iterator[Estate]:
    server = server_or_skip(neo4j_servers, line)
    server.wipe()
    monkeypatch.setenv("HOLDFAST_GRAPH_USER", server.user)
    monkeypatch.setenv("HOLDFAST_GRAPH_PASSWORD", server.password)
    store = open_store(":memory:")
    made = Estate(server, Ledger(store))
    made.change(FILL, **VALUES)
    yield made
    store.close()
    server.wipe()
