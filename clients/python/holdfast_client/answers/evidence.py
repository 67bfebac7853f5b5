"""Which requirements are met, with what proof."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from holdfast_client.answers.basis import Basis
from holdfast_client.answers.nodes import NodeName
from holdfast_client.pages import Pages
from holdfast_client.words import Applies, Kind, RequirementState, SlotState


@dataclass(frozen=True, slots=True)
class FactUsed:
    """A property that a judgement looked at."""

    name: str
    source: str | None
    subject: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """What a slot rests on."""

    collected_at: datetime | None
    digest: str | None
    evidence: str | None
    facts: tuple[FactUsed, ...]
    fresh_until: datetime | None
    locator: str | None
    rule: str


@dataclass(frozen=True, slots=True)
class VersionResult:
    """How it stands with a slot for one version that runs."""

    because: str
    proof: Proof | None
    state: SlotState
    version: str | None


@dataclass(frozen=True, slots=True)
class Slot:
    """How it stands with one slot of a requirement."""

    because: str
    binding: str
    candidates: int
    covered: bool
    group: str | None
    key: str
    proof: Proof | None
    repair: str | None
    state: SlotState
    title: str
    versions: tuple[VersionResult, ...]


@dataclass(frozen=True, slots=True)
class EvidenceCell:
    """One requirement for one subject."""

    applies: Applies
    applies_because: str
    applies_since: datetime | None
    because: str
    edition: str
    environment: str | None
    facts: tuple[FactUsed, ...]
    label: str
    level: str | None
    link: str | None
    missing_facts: tuple[str, ...]
    requirement: str
    slots: tuple[Slot, ...]
    state: RequirementState | None
    subject: str
    subject_kind: Kind
    subject_label: str
    title: str
    units: int
    units_ok: int
    units_on_file: int
    weight: float
    worst: SlotState | None


@dataclass(frozen=True, slots=True)
class AppliesCount:
    """How many cells apply, or do not."""

    applies: Applies
    count: int


@dataclass(frozen=True, slots=True)
class SlotCount:
    """How many slots are in a state."""

    count: int
    state: SlotState


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores, with the counts they are made of; null where nothing is in force."""

    cells: tuple[AppliesCount, ...]
    complete: float | None
    filed: float | None
    gaps: int
    not_assessable: int
    not_covered: int
    paper_without_proof: float | None
    satisfied: int
    slots: tuple[SlotCount, ...]
    strict: float | None
    units: int
    units_ok: int
    units_on_file: int


@dataclass(frozen=True, slots=True)
class Catalog:
    """An edition that the ledger holds."""

    digest: str | None
    edition: str
    left_out: str | None
    requirements: int
    scores: Scores | None
    status: str | None
    title: str
    unreadable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UntypedNode:
    """A node in no row because of its type."""

    kind: Kind
    nearest: str | None
    type: str | None
    uid: str


@dataclass(frozen=True, slots=True)
class EvidenceMatrix:
    """The matrix of subjects and requirements.

    A decision, such as an approval, counts from the commit that recorded it on, whatever date it
    bears.
    """

    asked_about: tuple[str, ...] | None
    basis: Basis
    catalogs: tuple[Catalog, ...]
    catalogs_known: int
    cells: Pages[EvidenceCell]
    editions: tuple[str, ...] | None
    environments: tuple[str, ...]
    evidence_rules: int
    law_at: datetime | None
    next_change: datetime | None
    requirements: tuple[str, ...] | None
    scores: Scores
    total_count: int
    untyped: tuple[UntypedNode, ...]
    without_duty: tuple[NodeName, ...]
    worst: tuple[SlotState, ...] | None
