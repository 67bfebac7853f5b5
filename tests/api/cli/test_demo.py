"""`holdfast demo` on an estate of a few lines, so that what it prints can be checked word by word."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.api.cli.test_commands import HOLDFAST
from tests.api.conftest import Cli

MANIFEST = """
title = "A sample"
as_of = "2026-11-20"
recorded_at = "2026-11-19T09:00:00Z"
[leak]
node = "gateway key"
[[read]]
source = "records"
paths = ["estate.jsonl"]
instance = "sample"
"""

LINES = [
    {
        "scope": {
            "name": "all",
            "read_at": "2026-11-16T06:00:00Z",
            "covers": {
                "kinds": ["Secret", "Identity", "Dataset"],
                "relations": ["AUTHENTICATES", "CAN_READ", "OWNS", "WITHIN", "PART_OF", "VERSION_OF"],
            },
        }
    },
    {"node": {"uid": "key", "kind": "Secret", "type": "api_key", "name": "gateway key"}},
    {"node": {"uid": "account", "kind": "Identity", "type": "service_account", "name": "account"}},
    {"node": {"uid": "table", "kind": "Dataset", "type": "table", "name": "customers"}},
    {"edge": {"relation": "AUTHENTICATES", "subject": "key", "object": "account"}},
    {"edge": {"relation": "CAN_READ", "subject": "account", "object": "table"}},
    {"end": {"scope": "all", "count": 5}},
]


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    folder = tmp_path / "samples"
    folder.mkdir()
    (folder / "demo.toml").write_text(MANIFEST)
    (folder / "estate.jsonl").write_text("".join(json.dumps(line) + "\n" for line in LINES))
    return folder


@pytest.fixture
def empty(tmp_path: Path) -> Cli:
    return Cli(tmp_path / "demo.db")


def test_it_prints_the_three_answers_and_what_they_are_answers_to(samples: Path, empty: Cli):
    ran = empty.run("demo", "--no-serve", "--samples", str(samples))
    assert ran.exit_code == 0, ran.output
    said = ran.stdout.splitlines()
    assert said[0] == "A sample"
    assert "completed: 5 records; 5 claims new, 0 changed, 0 as they stood" in said[1]
    assert "as of 2026-11-20T00:00:00.000Z" in ran.stdout
    assert "the sample's own clock, which stands at 2026-11-19T09:00:00.000Z" in ran.stdout
    assert "1. BLAST RADIUS: if gateway key is DISCLOSED, 2 other nodes are harmed" in said
    assert "   CONTROLLED 1 (1 certain, 0 possible)" in said
    assert (
        "     If gateway key is disclosed, an attacker can act as account, because gateway key "
        "authenticates account; then an attacker can read customers, because account can read customers."
    ) in said
    assert "2. OWNERSHIP GAPS: 3 among 3 nodes" in said
    assert "   NO_OWNER 3" in said
    assert "3. EVIDENCE" in said


def test_a_second_run_makes_no_commit_and_gives_the_same_answers(samples: Path, empty: Cli):
    first = empty.run("demo", "--no-serve", "--samples", str(samples)).stdout
    second = empty.run("demo", "--no-serve", "--samples", str(samples)).stdout
    assert "Nothing is new, so no commit was made" in second
    assert first[first.index("Everything below") :] == second[second.index("Everything below") :]
    # One commit says the claims, one that the scope was read completely.
    assert len(empty.json("log", "show")["commits"]) == 2


def test_a_store_of_somebody_elses_is_left_alone(samples: Path, cli: Cli):
    refused = cli.run("demo", "--no-serve", "--samples", str(samples))
    assert refused.exit_code == 2
    assert "something else" in refused.stderr
    assert len(cli.json("log", "show")["commits"]) == 2


def test_no_serve_in_the_environment_prints_and_ends(samples: Path, tmp_path: Path):
    ran = subprocess.run(
        [HOLDFAST, "demo", "--samples", str(samples)],
        cwd=tmp_path,
        env={"NO_SERVE": "1", "PATH": ""},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "3. EVIDENCE" in ran.stdout
    assert (tmp_path / ".holdfast/estate.db").is_file()
    assert (tmp_path / ".holdfast").stat().st_mode & 0o077 == 0


def test_input_that_cannot_be_read_is_said_and_fails(samples: Path, empty: Cli):
    with (samples / "estate.jsonl").open("a") as file:
        file.write("{broken\n")
    ran = empty.run("demo", "--no-serve", "--samples", str(samples))
    assert ran.exit_code == 6
    assert "rejected" in ran.stdout


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (MANIFEST.replace("title", "titel"), "titel"),
        (MANIFEST.replace("2026-11-20", "soon"), "not a time"),
        ("x = ", "not TOML"),
        (MANIFEST.replace('node = "gateway key"', ""), "leak.node"),
    ],
)
def test_a_wrong_manifest_is_named_with_what_is_wrong(samples: Path, empty: Cli, text: str, says: str):
    (samples / "demo.toml").write_text(text)
    refused = empty.run("demo", "--no-serve", "--samples", str(samples))
    assert refused.exit_code == 2
    assert says in refused.stderr


def test_without_samples_it_says_where_they_are(tmp_path: Path, empty: Cli):
    refused = empty.run("demo", "--no-serve", "--samples", str(tmp_path))
    assert refused.exit_code == 2
    assert "samples/ of the source tree" in refused.stderr


def test_as_json_it_is_one_object_with_the_runs_and_the_three_answers(samples: Path, empty: Cli):
    said = empty.json("demo", "--no-serve", "--samples", str(samples))
    assert [run["state"] for run in said["runs"]] == ["completed"]
    assert said["blast_radius"]["harm"] == "DISCLOSED"
    assert len(said["ownership_gaps"]["gaps"]) == 3
    assert said["evidence"]["cells"] == []
