"""Who answers for nodes, and where nobody does."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast_client.answers.basis import Basis
from holdfast_client.answers.nodes import NodeBrief
from holdfast_client.answers.stated import ListedOnly
from holdfast_client.pages import Pages
from holdfast_client.words import Certainty, Harm, OwnershipReason, Standing, Strength


@dataclass(frozen=True, slots=True)
class ProofEdge:
    """An edge on which it rests who owns a node."""

    certainty: Certainty
    edge: str
    object: str
    relation: str
    subject: str


@dataclass(frozen=True, slots=True)
class OwnershipProof:
    """Why owners are a node's: the edges that say it, and where they are inherited from."""

    owns: tuple[ProofEdge, ...]
    via: tuple[ProofEdge, ...]


@dataclass(frozen=True, slots=True)
class Owner:
    """An accountable owner, and whether it is there."""

    because: str
    certainty: Certainty
    label: str
    life: str
    uid: str


@dataclass(frozen=True, slots=True)
class NodeOwnershipRow:
    """How it stands with the ownership of one node."""

    because: str
    certainty: Certainty | None
    node: NodeBrief
    owners: tuple[Owner, ...]
    proof: tuple[OwnershipProof, ...]
    reasons: tuple[OwnershipReason, ...]
    standing: Standing
    uncovered_relations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows for certain from the worst harm at a node."""

    assessed: bool
    complete: bool
    harm: Harm | None
    states: int
    unknown_criticality: int
    weight: int


@dataclass(frozen=True, slots=True)
class OwnerSuggestion:
    """Somebody who might own a node."""

    because: tuple[str, ...]
    label: str
    strength: Strength
    uid: str


@dataclass(frozen=True, slots=True)
class OwnershipGap:
    """A node that nobody answers for, what that may lead to, and who might."""

    because: str
    certainty: Certainty | None
    consequence: Consequence
    node: NodeBrief
    owners: tuple[Owner, ...]
    proof: tuple[OwnershipProof, ...]
    reasons: tuple[OwnershipReason, ...]
    suggestions: tuple[OwnerSuggestion, ...]
    uncovered_relations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StandingCount:
    """How many nodes stand in one way."""

    count: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many nodes have a reason."""

    count: int
    reason: OwnershipReason


@dataclass(frozen=True, slots=True)
class OwnershipGaps:
    """What nobody answers for, the gravest first, and what is counted apart."""

    asked_about: tuple[str, ...] | None
    basis: Basis
    gaps: Pages[OwnershipGap]
    hidden_for_unknown_criticality: int
    hidden_for_unknown_environment: int
    hidden_for_unknown_kind: int
    kind_unknown: int
    not_ownable: int
    only: ListedOnly | None
    reasons: tuple[ReasonCount, ...]
    reasons_elsewhere: tuple[ReasonCount, ...]
    standings: tuple[StandingCount, ...]
    total_count: int


@dataclass(frozen=True, slots=True)
class OwnershipPage:
    """How it stands with the owners of nodes, by uid."""

    asked_about: tuple[str, ...] | None
    basis: Basis
    nodes: Pages[NodeOwnershipRow]
    only: ListedOnly | None
    standings: tuple[Standing, ...] | None
    total_count: int
