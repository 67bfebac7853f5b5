"""The question of evidence and the values of its answer: cells, slots, proofs and scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from graph.model import CommitNumber, Instant, NodeRef, PropertyValue, Uid
from graph.vocabulary.duties import Binding, Level
from queries.basis import Basis
from queries.estate import HERE_AND_NOW, Standpoint
from queries.evidence.states import Applies, RequirementState, SlotState
from queries.filters import check_environments

DEFAULT_ENVIRONMENTS: Final = ("production", "unknown")

EVIDENCE_RULES: Final = 1
"""The edition of the rules by which slots are judged; a change of any of them is a new one."""


@dataclass(frozen=True, slots=True)
class EvidenceQuestion:
    """Which requirements are met by which subjects, as proved by what is on file.

    Empty filters let all pass. ``requirements`` are uids, printed labels or aliases,
    ``editions`` are uids of editions or of their regulations; an edition whose status is
    unverified is looked at only if it is named. ``law_at`` is the date of the law where it
    differs from that of the evidence. ``catalogs_known`` pins the commit at which catalogs
    are read; None is the head.

    Raises:
        InvalidQuestion: for an environment that there is not.
    """

    subjects: tuple[Uid, ...] = ()
    requirements: tuple[str, ...] = ()
    editions: tuple[Uid, ...] = ()
    environments: tuple[str, ...] = DEFAULT_ENVIRONMENTS
    law_at: Instant | None = None
    catalogs_known: CommitNumber | None = None
    standpoint: Standpoint = HERE_AND_NOW

    def __post_init__(self) -> None:
        """Refuse what nothing can be in."""
        check_environments(self.environments)


@dataclass(frozen=True, slots=True)
class FactUsed:
    """A property that a judgement looked at; None where no source gives it, or sources contradict."""

    subject: Uid
    name: str
    value: PropertyValue | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Proof:
    """What a slot rests on: a piece of evidence, a decision, or what the graph itself shows.

    ``evidence`` is None for the graph's own answers. ``fresh_until`` is the first moment
    at which it is no longer fresh, None where no date ends it. ``rule`` says how it
    matched.
    """

    evidence: Uid | None
    locator: str | None
    digest: str | None
    collected_at: Instant | None
    fresh_until: Instant | None
    rule: str
    facts: tuple[FactUsed, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionResult:
    """How it stands with a slot for one version that runs; ``version`` is None for other bindings.

    ``is_evaluated`` is False where what is asked for is not evaluated yet, so that nothing filed helps.
    """

    version: Uid | None
    state: SlotState
    because: str
    proof: Proof | None
    is_evaluated: bool = True


@dataclass(frozen=True, slots=True)
class SlotResult:
    """How it stands with one slot.

    ``proof`` is what the state rests on: all that is needed where it is OK, else the best
    that is there, failing the test that ``because`` tells. ``repair`` is the cheapest way
    to mend it, None where it is OK. ``candidates`` counts what is on file for it. ``is_covered``
    is False where it is MISSING only because nobody has looked.
    """

    key: str
    title: str
    binding: Binding
    group: str | None
    state: SlotState
    because: str
    repair: str | None
    proof: Proof | None
    candidates: int
    versions: tuple[VersionResult, ...] = ()
    is_covered: bool = True


@dataclass(frozen=True, slots=True)
class Applicability:
    """Whether a requirement concerns a subject, and why.

    ``since`` is the date from which it will, or until which it did, where it is not in
    force. ``missing_facts`` are those that would have to be known: each is a task.
    """

    state: Applies
    because: str
    since: Instant | None = None
    missing_facts: tuple[str, ...] = ()
    facts: tuple[FactUsed, ...] = ()


@dataclass(frozen=True, slots=True)
class RequirementRef:
    """A requirement as a cell names it."""

    uid: Uid
    edition: Uid
    label: str
    title: str
    level: Level | None
    weight: float
    link: str | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One requirement for one subject, in one environment where the level is deployments.

    ``state`` is None where the requirement does not apply or is not in force. Units are
    slots, or groups of slots of which one is enough; ``units_on_file`` counts those for
    which there is any candidate at all.
    """

    subject: NodeRef
    subject_label: str
    environment: str | None
    requirement: RequirementRef
    applicability: Applicability
    state: RequirementState | None
    because: str
    slots: tuple[SlotResult, ...] = ()
    units: int = 0
    units_ok: int = 0
    units_on_file: int = 0

    @property
    def worst(self) -> SlotState | None:
        """Return the worst state of its slots, None where none was judged."""
        return min((slot.state for slot in self.slots), key=list(SlotState).index, default=None)


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores with the counts that they are made of; shares are None where nothing is in force.

    ``complete`` (C) is the weighted mean of the share of units that are OK, over cells
    that apply or may; ``strict`` the weight share of requirements that are satisfied;
    ``filed`` (F) as C, a unit counting if anything at all is on file. ``cells`` counts
    cells by what applies; ``satisfied``, ``gaps`` and ``not_assessable`` only those that do.
    Of the MISSING among ``slots``, ``not_covered`` are so only because nobody has looked.
    """

    complete: float | None
    strict: float | None
    filed: float | None
    cells: Mapping[Applies, int]
    satisfied: int
    gaps: int
    not_assessable: int
    units: int
    units_ok: int
    units_on_file: int
    slots: Mapping[SlotState, int]
    not_covered: int

    @property
    def paper_without_proof(self) -> float | None:
        """Return F - C: the share that is on paper only."""
        if self.filed is None or self.complete is None:
            return None
        return self.filed - self.complete


@dataclass(frozen=True, slots=True)
class CatalogStamp:
    """An edition that the ledger holds: named by digest where it was looked at.

    ``left_out`` says why it was not, None where it was. ``unreadable`` are the requirements
    that cannot be evaluated (of those that were looked at, where it was), each with the reason.
    """

    edition: Uid
    title: str
    digest: str | None
    status: str | None
    requirements: int
    left_out: str | None
    unreadable: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Untyped:
    """A node in no row because of its type: no source says one, or one that nobody knows.

    ``nearest`` is the known type that is spelled most like it, None if none comes near.
    """

    node: NodeRef
    type: str | None
    nearest: str | None


@dataclass(frozen=True, slots=True)
class EvidenceAnswer:
    """The matrix of subjects and requirements.

    Cells are in order of edition, requirement, subject and environment. ``untyped`` are
    nodes that may be subjects, but nobody can tell by their type; ``without_duty``
    are subjects asked for that no requirement looked at is about. ``next_change`` is the
    earliest date after ``as_of`` at which a cell may change by itself, None if none is known.
    ``question`` says of which subjects and requirements all this is.
    """

    basis: Basis
    question: EvidenceQuestion
    law_at: Instant
    catalogs: tuple[CatalogStamp, ...]
    catalogs_known: CommitNumber
    environments: tuple[str, ...]
    cells: tuple[Cell, ...]
    scores: Scores
    scores_by_edition: Mapping[Uid, Scores]
    untyped: tuple[Untyped, ...]
    without_duty: tuple[NodeRef, ...]
    next_change: Instant | None
    evidence_rules: int = EVIDENCE_RULES
