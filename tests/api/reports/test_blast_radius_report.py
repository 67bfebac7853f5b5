"""The report over many nodes: its rows, its files, and going on after it was stopped."""

import csv
import hashlib
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.api.conftest import Cli

NODES = (
    {"uid": "k1", "kind": "Secret", "type": "api_key", "name": "<key> one"},
    {"uid": "k2", "kind": "Secret", "type": "token", "name": "=token"},
    {"uid": "k3", "kind": "Secret", "type": "api_key"},
    {"uid": "account", "kind": "Identity", "type": "service_account", "name": "account"},
    {"uid": "robot", "kind": "Identity", "type": "service_account", "name": "robot"},
    {"uid": "table", "kind": "Dataset", "name": "table", "properties": {"criticality": 4}},
    {"uid": "other", "kind": "Dataset", "name": "other", "properties": {"criticality": 1}},
    {"uid": "ada", "kind": "Identity", "type": "person"},
)
EDGES = (
    {"relation": "AUTHENTICATES", "subject": "k1", "object": "account"},
    {"relation": "CAN_READ", "subject": "account", "object": "table"},
    {"relation": "CAN_READ", "subject": "account", "object": "other"},
    {"relation": "AUTHENTICATES", "subject": "k2", "object": "robot", "certainty": "possible"},
    {"relation": "CAN_READ", "subject": "robot", "object": "other"},
    {"relation": "OWNS", "subject": "ada", "object": "table", "marks": ["accountable"]},
)


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    lines = [
        {"scope": {"name": "all", "read_at": "2026-01-01T00:00:00Z"}},
        *({"node": node} for node in NODES),
        *({"edge": edge} for edge in EDGES),
        {"end": {"scope": "all", "count": len(NODES) + len(EDGES)}},
    ]
    file = tmp_path / "estate.jsonl"
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    made = Cli(tmp_path / "estate.db")
    made.json("ingest", "records", str(file))
    return made


def report(cli: Cli, folder: Path, *options: str, code: int = 0) -> Path:
    asked = ("--as-of", "2026-02-01") if "--as-of" not in options else ()
    done = cli.run(
        "report", "blast-radius", "--sources", "kind=Secret", "--out", str(folder), *asked, *options
    )
    assert done.exit_code == code, done.output
    return folder


def rows(folder: Path) -> dict[str, dict]:
    *found, end = [json.loads(line) for line in (folder / "rows.jsonl").read_text().splitlines()]
    assert end == {"end": {"count": len(found)}}
    return {row["uid"]: row for row in found}


def test_a_row_says_what_follows_how_bad_it_is_and_whose(cli, tmp_path):
    row = rows(report(cli, tmp_path / "out"))["k1"]
    assert (row["harm"], row["nodes"], row["certain"], row["possible"]) == ("DISCLOSED", 3, 3, 0)
    assert row["harms"] == {
        "CONTROLLED": {"certain": 1, "possible": 0},
        "DISCLOSED": {"certain": 2, "possible": 0},
    }
    assert (row["highest_criticality"], row["unknown_criticality"]) == (4, 1)
    assert row["owners"] == [{"uid": "ada", "name": None, "nodes": 1}]
    worst = [(w["uid"], w["harm"], w["criticality"]) for w in row["worst"]]
    assert worst == [("table", "DISCLOSED", 4), ("other", "DISCLOSED", 1), ("account", "CONTROLLED", None)]
    assert row["worst"][0]["path"].startswith("If <key> one is disclosed")


def test_what_is_possible_is_not_counted_as_certain_and_nothing_is_no_error(cli, tmp_path):
    found = rows(report(cli, tmp_path / "out"))
    assert (found["k2"]["certain"], found["k2"]["possible"]) == (0, 2)
    assert (found["k3"]["nodes"], found["k3"]["worst"]) == (0, [])


def test_the_table_and_the_page_have_the_same_rows_and_hold_nothing_that_runs(cli, tmp_path):
    folder = report(cli, tmp_path / "out")
    table = list(csv.reader((folder / "rows.csv").read_text().splitlines()))
    assert [row[0] for row in table[1:-1]] == ["k1", "k2", "k3"]
    assert table[-1] == ["#end", "3"]
    assert not [cell for row in table for cell in row if cell.startswith("=")]
    first = dict(zip(table[0], table[1], strict=True))
    assert (first["controlled_certain"], first["disclosed_certain"], first["tainted_certain"]) == (
        "1",
        "2",
        "0",
    )
    page = (folder / "report.html").read_text()
    seen = Tags()
    seen.feed(page)
    assert "script" not in seen.tags
    assert "&lt;key&gt; one" in page
    assert "CONTROLLED 1 certain; DISCLOSED 2 certain" in page
    assert page.index("table: DISCLOSED, certain, criticality 4") > 0
    assert page.rstrip().endswith("<!-- end: 3 rows --></body></html>")


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)


def test_the_manifest_has_commit_date_question_and_digests(cli, tmp_path):
    folder = report(cli, tmp_path / "out")
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["pinned"]["commit"] == 2
    assert manifest["pinned"]["as_of"] == "2026-02-01T00:00:00.000Z"
    assert manifest["question"]["sources"] == "kind=Secret"
    assert {file["name"] for file in manifest["files"]} == {"rows.jsonl", "rows.csv", "report.html"}
    for file in manifest["files"]:
        assert file["sha256"] == hashlib.sha256((folder / file["name"]).read_bytes()).hexdigest()
    assert not (folder / "rows.unfinished").exists()


def stopped(cli: Cli, folder: Path, whole: Path) -> Path:
    """A folder as a report leaves it that was killed within its second row."""
    folder.mkdir()
    (folder / "question.json").write_bytes((whole / "question.json").read_bytes())
    first, second, *_ = (whole / "rows.jsonl").read_text().splitlines()
    changed = {**json.loads(first), "name": "from before"}
    (folder / "rows.unfinished").write_text(f"{json.dumps(changed)}\n{second[:40]}")
    return folder


def test_one_that_was_stopped_goes_on_where_it_was_at_the_same_commit(cli, tmp_path):
    whole = report(cli, tmp_path / "whole")
    folder = stopped(cli, tmp_path / "half", whole)
    later = tmp_path / "later.jsonl"
    later.write_text(
        '{"scope": {"name": "new", "read_at": "2026-01-05T00:00:00Z"}}\n'
        '{"node": {"uid": "k9", "kind": "Secret"}}\n'
    )
    cli.json("ingest", "records", str(later))
    found = rows(report(cli, folder))
    expected = rows(whole)
    assert found.pop("k1")["name"] == "from before"
    expected.pop("k1")
    assert found == expected


def test_one_over_a_window_goes_on_too(cli, tmp_path):
    window = ("--during", "2026-01-01T00:00:00Z..2026-01-31T00:00:00Z")
    whole = report(cli, tmp_path / "whole", *window)
    folder = stopped(cli, tmp_path / "half", whole)
    found = rows(report(cli, folder, *window))
    assert found["k2"] == rows(whole)["k2"]


def test_another_question_or_another_ledger_does_not_go_on(cli, tmp_path):
    folder = stopped(cli, tmp_path / "half", report(cli, tmp_path / "whole"))
    refused = cli.run("report", "blast-radius", "--sources", "kind=Dataset", "--out", str(folder))
    assert refused.exit_code == 2
    assert "asks for other" in refused.stderr
    said = json.loads((folder / "question.json").read_text())
    said["pinned"]["hash"] = "0" * 64
    (folder / "question.json").write_text(json.dumps(said))
    report(cli, folder, code=2)


def test_a_finished_report_is_not_written_over(cli, tmp_path):
    folder = report(cli, tmp_path / "out")
    before = (folder / "rows.jsonl").read_bytes()
    report(cli, folder, code=2)
    assert (folder / "rows.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    ("condition", "code"), [("criticality>=4", 3), ("criticality>4", 0), ("certain>=3", 3), ("sources=9", 0)]
)
def test_it_can_fail_a_pipeline(cli, tmp_path, condition, code):
    report(cli, tmp_path / "out", "--fail-on", condition, code=code)


def test_a_report_of_nothing_passes_no_gate(cli, tmp_path):
    done = cli.run(
        "report",
        "blast-radius",
        "--sources",
        "type=none",
        "--out",
        str(tmp_path / "out"),
        "--fail-on",
        "certain>0",
    )
    assert done.exit_code == 7


@pytest.mark.parametrize("word", ["Secret", "kind", "kind=", "colour=red", "kind=Key"])
def test_words_that_ask_for_nothing_are_refused(cli, tmp_path, word):
    done = cli.run("report", "blast-radius", "--sources", word, "--out", str(tmp_path / "out"))
    assert done.exit_code == 2
    assert not (tmp_path / "out").exists()
