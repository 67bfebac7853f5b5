"""How it stands with one slot of one subject: candidates, the versions that run, the worst of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from graph.model import Uid
from graph.slot import Slot
from graph.vocabulary.duties import Binding
from queries.evidence.answer import Proof, SlotResult, VersionResult
from queries.evidence.candidates import Candidates, Matching, candidates, live_failures
from queries.evidence.dated import DatedFacts
from queries.evidence.doubts import Ties, doubts
from queries.evidence.freshness import expiry
from queries.evidence.graph_access import environment_isolation, reach, single_use
from queries.evidence.graph_answers import Asked, GraphQuery, NotSeen, ask
from queries.evidence.graph_credentials import credentials_ended, living_owner, secret_rotation
from queries.evidence.owners import Owners
from queries.evidence.records import Record, Records
from queries.evidence.requirements import Requirement
from queries.evidence.states import SlotState, rank
from queries.evidence.subjects import Subject
from queries.evidence.trials import Trial, judge
from queries.evidence.versions import Version, certainly_ever, current, ever, version
from queries.evidence.words import repair, wanted

LIVING_OWNER: Final = "living-owner"

GRAPH_QUERIES: Final[Mapping[str, GraphQuery]] = {
    "credentials-ended": credentials_ended,
    "environment-isolation": environment_isolation,
    LIVING_OWNER: living_owner,
    "reach": reach,
    "secret-rotation": secret_rotation,
    "single-use": single_use,
}
"""The questions that a catalog may ask of the graph, by name."""

NEEDS_VERSION: Final = frozenset({Binding.VERSION, Binding.DEPLOYMENT})
"""Bindings for which nothing can be said while it is not known what runs."""


@dataclass(frozen=True)
class Judging:
    """What slots are judged from."""

    owners: Owners
    dated: DatedFacts
    records: Records
    environments: tuple[str, ...]

    def slot(self, slot: Slot, requirement: Requirement, subject: Subject) -> SlotResult:
        """Return how it stands with a slot."""
        if slot.query is not None:
            return self._from_graph(slot, slot.query, subject)
        return self._from_records(slot, requirement, subject)

    def _from_graph(self, slot: Slot, query: str, subject: Subject) -> SlotResult:
        answer = ask(query, Asked(self.dated, self.owners, subject), GRAPH_QUERIES)
        if isinstance(answer, NotSeen):
            return _result(slot, SlotState.MISSING, answer.because, answer.repair)
        record = answer.as_record(subject.uid)
        none = frozenset[Uid]()
        trial = Trial(self.dated, slot, subject, self.environments, None, none, none, is_graph=True)
        state, failed = judge(record, trial)
        because = f"{answer.because}; {failed}" if state is SlotState.STALE else answer.because
        proof = Proof(None, None, None, answer.at, expiry(record, slot), f"the graph: {query}", answer.facts)
        mended = repair(slot, state, self._label(subject), because)
        return replace(_result(slot, state, because, mended), proof=proof, candidates=1)

    def _from_records(self, slot: Slot, requirement: Requirement, subject: Subject) -> SlotResult:
        itself = frozenset({subject.uid})
        ties = Ties(itself | ever(self.dated, subject.uid), itself | certainly_ever(self.dated, subject.uid))
        records = list(self.records.about(ties.possible))
        found = candidates(self.dated, slot, requirement.ref.uid, records)
        trial = Trial(
            dated=self.dated,
            slot=slot,
            subject=subject,
            environments=self._environments(subject),
            version=None,
            live_failures=frozenset(),
            revoked=self._revoked(records),
            doubts=doubts(self.dated, found.found, (requirement.ref.uid, slot.key), ties),
        )
        answering = [record for record in records if ties.is_certain(record)]
        live = live_failures(self.dated, found.found, answering, trial.revoked)
        trial = replace(trial, live_failures=live)
        running = self._running(slot, subject)
        targets = self._targets(slot, subject, running)
        if not targets:
            return self._nothing_runs(slot, subject, found)
        results = [self._for_target(replace(trial, version=target), found) for target in targets]
        worst = min(results, key=lambda result: rank(result.state))
        state, because = worst.state, worst.because
        nothing_is_sure = running and not any(one.is_certain for one in running)
        if nothing_is_sure and rank(state) > rank(SlotState.VERSION_UNKNOWN):
            state, because = SlotState.VERSION_UNKNOWN, self._perhaps_runs(running, subject)
        mended = repair(slot, state, self._label(subject), because)
        versions = tuple(results) if targets[0] is not None else ()
        return replace(
            _result(slot, state, because, mended),
            proof=worst.proof,
            candidates=len(found.found),
            versions=versions,
        )

    def _running(self, slot: Slot, subject: Subject) -> Sequence[Version]:
        """Return what runs, where that matters to a slot."""
        if slot.binding not in NEEDS_VERSION:
            return ()
        return current(self.dated, subject.uid, self._environments(subject))

    def _targets(self, slot: Slot, subject: Subject, running: Sequence[Version]) -> Sequence[Version | None]:
        """Return the versions for which a slot is judged; one None where it is bound to none."""
        if slot.binding is Binding.DATASET_VERSION:
            return (version(self.dated, subject.uid),)
        if slot.binding not in NEEDS_VERSION:
            return (None,)
        if slot.binding is Binding.DEPLOYMENT:
            return (None,) if running else ()
        return running

    def _environments(self, subject: Subject) -> tuple[str, ...]:
        """Return where it matters what runs: wherever was asked about, or the cell's environment."""
        return self.environments if subject.environment is None else (subject.environment,)

    def _revoked(self, records: Sequence[Record]) -> frozenset[Uid]:
        revoked: set[Uid] = set()
        for record in records:
            for decision in self.records.decisions("revocation", frozenset({record.uid})):
                if record.failed and record.uid in decision.possibly_about:
                    # A failure stands until it is withdrawn for certain.
                    continue
                if decision.at is not None and decision.at <= self.dated.moment:
                    revoked.add(record.uid)
                elif decision.at is not None:
                    self.dated.horizon.note([decision.at])
        return frozenset(revoked)

    def _perhaps_runs(self, running: Sequence[Version], subject: Subject) -> str:
        names = " or ".join(self.dated.node(one.uid).label for one in running)
        where = " or ".join(self._environments(subject))
        depends = "".join(sorted({one.condition for one in running}))
        return f"only possibly does {names} run in {where}{depends}"

    def _nothing_runs(self, slot: Slot, subject: Subject, found: Candidates) -> SlotResult:
        where = " or ".join(self._environments(subject))
        because = f"no source says which version of it runs in {where}"
        mended = repair(slot, SlotState.VERSION_UNKNOWN, self._label(subject), because)
        result = _result(slot, SlotState.VERSION_UNKNOWN, because, mended)
        return replace(result, candidates=len(found.found))

    def _for_target(self, trial: Trial, found: Candidates) -> VersionResult:
        """Return the best candidate's state for a version, unless a failure stands against it."""
        uid = None if trial.version is None else trial.version.uid
        if not found.found:
            return VersionResult(uid, SlotState.MISSING, _nothing_on_file(trial.slot, found.undated), None)
        judged = [(matching, *judge(matching.record, trial)) for matching in found.found]
        live = trial.live_failures
        contesting = [row for row in judged if row[1] is SlotState.CONTESTED and row[0].record.uid in live]
        matching, state, because = max(contesting or judged, key=_better)
        return VersionResult(uid, state, because, _proof(matching, trial))

    def _label(self, subject: Subject) -> str:
        return self.dated.node(subject.uid).label


def _better(row: tuple[Matching, SlotState, str]) -> tuple[int, int, str]:
    """Return what orders candidates: the better state, then the later date; equal ones by uid."""
    matching, state, _ = row
    return rank(state), matching.record.at or 0, matching.record.uid


def _proof(matching: Matching, trial: Trial) -> Proof:
    record = matching.record
    return Proof(
        evidence=record.uid,
        locator=record.locator,
        digest=record.digest,
        collected_at=record.at,
        fresh_until=expiry(record, trial.slot),
        rule=matching.rule,
        facts=trial.facts,
    )


def _nothing_on_file(slot: Slot, undated: int) -> str:
    said = f"nothing is on file: {wanted(slot)}"
    if undated:
        return f"{said}; {undated} that match do not say when they were gathered"
    return said


def _result(slot: Slot, state: SlotState, because: str, mended: str | None) -> SlotResult:
    return SlotResult(
        key=slot.key,
        title=slot.title,
        binding=slot.binding,
        group=slot.group,
        state=state,
        because=because,
        repair=mended,
        proof=None,
        candidates=0,
    )
