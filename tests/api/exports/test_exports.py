"""Files for other tools: each can be read by what it is for, is counted, and is seen to be cut off."""

import csv
import hashlib
import json
from pathlib import Path

import networkx as nx
import pytest
from openlineage.client.event_v2 import JobEvent

from tests.api.conftest import Cli

FORMS = ("jsonl", "csv", "graphml", "openlineage")
NODES = (
    {"uid": "a", "kind": "Asset", "type": "pipeline", "name": "=cmd()", "properties": {"criticality": 3}},
    {"uid": "b", "kind": "Dataset", "name": "b\u0001", "properties": {"environment": "production"}},
    {"uid": "c", "kind": "Dataset", "name": "c", "properties": {"environment": "staging"}},
    {"uid": "s", "kind": "Secret", "name": "s"},
)
EDGES = (
    {"relation": "READS", "subject": "a", "object": "b", "marks": ["coarse"]},
    {"relation": "WRITES", "subject": "a", "object": "c"},
    {"relation": "DERIVED_FROM", "subject": "c", "object": "b"},
    {
        "relation": "USES_SECRET",
        "subject": "a",
        "object": "s",
        "certainty": "possible",
        "condition": "it runs",
    },
)


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    lines = [
        {"scope": {"name": "all", "read_at": "2026-01-01T00:00:00Z"}},
        *({"node": node} for node in NODES),
        *({"edge": edge} for edge in EDGES),
        {"end": {"scope": "all", "count": 8}},
    ]
    file = tmp_path / "estate.jsonl"
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    made = Cli(tmp_path / "estate.db")
    made.json("ingest", "records", str(file))
    return made


def export(cli: Cli, form: str, *options: str) -> Path:
    folder = cli.store.parent / f"{form}-{len(options)}"
    done = cli.run("export", "--format", form, "--out", str(folder), *options)
    assert done.exit_code == 0, done.output
    return folder


@pytest.mark.parametrize("form", FORMS)
def test_the_manifest_names_commit_dates_rules_and_every_file_with_its_digest(cli, form):
    folder = export(cli, form)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["commit"]["sequence"] == 2
    assert manifest["rules_version"] == 1
    assert manifest["coverage"]["uncovered_relations"]["RUNS_AS"] == 1
    assert manifest["as_of"]
    files = {path.name for path in folder.iterdir()} - {"manifest.json"}
    assert {file["name"] for file in manifest["files"]} == files
    for file in manifest["files"]:
        content = (folder / file["name"]).read_bytes()
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
        assert file["bytes"] == len(content)


def test_json_lines_end_with_their_count(cli):
    folder = export(cli, "jsonl")
    for name, count in (("nodes.jsonl", 4), ("edges.jsonl", 4)):
        *lines, last = [json.loads(line) for line in (folder / name).read_text().splitlines()]
        assert last == {"end": {"count": count}}
        assert len(lines) == count
    nodes = {node["uid"]: node for node in lines_of(folder / "nodes.jsonl")[:-1]}
    assert nodes["a"]["properties"] == {"criticality": 3}


def lines_of(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_tables_hold_no_formula_and_end_with_their_count(cli):
    folder = export(cli, "csv")
    *rows, last = list(csv.reader((folder / "nodes.csv").read_text().splitlines()))
    columns = rows.pop(0)
    assert last == ["#end", "4"]
    (row,) = [row for row in rows if row[0] == "a"]
    assert row[columns.index("name")] == "'=cmd()"
    assert row[columns.index("criticality")] == "3"
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_graphml_is_read_by_networkx_and_its_last_line_counts(cli):
    path = export(cli, "graphml") / "graph.graphml"
    made = nx.read_graphml(path)
    assert {(s, o, said["relation"]) for s, o, said in made.edges(data=True)} == {
        (edge["subject"], edge["object"], edge["relation"]) for edge in EDGES
    }
    assert made.nodes["b"]["name"] == "b\ufffd"
    assert path.read_text().splitlines()[-1] == "<!-- end: 4 nodes, 4 edges -->"


def test_openlineage_events_are_read_by_its_client_and_read_in_give_the_same_way_of_the_data(cli, tmp_path):
    path = export(cli, "openlineage") / "events.jsonl"
    job, dataset, last = lines_of(path)
    event = JobEvent(
        **{k: v for k, v in job.items() if k in ("eventTime", "producer", "inputs", "outputs")},
        job=job["job"],
    )
    assert event.eventTime == job["eventTime"]
    assert dataset["dataset"]["name"] == "c"
    facet = last["run"]["facets"]["holdfast_export"]
    assert (facet["events"], facet["leftOutAsPossible"], facet["leftOutAsNoWayOfData"]) == (2, 0, 1)
    manifest = json.loads((path.parent / "manifest.json").read_text())
    assert [file["count"] for file in manifest["files"]] == [2]
    copy = Cli(tmp_path / "copy.db")
    copy.json("ingest", "openlineage", str(path))
    told = json.loads(copy.run("export", "--format", "json").stdout)
    moved = {
        (e["source"].rpartition("/")[2], e["relation"], e["target"].rpartition("/")[2]) for e in told["edges"]
    }
    assert moved == {("a", "READS", "b"), ("a", "WRITES", "c"), ("c", "DERIVED_FROM", "b")}


def test_filters_are_those_of_the_questions_and_what_they_leave_out_is_counted(cli):
    folder = export(cli, "jsonl", "--environment", "production")
    assert [node["uid"] for node in lines_of(folder / "nodes.jsonl")[:-1]] == ["b"]
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["filters"]["environments"] == ["production"]
    assert manifest["left_out"] == {"nodes": 3, "for_what_is_not_known": 2, "edges_with_one_end": 2}


def test_nothing_is_written_over_and_a_folder_without_a_manifest_was_not_finished(cli, tmp_path):
    folder = export(cli, "csv")
    done = cli.run("export", "--format", "csv", "--out", str(folder))
    assert done.exit_code == 2
    assert "a new or empty folder" in done.stderr
    assert oct((folder / "nodes.csv").stat().st_mode & 0o777) == "0o600"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--format", "csv"), "--out with a new folder"),
        (("--format", "records", "--kind", "Asset"), "no filter"),
        (("--format", "parquet"), "jsonl"),
    ],
)
def test_what_does_not_go_together_is_refused(cli, options, told):
    done = cli.run("export", *options)
    assert done.exit_code == 2
    assert told in done.stderr
