"""The questions as commands, on the small estate of `tests/api/conftest.py`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from graph.ledger.claims import edge_id_of
from graph.ledger.ledger import Ledger
from graph.model import Uid
from graph.vocabulary import Kind
from tests.api.conftest import Cli
from tests.support.saying import day, days, edge, node, record

KEY_OPENS_ACCOUNT = edge_id_of("AUTHENTICATES", Uid("key"), Uid("account"), "")
ACCOUNT_READS = edge_id_of("CAN_READ", Uid("account"), Uid("customers"), "")


def test_blast_radius_prints_the_documented_shape(cli: Cli):
    answer = cli.json("blast-radius", "key", "--harm", "DISCLOSED", "--as-of", "2026-01-05")
    assert answer["schema_version"] == 1
    assert answer["as_of"] == "2026-01-05T00:00:00.000Z"
    assert answer["commit"]["sequence"] == answer["known_at"]["sequence"] == 2
    assert answer["bounds"] == {"max_hops": 50, "max_nodes": 10_000, "max_seconds": 10.0}
    assert answer["truncated"] is None
    assert answer["referenced_not_described"] == 0
    assert answer["coverage"]["uncovered_relations"]["AUTHENTICATES"] == 2
    rows = {(row["uid"], row["harm"]): row for row in answer["reached"]}
    assert rows["customers", "DISCLOSED"] == {
        "uid": "customers",
        "kind": "Dataset",
        "harm": "DISCLOSED",
        "hops": 2,
        "certainty": "certain",
        "path": [
            {
                "from": "key",
                "relation": "AUTHENTICATES",
                "to": "account",
                "harm": "CONTROLLED",
                "edge": KEY_OPENS_ACCOUNT,
            },
            {
                "from": "account",
                "relation": "CAN_READ",
                "to": "customers",
                "harm": "DISCLOSED",
                "edge": ACCOUNT_READS,
            },
        ],
    }


def test_every_state_is_there_with_its_hops_and_certainty(cli: Cli):
    answer = cli.json("blast-radius", "key", "--harm", "disclosed")
    assert [(r["uid"], r["harm"], r["hops"], r["certainty"]) for r in answer["reached"]] == [
        ("key", "DISCLOSED", 0, "certain"),
        ("account", "CONTROLLED", 1, "certain"),
        ("customers", "DISCLOSED", 2, "certain"),
        ("features", "TAINTED", 2, "certain"),
        ("features", "UNPROVEN", 2, "certain"),
        ("features", "UNAVAILABLE", 2, "possible"),
        ("model", "TAINTED", 3, "certain"),
        ("model", "UNPROVEN", 3, "certain"),
    ]


def test_an_implication_on_a_node_is_a_step_without_relation_and_edge(cli: Cli):
    answer = cli.json("blast-radius", "features", "--harm", "TAINTED")
    [row] = [r for r in answer["reached"] if (r["uid"], r["harm"]) == ("features", "UNPROVEN")]
    assert row["hops"] == 0
    assert row["path"] == [
        {"from": "features", "relation": None, "to": "features", "harm": "UNPROVEN", "edge": None}
    ]


def test_columns_are_the_rows_turned(cli: Cli):
    rows = cli.json("blast-radius", "key", "--harm", "DISCLOSED")["reached"]
    columns = cli.json("blast-radius", "key", "--harm", "DISCLOSED", "--columns")["columns"]
    assert columns == {name: [r[name] for r in rows] for name in ("uid", "kind", "harm", "hops", "certainty")}


def test_a_bound_cuts_and_says_so_and_zero_is_no_bound(cli: Cli):
    cut = cli.json("blast-radius", "key", "--harm", "DISCLOSED", "--max-hops", "1")
    assert (cut["truncated"]["reason"], cut["truncated"]["complete_to_hops"]) == ("max_hops", 1)
    assert cut["totals"]["complete"] is False
    free = ["--max-hops", "0", "--max-nodes", "0", "--max-seconds", "0"]
    whole = cli.json("blast-radius", "key", "--harm", "DISCLOSED", *free)
    assert whole["truncated"] is None
    assert whole["bounds"] == {"max_hops": None, "max_nodes": None, "max_seconds": None}


def test_what_if_takes_nodes_and_edges_away_however_they_are_named(cli: Cli):
    question = ["blast-radius", "key", "--harm", "DISCLOSED"]
    for away in (
        ["--without", "account"],
        ["--without", "gateway account"],
        ["--without-edge", KEY_OPENS_ACCOUNT],
        ["--without-edge", "key AUTHENTICATES account"],
    ):
        assert [r["uid"] for r in cli.json(*question, *away)["reached"]] == ["key"], away


def test_totals_name_the_nodes_asked_about_apart(cli: Cli):
    totals = cli.json("blast-radius", "key", "--harm", "DISCLOSED")["totals"]
    assert (totals["nodes"], totals["seeds"]) == (5, 1)
    said = cli.run("blast-radius", "key", "--harm", "DISCLOSED").stdout
    assert "Listed: 8 states at 5 nodes, 1 of them asked about; 7 certain and 1 possible." in said
    narrow = cli.json("blast-radius", "key", "--harm", "DISCLOSED", "--kind", "Asset")["totals"]
    assert (narrow["nodes"], narrow["seeds"]) == (1, 0)


def test_filters_list_less_and_walk_the_same(cli: Cli):
    listed = cli.json("blast-radius", "key", "--harm", "DISCLOSED", "--kind", "asset", "--certain")
    assert [(r["uid"], r["harm"]) for r in listed["reached"]] == [("model", "TAINTED"), ("model", "UNPROVEN")]
    assert listed["walked_states"] == 8


def test_nodes_of_unknown_criticality_left_out_are_counted(cli: Cli):
    listed = cli.json("blast-radius", "key", "--harm", "DISCLOSED", "--min-criticality", "3")
    assert [r["uid"] for r in listed["reached"]] == ["customers"]
    assert listed["hidden_for_unknown_criticality"] == 3


def test_the_text_says_what_it_leaves_out_for_unknown_criticality(cli: Cli):
    question = ["blast-radius", "key", "--harm", "DISCLOSED"]
    assert "3 are left out for unknown criticality." in cli.run(*question, "--min-criticality", "3").stdout
    assert "left out" not in cli.run(*question).stdout


def test_only_the_seed_itself_is_called_asked_about(cli: Cli):
    said = cli.run("blast-radius", "features", "--harm", "TAINTED").stdout.splitlines()
    assert "  features (table, criticality 2): certain, asked about" in said
    assert "  features (table, criticality 2): certain, follows at the node asked about" in said
    made = cli.run("exposure", "features", "--harm", "UNPROVEN").stdout.splitlines()
    assert "  features (table, criticality 2): certain, leads to it at the node asked about" in made


def test_gaps_are_counted_among_the_nodes_and_not_called_nodes_without_anybody(cli: Cli):
    gaps = cli.json("ownership-gaps")["gaps"]
    assert f"{len(gaps)} ownership gaps among " in cli.run("ownership-gaps").stdout
    assert "nobody who answers" not in cli.run("ownership-gaps").stdout


def test_a_name_that_one_node_has_will_do_and_the_answer_says_which(cli: Cli):
    by_name = cli.run("blast-radius", "gateway key", "--harm", "DISCLOSED")
    assert by_name.exit_code == 0
    assert "'gateway key' is key (Secret)." in by_name.stderr
    [seed] = cli.json("blast-radius", "gateway key", "--harm", "DISCLOSED")["seeds"]
    assert (seed["uid"], seed["asked"]) == ("key", ["gateway key"])


def test_a_name_that_nothing_has_is_not_found(cli: Cli):
    assert cli.run("blast-radius", "Gateway Key", "--harm", "DISCLOSED").exit_code == 4


def test_a_harm_that_cannot_come_to_such_a_node_is_refused(cli: Cli):
    refused = cli.run("blast-radius", "key", "--harm", "TAINTED")
    assert refused.exit_code == 2
    assert refused.stdout == ""


def test_the_text_groups_by_harm_with_a_sentence_and_states_what_it_is_an_answer_to(cli: Cli):
    text = cli.run("blast-radius", "key", "--harm", "DISCLOSED", "--as-of", "2026-01-05").stdout
    assert "TAINTED: 2 (2 certain, 0 possible)" in text
    assert "DISCLOSED: 2 (2 certain, 0 possible; 1 at what was asked about)" in text
    assert "gateway key -authenticates-> gateway account -can read-> customers" in text
    assert "features (table, criticality 2): possible, 2 hops" in text
    assert "gateway account -can write to, perhaps-> features" in text
    assert "-was trained on" not in text  # taint travels from the object of that fact to its subject
    assert "As of 2026-01-05T00:00:00.000Z, known up to commit 2" in text
    assert "UNKNOWN: no source says" in text


def test_the_text_names_the_relations_that_are_unknown_most_often_and_counts_the_others(cli: Cli):
    question = ["blast-radius", "key", "--harm", "DISCLOSED"]
    uncovered = cli.json(*question)["coverage"]["uncovered_relations"]
    [line] = [line for line in cli.run(*question).stdout.splitlines() if line.startswith("UNKNOWN: ")]
    assert sum(f" {name} " in line for name in uncovered) == 6
    assert line.endswith(f", and {len(uncovered) - 6} more relations, which --json names.")


def test_one_is_one(cli: Cli):
    assert "Downstream: 1 node\n" in cli.run("lineage", "features").stdout
    assert "0 ownership gaps among 1 node.\n" in cli.run("ownership-gaps", "key").stdout


def test_fewer_rows_than_there_are_is_said(cli: Cli):
    text = cli.run("blast-radius", "key", "--harm", "DISCLOSED", "--limit", "1").stdout
    assert "1 more: --all shows them." in text
    assert "more: --all" not in cli.run("blast-radius", "key", "--harm", "DISCLOSED", "--all").stdout


def test_fail_on_fails_with_three_and_names_the_count(cli: Cli):
    question = ["blast-radius", "key", "--harm", "DISCLOSED"]
    failed = cli.run(*question, "--fail-on", "certain>=6")
    assert failed.exit_code == 3
    assert "certain>=6 (certain is 6)" in failed.stderr
    assert cli.run(*question, "--fail-on", "certain>6").exit_code == 0
    assert cli.run(*question, "--fail-on", "UNPROVEN>=2").exit_code == 3
    assert cli.run(*question, "--fail-on", "criticality>=4").exit_code == 3
    assert cli.run(*question, "--fail-on", "wrong>1").exit_code == 2


def test_criticality_that_is_not_known_is_said_where_a_pipeline_asks_for_it(cli: Cli):
    passed = cli.run("blast-radius", "features", "--harm", "TAINTED", "--fail-on", "criticality>=1")
    assert passed.exit_code == 0
    assert "unknown_criticality is 1, and is not counted" in passed.stderr


def test_exposure_walks_back_and_ranks_the_certain_and_near_first(cli: Cli):
    answer = cli.json("exposure", "model", "--harm", "TAINTED")
    assert [(r["uid"], r["harm"], r["hops"]) for r in answer["reached"]] == [
        ("model", "CONTROLLED", 0),
        ("model", "TAINTED", 0),
        ("features", "TAINTED", 1),
        ("account", "CONTROLLED", 2),
        ("key", "DISCLOSED", 3),
        ("gateway", "CONTROLLED", 4),
    ]
    [key] = [r for r in answer["reached"] if r["uid"] == "key"]
    assert [step["to"] for step in key["path"]] == ["account", "features", "model"]


def test_the_past_is_answered_as_it_was(cli: Cli):
    assert cli.run("blast-radius", "key", "--harm", "DISCLOSED", "--as-of", "2025-12-31").exit_code == 4
    assert cli.run("blast-radius", "key", "--harm", "DISCLOSED", "--known-at", "3").exit_code == 2
    assert cli.run("blast-radius", "key", "--harm", "DISCLOSED", "--rules", "99").exit_code == 2


def test_lineage_shows_both_sides(cli: Cli):
    answer = cli.json("lineage", "features")
    sides = {side["direction"]: [n["uid"] for n in side["nodes"]] for side in answer["sides"]}
    assert sides == {"upstream": ["features"], "downstream": ["features", "model"]}
    assert cli.run("lineage", "features", "--fail-on", "downstream>0").exit_code == 3


def test_what_nobody_has_looked_into_is_no_gap_and_is_counted(cli: Cli):
    answer = cli.json("ownership-gaps", "--owned")
    assert answer["gaps"] == []
    assert answer["standings"] == {"not_assessed": 5, "owned": 1}
    [owned] = [n for n in answer["nodes"] if n["uid"] == "customers"]
    assert owned["owners"][0]["label"] == "Ada Morris"
    assert cli.run("ownership-gaps", "--fail-on", "not_assessed>0").exit_code == 3


def test_what_is_not_known_is_listed_with_the_relations_that_no_source_covers(cli: Cli):
    listed = cli.run("ownership-gaps", "--unknown").stdout
    assert (
        "  gateway key (Secret): NOT_ASSESSED; no source that reports owners covers gateway key.\n"
        "      not covered: OWNS, VERSION_OF, WITHIN\n"
    ) in listed
    assert "Ada Morris" not in listed
    [key] = [n for n in cli.json("ownership-gaps", "--unknown")["nodes"] if n["uid"] == "key"]
    assert key["uncovered_relations"] == ["OWNS", "VERSION_OF", "WITHIN"]


def test_nodes_asked_about_by_name_are_listed_however_it_stands_with_them(cli: Cli):
    said = cli.run("ownership-gaps", "customers", "key").stdout
    assert "  customers (Dataset): Ada Morris: " in said
    assert "  gateway key (Secret): NOT_ASSESSED; " in said
    standings = [(n["uid"], n["standing"]) for n in cli.json("ownership-gaps", "customers", "key")["nodes"]]
    assert standings == [("customers", "owned"), ("key", "not_assessed")]
    assert "nodes" not in cli.json("ownership-gaps")


def test_the_rows_of_each_list_are_limited_and_what_is_left_out_is_counted(cli: Cli):
    said = cli.run("ownership-gaps", "--unknown", "--limit", "2").stdout
    assert said.count("not covered: ") == 2
    assert "  and 3 more: --limit 0 prints all, --json gives all." in said


def test_explain_gives_the_sentence_or_says_that_there_is_none(cli: Cli):
    answer = cli.json("explain", "key", "model", "--harm", "DISCLOSED", "--target-harm", "TAINTED")
    assert answer["hops"] == 3
    assert answer["sentence"].endswith("because credit model 7 was trained on features.")
    none = cli.json("explain", "model", "key", "--harm", "TAINTED")
    assert (none["path"], none["sentence"]) == (None, None)
    nowhere = ("explain", "model", "key", "--harm", "TAINTED")
    said = "If credit model 7 is TAINTED, no harm comes to gateway key on any known path within these bounds."
    assert said in cli.run(*nowhere).stdout
    assert "no DISCLOSED comes to gateway" in cli.run(*nowhere, "--target-harm", "DISCLOSED").stdout
    answer = cli.json(*nowhere, "--target-harm", "DISCLOSED")
    assert (answer["source_harm"], answer["target_harm"], answer["harm"]) == ("TAINTED", "DISCLOSED", None)


def test_an_environment_that_nobody_has_heard_of_is_refused_and_passes_no_gate(cli: Cli):
    for command in (
        ("ownership-gaps", "--fail-on", "gaps>0"),
        ("blast-radius", "key", "--harm", "DISCLOSED", "--fail-on", "nodes>0"),
        ("evidence",),
    ):
        refused = cli.run(*command, "--environment", "produktion")
        assert refused.exit_code == 2
        assert "one of production, staging" in refused.stderr


def test_history_takes_a_name_that_one_node_has(cli: Cli):
    (named,) = [row for row in cli.json("search", "key")["nodes"] if row["uid"] == "key"]
    assert cli.json("history", named["name"])["events"] == cli.json("history", "key")["events"]


def test_evidence_says_where_decisions_may_have_been_recorded_too_late_to_count(cli: Cli):
    says = "counts from the commit that recorded it on: those recorded after 2026-01-05T00:00:00.000Z do not"
    assert says in cli.run("evidence", "--as-of", "2026-01-05").stdout
    assert "counts from the commit" not in cli.run("evidence").stdout


def test_owners_are_counted_as_named_and_what_covering_means_is_said(cli: Cli):
    text = cli.run("blast-radius", "key", "--harm", "DISCLOSED").stdout
    assert "Owners: 1 are named, whether still there or not (`ownership-gaps` tells)" in text
    gaps = cli.run("ownership-gaps").stdout
    assert "A source of owners covers a node once it has read all of a scope that describes it" in gaps
    assert "A source of owners covers" not in cli.run("ownership-gaps", "customers").stdout


def test_why_it_is_open_whether_a_requirement_applies_is_said_once(
    with_ledger: Callable[[Callable[[Ledger], None]], Path],
):
    def say(ledger: Ledger) -> None:
        slots = json.dumps([{"key": "paper", "title": "paper", "types": ["document"], "binding": "asset"}])
        told: dict[str, Any] = {"level": "system", "slots": slots, "weight": 1.0}
        open_fact = json.dumps({"fact": "risk_class", "in": ["high"]})
        record(
            ledger,
            node("app", Kind.ASSET, type_="service", name="app"),
            node("law", Kind.REGULATION, type_="framework", applies_from=day(1), status="published"),
            node("r1", Kind.REQUIREMENT, type_="control", label="One", **told),
            node("r2", Kind.REQUIREMENT, type_="control", label="Two", applicability=open_fact, **told),
            edge("law", "REQUIRES", "r1"),
            edge("law", "REQUIRES", "r2"),
            valid=days(1),
        )

    shown = Cli(with_ledger(say)).run("evidence").stdout
    assert "UNKNOWN whether it applies: the catalog does not say whom it concerns\n" in shown
    said = "UNKNOWN whether it applies: nobody says, or sources contradict each other on: risk_class\n"
    assert said in shown


def test_a_window_finds_what_is_gone_since_by_its_uid(
    with_ledger: Callable[[Callable[[Ledger], None]], Path],
):
    def say(ledger: Ledger) -> None:
        record(
            ledger,
            node("key", Kind.SECRET, name="old key"),
            node("app", type_="service"),
            edge("app", "USES_SECRET", "key"),
            valid=days(1, 5),
        )

    cli = Cli(with_ledger(say))
    window = ("--during", "2026-01-02..2026-01-04")
    for question in (("blast-radius", "key"), ("exposure", "app"), ("explain", "key", "app")):
        assert cli.run(*question, "--harm", "UNAVAILABLE").exit_code == 4
        assert cli.run(*question, "--harm", "UNAVAILABLE", *window).exit_code == 0
    [seed] = cli.json("blast-radius", "key", "--harm", "UNAVAILABLE", *window)["seeds"]
    assert (seed["name"], seed["described"]) == ("old key", True)
    assert cli.run("lineage", "app", *window).exit_code == 0
