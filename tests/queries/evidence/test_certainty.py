"""What is only possible proves nothing for certain, and is never left out; states are written by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from queries.evidence import RequirementState, SlotState
from tests.queries.evidence.plain import PlainRecord, PlainRun, PlainSlot, PlainVersion
from tests.queries.evidence.test_states import NEW, OLD, PASSED, RUNS, TESTED, slot_of, world
from tests.queries.evidence.worlds import answer_of, ledger_of, told_as
from tests.support.saying import days, edge, record

PERHAPS_RUNS = replace(RUNS, possible=True)
PERHAPS_OLD = PlainRun("model", "model-2", "unknown", 2, possible=True)
PASSED_BOTH = replace(PASSED, digests=("sha256:22", "sha256:33"))
DEPLOYED = PlainSlot("scanned", binding="deployment", days=90)
SCANNED = replace(PASSED, environment="production")
OFFERED = replace(PASSED, type="document", aspect="else", offered=(("duty", "tested"),))
FAILED = PlainRecord("failed", "model-3", 1, verdict="fail", check="c", digests=("sha256:33",), collected=3)
REPEATED = replace(PASSED, check="c")


def test_evidence_that_is_only_possibly_about_it_is_not_verified():
    slot = slot_of(replace(PASSED, maybe_about=True))
    assert slot.state is SlotState.UNVERIFIED
    assert slot.because == "it is only possibly about model-3: the plan is kept"
    assert slot.candidates == 1
    assert slot.repair is not None
    assert "the plan is kept" in slot.repair


def test_evidence_for_certain_is_better_than_evidence_that_is_possible():
    other = replace(PASSED, uid="other", maybe_about=True)
    assert slot_of(PASSED, other).state is SlotState.OK


def test_evidence_that_is_only_possibly_offered_is_not_verified():
    assert slot_of(OFFERED).state is SlotState.OK
    slot = slot_of(replace(OFFERED, maybe_offered=True))
    assert slot.state is SlotState.UNVERIFIED
    assert slot.because == "it is only possibly offered for this slot: the plan is kept"


def test_evidence_of_the_type_and_aspect_needs_no_offer():
    assert slot_of(replace(PASSED, offered=(("duty", "tested"),), maybe_offered=True)).state is SlotState.OK


def test_a_version_that_runs_only_possibly_is_not_known_to_run():
    slot = slot_of(PASSED, runs=(PERHAPS_RUNS,))
    assert slot.state is SlotState.VERSION_UNKNOWN
    assert (
        slot.because
        == "only possibly does model-3 run in production or an unknown environment: the plan is kept"
    )
    assert [(one.version, one.state) for one in slot.versions] == [("model-3", SlotState.OK)]


def test_that_nothing_is_on_file_is_so_whatever_runs():
    assert slot_of(runs=(PERHAPS_RUNS,)).state is SlotState.MISSING


def test_a_failure_of_what_runs_only_possibly_is_no_finding():
    assert slot_of(FAILED).state is SlotState.CONTESTED
    slot = slot_of(FAILED, runs=(PERHAPS_RUNS,))
    assert slot.state is SlotState.VERSION_UNKNOWN
    assert [one.state for one in slot.versions] == [SlotState.CONTESTED]


def test_what_runs_only_possibly_has_to_be_proved_too():
    slot = slot_of(PASSED, runs=(RUNS, PERHAPS_OLD))
    assert slot.state is SlotState.UNVERIFIED
    assert slot.because == (
        "what possibly runs is not proved: "
        "it is about another digest than that of model-2, which possibly runs"
    )
    assert slot_of(PASSED_BOTH, runs=(RUNS, PERHAPS_OLD)).state is SlotState.OK


def test_what_is_wrong_with_what_certainly_runs_stands_whatever_else_does():
    about_old = replace(PASSED, digests=("sha256:22",))
    assert slot_of(about_old, runs=(RUNS, PERHAPS_OLD)).state is SlotState.MISMATCH


@pytest.mark.parametrize(("possible", "state"), [(False, SlotState.STALE), (True, SlotState.UNVERIFIED)])
def test_only_another_version_for_certain_makes_evidence_stale(possible, state):
    """The system is watched for another version; on the eleventh another one is deployed, or may be."""
    watching = PlainSlot("checked", binding="system", watch="version", method="EXAMINE")
    later = PlainRun("model", "model-2", "production", 11, possible=possible)
    slot = slot_of(PASSED, slot=watching, runs=(RUNS, later))
    assert slot.state is state
    assert not possible or slot.because == "it is possible that another version runs since 2026-01-11"


def test_a_version_that_certainly_runs_anywhere_that_was_asked_about_runs_for_certain():
    again = replace(PERHAPS_RUNS, environment="unknown")
    assert slot_of(PASSED, runs=(RUNS, again)).state is SlotState.OK


def test_a_deployment_that_is_only_possible_is_not_known_to_run():
    assert slot_of(SCANNED, slot=DEPLOYED).state is SlotState.OK
    assert slot_of(SCANNED, slot=DEPLOYED, runs=(PERHAPS_RUNS,)).state is SlotState.VERSION_UNKNOWN


def test_what_is_only_possibly_a_version_of_it_brings_no_certain_evidence():
    """The slot is bound to the system, and nothing but VERSION_OF ties the tested version to it."""
    perhaps = (replace(OLD, possible=True), NEW)
    system = replace(TESTED, binding="system")
    tested = replace(PASSED, about="model-2")
    assert slot_of(tested, slot=system, versions=(OLD, NEW)).state is SlotState.OK
    slot = slot_of(tested, slot=system, versions=perhaps)
    assert slot.state is SlotState.UNVERIFIED
    assert slot.because == "it is about model-2, which is only possibly a version of it"


def test_a_deployment_makes_a_version_certain():
    assert slot_of(PASSED, versions=(OLD, PlainVersion("model-3", "model", "sha256:33", True))).state == "OK"


def test_a_failure_that_is_only_possibly_about_it_is_no_finding_and_leaves_no_proof():
    failure = replace(FAILED, maybe_about=True)
    assert slot_of(failure).state is SlotState.UNVERIFIED
    slot = slot_of(failure, PASSED)
    assert slot.state is SlotState.UNVERIFIED
    assert slot.because == (
        "a test failed on 2026-01-03, and it is only possibly about model-3: the plan is kept"
    )


def test_a_failure_that_is_possible_and_answered_leaves_proof_as_it_is():
    assert slot_of(replace(FAILED, maybe_about=True), REPEATED).state is SlotState.OK


def test_a_failure_that_is_only_possibly_offered_for_the_slot_is_no_finding():
    failure = replace(FAILED, type="document", aspect="else", offered=(("duty", "tested"),))
    assert slot_of(failure, PASSED).state is SlotState.CONTESTED
    assert slot_of(replace(failure, maybe_offered=True), PASSED).state is SlotState.UNVERIFIED


def test_a_failure_is_answered_for_certain_or_not_at_all():
    assert slot_of(FAILED, REPEATED).state is SlotState.OK
    assert slot_of(FAILED, replace(REPEATED, maybe_about=True)).state is SlotState.CONTESTED


def test_a_possible_revocation_leaves_open_what_is_proved_and_a_failure_as_it_is():
    no = PlainRecord("no", "test", 1, "revocation", verdict=None, decision=True)
    perhaps = replace(no, maybe_about=True)
    assert slot_of(PASSED, no).state is SlotState.REVOKED
    slot = slot_of(PASSED, perhaps)
    assert slot.state is SlotState.UNVERIFIED
    assert slot.because == "it is only possibly revoked: the plan is kept"
    assert slot_of(PASSED, FAILED, replace(perhaps, about="failed")).state is SlotState.CONTESTED
    assert slot_of(FAILED, REPEATED, perhaps).state is SlotState.CONTESTED


@pytest.mark.parametrize(
    ("served", "made", "state"),
    [
        (False, False, SlotState.OK),
        (True, False, SlotState.VERSION_UNKNOWN),
        (False, True, SlotState.VERSION_UNKNOWN),
    ],
)
def test_what_an_endpoint_serves_needs_both_edges_for_certain(served, made, state):
    """The endpoint serves the version (possibly only), which is one of the model (possibly only)."""
    version = replace(NEW, possible=made)
    ledger = ledger_of(world(replace(PASSED, about="model"), versions=(version,), runs=()))
    serves = edge("endpoint", "SERVES", "model-3", environment="production")
    record(ledger, told_as(serves, days(2), possible=served), valid=days(2))
    [cell] = answer_of(ledger, 12).cells
    assert [slot.state for slot in cell.slots] == [state]


def test_nothing_that_is_only_possible_satisfies_a_requirement():
    for one in (
        world(replace(PASSED, maybe_about=True)),
        world(replace(OFFERED, maybe_offered=True)),
        world(PASSED, runs=(PERHAPS_RUNS,)),
    ):
        [cell] = answer_of(ledger_of(one), 12).cells
        assert (cell.state, cell.units_ok) == (RequirementState.GAP, 0)
