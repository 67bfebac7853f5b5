"""What may be one thing under two names."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast_client.answers.basis import Basis
from holdfast_client.answers.nodes import NodeBrief
from holdfast_client.pages import Pages
from holdfast_client.words import IdentityStrength


@dataclass(frozen=True, slots=True)
class IdentityNode:
    """One of two nodes that may be one thing."""

    node: NodeBrief
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IdentityConflict:
    """Uids that an external id would have joined, and did not."""

    external_ids: tuple[str, ...]
    reason: str
    uids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SuggestedIdentity:
    """Two nodes that may be one thing."""

    because: tuple[str, ...]
    nodes: tuple[IdentityNode, ...]
    strength: IdentityStrength
    weight: int


@dataclass(frozen=True, slots=True)
class IdentitySuggestions:
    """A page of suggestions, the strongest first."""

    basis: Basis
    conflict_count: int
    conflicts: tuple[IdentityConflict, ...]
    objected: int
    suggestions: Pages[SuggestedIdentity]
    too_common: int
    total_count: int
