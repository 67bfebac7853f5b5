"""Whatever terms a catalog gives a slot, it comes to a state with a reason, and to a way to mend it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.ledger.ledger import Ledger
from graph.model import NodeFacts, PropertyValue, Uid
from graph.store import open_store
from graph.vocabulary import Kind
from graph.vocabulary.duties import Binding, Level, Method
from queries.estate import Estate, Standpoint
from queries.evidence import EvidenceQuestion, SlotState, find_evidence
from queries.evidence.slots import GRAPH_QUERIES
from tests.queries.evidence.worlds import DayClock
from tests.support.saying import day, days, edge, node, record

NOT_YET = ("threshold", "independence", "trigger", "inherit")


def terms() -> st.SearchStrategy[dict[str, Any]]:
    """Return slots of every shape that a catalog may write."""
    freshness = st.sampled_from(
        [
            {"freshness": "none", "watch": []},
            {"freshness": "P2D", "watch": []},
            {"freshness": "P900D", "watch": []},
            {"freshness": "until-change", "watch": ["version", "purpose"]},
        ]
    )
    fixed = st.fixed_dictionaries(
        {
            "key": st.just("slot"),
            "title": st.just("A slot"),
            "types": st.sampled_from([["evaluation"], ["approval"], ["classification"]]),
            "aspect": st.just("accuracy"),
            "binding": st.sampled_from([binding.value for binding in Binding]),
            "method": st.sampled_from([method.value for method in Method]),
            "minimum_assurance": st.sampled_from([0, 0, 4]),
            "query": st.sampled_from([None, *GRAPH_QUERIES, "another"]),
            "covers": st.sampled_from([None, None, "P30D"]),
        }
    )
    not_yet = st.sampled_from([{}, {}, *({name: "all"} for name in NOT_YET), dict.fromkeys(NOT_YET, "all")])
    return st.builds(
        lambda *parts: {k: v for part in parts for k, v in part.items()}, fixed, freshness, not_yet
    )


def estate(slot: dict[str, Any], level: str, verdict: str) -> Estate:
    ledger = Ledger(open_store(":memory:"), clock=DayClock(10))
    law: dict[str, PropertyValue] = {
        "level": level,
        "applicability": '{"all": []}',
        "slots": json.dumps([slot]),
    }
    gathered: dict[str, Any] = {
        "aspect": "accuracy",
        "verdict": verdict,
        "collected_at": day(8),
        "subject_digests": ("sha256:1",),
    }
    about = ("model", "v1", "table", "bot", "key")
    record(
        ledger,
        node("law", Kind.REGULATION, type_="law", applies_from=day(1)),
        NodeFacts(Uid("duty"), Kind.REQUIREMENT, "article", None, law),
        edge("law", "REQUIRES", "duty"),
        node("model", type_="model", purpose="credit"),
        node("v1", type_="model_version", digest="sha256:1"),
        edge("v1", "VERSION_OF", "model"),
        edge("model", "DEPLOYED_AS", "v1", environment="production"),
        edge("model", "RUNS_AS", "bot"),
        edge("model", "USES_SECRET", "key"),
        node("bot", Kind.IDENTITY, type_="service_account", status="active"),
        node("key", Kind.SECRET, type_="api_key", created=day(5)),
        edge("key", "AUTHENTICATES", "bot"),
        node("table", Kind.DATASET, type_="table", environment="production", digest="sha256:1"),
        edge("model", "READS", "table"),
        node("ana", Kind.IDENTITY, type_="person", status="active"),
        *(edge("ana", "OWNS", uid, "accountable") for uid in ("model", "table", "bot", "key")),
        node("test", Kind.EVIDENCE, type_="evaluation", **gathered),
        node("approval", Kind.DECISION, type_="approval", **gathered),
        *(edge(said, "ABOUT", uid) for said in ("test", "approval") for uid in about),
        valid=days(1),
    )
    return Estate(ledger)


@settings(max_examples=300, deadline=None)
@given(terms(), st.sampled_from([level.value for level in Level]), st.sampled_from(["pass", "fail", "none"]))
def test_every_slot_comes_to_a_state_with_a_reason_and_a_remedy(slot, level, verdict):
    question = EvidenceQuestion(standpoint=Standpoint(as_of=day(12)))
    for cell in find_evidence(estate(slot, level, verdict), question).cells:
        [found] = cell.slots
        assert found.because
        assert (found.repair is None) is (found.state is SlotState.OK)
        asked = [name for name in NOT_YET if name in slot]
        assert found.state is not SlotState.OK or not asked


@pytest.mark.parametrize("term", NOT_YET)
@pytest.mark.parametrize("query", [None, "living-owner"])
def test_a_term_that_is_not_evaluated_is_the_reason_where_all_else_is_well(query, term):
    slot = {
        "key": "slot",
        "title": "A slot",
        "types": ["evaluation"],
        "aspect": "accuracy",
        "binding": "version",
        "method": "TEST",
        "minimum_assurance": 0,
        "freshness": "none",
        "watch": [],
        term: "all",
        **({} if query is None else {"query": query}),
    }
    question = EvidenceQuestion(standpoint=Standpoint(as_of=day(12)))
    [cell] = find_evidence(estate(slot, "system", "pass"), question).cells
    [found] = cell.slots
    assert "this release does not" in found.because
    assert found.repair == f"Nothing you file helps yet: {found.because}."
