"""Rules of single parts: closing, external ids, parents, owners, and results without their manifest."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from graph.model import ExternalId, SourceInstance
from ingest.fingerprint import Fingerprinter
from ingest.sources.dbt import SOURCE
from ingest.sources.dbt.lineage import Lineage
from ingest.sources.dbt.names import Project
from ingest.sources.dbt.nodes import Node
from tests.ingest.jobs import Desk
from tests.ingest.sources.dbt.test_lending import FILES, edges, nodes

MANIFEST: dict[str, Any] = json.loads((FILES / "v12" / "manifest.json").read_text(encoding="utf-8"))
RESULTS: dict[str, Any] = json.loads((FILES / "v12" / "run_results.json").read_text(encoding="utf-8"))


def changed(**metadata: str) -> dict[str, Any]:
    """The manifest with other metadata."""
    made = deepcopy(MANIFEST)
    made["metadata"].update(metadata)
    return made


def put(desk: Desk, document: dict[str, Any], name: str = "manifest.json") -> Path:
    path = desk.folder / name
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def read(desk: Desk, *paths: Path, **options: Any):
    return desk.run(*paths, source=SOURCE, **options)


def without(unique_id: str, **metadata: str) -> dict[str, Any]:
    made = changed(**metadata)
    del made["nodes"][unique_id]
    del made["parent_map"][unique_id]
    return made


LATER = "2026-11-23T00:00:00Z"
SNAPSHOT = "snapshot.lending.loans_history"


def test_a_whole_manifest_ends_what_it_no_longer_holds(desk):
    read(desk, put(desk, MANIFEST), complete=True)
    read(desk, put(desk, without(SNAPSHOT, generated_at=LATER)), complete=True)
    assert "loans_history" not in nodes(desk.ledger)
    assert "loan_features" in nodes(desk.ledger)


def test_one_that_nobody_calls_whole_ends_nothing(desk):
    read(desk, put(desk, MANIFEST), complete=True)
    report = read(desk, put(desk, without(SNAPSHOT, generated_at=LATER)))
    assert report.scopes[0].why is not None
    assert "loans_history" in nodes(desk.ledger)


def test_results_end_no_data_and_no_earlier_results(desk):
    manifest, results = put(desk, MANIFEST), put(desk, RESULTS, "run_results.json")
    read(desk, manifest, results, complete=True)
    later = deepcopy(RESULTS)
    later["metadata"].update(invocation_id="another", generated_at=LATER)
    later["results"] = [r for r in later["results"] if "accepted_values" in r["unique_id"]]
    later["results"][0].update(status="pass", failures=0)
    read(desk, manifest, put(desk, later, "run_results.json"), complete=True)
    evidence = [uid for uid, *_ in desk.told() if uid.startswith("hf:evidence:") and " " not in uid]
    assert len(evidence) == 5


def test_results_need_the_manifest_that_names_their_tests(desk):
    report = read(desk, put(desk, RESULTS, "run_results.json"))
    assert [p.reason for p in report.rejected] == [
        "results of a run without the manifest that names its tests"
    ]


def test_results_take_the_manifest_beside_them(desk):
    paths = []
    for name in ("one", "two"):
        folder = desk.folder / name
        folder.mkdir()
        for file, body in (("manifest.json", MANIFEST), ("run_results.json", RESULTS)):
            made = deepcopy(body)
            if file == "manifest.json":
                made["metadata"]["project_name"] = name
            (folder / file).write_text(json.dumps(made), encoding="utf-8")
            paths.append(folder / file)
    assert read(desk, *paths).rejected_count == 0
    assert {"one WRITES branches", "two WRITES branches"} <= edges(desk)


def project(adapter: str, instance: str = "default") -> Project:
    return Project(instance, "lending", adapter, Fingerprinter(b"k" * 32))


@pytest.mark.parametrize(
    ("adapter", "instance", "expected"),
    [
        (
            "postgres",
            "postgres://db.fairbank.example:5432",
            "postgres:%2F%2Fdb.fairbank.example:5432/w.raw.t",
        ),
        ("snowflake", "snowflake://org-acc", "snowflake:%2F%2Forg-acc/w.raw.t"),
        ("sqlserver", "mssql://db:1433", "mssql:%2F%2Fdb:1433/w.raw.t"),
        ("mysql", "mysql://db:3306", "mysql:%2F%2Fdb:3306/raw.t"),
        ("bigquery", "default", "bigquery/w.raw.t"),
        ("postgres", "default", None),
        ("postgres", "postgres://", None),
        ("postgres", "snowflake://org-acc", None),
        ("duckdb", "duckdb://file", None),
    ],
)
def test_an_external_id_needs_the_host_of_the_warehouse(adapter, instance, expected):
    found = project(adapter, instance).table_ids("w", "raw", "t")
    assert found == (() if expected is None else (ExternalId("openlineage", expected),))


def test_a_table_without_database_has_no_external_id():
    assert project("bigquery").table_ids(None, "raw", "t") == ()


def test_instances_do_not_share_nodes(desk):
    read(desk, put(desk, MANIFEST), instance="one")
    read(desk, put(desk, MANIFEST), instance="two")
    uids = {n.uid for n in desk.ledger.all_nodes(desk.ledger.at(2**45)) if n.kind.value == "Dataset"}
    assert len(uids) == 14
    assert SourceInstance("dbt", "one") in {s for n in nodes(desk.ledger).values() for s in n.sources}


def node(unique_id: str, materialized: str | None = "table") -> Node:
    return Node(unique_id, unique_id.partition(".")[0], unique_id, "", materialized=materialized)


def test_what_is_seen_through_stands_for_what_is_before_it():
    known = {
        n.unique_id: n for n in (node("source.a"), node("model.e", "ephemeral"), node("model.f", "ephemeral"))
    }
    parents = {"model.x": ("model.e", "gone"), "model.e": ("model.f", "source.a"), "model.f": ("model.e",)}
    lineage = Lineage(known, parents)
    assert list(lineage.data_before("model.x")) == ["source.a"]
    assert lineage.unknown == {"gone"}


def test_a_source_is_needed_where_all_that_is_built_comes_from_it():
    names = ("source.a", "source.b", "source.unused", "model.x", "model.y", "seed.s")
    known = {n.unique_id: n for n in map(node, names)}
    parents = {"model.x": ("source.a", "source.b"), "model.y": ("model.x",), "seed.s": ()}
    assert Lineage(known, parents).sources_read() == {"source.a": True, "source.b": True}
    parents["model.y"] = ("source.a",)
    assert Lineage(known, parents).sources_read() == {"source.a": True, "source.b": False}


def test_several_addresses_are_several_owners(desk):
    made = deepcopy(MANIFEST)
    made["groups"]["group.lending.credit"]["owner"] = {"email": ["a@b.example", "c@d.example", "nobody"]}
    report = read(desk, put(desk, made))
    stewards = [line for line in edges(desk) if line.endswith("OWNS loan_features [steward]")]
    assert len(stewards) == 2
    assert report.skipped["owner's text that is no address"] == 1


@pytest.mark.parametrize(("status", "verdict"), [("warn", "none"), ("error", None), ("skipped", None)])
def test_a_warning_judges_nothing_and_what_did_not_run_is_no_evidence(desk, status, verdict):
    made = deepcopy(RESULTS)
    made["results"] = [r for r in made["results"] if "accepted_values" in r["unique_id"]]
    made["results"][0]["status"] = status
    report = read(desk, put(desk, MANIFEST), put(desk, made, "run_results.json"))
    found = [n for n in nodes(desk.ledger).values() if n.kind.value == "Evidence"]
    assert [n.text("verdict") for n in found] == ([] if verdict is None else [verdict])
    assert (f"test that did not run ({status})" in report.skipped) == (verdict is None)


def test_without_an_entry_for_each_node_taint_goes_through_the_project(desk):
    made = changed()
    del made["parent_map"]["model.lending.loan_features"]
    report = read(desk, put(desk, made), complete=True)
    assert [(p.field, p.reason) for p in report.rejected] == [
        ("/parent_map", "some nodes have no entry here")
    ]
    assert "lending READS loans [coarse optional]" in edges(desk)
    assert not report.scopes[0].complete


def test_nothing_comes_from_itself():
    lineage = Lineage({"model.a": node("model.a")}, {"model.a": ("model.a",)})
    assert not list(lineage.data_before("model.a"))


def test_the_folder_that_dbt_writes_may_be_named(desk):
    for name, body in (("manifest.json", MANIFEST), ("run_results.json", RESULTS)):
        put(desk, body, name)
    for name in ("semantic_manifest.json", "graph_summary.json", "partial_parse.msgpack"):
        put(desk, {"node_relations": []}, name)
    report = read(desk, desk.folder)
    assert report.rejected_count == 0
    assert report.skipped["semantic manifest"] == 1
    assert report.skipped["file of another sort in the folder"] == 2
