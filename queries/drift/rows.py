"""The rows of a drift report: what differs, about which node, and who says what."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from graph.ledger.claims import about_of
from graph.ledger.operations import EdgeKey
from graph.model import ClaimId, ClaimRow, Edge, Interval, Node, SourceInstance, Uid
from graph.vocabulary import Certainty
from queries.estate import EstateView


class Drift(StrEnum):
    """How two accounts of the estate differ."""

    SHADOW = "shadow"
    """It is observed, and no registry has it."""

    UNSEEN = "unseen"
    """A registry has it, and it has not been observed for too long."""

    VERSION = "version"
    """Another version runs than was approved."""

    OWNER = "owner"
    """Two places name different owners."""

    UNGRANTED = "ungranted"
    """Something uses a secret that no policy grants it."""


class Open(StrEnum):
    """Why it cannot be told whether a node drifts."""

    NO_REGISTRY = "no_registry"
    """No registry was read whole that lists nodes of its kind."""

    NEVER_OBSERVED = "never_observed"
    """No source has ever observed it under this name; perhaps under another."""

    NOT_APPROVED = "not_approved"
    """None of its versions was ever approved, so there is nothing to compare with."""

    NO_GRANTS = "no_grants"
    """No source reports all that the identity may read."""

    NO_IDENTITY = "no_identity"
    """It is not known as whom it runs."""


@dataclass(frozen=True, slots=True)
class Said:
    """One claim as a row shows it."""

    claim_id: ClaimId
    source: SourceInstance
    about: str
    valid: Interval

    @classmethod
    def of(cls, row: ClaimRow) -> Said:
        """Return a claim's row as it is shown."""
        about = about_of(row.claim)
        text = f"{about.subject} {about.relation} {about.object}" if isinstance(about, EdgeKey) else about
        return cls(row.claim_id, row.claim.scope.source, text, row.valid)


@dataclass(frozen=True, slots=True)
class Side:
    """One account: in words, and the claims that give it; without claims, why there are none."""

    words: str
    claims: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One difference; ``other`` is the node on the other side, where there is one."""

    drift: Drift
    node: Node
    registered: Side
    observed: Side
    certainty: Certainty = Certainty.CERTAIN
    other: Uid | None = None


@dataclass
class Found:
    """What one way of looking finds: rows, and by reason the nodes of which it cannot be told."""

    rows: list[Row] = field(default_factory=list[Row])
    open: dict[Open, set[Uid]] = field(default_factory=dict[Open, set[Uid]])

    def leave_open(self, why: Open, uid: Uid) -> None:
        """Note that it cannot be told of a node whether it drifts."""
        self.open.setdefault(why, set()).add(uid)


def claims_behind(view: EstateView, edges: Iterable[Edge]) -> tuple[Said, ...]:
    """Return the live claims behind edges."""
    return tuple(Said.of(row) for edge in edges for row in view.ledger.edge_claims(edge, view.at))


def is_registry(source: SourceInstance, registries: Collection[str]) -> bool:
    """Return whether a source is among the registries, named as plug-in or as plug-in/instance."""
    return source.plugin in registries or str(source) in registries
