"""A real server that is started here and filled by the real client: all ways to read it give one graph."""

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import closing

import pytest

from tests.ingest.sources.mlflow.lender import (
    ANSWERS,
    EXPECTED,
    SAMPLE,
    SERVER,
    SETTINGS,
    facts,
    graph,
    script,
)
from tests.ingest.sources.mlflow.real import Running, server
from tests.ingest.sources.mlflow.server import LATER, READ_AT, ingest, new_ledger

pytestmark = [
    pytest.mark.xdist_group("mlflow"),
    # MLflow 3.17 sets up its tables in a way that SQLAlchemy 2.1 will drop.
    pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy:DeprecationWarning"),
]


@pytest.fixture(scope="module")
def tracking(tmp_path_factory):
    """The server, filled; ``made`` is what the script saved of it, ``plain`` the same with its own ids."""
    folder = tmp_path_factory.mktemp("mlflow")
    with server(folder) as running:
        made = folder / "made"
        command = [sys.executable, str(SAMPLE / "make_answers.py"), running.address, str(made)]
        environment = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true"}
        subprocess.run(command, check=True, cwd=folder, env=environment, timeout=300)
        script().save(running.address, folder / "plain", steady=False)
        yield running, made, folder / "plain"


def test_the_sample_is_what_a_real_server_answers(tracking):
    _, made, _ = tracking
    names = {path.name for path in ANSWERS.glob("*.json")}
    assert {path.name for path in made.iterdir()} == names
    assert [n for n in sorted(names) if (made / n).read_bytes() != (ANSWERS / n).read_bytes()] == []


def test_all_ways_to_read_it_give_one_graph(tracking, tmp_path):
    running, _, plain = tracking
    graphs, said = [], []
    for number, (paths, addresses) in enumerate(
        (
            ([plain, SETTINGS], ()),
            ([SETTINGS], (running.address,)),
            ([SETTINGS], (f"sqlite:///{running.file}",)),
        )
    ):
        (tmp_path / str(number)).mkdir()
        ledger = new_ledger(tmp_path / str(number))
        report = ingest(ledger, paths, addresses=addresses, complete=True, scope=SERVER)
        assert (report.state.value, report.rejected) == ("completed", [])
        assert all(scope.complete for scope in report.scopes)
        graphs.append(graph(ledger))
        said.append(facts(ledger))
        ledger.store.close()
    assert graphs == [EXPECTED] * 3
    assert said[0] == said[1] == said[2]


def test_reading_a_store_changes_nothing_in_it(tracking, tmp_path, monkeypatch, ledger):
    running, _, _ = tracking
    copy = tmp_path / "copy" / "tracking.db"
    copy.parent.mkdir()
    copy.write_bytes(running.file.read_bytes())
    before = hashlib.sha256(copy.read_bytes()).hexdigest()
    monkeypatch.chdir(copy.parent)
    ingest(ledger, [], addresses=("sqlite:///tracking.db",))
    assert hashlib.sha256(copy.read_bytes()).hexdigest() == before
    assert [path.name for path in copy.parent.iterdir()] == ["tracking.db"]


def test_a_store_of_another_release_is_told_and_not_upgraded(tracking, tmp_path, ledger):
    running, _, _ = tracking
    copy = tmp_path / "old.db"
    copy.write_bytes(running.file.read_bytes())
    with closing(sqlite3.connect(copy)) as store, store:
        store.execute("UPDATE alembic_version SET version_num = 'c48cb773bb87'")
    report = ingest(ledger, [], addresses=(f"sqlite:///{copy}",))
    assert {p.reason for p in report.rejected} == {
        "the store's schema is not that of the client that is installed (mlflow db upgrade)"
    }
    assert not any(scope.complete for scope in report.scopes)


def test_reading_a_server_again_makes_no_commit_and_a_deleted_version_ends(tracking, ledger):
    running, _, _ = tracking
    _call(running, "POST", "registered-models/create", {"name": "short-lived"})
    for _ in range(2):
        _call(running, "POST", "model-versions/create", {"name": "short-lived", "source": "s3://b/m"})
    ingest(ledger, [SETTINGS], addresses=(running.address,))
    assert ingest(ledger, [SETTINGS], addresses=(running.address,)).commits == 0
    assert _versions(ledger) == {"short-lived 1", "short-lived 2"}
    _call(running, "DELETE", "model-versions/delete", {"name": "short-lived", "version": "1"})
    ingest(ledger, [SETTINGS], addresses=(running.address,), read_at=LATER)
    assert _versions(ledger) == {"short-lived 2"}
    assert {n.name for n in ledger.all_nodes(ledger.at(READ_AT))} >= {"short-lived 1"}
    _call(running, "DELETE", "registered-models/delete", {"name": "short-lived"})


def _versions(ledger):
    return {n.name for n in ledger.all_nodes(ledger.at()) if "/model-version/short-lived/" in n.uid}


def _call(running: Running, method: str, path: str, body: dict[str, str]) -> None:
    request = urllib.request.Request(
        f"{running.address}/api/2.0/mlflow/{path}",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.status == 200
