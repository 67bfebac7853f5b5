"""How it stands with one slot of one subject: candidates, the versions that run, the worst of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from graph.model import Uid
from graph.slot import Slot
from graph.vocabulary.duties import Binding
from queries.evidence.answer import Proof, SlotResult, VersionResult
from queries.evidence.candidates import Candidates, Matching, candidates
from queries.evidence.dated import DatedFacts
from queries.evidence.doubts import Ties, doubts, revocations_of
from queries.evidence.failures import standing_failures
from queries.evidence.freshness import expiry
from queries.evidence.graph_access import environment_isolation, reach, single_use
from queries.evidence.graph_answers import Asked, GraphQuery, NotSeen, Open, Seen, ask
from queries.evidence.graph_credentials import credentials_ended, living_owner, secret_rotation
from queries.evidence.owners import Owners
from queries.evidence.records import Records
from queries.evidence.requirements import Requirement
from queries.evidence.states import SlotState, rank
from queries.evidence.subjects import Subject
from queries.evidence.trials import Judgement, Trial, judge, perhaps_contesting
from queries.evidence.versions import Version, certainly_ever, current, ever, version
from queries.evidence.words import places_in_words, repair, wanted

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
        if not isinstance(answer, Open):
            return self._from_answer(slot, query, subject, answer)
        one, other = (self._from_answer(slot, query, subject, each) for each in (answer.one, answer.other))
        if one.state is other.state:
            return one
        mended = repair(slot, SlotState.UNVERIFIED, self._label(subject), answer.because)
        result = _result(slot, SlotState.UNVERIFIED, answer.because, mended)
        return replace(result, proof=one.proof or other.proof, candidates=1)

    def _from_answer(self, slot: Slot, query: str, subject: Subject, answer: Seen | NotSeen) -> SlotResult:
        if isinstance(answer, NotSeen):
            missing = _result(slot, SlotState.MISSING, answer.because, answer.repair)
            return replace(missing, is_covered=answer.is_covered)
        record = answer.as_record(subject.uid)
        none = frozenset[Uid]()
        trial = Trial(self.dated, slot, subject, self.environments, None, none, none, is_graph=True)
        judged = judge(record, trial)
        because = _graph_reason(answer, judged)
        proof = Proof(None, None, None, answer.at, expiry(record, slot), f"the graph: {query}", answer.facts)
        mended = repair(slot, judged.state, self._label(subject), because, is_evaluated=judged.is_evaluated)
        return replace(_result(slot, judged.state, because, mended), proof=proof, candidates=1)

    def _from_records(self, slot: Slot, requirement: Requirement, subject: Subject) -> SlotResult:
        itself = frozenset({subject.uid})
        ties = Ties(itself | ever(self.dated, subject.uid), itself | certainly_ever(self.dated, subject.uid))
        records = list(self.records.about(ties.possible))
        found = candidates(self.dated, slot, requirement.ref.uid, records)
        revocations = revocations_of(self.dated, self.records, records)
        answering = [one for one in records if ties.is_certain(one) and one.uid not in revocations.any]
        trial = Trial(
            dated=self.dated,
            slot=slot,
            subject=subject,
            environments=self._environments(subject),
            version=None,
            live_failures=frozenset(),
            revoked=revocations.certain,
            perhaps_revoked=revocations.possible,
            doubts=doubts(self.dated, found.found, (requirement.ref.uid, slot.key), ties),
        )
        running = self._running(slot, subject)
        targets = self._targets(slot, subject, running)
        if not targets:
            return self._nothing_runs(slot, subject, found)
        results: list[VersionResult] = []
        for target in targets:
            failures = standing_failures(self.dated, found.found, answering, ties.possible, target)
            standing = failures - revocations.certain
            results.append(self._for_target(replace(trial, version=target, live_failures=standing), found))
        result = self._together(results, running, subject)
        mended = repair(
            slot, result.state, self._label(subject), result.because, is_evaluated=result.is_evaluated
        )
        versions = tuple(results) if targets[0] is not None else ()
        return replace(
            _result(slot, result.state, result.because, mended),
            proof=result.proof,
            candidates=len(found.found),
            versions=versions,
        )

    def _together(
        self, results: Sequence[VersionResult], running: Sequence[Version], subject: Subject
    ) -> VersionResult:
        """Return the worst over what runs for certain, in doubt where something runs only possibly."""
        worst = min(results, key=lambda result: rank(result.state))
        if not running:
            return worst
        if not any(one.is_certain for one in running):
            if worst.state is SlotState.MISSING:
                return worst
            said = self._perhaps_runs(running, subject)
            return VersionResult(None, SlotState.VERSION_UNKNOWN, said, worst.proof)
        sure = {None, *(one.uid for one in running if one.is_certain)}
        certain = min((r for r in results if r.version in sure), key=lambda result: rank(result.state))
        if rank(worst.state) < rank(SlotState.UNVERIFIED) < rank(certain.state):
            said = f"what possibly runs is not proved: {worst.because}"
            return VersionResult(None, SlotState.UNVERIFIED, said, worst.proof, worst.is_evaluated)
        return certain

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

    def _perhaps_runs(self, running: Sequence[Version], subject: Subject) -> str:
        names = " or ".join(self.dated.node(one.uid).label for one in running)
        where = places_in_words(self._environments(subject))
        depends = "".join(sorted({one.condition for one in running}))
        return f"only possibly does {names} run in {where}{depends}"

    def _nothing_runs(self, slot: Slot, subject: Subject, found: Candidates) -> SlotResult:
        where = places_in_words(self._environments(subject))
        because = f"no source says which version of it runs in {where}"
        mended = repair(slot, SlotState.VERSION_UNKNOWN, self._label(subject), because)
        result = _result(slot, SlotState.VERSION_UNKNOWN, because, mended)
        return replace(result, candidates=len(found.found))

    def _for_target(self, trial: Trial, found: Candidates) -> VersionResult:
        """Return the best candidate's state for a version, unless a failure stands against it."""
        uid = None if trial.version is None else trial.version.uid
        if not found.found:
            return VersionResult(uid, SlotState.MISSING, _nothing_on_file(trial.slot, found.undated), None)
        judged = [(matching, judge(matching.record, trial)) for matching in found.found]
        live = trial.live_failures
        contesting = [
            row for row in judged if row[1].state is SlotState.CONTESTED and row[0].record.uid in live
        ]
        matching, best = max(contesting or judged, key=_better)
        if rank(best.state) > rank(SlotState.UNVERIFIED):
            perhaps = perhaps_contesting([one.record for one in found.found], trial)
            if perhaps is not None:
                best = Judgement(SlotState.UNVERIFIED, perhaps)
        return VersionResult(uid, best.state, best.because, _proof(matching, trial), best.is_evaluated)

    def _label(self, subject: Subject) -> str:
        return self.dated.node(subject.uid).label


def _graph_reason(answer: Seen, judged: Judgement) -> str:
    """Return why what the graph answers comes to a state: its own words, and what else it fails."""
    is_its_verdict = judged.state is SlotState.UNVERIFIED and answer.verdict != "pass"
    if is_its_verdict or judged.state in (SlotState.OK, SlotState.CONTESTED):
        return answer.because
    return f"{answer.because}; {judged.because}"


def _better(row: tuple[Matching, Judgement]) -> tuple[int, int, str]:
    """Return what orders candidates: the better state, then the later date; equal ones by uid."""
    matching, judged = row
    return rank(judged.state), matching.record.at or 0, matching.record.uid


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
