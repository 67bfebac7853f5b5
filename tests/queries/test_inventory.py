"""What is governed, and why: each ground by itself, and what is only possible."""

import pytest

from graph.ledger.change import Assert, Change
from graph.ledger.ledger import Ledger
from graph.model import Claim, Uid
from graph.store import open_store
from graph.vocabulary import Certainty, Kind
from queries.estate import Estate, Standpoint
from queries.filters import NodeFilter
from queries.inventory import InventoryQuestion, Why, find_inventory
from tests.support.saying import RECORDS, Clock, day, days, edge, node, record


@pytest.fixture
def ledger():
    return Ledger(open_store(":memory:"), Clock())


def grounds(ledger, **question):
    """Each node in scope with its grounds in words; ? where one is only possible."""
    answer = find_inventory(Estate(ledger), InventoryQuestion(**question))
    return {
        row.node.uid: [
            f"{g.why.value}{'' if g.certainty is Certainty.CERTAIN else '?'}"
            + (f" {g.relation} {g.other}" if g.relation else "")
            + (f" +{g.more}" if g.more else "")
            for g in row.grounds
        ]
        for row in answer.rows
    }


def test_what_could_harm_something_else_is_in_scope_and_what_could_not_is_not(ledger):
    record(ledger, node("key", Kind.SECRET), node("role", Kind.IDENTITY), node("lone"))
    record(ledger, edge("key", "AUTHENTICATES", "role"))
    assert grounds(ledger) == {
        "key": ["leads AUTHENTICATES role"],
        "role": ["leads? AUTHENTICATES key"],
    }
    answer = find_inventory(Estate(ledger), InventoryQuestion())
    assert (answer.in_scope, answer.possibly, answer.out_of_scope) == (1, 1, 1)


def test_the_end_that_is_only_harmed_is_not_in_scope_by_that(ledger):
    record(ledger, node("job"), node("table", Kind.DATASET))
    record(ledger, edge("job", "WRITES", "table"))
    assert grounds(ledger) == {"job": ["leads WRITES table"]}


def test_marks_decide_whether_a_rule_leads(ledger):
    record(ledger, node("job"), node("table", Kind.DATASET))
    record(ledger, edge("job", "READS", "table", "refined"))
    # The data taint goes elsewhere; whoever controls the job still reads the table.
    assert grounds(ledger) == {"job": ["leads READS table"]}


def test_an_edge_that_is_only_possible_brings_in_possibly(ledger):
    record(ledger, node("job"), node("table", Kind.DATASET))
    claim = Claim(RECORDS, edge("job", "WRITES", "table"), days(1), certainty=Certainty.POSSIBLE)
    ledger.commit(Change("test", "said", (Assert(claim),)))
    assert grounds(ledger) == {"job": ["leads? WRITES table"]}


def test_what_nobody_has_described_possibly_leads(ledger):
    record(ledger, node("key", Kind.SECRET), edge("key", "STORED_IN", "place"), edge("x", "WITHIN", "y"))
    found = grounds(ledger)
    assert found[Uid("y")] == ["leads? WITHIN x +2"]


def test_production_approval_and_exposure(ledger):
    record(
        ledger,
        node("portal", environment="production"),
        node("model", lifecycle="approved"),
        node("agent"),
        node("zone", type_="network_zone"),
        node("ok", Kind.DECISION, type_="approval", expires=day(20)),
        node("no", Kind.DECISION, type_="waiver"),
        node("other"),
    )
    record(ledger, edge("portal", "EXPOSED_TO", "zone"), edge("ok", "ABOUT", "agent"))
    record(ledger, edge("no", "ABOUT", "other"))
    then = {"standpoint": Standpoint(as_of=day(10))}
    assert grounds(ledger, **then) == {
        "portal": ["production", "exposed EXPOSED_TO zone"],
        "model": ["approved"],
        "agent": ["approved ABOUT ok"],
    }
    assert "agent" not in grounds(ledger, standpoint=Standpoint(as_of=day(20)))


def test_filters_narrow_what_is_listed_and_count_what_is_not_known(ledger):
    record(ledger, node("a", environment="production", criticality=3), node("b", environment="production"))
    question = InventoryQuestion(filter=NodeFilter(min_criticality=2))
    answer = find_inventory(Estate(ledger), question)
    assert [row.node.uid for row in answer.rows] == ["a"]
    assert (answer.in_scope, answer.hidden.criticality) == (2, 1)


def test_one_ground_can_be_asked_for_and_a_limit_says_what_it_hides(ledger):
    record(ledger, node("a", environment="production"), node("b", environment="production"))
    assert grounds(ledger, why=frozenset({Why.EXPOSED})) == {}
    answer = find_inventory(Estate(ledger), InventoryQuestion(limit=1))
    assert answer.basis.truncated is not None
    assert (len(answer.rows), answer.basis.truncated.hidden, answer.in_scope) == (1, 1, 2)
    rest = find_inventory(Estate(ledger), InventoryQuestion(limit=1, after=answer.rows[0].node.uid))
    assert [row.node.uid for row in (*answer.rows, *rest.rows)] == ["a", "b"]
    assert rest.basis.truncated is None


def test_what_is_not_covered_is_said(ledger):
    record(ledger, node("a"))
    answer = find_inventory(Estate(ledger), InventoryQuestion())
    assert answer.basis.coverage.relations["RUNS_AS"] == 1
    assert answer.out_of_scope == 1
