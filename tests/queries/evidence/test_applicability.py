"""Whom a requirement concerns: dates, adoption, facts that are missing or contradict each other."""

from __future__ import annotations

import json
from typing import Any

import pytest

from graph.ledger.ledger import Ledger
from graph.model import EdgeFacts, PropertyValue, Scope, SourceInstance, Uid
from graph.predicate import parse_predicate
from graph.slot import slot_json
from graph.store import open_store
from graph.vocabulary import Kind
from queries.estate import Estate, Standpoint
from queries.evidence import Applies, Cell, EvidenceQuestion, find_evidence
from queries.evidence.answer import FactUsed
from queries.evidence.applicability import Reading
from queries.evidence.dated import Fact
from tests.queries.evidence.plain import PlainSlot
from tests.queries.evidence.worlds import DayClock, real_slot, told_as
from tests.support.saying import day, days, edge, node, record
from tests.support.world import Told

SLOTS = json.dumps([slot_json(real_slot(PlainSlot("tested")))])
ALWAYS: dict[str, list[str]] = {"all": []}
OTHER = Scope(SourceInstance("records", "other"), "estate")


def told(predicate: Any = ALWAYS, **edition: Any) -> Ledger:
    ledger = Ledger(open_store(":memory:"), clock=DayClock(10))
    dates = {"applies_from": day(5), "status": "published", **edition}
    said: dict[str, Any] = {} if predicate is None else {"applicability": json.dumps(predicate)}
    record(
        ledger,
        node("law", Kind.REGULATION, type_="law", **{k: v for k, v in dates.items() if v is not None}),
        node("duty", Kind.REQUIREMENT, type_="article", label="1", level="system", slots=SLOTS, **said),
        edge("law", "REQUIRES", "duty"),
        node("model", type_="model", risk_class="high"),
        valid=days(1),
    )
    return ledger


def cell_of(ledger: Ledger, t: int = 12, **asked: Any) -> Cell:
    [cell] = find_evidence(
        Estate(ledger), EvidenceQuestion(standpoint=Standpoint(as_of=day(t)), **asked)
    ).cells
    return cell


@pytest.mark.parametrize(
    ("t", "state", "because"),
    [
        (4, Applies.NOT_IN_FORCE, "it applies from 2026-01-05"),
        (5, Applies.APPLIES, "it concerns all"),
        (19, Applies.APPLIES, "it concerns all"),
        (20, Applies.NOT_IN_FORCE, "it applied until 2026-01-20"),
    ],
)
def test_an_edition_applies_from_its_first_day_and_not_on_its_last(t, state, because):
    found = cell_of(told(applies_until=day(20)), t).applicability
    assert (found.state, found.because) == (state, because)


def test_the_date_of_the_law_may_be_another_than_that_of_the_evidence():
    ledger = told()
    assert cell_of(ledger, 4, law_at=day(6)).applicability.state is Applies.APPLIES
    assert cell_of(ledger, 12, law_at=day(4)).applicability.state is Applies.NOT_IN_FORCE


def test_an_edition_without_a_date_is_unknown_and_stays_in_the_score():
    answer = find_evidence(
        Estate(told(applies_from=None)), EvidenceQuestion(standpoint=Standpoint(as_of=day(12)))
    )
    [cell] = answer.cells
    assert cell.applicability.because == "the catalog does not say from when it applies"
    assert (cell.applicability.state, answer.scores.complete) == (Applies.UNKNOWN, 0.0)


def test_a_requirement_without_a_predicate_is_unknown():
    assert cell_of(told(None)).applicability.state is Applies.UNKNOWN


def test_a_missing_fact_is_unknown_and_named_as_a_task():
    found = cell_of(told({"fact": "region", "in": ["eu"]})).applicability
    assert (found.state, found.missing_facts) == (Applies.UNKNOWN, ("region",))


def test_what_decides_without_the_missing_fact_decides():
    no = {"all": [{"fact": "region", "in": ["eu"]}, {"fact": "risk_class", "in": ["low"]}]}
    yes = {"any": [{"fact": "region", "in": ["eu"]}, {"fact": "risk_class", "in": ["high"]}]}
    assert cell_of(told(no)).applicability.state is Applies.DOES_NOT_APPLY
    assert cell_of(told(yes)).applicability.state is Applies.APPLIES


def test_sources_of_equal_weight_that_contradict_each_other_leave_a_fact_unknown():
    ledger = told({"fact": "risk_class", "in": ["high"]})
    assert cell_of(ledger).applicability.state is Applies.APPLIES
    record(ledger, node("model", type_="model", risk_class="low"), scope=OTHER, valid=days(1))
    found = cell_of(ledger).applicability
    assert (found.state, found.missing_facts) == (Applies.UNKNOWN, ("risk_class",))


def test_a_voluntary_edition_applies_only_once_it_is_adopted():
    ledger = told(voluntary=True)
    assert cell_of(ledger).applicability.state is Applies.DOES_NOT_APPLY
    record(
        ledger,
        node("yes", Kind.DECISION, type_="adoption", expires=day(30)),
        edge("yes", "ABOUT", "law"),
        valid=days(1),
    )
    assert cell_of(ledger, 9).applicability.state is Applies.DOES_NOT_APPLY  # decided on the tenth
    assert cell_of(ledger, 12).applicability.state is Applies.APPLIES
    assert cell_of(ledger, 30).applicability.state is Applies.DOES_NOT_APPLY


ADOPTION = node("yes", Kind.DECISION, type_="adoption")
ADOPTED = edge("yes", "ABOUT", "law")
WITHDRAWN = (node("no", Kind.DECISION, type_="revocation"), edge("no", "ABOUT", "yes"))


def perhaps(fact: EdgeFacts) -> Told:
    return told_as(fact, days(1), possible=True)


def test_an_adoption_that_is_only_possible_leaves_it_unknown():
    ledger = told(voluntary=True)
    record(ledger, ADOPTION, perhaps(ADOPTED), valid=days(1))
    found = cell_of(ledger).applicability
    assert (found.state, found.because, found.missing_facts) == (
        Applies.UNKNOWN,
        "law is voluntary, and it is only possibly adopted: the plan is kept",
        (),
    )


def test_a_second_adoption_for_certain_decides():
    ledger = told(voluntary=True)
    again = (node("again", Kind.DECISION, type_="adoption"), edge("again", "ABOUT", "law"))
    record(ledger, ADOPTION, perhaps(ADOPTED), *again, valid=days(1))
    assert cell_of(ledger).applicability.state is Applies.APPLIES


@pytest.mark.parametrize(("possible", "state"), [(False, Applies.DOES_NOT_APPLY), (True, Applies.UNKNOWN)])
def test_a_possible_revocation_of_an_adoption_leaves_it_unknown(possible, state):
    ledger = told(voluntary=True)
    decision, about = WITHDRAWN
    record(ledger, ADOPTION, ADOPTED, decision, told_as(about, days(1), possible=possible), valid=days(1))
    found = cell_of(ledger).applicability
    assert found.state is state
    assert not possible or found.because == (
        "law is voluntary, and the decision to adopt it is only possibly revoked: the plan is kept"
    )


@pytest.mark.parametrize(("possible", "state"), [(False, Applies.APPLIES), (True, Applies.UNKNOWN)])
def test_a_regulation_that_is_adopted_adopts_what_is_an_edition_of_it_for_certain(possible, state):
    ledger = told(voluntary=True)
    edition = told_as(edge("law", "VERSION_OF", "regulation"), days(1), possible=possible)
    record(ledger, ADOPTION, edge("yes", "ABOUT", "regulation"), edition, valid=days(1))
    assert cell_of(ledger).applicability.state is state


def test_whether_something_possible_is_adopted_does_not_matter_where_its_conditions_do_not_hold():
    ledger = told({"fact": "risk_class", "in": ["low"]}, voluntary=True)
    record(ledger, ADOPTION, perhaps(ADOPTED), valid=days(1))
    assert cell_of(ledger).applicability.state is Applies.DOES_NOT_APPLY


def test_what_is_only_possibly_required_may_not_concern_anybody():
    ledger = told()
    record(
        ledger,
        node(
            "other", Kind.REQUIREMENT, type_="article", label="2", level="system", applicability='{"all": []}'
        ),
        node(
            "part", Kind.REQUIREMENT, type_="article", label="3", level="system", applicability='{"all": []}'
        ),
        perhaps(edge("law", "REQUIRES", "other")),
        edge("part", "PART_OF", "other"),
        valid=days(1),
    )
    answer = find_evidence(Estate(ledger), EvidenceQuestion(standpoint=Standpoint(as_of=day(12))))
    found = {cell.requirement.label: cell.applicability for cell in answer.cells}
    assert [found[label].state for label in "123"] == [Applies.APPLIES, Applies.UNKNOWN, Applies.UNKNOWN]
    assert found["3"].because == "it is only possibly a requirement of law"


def test_an_unverified_edition_is_looked_at_only_by_name():
    ledger = told(status="unverified")
    answer = find_evidence(Estate(ledger), EvidenceQuestion(standpoint=Standpoint(as_of=day(12))))
    assert answer.cells == ()
    assert [stamp.left_out for stamp in answer.catalogs] == [
        "its status is unverified, and it was not asked for by name"
    ]
    assert cell_of(ledger, editions=(Uid("law"),)).applicability.state is Applies.APPLIES


def test_what_cannot_be_read_of_a_requirement_is_said():
    ledger = told()
    record(
        ledger,
        node("bad", Kind.REQUIREMENT, type_="article", label="2", level="system", slots="[1]"),
        node("worse", Kind.REQUIREMENT, type_="article", label="3", level="moon", slots="[]", weight=-1.0),
        edge("law", "REQUIRES", "bad"),
        edge("law", "REQUIRES", "worse"),
        valid=days(1),
    )
    answer = find_evidence(Estate(ledger), EvidenceQuestion(standpoint=Standpoint(as_of=day(12))))
    assert answer.catalogs[0].unreadable == (
        ("2", "its slots cannot be read"),
        ("3", "no level says what it is evaluated for; its weight is not above 0"),
    )
    assert [cell.because for cell in answer.cells if cell.requirement.label == "2"] == [
        "its slots cannot be read"
    ]


def test_nodes_of_no_known_type_are_named_as_possible_subjects():
    ledger = told()
    record(ledger, edge("model", "INVOKES", "something"), valid=days(1))
    answer = find_evidence(Estate(ledger), EvidenceQuestion(standpoint=Standpoint(as_of=day(12))))
    assert [(one.node.uid, one.type) for one in answer.untyped] == [("something", None)]
    assert answer.basis.referenced_not_described == 1


def test_nodes_of_a_type_that_nobody_knows_are_named_with_the_one_that_may_be_meant():
    ledger = told()
    record(
        ledger,
        node("a", type_="modle"),
        node("b", type_="Agent"),
        node("c", type_="qqq"),
        node("d", type_="workload"),
        node("e", Kind.DATASET, type_="parquet"),
        node("f", type_="modle-version"),
        edge("f", "VERSION_OF", "a"),
        valid=days(1),
    )
    answer = find_evidence(Estate(ledger), EvidenceQuestion(standpoint=Standpoint(as_of=day(12))))
    assert [(one.node.uid, one.type, one.nearest) for one in answer.untyped] == [
        ("a", "modle", "model"),
        ("b", "Agent", "agent"),
        ("c", "qqq", None),
    ]


TRUE, FALSE, OPEN = (
    {"fact": "yes", "in": [1]},
    {"fact": "no", "in": [1]},
    {"fact": "open", "in": [1]},
)


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        ({"not": OPEN}, None),
        ({"not": FALSE}, True),
        ({"all": [TRUE, OPEN]}, None),
        ({"all": [FALSE, OPEN]}, False),
        ({"any": [TRUE, OPEN]}, True),
        ({"any": [FALSE, OPEN]}, None),
        ({"any": []}, False),
        ({"all": []}, True),
        ({"fact": "yes", "at_least": 1}, True),
        ({"fact": "no", "at_least": 1}, False),
        ({"fact": "word", "at_least": 1}, None),
        ({"fact": "yes", "before": "1970-01-01"}, False),
        ({"fact": "yes", "before": "1970-01-02"}, True),
        ({"fact": "flag", "in": [1]}, False),
        ({"fact": "many", "in": ["b"]}, True),
    ],
)
def test_predicates_follow_strong_kleene_logic(predicate, expected):
    known: dict[str, PropertyValue] = {"yes": 1, "no": 0, "word": "high", "flag": True, "many": ("a", "b")}
    reading = Reading(lambda name: Fact(FactUsed(Uid("x"), name, known.get(name), None), contested=False))
    assert reading.truth(parse_predicate(predicate)) is expected


@pytest.mark.parametrize(
    "said",
    [
        [],
        {},
        {"all": {}},
        {"fact": "a"},
        {"fact": "", "in": [1]},
        {"fact": "a", "in": []},
        {"fact": "a", "in": [[]]},
        {"fact": "a", "at_least": True},
        {"fact": "a", "before": "2026-13-01"},
        {"not": 1},
        {"all": [], "any": []},
    ],
)
def test_a_predicate_of_no_known_form_is_refused(said):
    with pytest.raises(ValueError, match=r"predicate|without|fact"):
        parse_predicate(said)
