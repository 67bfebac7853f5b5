"""Artifacts of three versions of dbt, and the graph that they make, worked out by hand from the project."""

import json
import logging
from pathlib import Path

import pytest

from graph.ledger.ledger import Ledger
from graph.model import Edge, Node
from ingest.people import opaque
from ingest.sources.dbt import SOURCE
from ingest.times import parse_time
from ingest.uids import address_uid
from tests.broken.test_broken import stored_bytes
from tests.ingest.jobs import FINGERPRINTS, Desk

FILES = Path(__file__).parent / "files"
LATE = parse_time("2026-12-31").moment
CREDIT = str(address_uid("credit-risk@fairbank.example", FINGERPRINTS))
ADA = str(address_uid("ada.morris@fairbank.example", FINGERPRINTS))
MODELLING = "hf:identity:dbt-owner:" + opaque(FINGERPRINTS, "default", "lending", "Modelling")
SPINES = {"v10": "metricflow_time_spine", "v11": "metricflow_time_spine", "v12": "time_spine"}

TESTS = {
    "unique_staging_loans_id": ("staging_loans", "pass"),
    "not_null_staging_loans_id": ("staging_loans", "pass"),
    "unique_loan_features_id": ("loan_features", "pass"),
    "accepted_values_loan_features_amount__1": ("loan_features", "fail"),
}


def expected(version: str) -> set[str]:
    """The edges; dbt 1.6 and 1.7 take a time spine by its name only."""
    spine = SPINES[version]
    lines = {
        # what the project reads and builds
        "lending READS loans [refined]",
        "lending READS customers [optional refined]",
        "lending WRITES branches",
        "lending WRITES staging_loans",
        "lending WRITES loan_features",
        "lending WRITES loans_history",
        f"lending WRITES {spine}",
        # what comes from what; customer_income is ephemeral
        "staging_loans DERIVED_FROM loans",
        "staging_loans DERIVED_FROM branches",
        "loan_features DERIVED_FROM staging_loans",
        "loan_features DERIVED_FROM customers",
        "loans_history DERIVED_FROM loan_features",
        # who uses it
        "default_dashboard READS loan_features",
        "loan_default_model READS loan_features",
        "loan_default_model READS loans",
        # who is named as an owner
        "CREDIT OWNS loan_features [steward]",
        "ADA OWNS default_dashboard [contact]",
        "MODELLING OWNS loan_default_model [contact]",
    }
    found = {f"{test} ABOUT {about}" for test, (about, _) in TESTS.items()}
    return lines | found | {f"{test} COLLECTED_BY lending" for test in TESTS}


def edges(desk: Desk) -> set[str]:
    return {_shown(edge) for edge in desk.ledger.all_edges(desk.ledger.at(LATE))}


def nodes(ledger: Ledger) -> dict[str, Node]:
    return {short(node.uid): node for node in ledger.all_nodes(ledger.at(LATE))}


def _shown(edge: Edge) -> str:
    marks = f" [{' '.join(sorted(edge.marks))}]" if edge.marks else ""
    assert edge.certainty.value == "certain"
    return f"{short(edge.subject.uid)} {edge.relation} {short(edge.object.uid)}{marks}"


def short(uid: str) -> str:
    """The name in a unique id; a test's without the digits behind it."""
    people = {CREDIT: "CREDIT", ADA: "ADA", MODELLING: "MODELLING"}
    if uid in people:
        return people[uid]
    unique_id = uid.rpartition("/")[2].split(".")
    return unique_id[-2] if unique_id[0] == "test" else unique_id[-1]


def read(desk: Desk, version: str, **options):
    return desk.run(FILES / version, source=SOURCE, **options)


@pytest.mark.parametrize("version", ["v10", "v11", "v12"])
def test_edges(desk, version):
    report = read(desk, version)
    assert report.rejected_count == 0
    assert edges(desk) == expected(version)


@pytest.mark.parametrize("version", ["v10", "v11", "v12"])
def test_nodes(desk, version):
    read(desk, version)
    found = {name: (node.kind.value, node.type) for name, node in nodes(desk.ledger).items()}
    assert found == {
        "lending": ("Asset", "pipeline"),
        "branches": ("Dataset", "table"),
        "loans": ("Dataset", "table"),
        "customers": ("Dataset", "table"),
        "staging_loans": ("Dataset", "view"),
        "loan_features": ("Dataset", "table"),
        "loans_history": ("Dataset", "table"),
        SPINES[version]: ("Dataset", "table"),
        "default_dashboard": ("Asset", "application"),
        "loan_default_model": ("Asset", "application"),
        **dict.fromkeys(TESTS, ("Evidence", "test")),
        "CREDIT": ("Identity", None),
        "ADA": ("Identity", None),
        "MODELLING": ("Identity", None),
    }


@pytest.mark.parametrize("version", ["v10", "v11", "v12"])
def test_what_tests_found(desk, version):
    read(desk, version)
    found = nodes(desk.ledger)
    assert {test: found[test].text("verdict") for test in TESTS} == {t: v for t, (_, v) in TESTS.items()}
    failed = found["accepted_values_loan_features_amount__1"]
    assert (failed.integer("failures"), failed.text("column"), failed.text("aspect")) == (
        2,
        "amount",
        "data-quality",
    )
    assert (failed.text("check") or "").startswith("default/test.lending.accepted_values")


def test_what_is_left_out_is_counted(desk):
    assert read(desk, "v12").skipped == {
        "disabled node": 1,
        "doc block": 1,
        "ephemeral model, seen through": 1,
        "macro": 2,
        "metric, seen through": 1,
        "result of a build": 7,
        "result of a unit test": 1,
        "semantic model, seen through": 1,
    }


def test_evidence_holds_from_when_it_was_gathered(desk):
    read(desk, "v12")
    results = json.loads((FILES / "v12" / "run_results.json").read_text(encoding="utf-8"))
    ended = {
        result["unique_id"].split(".")[2]: max(step["completed_at"] for step in result["timing"])
        for result in results["results"]
        if result["unique_id"].startswith("test.")
    }
    found = nodes(desk.ledger)
    assert {test: found[test].integer("collected_at") for test in TESTS} == {
        test: parse_time(ended[test]).moment for test in TESTS
    }


@pytest.mark.parametrize("version", ["v10", "v11", "v12"])
def test_reading_it_again_commits_nothing(desk, version):
    read(desk, version, complete=True)
    assert read(desk, version, complete=True).commits == 0


def test_no_planted_value_is_kept(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    desk = Desk(tmp_path, target=str(tmp_path / "store.db"))
    report = read(desk, "v12")
    found = nodes(desk.ledger)
    assert found["default_dashboard"].text("address") == "https://bi.fairbank.example/loans"
    desk.store.close()
    assert "planted-value" in (FILES / "v12" / "manifest.json").read_text(encoding="utf-8")
    assert "planted-value" not in json.dumps(report.to_json()) + caplog.text
    assert b"planted-value" not in stored_bytes(tmp_path / "store.db")


def test_no_name_of_this_machine_is_in_the_files():
    for path in FILES.rglob("*.json"):
        text = path.read_text(encoding="utf-8")
        assert not any(word in text for word in ("/tmp", "/home", "/root", "/work"))
