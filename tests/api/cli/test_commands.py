"""Commands that read and correct the record, run on a real store file."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.main import app
from graph.ledger.ledger import Ledger
from graph.model import ALWAYS
from graph.vocabulary.publish import published
from tests.api.conftest import Cli
from tests.support.saying import node, record

HOLDFAST = Path(sys.executable).with_name("holdfast")


def test_help_loads_neither_the_server_nor_the_engines():
    code = (
        "import sys; import api.cli.main; "
        "heavy = {'fastapi', 'strawberry', 'uvicorn', 'numpy', 'neo4j', 'networkx', 'pydantic_settings'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_the_console_command_runs():
    ran = subprocess.run([HOLDFAST, "vocabulary", "--json"], capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout) == {"schema_version": 1, **published()}


def test_every_command_says_what_it_does():
    listed = CliRunner().invoke(app, ["--help"]).stdout
    commands = [c.name or c.callback.__name__ for c in app.registered_commands if c.callback]
    assert {"search", "history", "merge", "unmerge", "refute", "assign-owner", "vocabulary"} <= set(commands)
    for command in commands:
        assert command in listed
        assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0


def test_search_gives_the_best_match_first_and_what_it_is_an_answer_to(cli: Cli):
    found = cli.json("search", "gateway", "--as-of", "2026-01-05")
    assert [node["uid"] for node in found["nodes"]] == ["gateway", "account", "key"]
    assert found["commit"]["sequence"] == 2
    assert found["as_of"] == "2026-01-05T00:00:00.000Z"
    assert found["rules_version"] == 1
    assert found["facets"]["kinds"] == {"Asset": 1, "Identity": 1, "Secret": 1}


def test_search_goes_on_where_the_page_before_ended(cli: Cli):
    first = cli.json("search", "gateway", "--limit", "2")
    second = cli.json("search", "gateway", "--limit", "2", "--after", first["next_after"])
    uids = [node["uid"] for page in (first, second) for node in page["nodes"]]
    assert uids == ["gateway", "account", "key"]
    assert second["next_after"] is None


def test_a_cursor_of_search_keeps_to_its_commit_and_to_its_date(cli: Cli):
    first = cli.json("search", "gateway", "--limit", "1", "--known-at", "1", "--as-of", "2026-01-05")
    second = cli.json("search", "gateway", "--limit", "1", "--after", first["next_after"])
    assert (second["commit"]["sequence"], second["as_of"]) == (1, first["as_of"])
    assert first["truncated"] == {"reason": "limit", "limit": 1, "complete_to_hops": None, "hidden": 2}
    assert cli.run("search", "gateway", "--known-at", "2", "--after", first["next_after"]).exit_code == 2
    for wrong in ("0key", "nonsense"):
        assert cli.run("search", "gateway", "--after", wrong).exit_code == 2


def test_search_keeps_to_kinds_in_any_case(cli: Cli):
    found = cli.json("search", "gateway", "--kind", "secret")
    assert [node["uid"] for node in found["nodes"]] == ["key"]


def test_a_word_that_is_none_is_refused_with_those_that_are(cli: Cli):
    refused = cli.run("search", "x", "--kind", "Car")
    assert refused.exit_code == 2
    assert refused.stdout == ""
    assert "Asset, Identity, Secret" in refused.stderr


def test_what_was_not_yet_known_is_not_found(cli: Cli):
    assert cli.json("search", "Ada", "--known-at", "1")["nodes"] == []
    assert [n["uid"] for n in cli.json("search", "Ada", "--known-at", "2")["nodes"]] == ["ada"]


def test_a_store_that_is_not_there_is_no_empty_answer(tmp_path: Path):
    missing = tmp_path / "missing.db"
    refused = CliRunner().invoke(app, ["search", "x", "--store", str(missing)])
    assert refused.exit_code == 5
    assert "there is no such file" in refused.stderr
    assert not missing.exists()


def test_a_file_that_is_no_store_is_left_alone(tmp_path: Path):
    other = tmp_path / "notes.db"
    other.write_text("my notes, which are longer than nothing")
    refused = CliRunner().invoke(app, ["log", "show", "--store", str(other)])
    assert refused.exit_code == 5
    assert other.read_text() == "my notes, which are longer than nothing"


def test_the_log_shows_commits_and_verifies(cli: Cli):
    shown = cli.json("log", "show")
    assert [commit["sequence"] for commit in shown["commits"]] == [1, 2]
    assert shown["next_after"] is None
    assert cli.json("log", "show", "--limit", "1")["next_after"] == 1
    assert cli.json("log", "verify")["intact"] is True


def test_a_broken_chain_is_named_and_fails(cli: Cli):
    import sqlite3

    connection = sqlite3.connect(cli.store)
    connection.execute("UPDATE commits SET actor = 'somebody else' WHERE sequence = 1")
    connection.commit()
    connection.close()
    assert cli.json("log", "verify", code=3)["broken_at"] == 1


def test_what_cannot_be_read_leads_to_where_the_damage_is_named(cli: Cli):
    import sqlite3

    connection = sqlite3.connect(cli.store)
    connection.execute("UPDATE commits SET digests = x'00' WHERE sequence = 2")
    connection.commit()
    connection.close()
    broken = cli.run("log", "show")
    assert (broken.exit_code, broken.stdout) == (1, "")
    assert "something went wrong inside (error)" in broken.stderr
    assert "`holdfast log verify`" in broken.stderr
    assert "log.py" not in broken.stderr
    assert cli.json("log", "verify", code=3)["broken_at"] == 2
    debugged = CliRunner().invoke(app, ["--debug", "log", "show", "--store", str(cli.store)])
    assert "log.py" in debugged.stderr


def test_history_gives_every_claim_with_its_source(cli: Cli):
    events = cli.json("history", "customers")["events"]
    assert sorted((e["commit"], e["what"], *claim_in(e)) for e in events) == [
        (1, "said", "records/default", "edge"),
        (1, "said", "records/default", "node"),
        (2, "said", "people/default", "edge"),
    ]
    [named] = cli.json("history", "customers", "--no-edges")["events"]
    assert named["recorded"][0]["valid_from"] == "2026-01-01T00:00:00.000Z"
    assert named["recorded"][0]["recorded_to"] is None


def claim_in(event: dict) -> tuple[str, str]:
    [row] = event["recorded"]
    return row["source"], "node" if "node" in row else "edge"


def test_history_of_what_nobody_ever_mentioned_is_not_found(cli: Cli):
    assert cli.run("history", "nowhere").exit_code == 4


def test_merging_makes_one_node_and_unmerging_two_again(cli: Cli):
    merged = cli.json("merge", "features", "customers", "--reason", "same table", "--actor", "eve")
    assert (merged["commit"], merged["actor"], merged["actor_basis"]) == (3, "eve", "asserted")
    assert cli.json("search", "features")["nodes"][0]["uid"] == "customers"
    again = cli.json("merge", "features", "customers", "--reason", "same table", "--actor", "eve")
    assert again["commit"] is None
    cli.json("unmerge", "features", "customers", "--reason", "they differ", "--actor", "eve")
    assert cli.json("search", "features")["nodes"][0]["uid"] == "features"


def test_things_of_two_kinds_are_not_merged(cli: Cli):
    refused = cli.run("merge", "features", "key", "--reason", "x", "--actor", "eve")
    assert refused.exit_code == 2
    assert len(cli.json("log", "show")["commits"]) == 2


def test_a_decision_needs_somebody_who_makes_it(cli: Cli):
    refused = cli.run("merge", "features", "customers", "--reason", "same table")
    assert refused.exit_code == 2
    assert "--actor" in refused.stderr
    named = cli.run("merge", "features", "customers", "--reason", "r", env={"HOLDFAST_ACTOR": "eve"})
    assert named.exit_code == 0


def test_all_that_is_missing_for_a_decision_is_said_at_once(cli: Cli):
    refused = cli.run("refute", "ada")
    assert refused.exit_code == 2
    assert "--reason" in refused.stderr
    assert "--actor" in refused.stderr
    refused = cli.run("assign-owner", "key", "--reason", " ")
    assert all(option in refused.stderr for option in ("--owner", "--reason", "--actor"))
    assert len(cli.json("log", "show")["commits"]) == 2


def test_decisions_take_names_and_external_ids_where_questions_do(cli: Cli):
    why = ("--reason", "r", "--actor", "eve")
    assert "key and account are two things" in cli.run("unmerge", "gateway key", "account", *why).stdout
    assert cli.json("merge", "features", "customers", *why)["commit"] == 4
    # Both names are one node's now, so which of its uids is meant is not known.
    unclear = cli.run("unmerge", "customers", "customers", *why)
    assert (unclear.exit_code, "customers, features" in unclear.stderr) == (2, True)
    by_name = cli.run("assign-owner", "gateway key", "--owner", "Ada Morris", *why)
    assert "Ada Morris is accountable for gateway key" in by_name.stdout
    several = cli.run("refute", "gateway key", *why)
    assert (several.exit_code, "ada OWNS key" in several.stderr) == (2, True)


def test_a_refuted_claim_no_longer_counts_until_that_is_taken_back(cli: Cli):
    [said] = cli.json("history", "ada", "--no-edges")["events"]
    described = said["claim"]
    cli.json("refute", described, "--reason", "she never worked here", "--actor", "eve")
    [ada] = cli.json("search", "ada", "--match", "prefix")["nodes"]
    assert (ada["uid"], ada["described"], ada["name"]) == ("ada", False, None)
    events = cli.json("history", "ada", "--no-edges")["events"]
    assert [(e["what"], e["refuted"], e["reason"]) for e in events] == [
        ("said", True, None),
        ("refuted", False, "she never worked here"),
    ]
    cli.json("refute", described, "--lift", "--reason", "she did", "--actor", "eve")
    assert cli.json("search", "ada", "--match", "prefix")["nodes"][0]["name"] == "Ada Morris"


def test_what_exactly_a_claim_said_can_be_refuted_by_its_row(cli: Cli):
    [said] = cli.json("history", "ada", "--no-edges")["events"]
    [row] = said["recorded"]
    assert (row["read_at"], row["said_in"]) == ("2026-01-02T00:00:00.000Z", 2)
    why = ("--reason", "she never worked here", "--actor", "eve")
    refused = cli.run("refute", said["claim"], "--said", "0" * 64, *why)
    assert (refused.exit_code, "said" in refused.stderr) == (2, True)
    shown = cli.run("refute", said["claim"], "--said", row["row"], *why).stdout
    assert "Refuted is what it says from 2026-01-01T00:00:00.000Z." in shown
    [_, refuted] = cli.json("history", "ada", "--no-edges")["events"]
    assert [found["content_digest"] for found in refuted["said"]] == [row["content_digest"]]
    assert f"row {row['row']}" in cli.run("history", "ada", "--no-edges").stdout


def test_what_was_always_so_is_shown_and_can_be_refuted(
    with_ledger: Callable[[Callable[[Ledger], None]], Path],
):
    def say(ledger: Ledger) -> None:
        record(ledger, node("x", name="ghost"), valid=ALWAYS)

    cli = Cli(with_ledger(say))
    [row] = cli.json("history", "x")["events"][0]["recorded"]
    assert (row["valid_from"], row["valid_to"]) == (None, None)
    assert "called ghost, always" in cli.run("history", "x").stdout
    shown = cli.run("refute", "x", "--reason", "none such", "--actor", "eve").stdout
    assert "Refuted is what it says always." in shown


def test_an_assigned_owner_stands_as_asserted_in_a_scope_of_its_own(cli: Cli):
    said = cli.json("assign-owner", "gateway key", "--owner", "ada", "--reason", "hers", "--actor", "eve")
    assert said["commit"] == 3
    assert cli.json("log", "show")["commits"][-1]["summary"].endswith("(actor_basis: asserted)")
    [row] = cli.json("history", "key")["events"][-1]["recorded"]
    assert (row["source"], row["scope"]) == ("console/default", "decisions")
    assert row["edge"] == {
        "relation": "OWNS",
        "subject": "ada",
        "object": "key",
        "marks": ["accountable"],
        "environment": None,
        "properties": {"actor_basis": "asserted", "reason": "hers"},
    }


def test_assigning_a_second_owner_says_that_the_first_stays(cli: Cli):
    cli.json("assign-owner", "key", "--owner", "ada", "--reason", "hers", "--actor", "eve")
    said = cli.json("assign-owner", "key", "--owner", "account", "--reason", "its own", "--actor", "eve")
    why = "it is a machine, and no source reports who answers for it"
    unknown = f"It is not known whether gateway account can answer for it: {why}."
    assert said["notes"] == [unknown, "Also accountable, as other claims say: Ada Morris (ada)."]
    ended = cli.json(
        *("assign-owner", "key", "--owner", "account", "--instead-of", "ada"),
        *("--reason", "its own", "--actor", "eve"),
    )
    assert ended["notes"] == [unknown]


def test_only_what_this_command_assigned_can_be_replaced_by_it(cli: Cli):
    refused = cli.run(
        *("assign-owner", "customers", "--owner", "account", "--instead-of", "ada"),
        *("--reason", "x", "--actor", "eve"),
    )
    assert refused.exit_code == 2
    assert len(cli.json("log", "show")["commits"]) == 2


def test_an_owner_that_is_no_identity_is_refused(cli: Cli):
    refused = cli.run("assign-owner", "key", "--owner", "model", "--reason", "x", "--actor", "eve")
    assert refused.exit_code == 2
    assert "OWNS" in refused.stderr


@pytest.mark.parametrize("arguments", [["nonsense"], ["search"], ["search", "x", "--limit", "0"]])
def test_what_cannot_be_understood_is_a_usage_error(arguments: list[str]):
    assert CliRunner().invoke(app, arguments).exit_code == 2


def test_sources_are_listed_with_what_they_leave_out():
    listed = json.loads(CliRunner().invoke(app, ["sources", "--json"]).stdout)["sources"]
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]
    assert [s["name"] for s in listed] == sorted(project["entry-points"]["holdfast.sources"])
    assert [s["name"] for s in listed if s["error"] is not None] == []
    assert all(s["maps"] and s["does_not_map"] for s in listed if s["error"] is None)


@pytest.mark.parametrize("word", ["nosuch", "0" * 64])
def test_a_claim_that_is_none_is_not_found(cli: Cli, word: str):
    refused = cli.run("refute", word, "--reason", "wrong", "--actor", "eve")
    assert refused.exit_code == 4
    assert f"No claim has the id '{word}'" in refused.stderr
