"""The laws of evidence over random worlds, and for each a broken engine that it catches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from queries.evidence import doubts, facts, freshness, scores, slots, trials
from queries.evidence.states import SlotState
from tests.queries.evidence import laws
from tests.queries.evidence.plain import PlainWorld
from tests.queries.evidence.random_worlds import cases

Law = Callable[[PlainWorld, int, int], None]

LAWS: list[Law] = [
    laws.equals_the_plain_evaluator,
    laws.passing_evidence_never_lowers_the_score,
    laws.what_is_recorded_later_changes_nothing,
    laws.an_unknown_digest_fails_version_slots_only,
    laws.open_lineage_is_never_ok,
    laws.what_is_revoked_never_counts,
    laws.nothing_in_force_has_no_score,
    laws.nothing_changes_until_the_next_change,
    laws.counter_evidence_contests,
    laws.paper_is_never_less_than_proof,
]
NAMES = [law.__name__ for law in LAWS]


def holds(law: Law, examples: int, **how) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
        report_multiple_bugs=False,
        **how,
    )
    @given(cases())
    def check(case: tuple[PlainWorld, int, int]) -> None:
        law(*case)

    check()


@pytest.mark.parametrize("law", LAWS, ids=NAMES)
def test_the_law_holds_over_random_worlds(law: Law):
    holds(law, 60)


# ---------------------------------------------------------------- each law notices


def without(state: SlotState):
    return tuple(entry for entry in trials.TESTS if entry[0] is not state)


def several_are_a_conflict(original):
    def judged(self, trial, found):
        result = original(self, trial, found)
        return replace(result, state=SlotState.MISMATCH) if len(found.found) > 1 else result

    return judged


def reads_the_head(original):
    return lambda ledger, _known: original(ledger, ledger.head().sequence)


def nothing_filed(original):
    return lambda self, *rest: replace(original(self, *rest), candidates=0)


def zero_for_nothing(original):
    return lambda shares: original(shares) or 0.0


def one_moment_late(original):
    def expiry(record, slot):
        end = original(record, slot)
        return None if end is None else end + 1

    return expiry


def every_version_runs(facts_read, subject, environments, moment):
    del environments, moment
    for made in facts_read.edges_into.get(("VERSION_OF", subject), ()):
        yield (replace(made, subject=made.object, object=made.subject),)


def without_doubt(original):
    def revocations(*asked):
        found = original(*asked)
        return doubts.Revocations(found.any, {})

    return revocations


MUTANTS = [
    (
        "two pieces of evidence are taken for a conflict",
        laws.passing_evidence_never_lowers_the_score,
        "slots.Judging._for_target",
        several_are_a_conflict(slots.Judging._for_target),
    ),
    (
        "facts are read at the head",
        laws.what_is_recorded_later_changes_nothing,
        "facts.Facts.read",
        reads_the_head(facts.Facts.read),
    ),
    (
        "digests are not compared",
        laws.an_unknown_digest_fails_version_slots_only,
        "trials.TESTS",
        without(SlotState.MISMATCH),
    ),
    (
        "inheritance is passed over",
        laws.open_lineage_is_never_ok,
        "trials.TESTS",
        without(SlotState.OPEN_LINEAGE),
    ),
    (
        "nothing in force is nothing proved",
        laws.nothing_in_force_has_no_score,
        "scores._mean",
        zero_for_nothing(scores._mean),
    ),
    (
        "no date is noted",
        laws.nothing_changes_until_the_next_change,
        "dated.Horizon.note",
        lambda *_: None,
    ),
    (
        "failures do not contest",
        laws.counter_evidence_contests,
        "trials.TESTS",
        without(SlotState.CONTESTED),
    ),
    (
        "paper is not counted",
        laws.paper_is_never_less_than_proof,
        "slots.Judging._from_records",
        nothing_filed(slots.Judging._from_records),
    ),
    (
        "freshness ends a moment late",
        laws.equals_the_plain_evaluator,
        "trials.expiry",
        one_moment_late(freshness.expiry),
    ),
    (
        "every version counts as running",
        laws.equals_the_plain_evaluator,
        "versions._ways",
        every_version_runs,
    ),
    (
        "revocations are passed over",
        laws.what_is_revoked_never_counts,
        "trials.TESTS",
        without(SlotState.REVOKED),
    ),
    (
        "what is possible is taken for certain",
        laws.equals_the_plain_evaluator,
        "trials.TESTS",
        tuple(entry for entry in trials.TESTS if entry[1] is not trials._possible),
    ),
    (
        "what runs only possibly is taken to run",
        laws.equals_the_plain_evaluator,
        "versions.is_certain",
        lambda _: True,
    ),
    (
        "a possible revocation is taken for certain",
        laws.equals_the_plain_evaluator,
        "slots.revocations_of",
        without_doubt(doubts.revocations_of),
    ),
    (
        "a possible failure is passed over",
        laws.equals_the_plain_evaluator,
        "slots.perhaps_contesting",
        lambda *_: None,
    ),
    (
        "type and aspect are not compared",
        laws.equals_the_plain_evaluator,
        "candidates.match",
        lambda *_: "anything goes",
    ),
]


@pytest.mark.parametrize(("law", "place", "broken"), [m[1:] for m in MUTANTS], ids=[m[0] for m in MUTANTS])
def test_a_broken_engine_is_caught(law, place, broken, monkeypatch):
    monkeypatch.setattr(f"queries.evidence.{place}", broken)
    with pytest.raises(AssertionError):
        holds(law, 400, derandomize=True, database=None, phases=[Phase.generate])
