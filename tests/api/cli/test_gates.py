"""Gates of `--fail-on`: 0 where it is known that nothing is met, 3 where something is, 7 where it is open."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graph.ledger.ledger import Ledger
from graph.vocabulary import Kind
from tests.api.conftest import PEOPLE, Cli
from tests.support.saying import day, days, edge, node, record

BEFORE = ["--as-of", "2020-01-01"]
GATES = {
    "blast-radius": (["blast-radius", "key", "--harm", "DISCLOSED"], "reached>0", "reached>99"),
    "exposure": (["exposure", "model", "--harm", "TAINTED"], "reached>0", "reached>99"),
    "lineage": (["lineage", "features"], "downstream>0", "downstream>99"),
    "ownership-gaps": (["ownership-gaps"], "owned>0", "gaps>0"),
}


@pytest.mark.parametrize("name", GATES)
def test_a_gate_fails_on_what_there_is_and_passes_on_what_is_known_not_to_be(cli: Cli, name: str):
    question, met, unmet = GATES[name]
    failed = cli.run(*question, "--fail-on", met)
    assert (failed.exit_code, "Failing on" in failed.stderr) == (3, True)
    assert cli.run(*question, "--fail-on", unmet).exit_code == 0
    assert cli.run(*question, "--fail-on", unmet, "--fail-on", met).exit_code == 3


@pytest.mark.parametrize("name", ["blast-radius", "exposure", "lineage"])
def test_a_node_that_was_not_there_passes_no_gate(cli: Cli, name: str):
    question, _, unmet = GATES[name]
    assert cli.run(*question, *BEFORE, "--fail-on", unmet).exit_code == 4
    assert cli.run(*question, *BEFORE, "--fail-on", unmet, "--allow-empty").exit_code == 4


@pytest.mark.parametrize(("command", "condition"), [("ownership-gaps", "gaps>0"), ("evidence", "gaps>0")])
def test_an_answer_that_looked_at_nothing_passes_only_where_that_is_allowed(
    cli: Cli, command: str, condition: str
):
    gate = [command, "--fail-on", condition]
    empty = cli.run(*gate, *BEFORE)
    assert empty.exit_code == 7
    assert "Nothing was looked at: " in empty.stderr
    assert "--allow-empty" in empty.stderr
    allowed = cli.run(*gate, *BEFORE, "--allow-empty")
    assert (allowed.exit_code, "Nothing was looked at: " in allowed.stderr) == (0, True)


@pytest.mark.parametrize("command", ["ownership-gaps", "evidence"])
def test_a_store_with_nothing_in_it_passes_no_gate(
    with_ledger: Callable[[Callable[[Ledger], None]], Path], command: str
):
    empty = Cli(with_ledger(lambda ledger: None))
    assert empty.run(command, "--fail-on", "gaps>0").exit_code == 7
    assert empty.run(command).exit_code == 0


def test_without_a_condition_there_is_no_gate(cli: Cli):
    assert cli.run("ownership-gaps", *BEFORE).exit_code == 0


@pytest.mark.parametrize("name", ["blast-radius", "exposure"])
def test_what_a_bound_cut_off_may_be_what_the_gate_is_about(cli: Cli, name: str):
    question, met, unmet = GATES[name]
    cut = [*question, "--max-hops", "1"]
    # What is met by what was walked stays met; what is not may be met beyond the bound.
    assert cli.run(*cut, "--fail-on", met).exit_code == 3
    is_open = cli.run(*cut, "--fail-on", unmet)
    assert (is_open.exit_code, "Not known: " in is_open.stderr) == (7, True)
    assert cli.run(*cut, "--fail-on", unmet, "--allow-empty").exit_code == 7


def test_lineage_that_was_cut_is_no_pass(with_ledger: Callable[[Callable[[Ledger], None]], Path]):
    def say(ledger: Ledger) -> None:
        tables = [node(uid, Kind.DATASET, type_="table") for uid in ("a", "b", "c")]
        record(ledger, *tables, edge("c", "DERIVED_FROM", "b"), edge("b", "DERIVED_FROM", "a"))

    gate = ["lineage", "c", "--upstream", "--fail-on", "upstream>1"]
    cli = Cli(with_ledger(say))
    assert cli.run(*gate).exit_code == 3
    assert cli.run(*gate, "--max-hops", "1").exit_code == 7


def test_lineage_of_what_no_data_touches_is_no_pass(cli: Cli):
    gate = cli.run("lineage", "key", "--fail-on", "upstream>0")
    assert (gate.exit_code, "no relation that moves data" in gate.stderr) == (7, True)
    assert "gateway key has no lineage: " in gate.stdout
    assert cli.json("lineage", "key", "features")["without_data"] == ["key"]
    assert cli.run("lineage", "key", "features", "--fail-on", "upstream>0").exit_code == 0


def test_owners_of_which_nothing_is_known_are_no_pass(
    with_ledger: Callable[[Callable[[Ledger], None]], Path],
):
    def say(ledger: Ledger) -> None:
        record(ledger, node("app", Kind.ASSET, type_="service"), valid=days(1))

    unknown = Cli(with_ledger(say)).run("ownership-gaps", "--fail-on", "gaps>0")
    assert unknown.exit_code == 7
    assert "of none of the 1 nodes it is known who owns it" in unknown.stderr


@pytest.mark.parametrize("asked", [["ada"], ["ada", "key"]])
def test_nodes_that_need_no_owner_are_no_pass_for_others(cli: Cli, asked: list[str]):
    gate = cli.run("ownership-gaps", *asked, "--fail-on", "gaps>0")
    assert (gate.exit_code, "Nothing was looked at: " in gate.stderr) == (7, True)
    assert cli.run("ownership-gaps", *asked, "customers", "--fail-on", "gaps>0").exit_code == 0


def test_a_node_that_is_only_mentioned_is_no_pass(with_ledger: Callable[[Callable[[Ledger], None]], Path]):
    def say(ledger: Ledger) -> None:
        record(
            ledger, edge("app", "USES_SECRET", "ghost"), edge("ada", "OWNS", "app", "contact"), valid=days(1)
        )

    mentioned = Cli(with_ledger(say))
    gate = mentioned.run("blast-radius", "ghost", "--harm", "DISCLOSED", "--fail-on", "reached>0")
    assert gate.exit_code == 7
    assert "no source describes them" in gate.stderr


def test_a_pass_says_what_is_not_known_beside_it(cli: Cli):
    passed = cli.run("ownership-gaps", "--fail-on", "gaps>0")
    assert passed.exit_code == 0
    assert "Passing on what is known: not_assessed is 5, and is not counted." in passed.stderr
    assert cli.run("ownership-gaps", "--fail-on", "gaps>0", "--fail-on", "not_assessed>0").exit_code == 3


def test_every_gate_can_ask_how_much_was_looked_at(cli: Cli):
    for question, _, _ in GATES.values():
        assert cli.run(*question, "--fail-on", "looked_at>0").exit_code == 3, question
        assert cli.run(*question, "--fail-on", "uncovered_relations>0").exit_code == 3, question


def test_nodes_left_out_for_what_is_not_known_are_a_count(cli: Cli):
    question = ["blast-radius", "key", "--harm", "DISCLOSED", "--min-criticality", "4"]
    passed = cli.run(*question, "--fail-on", "nodes>1")
    assert (passed.exit_code, "left_out is 3" in passed.stderr) == (0, True)
    assert cli.run(*question, "--fail-on", "left_out>0").exit_code == 3


def test_evidence_counts_and_judges(with_ledger: Callable[[Callable[[Ledger], None]], Path]):
    def say(ledger: Ledger) -> None:
        record(ledger, node("app", Kind.ASSET, type_="service", name="app"), valid=days(1))
        record(
            ledger,
            node("ada", Kind.IDENTITY, type_="person", status="active"),
            edge("ada", "OWNS", "app", "accountable"),
            scope=PEOPLE,
            valid=days(1),
            read_at=day(2),
        )

    cli = Cli(with_ledger(say))
    unread = cli.run("evidence", "--fail-on", "gaps>0")
    assert "No catalog has been read in: `holdfast ingest catalog` reads those shipped." in unread.stdout
    assert "no catalog has been read in" in unread.stderr
    key = str(cli.store.with_name("key"))
    assert cli.run("ingest", "catalog", env={"HOLDFAST_KEY_FILE": key}).exit_code == 0
    assert cli.run("evidence", "--fail-on", "MISSING>0").exit_code == 3
    assert cli.run("evidence", "--fail-on", "REVOKED>0").exit_code == 0
    assert cli.run("evidence", "--fail-on", "not_covered>0").exit_code == 0
    assert cli.run("evidence", "ada", "--fail-on", "gaps>0").exit_code == 7


def test_what_is_missing_only_because_nobody_has_looked_is_a_count(
    with_ledger: Callable[[Callable[[Ledger], None]], Path],
):
    def say(ledger: Ledger) -> None:
        record(ledger, node("app", type_="service", name="app"), valid=days(1))

    cli = Cli(with_ledger(say))
    key = str(cli.store.with_name("key"))
    assert cli.run("ingest", "catalog", env={"HOLDFAST_KEY_FILE": key}).exit_code == 0
    scores = cli.json("evidence")["scores"]
    assert (scores["slots"], scores["not_covered"]) == ({"MISSING": 2}, 1)
    assert "Slots: MISSING 2 (of these 1 not covered)." in cli.run("evidence").stdout
    assert cli.run("evidence", "--fail-on", "not_covered>0").exit_code == 3


def test_a_requirement_and_a_node_that_cannot_be_placed_are_counts(
    with_ledger: Callable[[Callable[[Ledger], None]], Path],
):
    def say(ledger: Ledger) -> None:
        told: dict[str, Any] = {"applicability": '{"all": []}', "slots": "[]"}
        record(
            ledger,
            node("app", Kind.ASSET, type_="service", name="app"),
            node("thing", Kind.ASSET, name="thing"),
            node("law", Kind.REGULATION, type_="framework", name="Law", applies_from=day(1)),
            node("r1", Kind.REQUIREMENT, type_="control", label="One", level="system", **told),
            node("r2", Kind.REQUIREMENT, type_="control", label="Two", **told),
            edge("law", "REQUIRES", "r1"),
            edge("law", "REQUIRES", "r2"),
            valid=days(1),
        )

    cli = Cli(with_ledger(say))
    said = "In no row, because it cannot be read: Law Two: no level says what it is evaluated for.\n"
    assert said in cli.run("evidence").stdout
    for condition in ("gaps>0", "MISSING>0"):
        passed = cli.run("evidence", "--fail-on", condition)
        assert (passed.exit_code, "unreadable is 1, and is not counted" in passed.stderr) == (0, True)
        assert "untyped is 1, and is not counted" in passed.stderr
    assert cli.run("evidence", "--fail-on", "unreadable>0").exit_code == 3
    assert cli.run("evidence", "--fail-on", "untyped>0").exit_code == 3
