"""`holdfast runs`: the run log on the console, on real input."""

import json
from pathlib import Path

import pytest

from tests.api.conftest import Cli


@pytest.fixture
def read(tmp_path: Path) -> Cli:
    """A store into which two files were read, of the second not all."""
    cli = Cli(tmp_path / "new.db")
    good = {"node": {"uid": "a", "kind": "Asset"}}
    for name, lines, code in (("one", [good], 0), ("two", [good, {"node": {"uid": "b", "kind": "Car"}}], 6)):
        path = tmp_path / f"{name}.jsonl"
        scope = {"scope": {"name": name, "read_at": "2026-01-02T00:00:00Z"}}
        path.write_text("".join(json.dumps(line) + "\n" for line in [scope, *lines]))
        cli.json("ingest", "records", str(path), "--instance", name, code=code)
    return cli


def test_runs_are_listed_the_newest_first(read: Cli):
    found = read.json("runs")
    assert [(r["position"], r["source"], r["state"]) for r in found["runs"]] == [
        (2, "records/two", "partial"),
        (1, "records/one", "completed"),
    ]
    assert found["runs"][0]["records"] == {"read": 2, "accepted": 1, "rejected": 1}
    assert (found["runs"][0]["read_at"], found["next_before"]) == ("2026-01-02T00:00:00.000Z", None)
    lines = read.run("runs").stdout.splitlines()
    assert lines[0].split() == ["run", "finished", "source", "state", "read", "rejected", "commits", "name"]
    assert [line.split()[:1] for line in lines[1:]] == [["2"], ["1"]]


def test_a_page_says_how_to_ask_for_older_ones(read: Cli):
    assert "There are more: --before 2." in read.run("runs", "--limit", "1").stdout
    assert [r["position"] for r in read.json("runs", "--before", "2")["runs"]] == [1]


def test_a_report_is_there_again_by_number_and_by_name(read: Cli):
    report = read.json("runs", "2")
    [rejected] = report["rejected"]
    assert rejected["file"].endswith("two.jsonl")
    assert read.json("runs", report["run"]) == report
    assert "Rejected" in read.run("runs", "2").stdout


@pytest.mark.parametrize("word", ["3", "0", "nightly", ""])
def test_a_run_that_is_none_is_not_found(read: Cli, word: str):
    refused = read.run("runs", word)
    assert (refused.exit_code, "`holdfast runs` lists them" in refused.stderr) == (4, True)


def test_where_nothing_was_read_in_that_is_said(cli: Cli):
    assert cli.run("runs").stdout == "Nothing has been read in.\n"
