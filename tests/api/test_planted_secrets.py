"""Secret values that were planted in the input appear in no answer, on no stream, in no log."""

import json
import subprocess
from pathlib import Path

from tests.api.cli.test_commands import HOLDFAST
from tests.api.server.conftest import serving

PLANTED = "planted-value-7c1e"
TOKEN = "ghp_plantedvalueplantedvalueplantedvalue1"

LINES = [
    {"scope": {"name": "all", "read_at": "2026-11-16T06:00:00Z"}},
    {
        "node": {
            "uid": "svc",
            "kind": "Asset",
            "type": "service",
            "name": "billing",
            "properties": {
                "password": PLANTED,
                "api_key": PLANTED,
                "locator": f"https://user:{PLANTED}@host.example/x",
                "purpose": f"token {TOKEN} is used",
            },
        }
    },
    {
        "node": {
            "uid": "key",
            "kind": "Secret",
            "type": "api_key",
            "name": "key",
            "properties": {"value": PLANTED},
        }
    },
    {
        "edge": {
            "relation": "USES_SECRET",
            "subject": "svc",
            "object": "key",
            "properties": {"token": PLANTED},
        }
    },
    {"node": {"uid": f"leak {TOKEN}", "kind": "Asset"}},
    {"node": {"uid": "wrong", "kind": TOKEN}},
]

QUERY = """{
  search(text: "b") { ... on SearchResults { nodes { uid name } } }
  node(id: "svc") { ... on Node { properties { name values } brief { name } } }
  history(uid: "svc") { ... on History { events { recorded { says locator } changes { after } } } }
  blastRadius(seeds: ["key"], harm: DISCLOSED) { ... on BlastRadius { states { sentence } } }
  runs { ... on Runs { runs { rejected { place part reason expected } warnings } } }
}"""

COMMANDS = (
    ("search", "e"),
    ("history", "svc", "--json"),
    ("history", "svc"),
    ("blast-radius", "key", "--harm", "DISCLOSED", "--json"),
    ("exposure", "key", "--harm", "DISCLOSED"),
    ("ownership-gaps", "--json"),
    ("evidence", "--json"),
    ("log", "show", "--json"),
    ("export", "--format", "records"),
    ("export", "--format", "json"),
    ("config", "show"),
)


def test_no_answer_shows_a_planted_value(tmp_path: Path):
    source = tmp_path / "estate.jsonl"
    source.write_text("".join(json.dumps(line) + "\n" for line in LINES))
    store = tmp_path / "estate.db"

    def run(*arguments: str) -> str:
        ran = subprocess.run(
            [HOLDFAST, "--debug", *arguments, "--store", str(store)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        return ran.stdout + ran.stderr

    said = [run("ingest", "records", str(source)), run("ingest", "records", str(source), "--json")]
    assert "billing" in run("search", "billing")
    said += [run(*command) for command in COMMANDS]
    with serving(store, tmp_path) as server:
        said.append(server.graphql(QUERY).body.decode())
    everything = "\n".join(said)
    assert "svc" in everything
    assert PLANTED not in everything
    assert TOKEN not in everything
