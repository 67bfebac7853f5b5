"""The walk gives the answers that were worked out by hand from the rules, for small named worlds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from graph.ledger.change import Assert, Change
from graph.ledger.ledger import Ledger
from graph.model import CommitNumber, Interval, Path, Scope, SourceInstance, Uid
from graph.store import open_store
from graph.topology import CurrentTopology, Topology, build
from graph.vocabulary import VOCABULARY, Harm
from graph.walk import (
    Bounds,
    Direction,
    EdgeBetween,
    Forest,
    LineageBounds,
    LineageDirection,
    RuleTables,
    Truncation,
    When,
    Without,
    lineage,
    walk,
)
from tests.support.scenarios import AS_OF, READ_AT, Scenario, load_scenario, moment, scenario_files

RULES = RuleTables(VOCABULARY)
SCENARIOS = [load_scenario(path) for path in scenario_files("walk")]


def asked(*asks: str):
    return [
        pytest.param(scenario, expected, id=f"{scenario.name}: {expected['name']}")
        for scenario in SCENARIOS
        for expected in scenario.expect
        if expected["ask"] in asks
    ]


def topology_of(scenario: Scenario) -> Topology:
    return build(CommitNumber(1), scenario.node_timelines(), scenario.edge_timelines())


def when_of(expected: Mapping[str, Any]) -> When:
    window = expected.get("window")
    since = expected.get("since")
    return When(
        moment(expected.get("as_of", AS_OF)),
        None if window is None else Interval(*map(moment, window)),
        None if since is None else moment(since),
    )


def without_of(expected: Mapping[str, Any]) -> Without:
    said = expected.get("without", {})
    between = [edge.split() for edge in said.get("edges", ())]
    return Without(
        nodes=frozenset(map(Uid, said.get("nodes", ()))),
        between=frozenset(EdgeBetween(relation, Uid(one), Uid(other)) for one, relation, other in between),
    )


def rows(lines: list[str]) -> list[tuple[str, str, int, str]]:
    """`model TAINTED UNPROVEN 3 certain` as one row for each harm."""
    found: list[tuple[str, str, int, str]] = []
    for line in lines:
        uid, *harms, hops, certainty = line.split()
        found.extend((uid, harm, int(hops), certainty) for harm in harms)
    return found


def written(path: Path) -> str:
    """A path as the scenarios write it."""
    if not path.hops:
        return ""
    first = path.hops[0].start
    words = [f"{first.node.uid} {first.harm}"]
    for hop in path.hops:
        arrow = "=>"
        if hop.relation is not None:
            arrow = f"-{hop.relation}->" if hop.along else f"<-{hop.relation}-"
        words.append(f"{arrow} {hop.end.node.uid} {hop.end.harm}")
    return " ".join(words)


def cut(truncation: Truncation | None) -> str | None:
    return None if truncation is None else f"{truncation.reason} {truncation.complete_to_hops}"


def walked(topology: Topology, expected: Mapping[str, Any]) -> Forest:
    seeds = [seed.split() for seed in expected["seeds"]]
    return walk(
        topology,
        RULES,
        [(Uid(uid), Harm(harm)) for uid, harm in seeds],
        when_of(expected),
        direction=Direction.BACKWARD if expected["ask"] == "exposure" else Direction.FORWARD,
        bounds=Bounds(max_hops=expected.get("max_hops"), max_states=expected.get("max_states")),
        without=without_of(expected),
    )


@pytest.mark.parametrize(("scenario", "expected"), asked("blast_radius", "exposure"))
def test_a_walk_gives_the_answer(scenario, expected):
    forest = walked(topology_of(scenario), expected)
    found = [(r.state.node.uid, r.state.harm.value, r.hops, r.certainty.value) for r in forest]
    assert sorted(found) == sorted(rows(expected["reached"]))
    assert cut(forest.truncation) == expected.get("truncated")
    backward = expected["ask"] == "exposure"
    for said in expected.get("paths", ()):
        words = said.split()
        uid, harm = words[:2] if backward else words[-2:]
        path = forest.path_to(Uid(uid), Harm(harm))
        assert path is not None
        assert written(path) == " ".join(words)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_ledger_that_holds_the_world_gives_the_same_answers(scenario):
    store = open_store(":memory:")
    ledger = Ledger(store)
    steps = tuple(map(Assert, scenario.claims(Scope(SourceInstance("records"), scenario.name))))
    outcome = ledger.commit(Change("test", "a scenario", steps, read_at=moment(READ_AT)))
    assert not [step.error for step in outcome.steps if step.error is not None]
    topology = CurrentTopology(ledger).at()
    for expected in scenario.expect:
        if "seeds" in expected:
            forest = walked(topology, expected)
            found = [(r.state.node.uid, r.state.harm.value, r.hops, r.certainty.value) for r in forest]
            assert sorted(found) == sorted(rows(expected["reached"])), expected["name"]
    store.close()


@pytest.mark.parametrize(("scenario", "expected"), asked("upstream", "downstream"))
def test_lineage_gives_the_answer(scenario, expected):
    found = lineage(
        topology_of(scenario),
        RULES,
        [Uid(uid) for uid in expected["starts"]],
        when_of(expected),
        direction=LineageDirection(expected["ask"]),
        bounds=LineageBounds(
            expected.get("max_hops"), expected.get("max_fan_out"), expected.get("max_nodes")
        ),
    )
    shown = []
    for node in found.nodes:
        line = f"{node.node.uid} {node.hops} {node.certainty}"
        shown.append(f"{line} hiding {node.hidden}" if node.hidden else line)
    assert shown == expected["shown"]
    assert cut(found.truncation) == expected.get("truncated")


def test_every_relation_occurs_in_a_scenario():
    occurring = {edge["relation"] for scenario in SCENARIOS for edge in scenario.edges}
    assert occurring == {term.name for term in VOCABULARY.relations}


def test_worlds_are_valid_under_the_vocabulary():
    for scenario in SCENARIOS:
        kinds = {node.uid: node.kind for node in scenario.node_timelines()}
        for edge in scenario.edge_timelines():
            VOCABULARY.check_pair(edge.relation, kinds[edge.subject], kinds[edge.object])
            marks = VOCABULARY.relation(edge.relation).marks
            assert all(spell.marks <= set(marks) for spell in edge.spells)
