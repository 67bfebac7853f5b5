"""Terms of slots that few catalogs use, digests in dispute, and what a proof says of the facts it used."""

from __future__ import annotations

import json
from typing import Any

import pytest

from graph.ledger.change import Merge
from graph.ledger.ledger import Ledger
from graph.model import NodeFacts, PropertyValue, Scope, SourceInstance, Uid
from graph.slot import parse_slots, slot_json
from graph.store import open_store
from graph.vocabulary import Kind
from queries.estate import Estate, Standpoint
from queries.evidence import EvidenceQuestion, SlotResult, SlotState, find_evidence
from tests.queries.evidence.plain import PlainSlot
from tests.queries.evidence.worlds import DayClock, real_slot
from tests.support.saying import day, days, edge, node, record

OTHER = Scope(SourceInstance("records", "other"), "estate")
EVIDENCE: dict[str, Any] = {
    "aspect": "accuracy",
    "verdict": "pass",
    "collected_at": day(8),
    "subject_digests": ("sha256:1",),
}


def told(terms: dict[str, Any], **evidence: Any) -> Ledger:
    ledger = Ledger(open_store(":memory:"), clock=DayClock(10))
    slot = slot_json(real_slot(PlainSlot("tested"))) | terms
    law: dict[str, PropertyValue] = {"level": "system", "applicability": '{"all": []}'}
    law["slots"] = json.dumps([slot])
    record(
        ledger,
        node("law", Kind.REGULATION, type_="law", applies_from=day(1)),
        NodeFacts(Uid("duty"), Kind.REQUIREMENT, "article", None, law),
        edge("law", "REQUIRES", "duty"),
        node("model", type_="model", purpose="credit"),
        node("v1", type_="model_version", digest="sha256:1"),
        edge("v1", "VERSION_OF", "model"),
        edge("model", "DEPLOYED_AS", "v1", environment="production"),
        node("e", Kind.EVIDENCE, type_="evaluation", **{**EVIDENCE, **evidence}),
        edge("e", "ABOUT", "v1"),
        valid=days(1),
    )
    return ledger


def slot_of(ledger: Ledger, t: int = 12) -> SlotResult:
    [cell] = find_evidence(Estate(ledger), EvidenceQuestion(standpoint=Standpoint(as_of=day(t)))).cells
    [slot] = cell.slots
    return slot


@pytest.mark.parametrize("term", ["threshold", "independence", "trigger"])
def test_a_term_that_is_not_evaluated_is_never_passed_over(term):
    slot = slot_of(told({term: "something"}))
    assert (slot.state, slot.because) == (SlotState.UNVERIFIED, f"this release does not evaluate its {term}")


def test_assurance_that_nobody_can_establish_is_never_assumed():
    assert slot_of(told({"minimum_assurance": 2})).state is SlotState.UNVERIFIED


@pytest.mark.parametrize(
    ("period", "state"),
    [
        ({}, SlotState.MISMATCH),
        ({"period_from": day(1), "period_to": day(30)}, SlotState.MISMATCH),
        ({"period_from": day(1), "period_to": day(31)}, SlotState.OK),
    ],
)
def test_evidence_has_to_span_the_period_that_is_asked_for(period, state):
    assert slot_of(told({"covers": "P30D"}, **period)).state is state


@pytest.mark.parametrize(
    ("environment", "state"),
    [("production", SlotState.OK), ("staging", SlotState.MISMATCH), (None, SlotState.MISMATCH)],
)
def test_evidence_for_a_deployment_has_to_come_from_its_environment(environment, state):
    said = {} if environment is None else {"environment": environment}
    assert slot_of(told({"binding": "deployment"}, **said)).state is state


def test_where_sources_name_different_digests_the_version_is_unknown():
    ledger = told({})
    assert slot_of(ledger).state is SlotState.OK
    record(ledger, node("v1", type_="model_version", digest="md5:9"), scope=OTHER, valid=days(1))
    assert slot_of(ledger).state is SlotState.OK  # another algorithm contradicts nothing
    record(ledger, node("v1", type_="model_version", digest="sha256:2"), scope=OTHER, valid=days(1))
    slot = slot_of(ledger)
    assert (slot.state, slot.because) == (
        SlotState.VERSION_UNKNOWN,
        "sources name different digests for v1",
    )


def test_a_version_that_an_endpoint_serves_runs_too():
    ledger = told({})
    record(
        ledger,
        node("api", type_="endpoint"),
        node("v0", type_="model_version", digest="sha256:0"),
        edge("v0", "VERSION_OF", "model"),
        edge("api", "SERVES", "v0", environment="production"),
        valid=days(11),
    )
    assert slot_of(ledger, t=10).state is SlotState.OK
    assert slot_of(ledger, t=11).state is SlotState.MISMATCH


def test_a_proof_names_the_watched_facts_and_their_source():
    slot = slot_of(
        told({"freshness": "until-change", "watch": ["purpose", "risk_class"], "method": "EXAMINE"})
    )
    assert slot.proof is not None
    assert [(fact.name, fact.value, fact.source) for fact in slot.proof.facts] == [
        ("purpose", "credit", "records/default"),
        ("risk_class", None, None),
    ]


def test_a_merged_subject_is_one_subject():
    ledger = told({})
    record(ledger, node("a-model", type_="model"), scope=OTHER, valid=days(1))
    record(ledger, Merge((Uid("a-model"), Uid("model")), "the same"))
    [cell] = find_evidence(Estate(ledger), EvidenceQuestion(standpoint=Standpoint(as_of=day(12)))).cells
    assert (cell.subject.uid, cell.slots[0].state) == ("a-model", SlotState.OK)


@pytest.mark.parametrize(
    "broken",
    [
        "{}",
        "[1]",
        '[{"key": "a"}]',
        json.dumps([slot_json(real_slot(PlainSlot("a"))) | {"method": "GUESS"}]),
        json.dumps([slot_json(real_slot(PlainSlot("a"))) | {"freshness": "P"}]),
        json.dumps([slot_json(real_slot(PlainSlot("a"))) | {"watch": ["purpose"]}]),
        json.dumps([slot_json(real_slot(PlainSlot("a"))) | {"types": []}]),
        json.dumps([slot_json(real_slot(PlainSlot("a")))] * 2),
    ],
)
def test_slots_that_were_not_written_by_a_catalog_are_refused(broken):
    with pytest.raises(ValueError, match=r".+"):
        parse_slots(broken)


def test_slots_come_back_as_they_were_written():
    slot = real_slot(PlainSlot("a", days=5, group="g"))
    assert parse_slots(json.dumps([slot_json(slot)])) == (slot,)
