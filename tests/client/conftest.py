"""A real server with a small estate, and the client that asks it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.ledger.ledger import Ledger
from graph.store import open_store
from holdfast_client import Client
from tests.api.conftest import say_estate
from tests.api.server.conftest import Running, serving
from tests.support.saying import Clock


@pytest.fixture(autouse=True)
def nothing_of_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings of the machine reach a test, and none leaves anything in a home."""
    import os

    for name in [name for name in os.environ if name.startswith("HOLDFAST_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One server for all tests of this folder."""
    folder = tmp_path_factory.mktemp("server")
    store = open_store(str(folder / "estate.db"))
    say_estate(Ledger(store, Clock()))
    store.close()
    with serving(folder / "estate.db", folder) as running:
        yield running


@pytest.fixture
def client(server: Running) -> Iterator[Client]:
    """A client with the server's token."""
    with Client(server.url, token=server.token) as made:
        yield made
