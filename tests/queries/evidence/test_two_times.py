"""The two times of a question, the catalogs' own time, and the model that was retrained."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graph.ledger.change import Close, Cover
from graph.ledger.ledger import Ledger
from graph.model import CommitNumber, Instant, NodeFacts, PropertyValue, Uid
from graph.store import open_store
from graph.vocabulary import Kind
from queries.estate import Estate, Standpoint
from queries.evidence import Applies, Cell, EvidenceAnswer, EvidenceQuestion, SlotState, find_evidence
from tests.queries.evidence.plain import (
    PlainAsset,
    PlainRecord,
    PlainRequirement,
    PlainRun,
    PlainSlot,
    PlainVersion,
    PlainWorld,
)
from tests.queries.evidence.worlds import (
    DayClock,
    answer_of,
    ledger_of,
    read_shipped_catalogs,
    requirement_facts,
)
from tests.support.saying import RECORDS, day, days, edge, node, record

WORLD = PlainWorld(
    assets=(PlainAsset("model", "model"),),
    versions=(PlainVersion("old", "model", "sha256:1"), PlainVersion("new", "model", "sha256:2")),
    runs=(PlainRun("model", "old", "production", 2, 15), PlainRun("model", "new", "production", 15)),
    records=(
        PlainRecord("first", "old", 1, digests=("sha256:1",), collected=5),
        PlainRecord("second", "new", 2, digests=("sha256:2",), collected=16),
    ),
    requirements=(PlainRequirement("duty", (PlainSlot("tested"),)),),
)


def state(t: int, s: int | None = None) -> SlotState:
    [cell] = answer_of(ledger_of(WORLD), t, s).cells
    return cell.slots[0].state


def test_evidence_holds_from_when_it_was_gathered_not_from_when_it_was_handed_in():
    assert state(4) is SlotState.MISSING
    assert state(5) is SlotState.OK  # handed in on the tenth
    assert state(14) is SlotState.OK


def test_when_another_digest_runs_the_earlier_evidence_no_longer_matches():
    assert state(15) is SlotState.MISMATCH
    assert state(16) is SlotState.OK


def test_what_was_not_known_then_does_not_count_for_what_was_known_then():
    assert state(16, 1) is SlotState.MISMATCH
    assert state(16, 2) is SlotState.OK


def test_the_answer_states_its_commit_and_both_times():
    answer = answer_of(ledger_of(WORLD), 16, 1)
    assert (answer.basis.as_of, answer.basis.known_at.sequence) == (day(16), 2)
    assert answer.catalogs_known == 4


def test_catalogs_are_read_at_the_head_unless_they_are_pinned():
    ledger = ledger_of(WORLD)
    more = PlainRequirement("later", (PlainSlot("tested"),))
    record(ledger, *requirement_facts(more), valid=days(-30))
    assert [c.requirement.uid for c in answer_of(ledger, 16, 2).cells] == ["duty", "later"]
    pinned = answer_of(ledger, 16, 2, catalogs_known=CommitNumber(4))
    assert [c.requirement.uid for c in pinned.cells] == ["duty"]


# ---------------------------------------------------------------- the shipped catalogs on a small estate

ALL_RELATIONS = frozenset({"OWNS", "MEMBER_OF"})


@pytest.fixture(scope="module")
def retrained() -> Ledger:
    """A model retrained on the 20th of January: approval and evaluation are about the version before."""
    clock = DayClock(3)
    ledger = Ledger(open_store(":memory:"), clock=clock)
    read_shipped_catalogs(ledger, "house")
    record(
        ledger,
        node("scoring", type_="model", name="credit scoring", purpose="credit"),
        node("scoring-2", type_="model_version", name="version 2", digest="sha256:22"),
        edge("scoring-2", "VERSION_OF", "scoring"),
        node("ana", Kind.IDENTITY, type_="person", status="active"),
        edge("ana", "OWNS", "scoring", "accountable"),
        Cover(RECORDS, frozenset({Kind.ASSET.value}), ALL_RELATIONS, day(3)),
        valid=days(1),
    )
    record(ledger, edge("scoring", "DEPLOYED_AS", "scoring-2", environment="production"), valid=days(2, 20))
    clock.today = 5
    two = ("sha256:22",)
    record(
        ledger,
        node(
            "evaluation-2",
            Kind.EVIDENCE,
            type_="evaluation",
            aspect="accuracy",
            verdict="pass",
            subject_digests=two,
            collected_at=day(4),
            locator="reports/2.json",
            digest="sha256:ee",
        ),
        edge("evaluation-2", "ABOUT", "scoring-2"),
        node("approval-2", Kind.DECISION, type_="approval", subject_digests=two, actor_basis="authenticated"),
        edge("approval-2", "ABOUT", "scoring-2"),
        edge("approval-2", "DECIDED_BY", "ana"),
        node("check", Kind.EVIDENCE, type_="inventory", aspect="inventory", collected_at=day(4)),
        edge("check", "ABOUT", "scoring"),
        valid=days(5),
    )
    clock.today = 20
    record(
        ledger,
        node("scoring-3", type_="model_version", name="version 3", digest="sha256:33"),
        edge("scoring-3", "VERSION_OF", "scoring"),
        edge("scoring", "DEPLOYED_AS", "scoring-3", environment="production"),
        valid=days(20),
    )
    return ledger


def ask(ledger: Ledger, t: int | Instant, **asked) -> EvidenceAnswer:
    moment = day(t) if t < 10_000 else Instant(t)
    return find_evidence(Estate(ledger), EvidenceQuestion(standpoint=Standpoint(as_of=moment), **asked))


def by_label(answer: EvidenceAnswer) -> dict[str, Cell]:
    return {cell.requirement.label: cell for cell in answer.cells}


def states(answer: EvidenceAnswer) -> dict[str, list[SlotState]]:
    return {label: [slot.state for slot in cell.slots] for label, cell in by_label(answer).items()}


def test_before_it_was_retrained_everything_was_proved(retrained):
    answer = ask(retrained, 19)
    assert states(answer) == {
        "House 1": [SlotState.OK],
        "House 2": [SlotState.OK],
        "House 3": [SlotState.OK],
        "House 5": [SlotState.OK],
    }
    assert answer.scores.complete == 1.0
    proof = by_label(answer)["House 3"].slots[0].proof
    assert proof is not None
    assert (proof.evidence, proof.locator, proof.digest) == ("evaluation-2", "reports/2.json", "sha256:ee")
    assert proof.fresh_until == Instant(1_783_123_200_000)  # 2026-07-04, six months after 2026-01-04


def test_once_retrained_approval_and_evaluation_are_about_the_version_before(retrained):
    answer = ask(retrained, 20)
    assert states(answer) == {
        "House 1": [SlotState.OK],
        "House 2": [SlotState.MISMATCH],
        "House 3": [SlotState.MISMATCH],
        "House 5": [SlotState.OK],
    }
    assert by_label(answer)["House 2"].because == (
        "An approval of the running version: it is about another digest than that of version 3, which runs"
    )
    scores = answer.scores
    assert (scores.complete, scores.filed, scores.paper_without_proof) == (0.5, 1.0, 0.5)


def test_the_answer_says_until_when_it_holds(retrained):
    assert ask(retrained, 6).next_change == day(20)
    assert ask(retrained, 20).next_change == day(94)  # the inventory check of the 4th, ninety days on


@pytest.mark.parametrize(
    ("moment", "expected"),
    [(Instant(1_783_123_199_999), SlotState.OK), (Instant(1_783_123_200_000), SlotState.STALE)],
)
def test_six_months_are_calendar_months(moment, expected):
    ledger = ledger_of(replace(WORLD, records=()))
    read_shipped_catalogs(ledger, "house")
    said: dict[str, PropertyValue] = {"aspect": "accuracy", "verdict": "pass", "collected_at": day(4)}
    said["subject_digests"] = ("sha256:2",)
    evaluation = NodeFacts(Uid("e"), Kind.EVIDENCE, "test", None, said)
    record(ledger, evaluation, edge("e", "ABOUT", "new"), valid=days(5))
    assert states(ask(ledger, moment, requirements=("H3",)))["House 3"] == [expected]


def test_the_catalog_is_named_by_digest_and_by_alias(retrained):
    answer = ask(retrained, 20, requirements=("H2",), subjects=(Uid("scoring"),))
    [cell] = answer.cells
    assert (cell.requirement.uid, cell.applicability.state) == (
        "hf:requirement:catalog:house/1/house-2",
        Applies.APPLIES,
    )
    [stamp] = answer.catalogs
    assert stamp.edition == "hf:regulation:catalog:house/1"
    assert stamp.digest is not None
    assert stamp.digest.startswith("sha256:")


def test_a_decision_that_a_later_commit_only_shortens_keeps_its_time():
    ledger = Ledger(open_store(":memory:"), clock=(clock := DayClock(10)))
    law = NodeFacts(Uid("law"), Kind.REGULATION, "law", None, {"applies_from": day(0), "voluntary": True})
    duty: dict[str, PropertyValue] = {"level": "system", "applicability": '{"all": []}', "slots": "[]"}
    record(
        ledger,
        law,
        NodeFacts(Uid("duty"), Kind.REQUIREMENT, "article", None, duty),
        edge("law", "REQUIRES", "duty"),
        node("model", type_="model"),
        node("yes", Kind.DECISION, type_="adoption"),
        edge("yes", "ABOUT", "law"),
        valid=days(1),
    )
    clock.today = 20
    [said] = [row for row in ledger.history(Uid("yes")) if isinstance(row.claim.about, NodeFacts)]
    record(ledger, Close((said.key,), day(19)))
    [cell] = ask(ledger, 12).cells
    assert cell.applicability.state is Applies.APPLIES
