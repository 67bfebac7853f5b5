"""Lineage as a question: sides, names, what is hidden, and what the answer rests on."""

import pytest

from graph.errors import NodeNotFound
from graph.model import Uid
from graph.vocabulary import Kind
from graph.walk import LineageBounds, LineageDirection
from queries.basis import Truncation
from queries.estate import Estate
from queries.lineage import LineageAnswer, LineageQuestion, find_lineage
from tests.support.saying import edge, node
from tests.support.world import ON_DAY_20, Told, covering, estate_of, ledger_of

UP, DOWN = LineageDirection.UPSTREAM, LineageDirection.DOWNSTREAM
FACTS: list[Told] = [
    node("raw", Kind.DATASET, name="Raw events"),
    node("clean", type_="pipeline"),
    node("features", Kind.DATASET),
    node("model", type_="model_version"),
    edge("clean", "READS", "raw"),
    edge("clean", "WRITES", "features"),
    edge("model", "TRAINED_ON", "features"),
    edge("report", "READS", "features"),
]


def ask(*starts: str, **question) -> LineageAnswer:
    asked = LineageQuestion(tuple(map(Uid, starts)), standpoint=ON_DAY_20, **question)
    return find_lineage(estate_of(*FACTS), asked)


def steps(answer: LineageAnswer, way: LineageDirection) -> list[tuple[str, int]]:
    return [(step.node.uid, step.hops) for step in answer.sides[way].nodes]


def test_both_sides_with_the_start_in_each():
    answer = ask("features")
    assert steps(answer, UP) == [("features", 0), ("clean", 1), ("raw", 2)]
    assert steps(answer, DOWN) == [("features", 0), ("model", 1), ("report", 1)]
    assert [node.uid for node in answer.starts] == ["features"]
    assert answer.sides[UP].nodes[2].node.label == "Raw events"


def test_edges_lead_the_way_the_data_moves():
    moves = {(e.source.uid, e.relation, e.target.uid) for e in ask("features").sides[UP].edges}
    assert moves == {("raw", "READS", "clean"), ("clean", "WRITES", "features")}


def test_one_side_if_only_one_is_asked_for():
    assert list(ask("features", directions=(DOWN,)).sides) == [DOWN]


def test_a_start_that_data_cannot_reach_is_told_apart():
    facts: list[Told] = [*FACTS, node("key", Kind.SECRET)]
    question = LineageQuestion((Uid("key"), Uid("features"), Uid("report")), standpoint=ON_DAY_20)
    answer = find_lineage(estate_of(*facts), question)
    assert [node.uid for node in answer.without_data] == ["key"]


def test_what_a_bound_hides_is_counted_and_named():
    answer = ask("features", bounds=LineageBounds(max_fan_out=1), directions=(DOWN,))
    assert steps(answer, DOWN) == [("features", 0), ("model", 1)]
    assert answer.sides[DOWN].hidden == 1
    assert answer.basis.truncated == Truncation("max_fan_out", 1, 0, 1)
    answer = ask("raw", bounds=LineageBounds(max_nodes=2), directions=(DOWN,))
    assert answer.basis.truncated == Truncation("max_nodes", 2, 1, 1)
    assert answer.basis.bounds == {"max_hops": None, "max_fan_out": None, "max_nodes": 2}


def test_of_two_cut_sides_the_basis_has_the_nearer_cut():
    answer = ask("features", bounds=LineageBounds(max_hops=1))
    assert answer.sides[DOWN].truncated is None
    assert answer.basis.truncated == answer.sides[UP].truncated == Truncation("max_hops", 1, 1, 1)


def test_the_basis_names_data_relations_that_no_source_covers():
    covers = covering(["READS", "WRITES"], ["Asset", "Dataset"])
    answer = find_lineage(
        Estate(ledger_of(*FACTS, covers)), LineageQuestion((Uid("raw"),), standpoint=ON_DAY_20)
    )
    assert answer.basis.looked_at == 5
    assert answer.basis.referenced_not_described == 1
    assert answer.basis.coverage.relations["TRAINED_ON"] == 5
    assert answer.basis.coverage.relations["READS"] == 1
    assert "OWNS" not in answer.basis.coverage.relations


def test_a_start_that_nobody_knows_is_an_error():
    with pytest.raises(NodeNotFound):
        ask("nothing")
