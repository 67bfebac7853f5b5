"""The tests that a candidate has to pass, the gravest first, as a table.

Each test says in words why a candidate fails it, or None where it passes. A candidate is
in the state of the first test that it fails; one that fails none is OK. Further states
are further entries of this table.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from graph.model import Uid
from graph.slot import Slot
from graph.vocabulary import Kind
from graph.vocabulary.duties import Binding, Method
from queries.evidence.answer import FactUsed
from queries.evidence.dated import DatedFacts
from queries.evidence.freshness import (
    VERSION,
    Watched,
    expiry,
    first_possible_version_change,
    first_watched_change,
)
from queries.evidence.records import Record
from queries.evidence.states import SlotState
from queries.evidence.subjects import Subject
from queries.evidence.versions import Version
from queries.evidence.words import day, places_in_words


@dataclass(frozen=True, slots=True)
class Trial:
    """What a candidate is judged for: a slot of a subject, and the version where one is bound.

    ``live_failures`` and ``revoked`` are the records that stand against others, or no
    longer count; ``doubts`` says of some that they match only possibly, ``perhaps_revoked``
    on what it depends whether they count. ``is_graph`` is True for what the graph answers itself.
    """

    dated: DatedFacts
    slot: Slot
    subject: Subject
    environments: Collection[str]
    version: Version | None
    live_failures: frozenset[Uid]
    revoked: frozenset[Uid]
    is_graph: bool = False
    doubts: Mapping[Uid, str] = field(default_factory=dict[Uid, str])
    perhaps_revoked: Mapping[Uid, str] = field(default_factory=dict[Uid, str])

    @property
    def watched(self) -> Watched:
        """Return what the slot's freshness watches."""
        return Watched(self.subject.uid, self.environments, self.slot.freshness.watch)

    @property
    def facts(self) -> tuple[FactUsed, ...]:
        """Return the watched facts at the date."""
        names = (name for name in self.slot.freshness.watch if name != "version")
        return tuple(self.dated.fact(self.subject.uid, name).used for name in names)


Test = Callable[[Record, Trial], str | None]


def is_about(record: Record, trial: Trial) -> bool:
    """Return whether a record speaks of the version on trial, as far as failures are concerned.

    Proof has to name the digest; doubt does not: a failure that names none counts against
    the version that it is about, and one about the subject as such against every version.
    """
    version = trial.version
    if version is None:
        return True
    if record.digests and version.digests:
        return bool(record.digests & version.digests)
    return version.uid in record.about or (not record.digests and trial.subject.uid in record.about)


def _revoked(record: Record, trial: Trial) -> str | None:
    return "it has been revoked" if record.uid in trial.revoked else None


def _failed(record: Record, trial: Trial) -> str | None:
    if not record.failed or not is_about(record, trial) or record.uid in trial.doubts:
        return None
    if record.perhaps_failed:
        return f"by one source it failed on {day(record.at)}, by another it did not"
    if record.uid in trial.live_failures:
        return f"it failed on {day(record.at)}, and no later pass of the same check answers it"
    return f"it failed on {day(record.at)}"


def _version_without_digest(_: Record, trial: Trial) -> str | None:
    version = trial.version
    if version is None or version.digests:
        return None
    if version.disputed:
        return f"sources name different digests for {trial.dated.node(version.uid).label}"
    return f"no source names a digest of {trial.dated.node(version.uid).label}, which {version.runs}"


def _unbound(record: Record, trial: Trial) -> str | None:
    if trial.version is None or record.digests:
        return None
    return "it names no digest, so nothing shows which version it is about"


def _other_digest(record: Record, trial: Trial) -> str | None:
    version = trial.version
    if version is None or record.digests & version.digests:
        return None
    return (
        f"it is about another digest than that of {trial.dated.node(version.uid).label}, which {version.runs}"
    )


def _other_environment(record: Record, trial: Trial) -> str | None:
    if trial.slot.binding is not Binding.DEPLOYMENT or trial.is_graph:
        return None
    if record.environment is None:
        return "it does not say in which environment it was gathered"
    if record.environment in trial.environments:
        return None
    return f"it was gathered in {record.environment}, not in {places_in_words(trial.environments)}"


def _short_period(record: Record, trial: Trial) -> str | None:
    covers = trial.slot.covers
    if covers is None or trial.is_graph:
        return None
    if record.period_from is None or record.period_to is None:
        return f"it does not say which period it covers; {covers.text} is asked for"
    if record.period_to >= covers.after(record.period_from):
        return None
    return f"it covers {day(record.period_from)} to {day(record.period_to)}, less than {covers.text}"


def _stale(record: Record, trial: Trial) -> str | None:
    end = expiry(record, trial.slot)
    if end is None:
        return None
    trial.dated.horizon.note([end])
    if trial.dated.moment < end:
        return None
    return f"it was fresh until {day(end)} (gathered on {day(record.at)})"


def _watched_changed(record: Record, trial: Trial) -> str | None:
    if not trial.slot.freshness.watch or record.fresh_from is None:
        return None
    change = first_watched_change(trial.dated, trial.watched, record.fresh_from)
    return None if change is None else f"{change.name} changed on {day(change.at)}, after it was gathered"


def _version_perhaps_changed(record: Record, trial: Trial) -> str | None:
    if VERSION not in trial.slot.freshness.watch or record.fresh_from is None:
        return None
    at = first_possible_version_change(trial.dated, trial.watched, record.fresh_from)
    return None if at is None else f"it is possible that another version runs since {day(at)}"


def _no_verdict(record: Record, trial: Trial) -> str | None:
    needs = trial.is_graph or trial.slot.method is Method.TEST or "classification" in trial.slot.types
    return "it states no verdict" if needs and record.verdict != "pass" else None


def _failed_elsewhere(record: Record, _: Trial) -> str | None:
    return "its verdict is fail" if record.failed else None


def _in_dispute(record: Record, _: Trial) -> str | None:
    if not record.disputed:
        return None
    return f"sources contradict each other on {' and '.join(record.disputed)}"


def _possible(record: Record, trial: Trial) -> str | None:
    return trial.doubts.get(record.uid)


def _perhaps_revoked(record: Record, trial: Trial) -> str | None:
    condition = trial.perhaps_revoked.get(record.uid)
    return None if condition is None else f"it is only possibly revoked{condition}"


def _asserted(record: Record, _: Trial) -> str | None:
    if record.kind is not Kind.DECISION or record.actor_basis == "authenticated":
        return None
    return "who decided it is asserted, and this release authenticates nobody"


def _assurance(_: Record, trial: Trial) -> str | None:
    if trial.slot.minimum_assurance == 0 or trial.is_graph:
        return None
    return f"assurance A{trial.slot.minimum_assurance} is asked for, and this release establishes none"


def _unsupported(_: Record, trial: Trial) -> str | None:
    slot = trial.slot
    asked = [n for n in ("threshold", "independence", "trigger") if getattr(slot, n) is not None]
    return f"this release does not evaluate its {' and '.join(asked)}" if asked else None


def _inherits(_: Record, trial: Trial) -> str | None:
    return "this release does not follow inheritance" if trial.slot.inherit is not None else None


TESTS: Final[tuple[tuple[SlotState, Test], ...]] = (
    (SlotState.REVOKED, _revoked),
    (SlotState.CONTESTED, _failed),
    (SlotState.VERSION_UNKNOWN, _version_without_digest),
    (SlotState.MISMATCH, _unbound),
    (SlotState.MISMATCH, _other_digest),
    (SlotState.MISMATCH, _other_environment),
    (SlotState.MISMATCH, _short_period),
    (SlotState.STALE, _stale),
    (SlotState.STALE, _watched_changed),
    (SlotState.UNVERIFIED, _failed_elsewhere),
    (SlotState.UNVERIFIED, _in_dispute),
    (SlotState.UNVERIFIED, _possible),
    (SlotState.UNVERIFIED, _perhaps_revoked),
    (SlotState.UNVERIFIED, _version_perhaps_changed),
    (SlotState.UNVERIFIED, _no_verdict),
    (SlotState.UNVERIFIED, _asserted),
    (SlotState.UNVERIFIED, _assurance),
    (SlotState.UNVERIFIED, _unsupported),
    (SlotState.OPEN_LINEAGE, _inherits),
)


NOT_EVALUATED: Final = frozenset({_asserted, _assurance, _unsupported, _inherits})
"""Tests that fail for what this release does not evaluate, whoever files whatever."""


class Judgement(NamedTuple):
    """The state of a candidate, and in words the test that it fails, or that it passes all.

    ``is_evaluated`` is False where that test is one that is not evaluated yet.
    """

    state: SlotState
    because: str
    is_evaluated: bool = True


def judge(record: Record, trial: Trial) -> Judgement:
    """Return how it stands with a candidate, by the first test that it fails."""
    for state, test in TESTS:
        because = test(record, trial)
        if because is not None:
            return Judgement(state, because, test not in NOT_EVALUATED)
    return Judgement(SlotState.OK, f"gathered on {day(record.at)}")


def perhaps_contesting(records: Iterable[Record], trial: Trial) -> str | None:
    """Return in words that a failure may stand against a version: one that is only possibly about it.

    None where there is none.
    """
    for record in records:
        if record.uid in trial.live_failures and record.uid in trial.doubts and is_about(record, trial):
            return f"a test failed on {day(record.at)}, and {trial.doubts[record.uid]}"
    return None
