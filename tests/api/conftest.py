"""A small estate in a real store file, and ways to run commands on it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from api.cli.main import app
from graph.ledger.ledger import Ledger
from graph.model import Scope, SourceInstance
from graph.store import open_store
from graph.vocabulary import Kind
from tests.support.saying import Clock, day, days, edge, node, record

PEOPLE = Scope(SourceInstance("people"), "staff")


@dataclass(frozen=True)
class Cli:
    """Commands run in this process, on one store."""

    store: Path

    def run(self, *arguments: str, env: dict[str, str] | None = None) -> Result:
        return CliRunner().invoke(app, [*arguments, "--store", str(self.store)], env=env)

    def json(self, *arguments: str, code: int = 0) -> Any:
        result = self.run(*arguments, "--json")
        assert result.exit_code == code, result.output
        return json.loads(result.stdout)


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No settings of the machine reach a test: an empty current folder, no variable of ours."""
    import os

    for name in [name for name in os.environ if name.startswith("HOLDFAST_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def with_ledger(tmp_path: Path) -> Callable[[Callable[[Ledger], None]], Path]:
    """Make a store file by saying things to its ledger."""

    def make(say: Callable[[Ledger], None]) -> Path:
        path = tmp_path / "estate.db"
        store = open_store(str(path))
        say(Ledger(store, Clock()))
        store.close()
        return path

    return make


def say_estate(ledger: Ledger) -> None:
    """A key opens an account that can read a table and write another, which trains a model.

    Ada owns the table; nobody owns the key. The gateway uses the key.
    """
    january = days(1)
    record(
        ledger,
        node("key", Kind.SECRET, type_="api_key", name="gateway key"),
        node("account", Kind.IDENTITY, type_="service_account", name="gateway account"),
        node("customers", Kind.DATASET, type_="table", name="customers", criticality=4),
        node("features", Kind.DATASET, type_="table", name="features", criticality=2),
        node("model", type_="model_version", name="credit model 7"),
        node("gateway", type_="service", name="gateway", environment="production"),
        edge("key", "AUTHENTICATES", "account"),
        edge("account", "CAN_READ", "customers"),
        edge("account", "CAN_WRITE", "features"),
        edge("model", "TRAINED_ON", "features"),
        edge("gateway", "USES_SECRET", "key"),
        valid=january,
    )
    record(
        ledger,
        node("ada", Kind.IDENTITY, type_="person", name="Ada Morris", status="active"),
        edge("ada", "OWNS", "customers", "accountable"),
        scope=PEOPLE,
        valid=january,
        read_at=day(2),
    )


@pytest.fixture
def cli(with_ledger: Callable[[Callable[[Ledger], None]], Path]) -> Cli:
    """Commands on the small estate."""
    return Cli(with_ledger(say_estate))
