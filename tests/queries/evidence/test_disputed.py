"""A piece of evidence on which sources contradict each other proves nothing and may contest; by hand."""

from __future__ import annotations

from typing import Any

import pytest

from graph.ledger.change import Assert
from graph.model import Claim, Scope, SourceInstance
from graph.vocabulary import Kind
from queries.evidence import SlotResult, SlotState
from tests.queries.evidence.plain import PlainRecord, PlainSlot
from tests.queries.evidence.test_states import PASSED, world
from tests.queries.evidence.worlds import answer_of, ledger_of
from tests.support.saying import day, days, node, record

OTHER = Scope(SourceInstance("records", "other"), "estate")
SAID = {
    "aspect": "accuracy",
    "verdict": "pass",
    "check": "auc",
    "collected_at": day(9),
    "subject_digests": ("sha256:33",),
}
ANSWERS = PlainRecord("again", "model-3", 1, check="auc", digests=("sha256:33",), collected=11)


def disputed(*others: PlainRecord, also: dict[str, Any], t: int = 12, **first: Any) -> SlotResult:
    """The slot where a second source says something else of the record `test` than the first one."""
    test = PlainRecord(
        "test", "model-3", 1, **{"check": "auc", "digests": ("sha256:33",), "collected": 9, **first}
    )
    ledger = ledger_of(world(test, *others, slot=PlainSlot("tested")))
    fact = node("test", Kind.EVIDENCE, type_="evaluation", **{**SAID, **also})
    record(ledger, Assert(Claim(OTHER, fact, days(11))))
    [cell] = answer_of(ledger, t).cells
    [slot] = cell.slots
    return slot


@pytest.mark.parametrize(("first", "second"), [("pass", "fail"), ("fail", "pass")])
def test_a_verdict_in_dispute_contests(first, second):
    slot = disputed(verdict=first, also={"verdict": second})
    assert slot.state is SlotState.CONTESTED
    assert slot.because == "by one source it failed on 2026-01-09, by another it did not"
    assert disputed(ANSWERS, verdict=first, also={"verdict": second}, t=12).state is SlotState.OK


def test_a_verdict_in_dispute_that_may_be_none_proves_nothing():
    slot = disputed(also={"verdict": "none"})
    assert (slot.state, slot.because) == (
        SlotState.UNVERIFIED,
        "sources contradict each other on whether it passed",
    )
    assert disputed(PASSED_TOO, also={"verdict": "none"}).state is SlotState.OK


PASSED_TOO = PlainRecord("other", "model-3", 1, digests=("sha256:33",), collected=9)


@pytest.mark.parametrize(
    ("also", "expected"),
    [
        ({"collected_at": day(8)}, "when it was gathered"),
        ({"subject_digests": ("sha256:33", "sha256:22")}, "which digests it is about"),
        ({"subject_digests": ("sha256:22",)}, "which digests it is about"),
        ({"check": "f1"}, "which check it is of"),
        ({"aspect": "security"}, "of what aspect it is"),
    ],
)
def test_a_record_with_something_in_dispute_is_not_used_as_proof_and_says_why(also, expected):
    slot = disputed(also=also)
    assert slot.state is SlotState.UNVERIFIED
    assert slot.because == f"sources contradict each other on {expected}"


def test_digests_in_another_order_and_spelling_are_the_same():
    both = ("sha256:AB", "sha256:33")
    assert disputed(digests=both, also={"subject_digests": ("sha256:33", "sha256:ab")}).state is SlotState.OK


@pytest.mark.parametrize(
    "also", [{"collected_at": day(4)}, {"subject_digests": ("sha256:22",)}, {"check": "f1"}]
)
def test_a_pass_with_something_in_dispute_answers_no_failure(also):
    failed = PlainRecord(
        "failed", "model-3", 1, verdict="fail", check="auc", digests=("sha256:33",), collected=5
    )
    assert disputed(failed, also={}).state is SlotState.OK
    assert disputed(failed, PASSED, also=also).state is SlotState.CONTESTED


def test_a_failure_contests_from_its_earliest_date_and_only_what_comes_after_its_latest_answers_it():
    dates = {"verdict": "fail", "collected_at": day(11)}
    assert disputed(verdict="fail", also=dates, t=9).state is SlotState.CONTESTED
    assert disputed(ANSWERS, verdict="fail", also=dates).state is SlotState.CONTESTED
    sooner = {"verdict": "fail", "collected_at": day(10)}
    assert disputed(ANSWERS, verdict="fail", also=sooner).state is SlotState.OK


def test_a_failure_contests_every_digest_that_a_source_names():
    also = {"verdict": "fail", "subject_digests": ("sha256:33",)}
    assert (
        disputed(PASSED_TOO, verdict="fail", digests=("sha256:22",), also=also).state is SlotState.CONTESTED
    )


@pytest.mark.parametrize("also", [{"aspect": "security"}, {"aspect": "security", "verdict": "fail"}])
def test_a_failure_contests_every_aspect_that_a_source_names(also):
    assert disputed(PASSED_TOO, verdict="fail", also=also).state is SlotState.CONTESTED
