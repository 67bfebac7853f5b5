"""`holdfast ingest`, `holdfast export` and `holdfast evidence` on real files."""

import json
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.main import app
from tests.api.cli.test_demo import LINES
from tests.api.conftest import Cli


@pytest.fixture
def empty(tmp_path: Path) -> Cli:
    return Cli(tmp_path / "new.db")


@pytest.fixture
def records(tmp_path: Path) -> Path:
    path = tmp_path / "estate.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in LINES))
    return path


def test_ingest_reports_what_went_in_and_again_that_nothing_is_new(empty: Cli, records: Path):
    first = empty.json("ingest", "records", str(records), "--instance", "a", "--actor", "eve")
    assert first["state"] == "completed"
    assert first["records"] == {"read": 5, "accepted": 5, "rejected": 0}
    assert first["commits"] == {"count": 2, "first": 1, "last": 2}
    second = empty.json("ingest", "records", str(records), "--instance", "a")
    assert second["commits"]["count"] == 0
    assert empty.json("log", "show")["commits"][0]["actor"] == "eve"


def test_ingest_prints_tables_for_people(empty: Cli, records: Path):
    text = empty.run("ingest", "records", str(records)).stdout
    assert "records read" in text
    assert "completed" in text


def test_what_cannot_be_read_is_reported_with_its_place_and_the_rest_goes_in(empty: Cli, records: Path):
    with records.open("a") as file:
        file.write('{"node": {"uid": "x", "kind": "Car"}}\n')
    report = empty.json("ingest", "records", str(records), code=6)
    assert report["state"] == "partial"
    [rejected] = report["rejected"]
    assert rejected["file"].endswith("estate.jsonl")
    assert "8" in rejected["position"]
    assert [n["uid"] for n in empty.json("search", "customers")["nodes"]] == ["table"]


def test_of_nothing_that_was_read_one_warning_is_listed_and_none_is_missing(empty: Cli, tmp_path: Path):
    (tmp_path / "empty.jsonl").touch()
    report = empty.json("ingest", "records", str(tmp_path / "empty.jsonl"), code=6)
    assert (len(report["warnings"]), report["warnings_not_listed"]) == (1, 0)


def test_a_shipped_input_is_named_and_no_path(empty: Cli):
    report = empty.json("ingest", "catalog", "house")
    assert [scope["complete"] for scope in report["scopes"]] == [True]
    refused = empty.run("ingest", "catalog", "hause")
    assert refused.exit_code == 2
    assert "one of house, owasp-nhi-2025" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ingest", "nothing", "x"], "no source 'nothing'"),
        (["ingest", "records", "missing.jsonl"], "there is no 'missing.jsonl'"),
        (["ingest", "records", ".", "--read-at", "soon"], "not a time"),
    ],
)
def test_a_job_that_cannot_begin_makes_nothing(empty: Cli, arguments: list[str], says: str):
    refused = empty.run(*arguments)
    assert refused.exit_code == 2
    assert says in refused.stderr
    assert not empty.store.exists()


def test_an_export_as_records_makes_the_same_graph_again(empty: Cli, records: Path, tmp_path: Path):
    empty.json("ingest", "records", str(records))
    exported = tmp_path / "exported.jsonl"
    assert empty.run("export", "--format", "records", "--output", str(exported)).exit_code == 0
    assert stat.S_IMODE(exported.stat().st_mode) == 0o600
    again = Cli(tmp_path / "again.db")
    assert again.json("ingest", "records", str(exported))["state"] == "completed"
    at = ["--as-of", "2026-11-20"]
    graphs = [json.loads(c.run("export", "--format", "json", *at).stdout) for c in (empty, again)]
    assert graphs[0]["nodes"] == graphs[1]["nodes"]
    assert graphs[0]["edges"] == graphs[1]["edges"]
    assert {n["id"] for n in graphs[0]["nodes"]} == {"key", "account", "table"}


def test_an_export_overwrites_nothing(empty: Cli, records: Path):
    empty.json("ingest", "records", str(records))
    refused = empty.run("export", "--format", "json", "--output", str(records))
    assert refused.exit_code == 2
    assert empty.run("export", "--format", "xml").exit_code == 2
    without = empty.run("export")
    assert (without.exit_code, "format: none is given. Expected --format with" in without.stderr) == (
        2,
        True,
    )
    assert empty.run("export", "--format", "records", "--as-of", "2026-01-01").exit_code == 2


def test_evidence_says_what_is_missing_and_can_fail_a_pipeline(empty: Cli, tmp_path: Path):
    system = [
        {"scope": {"name": "s", "read_at": "2026-11-16T06:00:00Z"}},
        {"node": {"uid": "svc", "kind": "Asset", "type": "service", "name": "billing"}},
    ]
    path = tmp_path / "system.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in system))
    empty.json("ingest", "catalog", "--read-at", "2026-11-16")
    empty.json("ingest", "records", str(path))
    answer = empty.json("evidence", "billing", "--as-of", "2026-11-20", "--requirement", "House 5")
    [cell] = answer["cells"]
    assert cell["subject"]["uid"] == "svc"
    assert cell["state"] == "GAP"
    assert [slot["state"] for slot in cell["slots"]] == ["MISSING"]
    question = ["evidence", "billing", "--as-of", "2026-11-20"]
    assert empty.run(*question, "--fail-on", "MISSING>0").exit_code == 3
    text = empty.run(*question).stdout
    assert "MISSING" in text
    assert "As of 2026-11-20T00:00:00.000Z" in text


def test_an_export_is_json_where_that_is_asked_for(empty: Cli, records: Path):
    empty.json("ingest", "records", str(records))
    assert empty.json("export")["directed"] is True
    day = ("--as-of", "2026-11-01")
    assert empty.json("export", "--format", "json", *day) == empty.json("export", *day)
    assert empty.run("export", "--json", "--format", "records").exit_code == 0
    assert empty.run("export").exit_code == 2


def test_an_address_is_for_sources_that_take_them_and_holds_no_user(empty: Cli):
    for source, address, told in (
        ("records", "https://ada:hunter2@example.org/a", "records does not read addresses"),
        ("mlflow", "bolt://example.org", "an address that begins with http://, https://, sqlite://"),
        ("mlflow", "https://ada:hunter2@example.org", "there is a user in the address"),
    ):
        refused = empty.run("ingest", source, address)
        assert refused.exit_code == 2
        assert told in " ".join(refused.output.split())
        assert "hunter2" not in refused.output


def test_a_source_that_takes_addresses_is_given_them_as_they_are(empty: Cli, tmp_path: Path):
    report = empty.json("ingest", "mlflow", f"sqlite:///{tmp_path}/none.db", code=6)
    assert [p["reason"] for p in report["rejected"]] == ["no such file"]


def test_what_holdfast_keeps_for_itself_is_for_its_owner_and_not_for_git(tmp_path: Path):
    file = tmp_path / "estate.jsonl"
    file.write_text('{"scope": {"name": "a", "read_at": "2026-01-01T00:00:00Z"}}\n', encoding="utf-8")
    done = CliRunner().invoke(app, ["ingest", "records", str(file)])
    assert done.exit_code == 0, done.output
    folder = tmp_path / ".holdfast"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / ".gitignore").read_text() == "*\n"
