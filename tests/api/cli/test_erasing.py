"""`erase-personal`: asks, erases, and says what it erased and what it could not."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.main import app
from graph.ledger.ledger import Ledger
from graph.vocabulary import Kind
from tests.api.conftest import Cli
from tests.support.saying import edge, node, record

DECIDED = ("--reason", "request 17", "--actor", "eve")


@pytest.fixture
def staff(with_ledger: Callable[[Callable[[Ledger], None]], Path]) -> Cli:
    def say(ledger: Ledger) -> None:
        ada = node("p1", Kind.IDENTITY, type_="person", name="Ada Lovelace", phone="0123456789")
        record(ledger, ada, edge("p1", "OWNS", "app", "contact", note="by phone"))
        record(ledger, node("app", name="Scorer"))

    return Cli(with_ledger(say))


def test_it_says_what_was_erased_and_what_was_not(staff: Cli):
    told = staff.run("erase-personal", "p1", *DECIDED, "--yes")
    assert told.exit_code == 0
    lines = told.stdout.splitlines()
    assert lines[:3] == [
        "Commit 3 by eve (asserted): personal values of p1 are erased.",
        "Erased: 2 values (name 1, properties.phone 1).",
        "Not erased: 1 text of edges at the node; the log holds them, whatever they say.",
    ]
    assert any(line.startswith("Backups and copies") for line in lines)
    assert "Lovelace" not in told.output
    assert staff.json("log", "verify")["erased"] == 2
    assert staff.run("log", "verify").stdout.splitlines()[1] == "2 personal values have been erased."


def test_as_json(staff: Cli):
    told = staff.json("erase-personal", "Ada Lovelace", *DECIDED, "--yes")
    assert (told["commit"]["sequence"], told["actor_basis"], told["uids"]) == (3, "asserted", ["p1"])
    assert (told["erased"], told["fields"]) == (2, {"name": 1, "properties.phone": 1})
    assert (told["scrubbed"], told["seen_in_passing"], told["parted"]) == (True, 0, [])
    assert told["not_erased"] == {
        "recorded_in_the_clear": 0,
        "edge_texts": 1,
        "uids": [],
        "mentioned_in": [],
    }
    assert b"lovelace" not in staff.store.read_bytes().lower()


def test_without_anybody_to_ask_it_wants_to_be_told(staff: Cli):
    refused = staff.run("erase-personal", "p1", *DECIDED)
    assert refused.exit_code == 2
    assert "--yes" in refused.stderr
    assert staff.json("log", "show")["head"]["sequence"] == 2


def test_at_a_terminal_it_asks(staff: Cli, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.cli.erase_command.is_at_a_terminal", lambda: True)
    arguments = ["erase-personal", "p1", *DECIDED, "--store", str(staff.store)]
    kept = CliRunner().invoke(app, arguments, input="n\n")
    assert (kept.exit_code, staff.json("log", "show")["head"]["sequence"]) == (1, 2)
    assert "Erase everything personal about p1?" in kept.stderr
    erased = CliRunner().invoke(app, arguments, input="y\n")
    assert erased.exit_code == 0
    assert "Commit 3 by eve" in erased.stdout


def test_reason_and_actor_are_needed(staff: Cli):
    refused = staff.run("erase-personal", "p1", "--yes")
    assert refused.exit_code == 2
    assert "--actor" in refused.stderr
    assert "--reason" in refused.stderr


def test_a_reason_that_repeats_the_name_is_refused_without_repeating_it(staff: Cli):
    refused = staff.run("erase-personal", "p1", "--reason", "Ada Lovelace left", "--actor", "eve", "--yes")
    assert refused.exit_code == 2
    assert "ovelace" not in refused.output


def test_of_a_thing_there_is_nothing_to_erase(staff: Cli):
    told = staff.run("erase-personal", "app", *DECIDED, "--yes")
    assert told.exit_code == 0
    assert told.stdout == "Nothing personal is kept of app; no commit was made.\n"
    assert json.loads(staff.run("log", "show", "--json").stdout)["head"]["sequence"] == 2


def test_nobody_is_not_found(staff: Cli):
    assert staff.run("erase-personal", "nobody", *DECIDED, "--yes").exit_code == 4
