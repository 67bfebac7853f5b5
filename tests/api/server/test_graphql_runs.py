"""The run log in GraphQL says of each run what came of it, and why something was not closed."""

from pathlib import Path

from tests.api.server.conftest import Running, serving
from tests.ingest.jobs import Desk, edge, node
from tests.support.reads import half_gone

QUERY = """{ runs { ... on Runs { runs {
  state seconds pending pendingNodes { uid place } warningsNotListed skipped { what count }
  nodes { created unchanged closed withdrawn } edges { created }
  scopes { scope complete why refused closed withdrawn } } } } }"""


def test_a_closing_that_was_refused_is_there_with_its_reason(tmp_path: Path):
    store = tmp_path / "estate.db"
    half_gone(tmp_path, store)
    with serving(store, tmp_path) as server:
        newest, oldest = server.data(QUERY)["runs"]["runs"]
    [scope] = newest["scopes"]
    assert newest["state"] == "partial"
    assert (scope["scope"], scope["refused"], scope["closed"]) == ("records/a:all", True, 0)
    assert "would close 100 of the 200" in scope["why"]
    assert newest["nodes"] == {"created": 0, "unchanged": 100, "closed": 0, "withdrawn": 0}
    assert oldest["nodes"]["created"] == 200
    assert (oldest["edges"]["created"], oldest["pending"], oldest["warningsNotListed"]) == (0, 0, 0)
    [whole] = oldest["scopes"]
    assert (whole["complete"], whole["refused"], whole["why"]) == (True, False, None)
    assert oldest["seconds"] >= 0
    assert oldest["skipped"] == []


def test_nodes_that_no_source_describes_are_named(tmp_path: Path):
    desk = Desk(tmp_path, target=str(tmp_path / "estate.db"))
    desk.read(node("svc"), edge("svc", "USES_SECRET", "kee"))
    desk.store.close()
    with serving(tmp_path / "estate.db", tmp_path) as server:
        [run] = server.data(QUERY)["runs"]["runs"]
    assert (run["pending"], run["pendingNodes"]) == (1, [{"uid": "kee", "place": "input-1.jsonl: line 3"}])


def test_runs_before_the_first_are_no_question(server: Running):
    found = server.data("{ runs(before: 0) { __typename ... on InvalidQuestion { part } } }")["runs"]
    assert found == {"__typename": "InvalidQuestion", "part": "before"}
