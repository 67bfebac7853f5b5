"""The walk against Cypher's own breadth-first search, where one rule suffices: taint along DERIVED_FROM."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from graph.model import Instant, Uid
from graph.topology import build
from graph.vocabulary import VOCABULARY, Harm, Kind
from graph.walk import RuleTables, When, walk
from tests.graph.store.neo4j_support import Estate, new_estate
from tests.support.neo4j_server import Neo4jServer
from tests.support.saying import day, edge, node, record

REACH = """
    MATCH (tainted:Entity {uid: $uid})
    MATCH (tainted)<-[steps:DERIVED_FROM*1..100]-(reached)
    WHERE all(step IN steps WHERE step.valid_from <= $at AND $at < step.valid_to)
    RETURN DISTINCT reached.uid
"""
DATASETS, EDGES, SEEDS = 60, 90, 12
NOW = day(20)


@pytest.fixture
def estate(neo4j_server: Neo4jServer) -> Iterator[Estate]:
    with new_estate(neo4j_server) as made:
        yield made


def operators(plan: dict[str, Any]) -> Iterator[str]:
    yield plan["operatorType"].partition("@")[0]
    for child in plan.get("children", []):
        yield from operators(child)


def test_the_walk_reaches_what_a_search_in_cypher_reaches(estate: Estate):
    dice = Random(5)
    names = [f"d{number}" for number in range(DATASETS)]
    record(estate.ledger, *(node(name, Kind.DATASET) for name in names))
    pairs = {tuple(dice.sample(names, 2)) for _ in range(EDGES)}
    record(estate.ledger, *(edge(derived, "DERIVED_FROM", source) for derived, source in sorted(pairs)))
    known = estate.ledger.head().sequence
    topology = build(known, estate.ledger.node_timelines(known), estate.ledger.edge_timelines(known))
    rules, reached_anything = RuleTables(VOCABULARY), 0
    for seed in names[:SEEDS]:
        forest = walk(topology, rules, [(Uid(seed), Harm.TAINTED)], When(Instant(NOW)))
        walked = {found.state.node.uid for found in forest if found.state.harm is Harm.TAINTED}
        searched = {uid for (uid,) in estate.ask(REACH, uid=seed, at=NOW)}
        assert walked == searched | {seed}
        reached_anything += len(searched)
    assert reached_anything > SEEDS


def test_the_search_does_not_enumerate_paths(estate: Estate):
    record(estate.ledger, edge("a", "DERIVED_FROM", "b"))
    with estate.server.driver() as driver, driver.session(database=estate.server.database) as session:
        plan = session.run(f"EXPLAIN {REACH}", uid="a", at=NOW).consume().plan
    assert plan is not None
    steps = list(operators(plan))
    assert "VarLengthExpand(Pruning,BFS,All)" in steps
    assert "NodeUniqueIndexSeek" in steps
