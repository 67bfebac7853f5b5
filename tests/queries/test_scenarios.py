"""The scenarios, read in as records and asked as questions, give the answers worked out by hand.

The same worlds are walked without a ledger in the tests of the walk; here they go through the
source, the store and the questions, so nothing on the way may change them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from graph.ledger.ledger import Ledger
from graph.model import Interval, Uid
from graph.store import open_store
from graph.vocabulary import Harm
from graph.walk import Bounds, EdgeBetween, LineageBounds, LineageDirection, Without
from ingest.fingerprint import Fingerprinter
from ingest.job import run_job
from ingest.options import JobOptions
from ingest.report import RunState
from ingest.sources.records import SOURCE
from queries.basis import Truncation
from queries.blast_radius import BlastRadiusQuestion, find_blast_radius
from queries.estate import Estate, Standpoint
from queries.exposure import ExposureQuestion, find_exposure
from queries.lineage import LineageQuestion, find_lineage
from queries.ownership import OwnershipQuestion, find_ownership
from queries.reach import Reach, WalkTerms
from tests.support.scenarios import AS_OF, Scenario, load_scenario, moment, scenario_files

SCENARIOS = [load_scenario(path) for folder in ("walk", "ownership") for path in scenario_files(folder)]
Expected = Mapping[str, Any]
EstateOf = Callable[[Scenario], Estate]


def asked(*asks: str):
    return [
        pytest.param(scenario, expected, id=f"{scenario.name}: {expected['name']}")
        for scenario in SCENARIOS
        for expected in scenario.expect
        if expected["ask"] in asks and len(harms_of(expected)) < 2
    ]


def harms_of(expected: Expected) -> set[str]:
    return {seed.split()[1] for seed in expected.get("seeds", ())}


@pytest.fixture(scope="module")
def estate_of(tmp_path_factory: pytest.TempPathFactory) -> EstateOf:
    """Gives the estate of a scenario, read in once."""
    estates: dict[str, Estate] = {}

    def estate(scenario: Scenario) -> Estate:
        if scenario.name not in estates:
            file = tmp_path_factory.mktemp("scenario") / f"{scenario.name}.jsonl"
            estates[scenario.name] = read_in(scenario, file)
        return estates[scenario.name]

    return estate


def read_in(scenario: Scenario, file: Path) -> Estate:
    file.write_text("".join(f"{json.dumps(line)}\n" for line in scenario.records()), encoding="utf-8")
    ledger = Ledger(open_store(":memory:"))
    report = run_job(ledger, SOURCE, [file], JobOptions("test", Fingerprinter(b"k" * 32)))
    assert report.state is RunState.COMPLETED, report
    return Estate(ledger)


def terms_of(expected: Expected) -> WalkTerms:
    without, window, since = expected.get("without", {}), expected.get("window"), expected.get("since")
    edges = [edge.split() for edge in without.get("edges", ())]
    return WalkTerms(
        Bounds(expected.get("max_hops"), expected.get("max_states")),
        Without(
            frozenset(map(Uid, without.get("nodes", ()))),
            between=frozenset(EdgeBetween(name, Uid(one), Uid(other)) for one, name, other in edges),
        ),
        None if window is None else Interval(*map(moment, window)),
        None if since is None else moment(since),
    )


def standpoint_of(expected: Expected) -> Standpoint:
    return Standpoint(as_of=moment(expected.get("as_of", AS_OF)))


def reach_of(estate: Estate, expected: Expected) -> Reach:
    uids = tuple(Uid(seed.split()[0]) for seed in expected["seeds"])
    [harm] = map(Harm, harms_of(expected))
    terms, standpoint = terms_of(expected), standpoint_of(expected)
    if expected["ask"] == "exposure":
        return find_exposure(estate, ExposureQuestion(uids, harm, terms=terms, standpoint=standpoint))
    return find_blast_radius(estate, BlastRadiusQuestion(uids, harm, terms=terms, standpoint=standpoint))


def rows(lines: list[str]) -> list[tuple[str, str, int, str]]:
    """`model TAINTED UNPROVEN 3 certain` as one row for each harm."""
    found: list[tuple[str, str, int, str]] = []
    for line in lines:
        uid, *harms, hops, certainty = line.split()
        found.extend((uid, harm, int(hops), certainty) for harm in harms)
    return found


def cut(truncated: Truncation | None) -> str | None:
    """Return a cut as scenarios name it: what counts states and what counts nodes is one bound there."""
    if truncated is None:
        return None
    return f"{truncated.reason.replace('max_nodes', 'max_states')} {truncated.complete_to_hops}"


@pytest.mark.parametrize(("scenario", "expected"), asked("blast_radius", "exposure"))
def test_what_harm_reaches(scenario: Scenario, expected: Expected, estate_of: EstateOf):
    found = reach_of(estate_of(scenario), expected)
    listed = [(row.node.uid, row.harm.value, row.hops, row.certainty.value) for row in found]
    assert sorted(listed) == sorted(rows(expected["reached"]))
    assert cut(found.basis.truncated) == expected.get("truncated")
    assert found.totals.complete is (found.basis.truncated is None)
    assert found.totals.states == len(listed)
    assert found.totals.nodes == len({uid for uid, *_ in listed})


@pytest.mark.parametrize(("scenario", "expected"), asked("upstream", "downstream"))
def test_where_data_comes_from_and_goes_to(scenario: Scenario, expected: Expected, estate_of: EstateOf):
    way = LineageDirection(expected["ask"])
    question = LineageQuestion(
        tuple(map(Uid, expected["starts"])),
        (way,),
        LineageBounds(expected.get("max_hops"), expected.get("max_fan_out"), expected.get("max_nodes")),
        standpoint=standpoint_of(expected),
    )
    found = find_lineage(estate_of(scenario), question).sides[way]
    shown = [
        f"{step.node.uid} {step.hops} {step.certainty}" + (f" hiding {step.hidden}" if step.hidden else "")
        for step in found.nodes
    ]
    assert shown == expected["shown"]
    assert cut(found.truncated) == expected.get("truncated")


@pytest.mark.parametrize(("scenario", "expected"), asked("ownership"))
def test_who_owns_what(scenario: Scenario, expected: Expected, estate_of: EstateOf):
    found = find_ownership(estate_of(scenario), OwnershipQuestion(standpoint=standpoint_of(expected)))
    rows = [" ".join([row.node.uid, row.standing.value, *row.reasons]) for row in found.nodes]
    assert rows == expected["owners"]
    ranks = [(gap.ownership.node.uid, gap.consequence) for gap in found.gaps]
    ranked = [
        f"{uid} {weight.harm} {weight.weight} {weight.states} {weight.unknown}" for uid, weight in ranks
    ]
    assert ranked == expected.get("ranked", ranked)
    suggested = {
        gap.ownership.node.uid: " ".join(f"{s.owner} {s.strength}" for s in gap.suggestions)
        for gap in found.gaps
    }
    for line in expected.get("suggested", ()):
        uid, _, who = line.partition(" ")
        assert suggested[uid] == who
