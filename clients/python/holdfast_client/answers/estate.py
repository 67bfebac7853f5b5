"""The governed part of the estate, and where its accounts differ."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from holdfast_client.answers.basis import Basis
from holdfast_client.answers.nodes import NodeBrief
from holdfast_client.pages import Pages
from holdfast_client.words import Certainty, Drift, DriftOpen, Harm, InventoryGround


@dataclass(frozen=True, slots=True)
class InventoryReason:
    """One reason for which a node is in scope."""

    certainty: Certainty
    harm: Harm | None
    more: int
    other: str | None
    relation: str | None
    why: InventoryGround


@dataclass(frozen=True, slots=True)
class InventoryNode:
    """A node that is in scope, with the reasons."""

    certainty: Certainty
    grounds: tuple[InventoryReason, ...]
    node: NodeBrief


@dataclass(frozen=True, slots=True)
class Inventory:
    """The governed part of the estate."""

    basis: Basis
    in_scope: int
    left_out: int
    nodes: Pages[InventoryNode]
    out_of_scope: int
    possibly: int


@dataclass(frozen=True, slots=True)
class DriftClaim:
    """A claim behind one account."""

    about: str
    claim_id: str
    source: str
    valid_from: datetime | None
    valid_to: datetime | None


@dataclass(frozen=True, slots=True)
class DriftSide:
    """One account of a node."""

    claims: tuple[DriftClaim, ...]
    words: str


@dataclass(frozen=True, slots=True)
class DriftRow:
    """One difference between what is registered and what is observed."""

    certainty: Certainty
    drift: Drift
    node: NodeBrief
    observed: DriftSide
    other: str | None
    registered: DriftSide


@dataclass(frozen=True, slots=True)
class DriftCount:
    """How many differences of a sort there are."""

    count: int
    drift: Drift


@dataclass(frozen=True, slots=True)
class DriftUnknown:
    """Nodes of which it cannot be told whether they drift."""

    uids: tuple[str, ...]
    why: DriftOpen


@dataclass(frozen=True, slots=True)
class DriftReport:
    """The drift report."""

    basis: Basis
    counts: tuple[DriftCount, ...]
    left_out: int
    rows: Pages[DriftRow]
    unknown: tuple[DriftUnknown, ...]
