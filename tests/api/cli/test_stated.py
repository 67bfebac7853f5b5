"""An answer as if, of a window, of a part or cut short says so, however little else is printed."""

import pytest

from tests.api.conftest import Cli

BLAST = ("blast-radius", "key", "--harm", "DISCLOSED")
EXPLAIN = ("explain", "key", "customers", "--harm", "DISCLOSED")
LINEAGE = ("lineage", "features")


@pytest.mark.parametrize("question", [BLAST, ("exposure", "model", "--harm", "TAINTED"), EXPLAIN])
def test_what_is_taken_for_gone_is_said(cli: Cli, question: tuple[str, ...]):
    away = ("--without", "gateway", "--without-edge", "ada OWNS customers")
    assert cli.json(*question, *away)["without"] == {
        "nodes": ["gateway"],
        "edges": [],
        "between": [{"relation": "OWNS", "subject": "ada", "object": "customers"}],
    }
    said = "As if gateway and ada OWNS customers were not there."
    assert said in cli.run(*question, *away, "-q").stdout
    assert cli.json(*question)["without"] is None
    assert "As if" not in cli.run(*question).stdout


@pytest.mark.parametrize("question", [BLAST, EXPLAIN, LINEAGE])
def test_the_window_is_said(cli: Cli, question: tuple[str, ...]):
    during = cli.json(*question, "--during", "2026-01-02..2026-01-04")["during"]
    assert (during["start"], during["end"]) == ("2026-01-02T00:00:00.000Z", "2026-01-04T00:00:00.000Z")
    text = cli.run(*question, "--during", "2026-01-02..", "-q").stdout
    assert "any time from 2026-01-02T00:00:00.000Z on." in text
    assert cli.json(*question)["during"] is None


def test_what_alone_is_listed_is_said(cli: Cli):
    narrow = ("--certain", "--only-harm", "TAINTED", "--kind", "asset", "--environment", "unknown")
    assert cli.json(*BLAST, *narrow)["only"] == {
        "kinds": ["Asset"],
        "environments": ["unknown"],
        "min_criticality": None,
        "harms": ["TAINTED"],
        "certainty": "certain",
    }
    assert cli.json(*BLAST)["only"] is None
    said = "Listed only: what is certain; harm TAINTED; kind Asset; environment unknown. 8 states in all."
    assert said in cli.run(*BLAST, *narrow, "-q").stdout
    assert "Listed only" not in cli.run(*BLAST).stdout


def test_of_which_nodes_alone_ownership_is_is_said(cli: Cli):
    narrow = ("ownership-gaps", "customers", "--min-criticality", "3")
    answer = cli.json(*narrow)
    assert answer["asked_about"] == ["customers"]
    assert answer["only"] == {"kinds": [], "environments": [], "min_criticality": 3}
    said = "Only: the nodes asked about (customers); criticality 3 and above."
    assert said in cli.run(*narrow, "-q").stdout
    assert (cli.json("ownership-gaps")["asked_about"], cli.json("ownership-gaps")["only"]) == (None, None)


def test_of_which_subjects_alone_evidence_is_is_said(cli: Cli):
    answer = cli.json("evidence", "gateway")
    assert (answer["asked_about"], answer["only"]) == (["gateway"], None)
    said = "Only: subject gateway; environment production or unknown."
    assert said in cli.run("evidence", "gateway", "-q").stdout
    assert cli.json("evidence")["asked_about"] is None


@pytest.mark.parametrize("quiet", [(), ("-q",)])
def test_a_cut_is_said_even_where_little_is_printed(cli: Cli, quiet: tuple[str, ...]):
    text = cli.run(*BLAST, "--max-nodes", "3", *quiet).stdout
    assert "CUT SHORT by max_nodes (3)" in text
    assert "CONTROLLED: at least 1 (1 certain, 0 possible)" in text
    text = cli.run(*LINEAGE, "--max-nodes", "1", *quiet).stdout
    assert "Downstream: at least 0 nodes" in text
    assert "CUT SHORT by max_nodes (1)" in text
