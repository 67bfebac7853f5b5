"""A source that has not reported within its cadence is named by the answers that rest on it."""

import json
from pathlib import Path

import pytest

from tests.api.cli.test_demo import LINES
from tests.api.conftest import Cli
from tests.api.server.conftest import serving

CONFIGURED = '[[source]]\nname = "records"\npaths = ["estate.jsonl"]\ncadence = "24h"\n'
BLAST = ("blast-radius", "key", "--harm", "DISCLOSED")
QUESTIONS = [
    BLAST,
    ("exposure", "table", "--harm", "DISCLOSED"),
    ("explain", "key", "table", "--harm", "DISCLOSED"),
    ("lineage", "table"),
    ("ownership-gaps",),
    ("evidence",),
    ("search", "customers"),
    ("history", "table"),
]
IN_TIME, LATE = ("--as-of", "2026-11-17T06:00:00Z"), ("--as-of", "2026-11-17T06:00:01Z")
STALE = {
    "source": "records/default",
    "cadence": "PT24H",
    "last_reported": "2026-11-16T06:00:00.000Z",
    "stale_since": "2026-11-17T06:00:00.000Z",
}
LINE = (
    "STALE since 2026-11-17T06:00:00.000Z: records/default last reported 2026-11-16T06:00:00.000Z; "
    "it is to report every PT24H."
)


@pytest.fixture
def estate(tmp_path: Path) -> Cli:
    """The estate of the demo's tests, read on the 16th, with a cadence of a day."""
    (tmp_path / "estate.jsonl").write_text("".join(json.dumps(line) + "\n" for line in LINES))
    (tmp_path / "holdfast.toml").write_text(CONFIGURED)
    cli = Cli(tmp_path / "estate.db")
    cli.json("sync")
    return cli


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question[0])
def test_every_answer_says_so_from_then_on(estate: Cli, question: tuple[str, ...]):
    assert estate.json(*question, *IN_TIME)["stale"] == []
    assert estate.json(*question, *LATE)["stale"] == [STALE]


def test_people_read_a_line_of_it_beside_what_is_unknown(estate: Cli):
    assert LINE in estate.run(*BLAST, *LATE).stdout.splitlines()
    assert "STALE" not in estate.run(*BLAST, *IN_TIME).stdout
    assert "STALE since" not in estate.run(*BLAST, "--as-of", "2026-11-15").stdout


def test_without_a_cadence_nothing_is_said(estate: Cli, tmp_path: Path):
    (tmp_path / "holdfast.toml").unlink()
    assert estate.json(*BLAST, *LATE)["stale"] == []


def test_an_answer_that_does_not_rest_on_it_says_nothing(estate: Cli, tmp_path: Path):
    (tmp_path / "holdfast.toml").write_text(CONFIGURED.replace('"records"', '"kubernetes"'))
    assert estate.json(*BLAST, *LATE)["stale"] == []


def test_a_pipeline_can_fail_on_it(estate: Cli):
    assert estate.run(*BLAST, *IN_TIME, "--fail-on", "stale>0").exit_code == 0
    assert estate.run(*BLAST, *LATE, "--fail-on", "stale>0").exit_code == 3


def test_the_server_says_so_too(estate: Cli, tmp_path: Path):
    query = """query ($at: At) { blastRadius(seeds: ["key"], harm: DISCLOSED, at: $at) {
      ... on BlastRadius { basis { stale { source cadence lastReported staleSince } } } } }"""
    with serving(estate.store, tmp_path) as server:
        found = server.data(query, {"at": {"asOf": "2026-11-17T06:00:01Z"}})
        in_time = server.data(query, {"at": {"asOf": "2026-11-17T06:00:00Z"}})
    assert found["blastRadius"]["basis"]["stale"] == [
        {
            "source": STALE["source"],
            "cadence": STALE["cadence"],
            "lastReported": STALE["last_reported"],
            "staleSince": STALE["stale_since"],
        }
    ]
    assert in_time["blastRadius"]["basis"]["stale"] == []
