"""The engines that the suite runs on.

No case leaves an engine out. One that ever has to gets a named category here, with the reason
in writing; a server that is not there is no such reason and is announced by tests/conftest.py.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.ledger.ledger import Ledger
from graph.ledger.port import Store
from tests.support.neo4j_server import LINES, server_or_skip
from tests.support.places import Neo4jPlace, Place, SqlitePlace
from tests.support.saying import Clock

ENGINES = ("sqlite", *(pytest.param(f"neo4j-{line}", marks=pytest.mark.neo4j) for line in LINES))


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def place(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """An empty place of the engine."""
    if engine == "sqlite":
        return SqlitePlace(tmp_path / "estate.db")
    server = server_or_skip(request.getfixturevalue("neo4j_servers"), engine.partition("-")[2])
    server.wipe(keep_schema=True)
    return Neo4jPlace(server)


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    """A new store; `place.open()` gives more handles to the same one."""
    opened = place.open()
    yield opened
    opened.close()


@pytest.fixture
def ledger(store: Store) -> Ledger:
    return Ledger(store, Clock())
