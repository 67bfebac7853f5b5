"""One cell of the matrix: whether a requirement concerns a subject, and what its slots come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from graph.ledger.standing import SecretStanding
from graph.model import Instant
from graph.vocabulary import Kind
from graph.vocabulary.duties import Level
from queries.evidence.answer import Applicability, Cell, FactUsed, SlotResult
from queries.evidence.applicability import Adoption, applicability
from queries.evidence.dated import Fact
from queries.evidence.graph_credentials import secret_end
from queries.evidence.records import Record
from queries.evidence.requirements import Edition, Requirement
from queries.evidence.slots import Judging
from queries.evidence.states import COUNTED, Applies, RequirementState, SlotState, worst
from queries.evidence.subjects import Subject


@dataclass(frozen=True)
class Evaluation:
    """What cells are made from."""

    judging: Judging
    law_at: Instant

    def cell(self, requirement: Requirement, edition: Edition, subject: Subject) -> Cell:
        """Return the cell of a requirement and a subject."""
        node = self.judging.dated.node(subject.uid)
        applies = self._applicability(requirement, edition, subject)
        slots: tuple[SlotResult, ...] = ()
        if applies.state in COUNTED and requirement.unreadable is None:
            slots = tuple(self.judging.slot(slot, requirement, subject) for slot in requirement.slots)
        units = _units(slots)
        state, because = _state(applies, requirement, slots, units)
        return Cell(
            subject=node.ref,
            subject_label=node.label,
            environment=subject.environment,
            requirement=requirement.ref,
            applicability=applies,
            state=state,
            because=because,
            slots=slots,
            units=len(units),
            units_ok=sum(any(slot.state is SlotState.OK for slot in unit) for unit in units),
            units_on_file=sum(any(slot.candidates for slot in unit) for unit in units),
        )

    def _applicability(self, requirement: Requirement, edition: Edition, subject: Subject) -> Applicability:
        ended = self._ended_secret(requirement, subject)
        if ended is not None:
            return ended

        def look_up(name: str) -> Fact:
            if name == "environment" and subject.environment not in {None, "unknown"}:
                used = FactUsed(subject.uid, name, subject.environment, None)
                return Fact(used, contested=False)
            return self.judging.dated.fact(subject.uid, name)

        self._note_law(requirement, edition)
        return applicability(
            requirement, edition, self.law_at, lambda: self._adoption(edition), look_up, subject.doubts
        )

    def _ended_secret(self, requirement: Requirement, subject: Subject) -> Applicability | None:
        """Return that a secret is no subject any more; None for everything else."""
        dated = self.judging.dated
        if requirement.ref.level is not Level.SECRET or dated.node(subject.uid).kind is not Kind.SECRET:
            return None
        standing, fact = secret_end(dated, subject.uid)
        if standing is not SecretStanding.ENDED:
            return None
        said = "expired" if fact.name == "expires" else "been revoked"
        return Applicability(Applies.DOES_NOT_APPLY, f"the secret has {said}", facts=(fact,))

    def _note_law(self, requirement: Requirement, edition: Edition) -> None:
        """Note the dates of the law, where it is asked for at the date of the evidence."""
        dated = self.judging.dated
        if self.law_at == dated.moment:
            periods = (requirement.period, edition.period)
            dates = (date for period in periods for date in (period.start, period.end))
            dated.horizon.note(date for date in dates if date is not None)

    def _adoption(self, edition: Edition) -> Adoption:
        """Return whether a decision to adopt an edition, or its regulation, stands at the date."""
        found = Adoption(truth=False)
        for decision in self.judging.records.decisions("adoption", edition.names):
            if not self._stands(decision):
                continue
            doubt = self._doubt(decision, edition)
            if doubt is None:
                return Adoption(truth=True)
            found = Adoption(truth=None, doubt=doubt)
        return found

    def _stands(self, decision: Record) -> bool:
        """Return whether a decision stood at the date: made, and neither ended nor revoked for certain."""
        dated = self.judging.dated
        dated.horizon.note(m for m in (decision.at, decision.expires) if m is not None)
        began = decision.at is not None and decision.at <= dated.moment
        ended = decision.expires is not None and decision.expires <= dated.moment
        revoked = any(decision.uid in one.surely_about for one in self._revocations(decision))
        return began and not ended and not revoked

    def _doubt(self, decision: Record, edition: Edition) -> str | None:
        """Return what makes it only possible that a standing decision adopts an edition."""
        if not decision.surely_about & edition.certain_names:
            conditions = {decision.possibly_about.get(name, "") for name in edition.names & decision.about}
            return f"it is only possibly adopted{min(conditions)}"
        for revocation in self._revocations(decision):
            said = revocation.possibly_about[decision.uid]
            return f"the decision to adopt it is only possibly revoked{said}"
        return None

    def _revocations(self, decision: Record) -> list[Record]:
        """Return the decisions that had revoked another by the date, for certain or possibly."""
        dated = self.judging.dated
        found = list(self.judging.records.decisions("revocation", frozenset({decision.uid})))
        dated.horizon.note(one.at for one in found if one.at is not None)
        return [one for one in found if one.at is not None and one.at <= dated.moment]


def _units(slots: Sequence[SlotResult]) -> list[list[SlotResult]]:
    """Return the units of a requirement: each slot by itself, but slots of one group together."""
    units: dict[tuple[str, str], list[SlotResult]] = defaultdict(list)
    for slot in slots:
        units[("slot", slot.key) if slot.group is None else ("group", slot.group)].append(slot)
    return list(units.values())


def _state(
    applies: Applicability,
    requirement: Requirement,
    slots: Sequence[SlotResult],
    units: Sequence[Sequence[SlotResult]],
) -> tuple[RequirementState | None, str]:
    if applies.state not in COUNTED:
        return None, applies.because
    if requirement.unreadable is not None:
        return RequirementState.NOT_ASSESSABLE, requirement.unreadable
    if not slots:
        return RequirementState.NOT_ASSESSABLE, "its catalog names no evidence that would show it"
    failing = [unit for unit in units if not any(slot.state is SlotState.OK for slot in unit)]
    if not failing:
        return RequirementState.SATISFIED, f"of {len(units)} asked for, all are proved"
    gravest = worst(slot.state for unit in failing for slot in unit)
    first = next(slot for unit in failing for slot in unit if slot.state is gravest)
    return RequirementState.GAP, f"{first.title}: {first.because}"
