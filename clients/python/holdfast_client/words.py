"""The words of questions and answers, as the server spells them."""

from __future__ import annotations

from typing import Literal, TypeAlias

Applies: TypeAlias = Literal["APPLIES", "DOES_NOT_APPLY", "NOT_IN_FORCE", "UNKNOWN"]
"""Whether a requirement concerns a subject."""

Certainty: TypeAlias = Literal["certain", "possible"]
"""Whether something follows, or may follow."""

Drift: TypeAlias = Literal["owner", "shadow", "ungranted", "unseen", "version"]
"""How two accounts of the estate differ."""

DriftOpen: TypeAlias = Literal["never_observed", "no_grants", "no_identity", "no_registry", "not_approved"]
"""Why it cannot be told whether a node drifts."""

Harm: TypeAlias = Literal["CONTROLLED", "DISCLOSED", "ORPHANED", "TAINTED", "UNAVAILABLE", "UNPROVEN"]
"""What can happen to a node."""

IdentityStrength: TypeAlias = Literal["medium", "strong", "weak"]
"""How strongly it is suggested that two nodes are one thing."""

InventoryGround: TypeAlias = Literal["approved", "exposed", "leads", "production"]
"""What brings a node into the governed part of the estate."""

Kind: TypeAlias = Literal[
    "Asset", "Dataset", "Decision", "Evidence", "Identity", "Regulation", "Requirement", "Secret", "unknown"
]
"""What sort of thing a node is."""

LeftOutReason: TypeAlias = Literal["expired", "inactive", "possible", "revoked"]
"""Why a secret that was found somewhere does not count as a known leak."""

LineageDirection: TypeAlias = Literal["downstream", "upstream"]
"""Which way data is followed."""

Match: TypeAlias = Literal["prefix", "substring", "words"]
"""What counts as finding a text."""

Origin: TypeAlias = Literal["assumed", "declared", "derived", "observed"]
"""Where a claim comes from."""

OwnershipReason: TypeAlias = Literal[
    "CONFLICT",
    "INHERITED_ONLY",
    "LIVENESS_UNKNOWN",
    "NOT_ASSESSED",
    "NOT_HUMAN",
    "NO_OWNER",
    "OWNER_DEPARTED",
    "OWNER_SUSPENDED",
    "OWNER_UNKNOWN",
    "TEAM_EMPTY",
    "UNCERTAIN",
]
"""Why a node is not simply owned."""

RequirementState: TypeAlias = Literal["GAP", "NOT_ASSESSABLE", "SATISFIED"]
"""What the slots of a requirement come to together."""

SlotState: TypeAlias = Literal[
    "CONTESTED",
    "MISMATCH",
    "MISSING",
    "OK",
    "OPEN_LINEAGE",
    "REVOKED",
    "STALE",
    "UNVERIFIED",
    "VERSION_UNKNOWN",
]
"""How it stands with one slot, the worst first."""

Standing: TypeAlias = Literal["gap", "inherited", "not_assessed", "owned", "unknown"]
"""How it stands with a node's ownership."""

Strength: TypeAlias = Literal["medium", "strong", "weak"]
"""How strong the reason for a suggestion is."""

ValidFrom: TypeAlias = Literal["first_seen", "stated"]
"""Where the start of a claim's validity comes from."""

What: TypeAlias = Literal[
    "changed",
    "closed",
    "lifted",
    "merged",
    "refuted",
    "retimed",
    "said",
    "said_again",
    "taken_back",
    "unmerged",
]
"""What a commit did."""
