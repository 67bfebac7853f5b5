"""Each state of a slot in a small world; the state and what is said of it are written by hand."""

from __future__ import annotations

from typing import Any

import pytest

from graph.errors import InvalidQuestion, NodeNotFound
from graph.model import Uid
from queries.evidence import Applies, RequirementState, SlotResult, SlotState
from tests.queries.evidence.plain import (
    PlainAsset,
    PlainRecord,
    PlainRequirement,
    PlainRun,
    PlainSlot,
    PlainVersion,
    PlainWorld,
)
from tests.queries.evidence.worlds import answer_of, ledger_of
from tests.support.saying import day

MODEL = PlainAsset("model", "model")
NEW = PlainVersion("model-3", "model", "sha256:33")
OLD = PlainVersion("model-2", "model", "sha256:22")
RUNS = PlainRun("model", "model-3", "production", 2)
TESTED = PlainSlot("tested", days=90)
APPROVED = PlainSlot("approved", type="approval", aspect="use", watch="purpose", method="EXAMINE")
CHECKED = PlainSlot("checked", binding="system", type="inventory", aspect="inventory", method="EXAMINE")
PASSED = PlainRecord("test", "model-3", 1, digests=("sha256:33",), collected=9)
APPROVAL = PlainRecord(
    "approval", "model-3", 1, "approval", "use", None, digests=("sha256:33",), collected=None, decision=True
)


def world(*records: PlainRecord, slot: PlainSlot = TESTED, **changed: Any) -> PlainWorld:
    said: dict[str, Any] = {
        "assets": (MODEL,),
        "versions": (OLD, NEW),
        "runs": (RUNS,),
        "records": records,
        "requirements": (PlainRequirement("duty", (slot,)),),
        **changed,
    }
    return PlainWorld(**said)


def slot_of(*records: PlainRecord, t: int = 12, **changed: Any) -> SlotResult:
    [cell] = answer_of(ledger_of(world(*records, **changed)), t).cells
    [slot] = cell.slots
    return slot


def test_nothing_on_file_is_missing_and_said_to_be_a_matter_of_the_file():
    slot = slot_of()
    assert (slot.state, slot.candidates, slot.proof) == (SlotState.MISSING, 0, None)
    assert slot.because == "nothing is on file: evaluation of aspect accuracy"
    assert slot.repair is not None
    assert "names the digest of the version" in slot.repair


def test_evidence_that_does_not_say_when_it_was_gathered_does_not_count():
    slot = slot_of(PlainRecord("test", "model-3", 1, digests=("sha256:33",), collected=None))
    assert slot.state is SlotState.MISSING
    assert slot.because.endswith("1 that match do not say when they were gathered")


def test_a_fresh_pass_about_the_running_digest_is_ok_with_its_proof():
    slot = slot_of(PASSED)
    assert (slot.state, slot.repair, slot.candidates) == (SlotState.OK, None, 1)
    assert slot.proof is not None
    assert (slot.proof.evidence, slot.proof.collected_at) == ("test", day(9))
    assert (slot.proof.fresh_until, slot.proof.rule) == (day(99), "of this type and aspect")
    assert [one.version for one in slot.versions] == ["model-3"]


def test_upper_and_lower_case_of_a_digest_are_the_same():
    assert slot_of(PASSED, versions=(PlainVersion("model-3", "model", "SHA256:33"),)).state is SlotState.OK


def test_evidence_of_another_aspect_is_no_evidence():
    other = PlainRecord("test", "model-3", 1, aspect="security", digests=("sha256:33",), collected=9)
    assert slot_of(other).state is SlotState.MISSING


def test_evidence_of_another_type_counts_where_it_is_offered_for_the_slot():
    offered = PlainRecord(
        "sheet",
        "model-3",
        1,
        "document",
        "else",
        digests=("sha256:33",),
        collected=9,
        offered=(("duty", "tested"),),
    )
    slot = slot_of(offered)
    assert slot.state is SlotState.OK
    assert slot.proof is not None
    assert slot.proof.rule == "offered for this slot"


def test_without_a_running_version_it_is_unknown_which_version_to_prove():
    slot = slot_of(PASSED, runs=())
    assert slot.state is SlotState.VERSION_UNKNOWN
    assert slot.because == "no source says which version of it runs in production or an unknown environment"


def test_a_version_that_runs_elsewhere_is_not_asked_about():
    runs = (PlainRun("model", "model-3", "staging", 2),)
    assert slot_of(PASSED, runs=runs).state is SlotState.VERSION_UNKNOWN


def test_a_running_version_without_a_digest_is_unknown():
    slot = slot_of(PASSED, versions=(PlainVersion("model-3", "model", None),))
    assert slot.state is SlotState.VERSION_UNKNOWN
    assert slot.because == "no source names a digest of model-3, which runs"


def test_evidence_about_the_version_before_does_not_match():
    slot = slot_of(PlainRecord("test", "model-2", 1, digests=("sha256:22",), collected=9))
    assert slot.state is SlotState.MISMATCH
    assert slot.because == "it is about another digest than that of model-3, which runs"
    assert slot.candidates == 1


def test_evidence_that_names_no_digest_is_bound_to_no_version():
    slot = slot_of(PlainRecord("test", "model-3", 1, collected=9))
    assert slot.state is SlotState.MISMATCH
    assert slot.because == "it names no digest, so nothing shows which version it is about"


def test_of_two_running_versions_the_worse_one_counts():
    runs = (RUNS, PlainRun("model", "model-2", "unknown", 2))
    slot = slot_of(PASSED, runs=runs)
    assert slot.state is SlotState.MISMATCH
    assert {one.version: one.state for one in slot.versions} == {
        "model-2": SlotState.MISMATCH,
        "model-3": SlotState.OK,
    }


@pytest.mark.parametrize(("t", "expected"), [(98, SlotState.OK), (99, SlotState.STALE)])
def test_freshness_ends_on_the_day_itself(t: int, expected: SlotState):
    assert slot_of(PASSED, t=t).state is expected


def test_what_expires_earlier_is_stale_earlier():
    expiring = PlainRecord("test", "model-3", 1, digests=("sha256:33",), collected=9, expires=20)
    assert slot_of(expiring, t=19).state is SlotState.OK
    stale = slot_of(expiring, t=20)
    assert stale.state is SlotState.STALE
    assert stale.because == "it was fresh until 2026-01-20 (gathered on 2026-01-09)"


def test_a_watched_fact_that_changes_makes_an_approval_stale():
    model = PlainAsset("model", "model", {"purpose": ((2, "credit"), (15, "pricing"))})
    assert slot_of(APPROVAL, slot=APPROVED, assets=(model,), t=14).state is SlotState.OK
    slot = slot_of(APPROVAL, slot=APPROVED, assets=(model,), t=15)
    assert slot.state is SlotState.STALE
    assert slot.because == "purpose changed on 2026-01-15, after it was gathered"


def test_that_a_watched_fact_becomes_known_or_is_no_longer_given_is_no_change():
    model = PlainAsset("model", "model", {"purpose": ((14, "credit"), (16, None), (18, "credit"))})
    assert slot_of(APPROVAL, slot=APPROVED, assets=(model,), t=20).state is SlotState.OK


def test_a_failed_test_contests_whatever_else_is_on_file():
    failed = PlainRecord("failed", "model-3", 1, verdict="fail", digests=("sha256:33",), collected=5)
    slot = slot_of(PASSED, failed)
    assert slot.state is SlotState.CONTESTED
    assert slot.because == "it failed on 2026-01-05, and no later pass of the same check answers it"
    assert slot.proof is not None
    assert slot.proof.evidence == "failed"


def test_a_failure_does_not_go_stale():
    failed = PlainRecord(
        "failed", "model-3", 1, verdict="fail", digests=("sha256:33",), collected=5, expires=6
    )
    assert slot_of(failed, t=365).state is SlotState.CONTESTED


def test_a_later_pass_of_the_same_check_on_the_same_digest_answers_a_failure():
    failed = PlainRecord(
        "failed", "model-3", 1, verdict="fail", check="auc", digests=("sha256:33",), collected=5
    )
    again = PlainRecord("again", "model-3", 1, check="auc", digests=("sha256:33",), collected=9)
    other = PlainRecord("other", "model-3", 1, check="f1", digests=("sha256:33",), collected=9)
    assert slot_of(failed, again).state is SlotState.OK
    assert slot_of(failed, other).state is SlotState.CONTESTED
    assert slot_of(failed, again, t=8).state is SlotState.CONTESTED


TWO_RUN: dict[str, Any] = {"runs": (RUNS, PlainRun("model", "model-2", "production", 2))}
OTHER_PASS = PlainRecord("old", "model-2", 1, digests=("sha256:22",), collected=6, check="else")


def failure(about: str, *digests: str) -> PlainRecord:
    return PlainRecord("failed", about, 1, verdict="fail", check="auc", digests=digests, collected=5)


def states(slot: SlotResult) -> dict[str | None, str]:
    return {one.version: one.state.value for one in slot.versions}


def test_a_pass_of_one_digest_does_not_answer_the_failure_of_two():
    again = PlainRecord("again", "model-3", 1, check="auc", digests=("sha256:33",), collected=8)
    slot = slot_of(failure("model-3", "sha256:22", "sha256:33"), OTHER_PASS, again, **TWO_RUN)
    assert states(slot) == {"model-2": "CONTESTED", "model-3": "OK"}
    assert slot.state is SlotState.CONTESTED


@pytest.mark.parametrize("digests", [(), ("sha256:33",)])
def test_a_failure_of_the_system_as_such_ends_for_the_version_that_passes(digests):
    again = PlainRecord("again", "model-3", 1, check="auc", digests=digests, collected=8)
    slot = slot_of(failure("model"), OTHER_PASS, PASSED, again, **TWO_RUN)
    assert states(slot) == {"model-2": "CONTESTED", "model-3": "OK"}


def test_a_pass_of_the_system_as_such_names_no_version():
    again = PlainRecord("again", "model", 1, check="auc", collected=8)
    assert slot_of(failure("model"), PASSED, again).state is SlotState.CONTESTED


@pytest.mark.parametrize(
    ("passed", "expected"),
    [(("sha256:33",), SlotState.CONTESTED), (("sha256:22", "sha256:33"), SlotState.OK)],
)
def test_where_no_version_is_on_trial_everything_that_failed_has_to_pass(passed, expected):
    slot = PlainSlot("tested", binding="system")
    again = PlainRecord("again", "model-3", 1, check="auc", digests=passed, collected=8)
    assert slot_of(failure("model-3", "sha256:22", "sha256:33"), again, slot=slot).state is expected


def test_a_failure_of_a_version_that_no_longer_runs_contests_nothing():
    failed = PlainRecord("failed", "model-2", 1, verdict="fail", digests=("sha256:22",), collected=5)
    assert slot_of(PASSED, failed).state is SlotState.OK
    assert slot_of(failed).state is SlotState.MISMATCH


def test_a_failure_that_names_no_version_contests_all_of_them():
    assert (
        slot_of(PASSED, PlainRecord("f", "model", 1, verdict="fail", collected=5)).state
        is SlotState.CONTESTED
    )
    assert slot_of(PASSED, PlainRecord("f", "model-2", 1, verdict="fail", collected=5)).state is SlotState.OK


def test_revoked_evidence_does_not_count():
    revoked = PlainRecord("no", "test", 1, "revocation", verdict=None, decision=True)
    slot = slot_of(PASSED, revoked)
    assert (slot.state, slot.because) == (SlotState.REVOKED, "it has been revoked")
    assert slot_of(PASSED, revoked, t=9).state is SlotState.OK  # the decision is of the tenth


def test_a_revoked_failure_no_longer_contests():
    failed = PlainRecord("failed", "model-3", 1, verdict="fail", digests=("sha256:33",), collected=5)
    revoked = PlainRecord("no", "failed", 1, "revocation", verdict=None, decision=True)
    assert slot_of(PASSED, failed, revoked).state is SlotState.OK


@pytest.mark.parametrize("verdict", [None, "none"])
def test_a_test_without_a_verdict_proves_nothing(verdict):
    silent = PlainRecord("test", "model-3", 1, verdict=verdict, digests=("sha256:33",), collected=9)
    slot = slot_of(silent)
    assert (slot.state, slot.because) == (SlotState.UNVERIFIED, "it states no verdict")
    examined = PlainSlot("tested", method="EXAMINE")
    assert slot_of(silent, slot=examined).state is SlotState.OK


def test_only_a_decision_can_approve_and_only_the_aspect_that_it_names():
    paper = PlainRecord("paper", "model-3", 1, "approval", "use", digests=("sha256:33",), collected=9)
    offered = PlainRecord(
        "form",
        "model-3",
        1,
        "approval",
        "use",
        digests=("sha256:33",),
        collected=9,
        offered=(("duty", "approved"),),
    )
    risk = PlainRecord("risk", "model-3", 1, "approval", "risk", None, digests=("sha256:33",), decision=True)
    assert slot_of(paper, offered, risk, slot=APPROVED).state is SlotState.MISSING
    assert slot_of(APPROVAL, slot=APPROVED).state is SlotState.OK


def test_a_decision_counts_from_its_commit_on():
    assert slot_of(APPROVAL, slot=APPROVED, t=9).state is SlotState.MISSING
    assert slot_of(APPROVAL, slot=APPROVED, t=10).state is SlotState.OK


def test_a_decision_by_somebody_who_is_not_authenticated_stays_unverified():
    asserted = PlainRecord(
        "a", "model-3", 1, "approval", "use", None, digests=("sha256:33",), decision=True, authenticated=False
    )
    slot = slot_of(asserted, slot=APPROVED)
    assert slot.state is SlotState.UNVERIFIED
    assert slot.because == "who decided it is asserted, and this release authenticates nobody"
    assert slot.repair == f"Nothing you file helps yet: {slot.because}."


def test_inheritance_is_open_while_it_is_not_followed():
    assert slot_of(PASSED, slot=PlainSlot("tested", inherit=True)).state is SlotState.OPEN_LINEAGE


def test_of_slots_in_a_group_one_is_enough():
    slots = (PlainSlot("tested", group="one"), PlainSlot("checked", group="one", aspect="security"))
    requirements = (PlainRequirement("duty", slots),)
    [cell] = answer_of(ledger_of(world(PASSED, requirements=requirements)), 12).cells
    assert (cell.units, cell.units_ok, cell.state) == (1, 1, RequirementState.SATISFIED)


def test_a_requirement_without_slots_is_counted_apart():
    answer = answer_of(ledger_of(world(requirements=(PlainRequirement("duty", ()),))), 12)
    assert [cell.state for cell in answer.cells] == [RequirementState.NOT_ASSESSABLE]
    assert (answer.scores.complete, answer.scores.not_assessable) == (None, 1)


def test_scores_are_weighted_and_come_with_their_counts():
    requirements = (
        PlainRequirement("heavy", (TESTED,), weight=3),
        PlainRequirement("light", (CHECKED, APPROVED), weight=1),
    )
    scores = answer_of(ledger_of(world(PASSED, requirements=requirements)), 12).scores
    assert (scores.complete, scores.strict, scores.filed) == (0.75, 0.75, 0.75)
    assert scores.paper_without_proof == 0.0
    assert (scores.satisfied, scores.gaps, scores.units, scores.units_ok) == (1, 1, 3, 1)
    stale = answer_of(ledger_of(world(PASSED, requirements=requirements)), 99).scores
    assert (stale.complete, stale.strict, stale.filed, stale.paper_without_proof) == (0.0, 0.0, 0.75, 0.75)


def test_a_subject_with_another_name_for_a_requirement_is_found_by_alias_and_label():
    ledger = ledger_of(world(PASSED))
    assert len(answer_of(ledger, 12, requirements=("duty",)).cells) == 1
    with pytest.raises(InvalidQuestion, match="no edition that is looked at has nothing"):
        answer_of(ledger, 12, requirements=("nothing",))
    with pytest.raises(InvalidQuestion, match="no catalog holds gdpr"):
        answer_of(ledger, 12, editions=(Uid("gdpr"),))
    with pytest.raises(NodeNotFound):
        answer_of(ledger, 12, subjects=(Uid("nobody"),))
    with pytest.raises(InvalidQuestion, match="environments"):
        answer_of(ledger, 12, environments=())


def test_a_subject_that_no_requirement_is_about_is_named():
    answer = answer_of(ledger_of(world(PASSED)), 12, subjects=(Uid("model-3"),))
    assert answer.cells == ()
    assert [ref.uid for ref in answer.without_duty] == ["model-3"]


def test_an_empty_ledger_has_no_score_and_no_cell():
    empty = PlainWorld((), (), (), (), ())
    answer = answer_of(ledger_of(empty), 12)
    assert (answer.cells, answer.catalogs, answer.scores.complete) == ((), (), None)


def test_every_cell_says_what_applies():
    [cell] = answer_of(ledger_of(world(PASSED)), 12).cells
    assert (cell.applicability.state, cell.applicability.because) == (Applies.APPLIES, "it concerns all")
    assert (cell.state, cell.because) == (RequirementState.SATISFIED, "of 1 asked for, all are proved")
