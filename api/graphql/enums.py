"""The vocabulary's words as GraphQL enumerations, each value with its meaning.

The values are spelled as everywhere else (`Secret`, `certain`, `NO_OWNER`): whoever has a
word from a command's JSON, a records file or another answer can ask with it as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final, TypeVar

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from graph.ledger.matching import Match
from graph.model import Basis as ValidFrom
from graph.vocabulary import VOCABULARY, Certainty, Harm, Kind, Origin
from graph.walk import LineageDirection
from queries.drift import Drift, Open
from queries.evidence.states import Applies, RequirementState, SlotState
from queries.history import What
from queries.identity import Strength as IdentityStrength
from queries.inventory import Why
from queries.known_leaks import LeftOut
from queries.owner_suggestions import Strength
from queries.ownership_rules import Reason, Standing

Words = TypeVar("Words", bound=Enum)

_SPELLED: Final = "Spelled as in the commands and their JSON."


def told(words: type[Words], name: str, description: str, meanings: Mapping[Words, str]) -> None:
    """Make an enumeration known to GraphQL, with the meaning of every value.

    Raises:
        KeyError: for a value without a meaning.
    """
    strawberry.enum(words, name=name, description=f"{description} {_SPELLED}", graphql_name_from="value")
    definition: StrawberryEnumDefinition = vars(words)["__strawberry_definition__"]
    for value in definition.values:
        value.description = meanings[words(value.value)]


told(
    Kind,
    "Kind",
    "What sort of thing a node is.",
    {term.name: term.description for term in (*VOCABULARY.kinds, VOCABULARY.unknown_kind)},
)
told(
    Harm,
    "Harm",
    "What can happen to a node.",
    {term.name: term.meaning for term in VOCABULARY.harms},
)
told(
    Certainty,
    "Certainty",
    "Whether something follows, or may follow.",
    {
        Certainty.CERTAIN: "It follows from what sources have said.",
        Certainty.POSSIBLE: "It depends on something that the graph does not hold.",
    },
)
told(
    Origin,
    "Origin",
    "Where a claim comes from.",
    {
        Origin.DECLARED: "Somebody has declared it.",
        Origin.OBSERVED: "It has been seen to happen.",
        Origin.DERIVED: "It follows from other claims.",
        Origin.ASSUMED: "It is taken to be so without proof.",
    },
)
told(
    ValidFrom,
    "ValidFrom",
    "Where the start of a claim's validity comes from.",
    {
        ValidFrom.STATED: "The source states it.",
        ValidFrom.FIRST_SEEN: "It is when the claim was first read.",
    },
)
told(
    Match,
    "Match",
    "What counts as finding a text.",
    {
        Match.PREFIX: "A name, uid or external id begins with it.",
        Match.SUBSTRING: "It occurs in a name, uid, type, external id or text property.",
        Match.WORDS: "Each of its words begins a word of one of those.",
    },
)
told(
    LineageDirection,
    "LineageDirection",
    "Which way data is followed.",
    {
        LineageDirection.UPSTREAM: "To where it comes from.",
        LineageDirection.DOWNSTREAM: "To where it goes.",
    },
)
told(
    Standing,
    "Standing",
    "How it stands with a node's ownership.",
    {
        Standing.OWNED: "A living person answers for it.",
        Standing.INHERITED: "One answers for what it is a part of or within; no gap outside production.",
        Standing.GAP: "Nobody answers for it, or it is not clear who.",
        Standing.UNKNOWN: "It depends on what is only possible, or on something that no source says.",
        Standing.NOT_ASSESSED: "No owner was found, and no source that reports owners covers it, or what it "
        "is a version of.",
    },
)
told(
    Reason,
    "OwnershipReason",
    "Why a node is not simply owned.",
    {
        Reason.NO_OWNER: "Nothing names an accountable owner.",
        Reason.OWNER_DEPARTED: "The owner has left.",
        Reason.OWNER_SUSPENDED: "The owner is suspended.",
        Reason.OWNER_UNKNOWN: "The owner is named, and no source describes it.",
        Reason.TEAM_EMPTY: "The owner is a team without a living member.",
        Reason.NOT_HUMAN: "The chain of owners ends in no person.",
        Reason.CONFLICT: "It would inherit different owners from equally near.",
        Reason.INHERITED_ONLY: "The owner is that of what it is a part of or within.",
        Reason.UNCERTAIN: "Who owns it, or whether it needs an owner, rests on what is only possible.",
        Reason.LIVENESS_UNKNOWN: "No source says whether the owner is still there.",
        Reason.NOT_ASSESSED: "No owner was found, and no source that reports owners covers it, what it is a "
        "version of, or all that it may belong to and inherit one from.",
    },
)
told(
    Strength,
    "Strength",
    "How strong the reason for a suggestion is.",
    {
        Strength.STRONG: "Somebody has put them in charge of it in another role.",
        Strength.MEDIUM: "They answer for something that it belongs to or is built from.",
        Strength.WEAK: "They answer for something that it shares data with.",
    },
)
told(
    IdentityStrength,
    "IdentityStrength",
    "How strongly it is suggested that two nodes are one thing.",
    {
        IdentityStrength.STRONG: "They share an id, an address, a place, a content, or several weaker clues.",
        IdentityStrength.MEDIUM: "They share a telling name, or two weak clues.",
        IdentityStrength.WEAK: "They share what many things have; not enough to be suggested by itself.",
    },
)
told(
    What,
    "What",
    "What a commit did.",
    {
        What.SAID: "A source said something for the first time.",
        What.SAID_AGAIN: "A source said something again that no longer stood.",
        What.CHANGED: "A source said something else than before.",
        What.CLOSED: "A complete read no longer held it, so it ended.",
        What.RETIMED: "A source gave other times.",
        What.TAKEN_BACK: "A source took it back.",
        What.REFUTED: "A person said that it is wrong.",
        What.LIFTED: "A person took that back.",
        What.MERGED: "A person said that two uids are one thing.",
        What.UNMERGED: "A person said that two uids are two things.",
    },
)
told(
    SlotState,
    "SlotState",
    "How it stands with one slot, the worst first.",
    {
        SlotState.MISSING: "Nothing is on file for it.",
        SlotState.REVOKED: "What is on file has been revoked.",
        SlotState.CONTESTED: "Live evidence of failure stands against it.",
        SlotState.VERSION_UNKNOWN: "Nobody says which version runs.",
        SlotState.MISMATCH: "What is on file is about another version, or names none.",
        SlotState.STALE: "What is on file is too old.",
        SlotState.UNVERIFIED: "What is on file is not verified as it must be.",
        SlotState.OPEN_LINEAGE: "It rests on lineage that is not known to be complete.",
        SlotState.OK: "It is met, and the proof says by what.",
    },
)
told(
    Applies,
    "Applies",
    "Whether a requirement concerns a subject.",
    {
        Applies.APPLIES: "It does.",
        Applies.UNKNOWN: "A fact that decides it is not known; never read as no.",
        Applies.DOES_NOT_APPLY: "It does not.",
        Applies.NOT_IN_FORCE: "It is not in force at the date of the law.",
    },
)
told(
    RequirementState,
    "RequirementState",
    "What the slots of a requirement come to together.",
    {
        RequirementState.SATISFIED: "Every unit is met.",
        RequirementState.GAP: "Some unit is not met.",
        RequirementState.NOT_ASSESSABLE: "It has no slots; it is left out of scores and counted.",
    },
)

told(
    Why,
    "InventoryGround",
    "What brings a node into the governed part of the estate.",
    {
        Why.LEADS: "A rule leads from control, disclosure or taint at it to another node.",
        Why.PRODUCTION: "It runs in production.",
        Why.APPROVED: "A decision approved it, or a source calls it approved.",
        Why.EXPOSED: "It is exposed to a network zone.",
    },
)

told(
    LeftOut,
    "LeftOutReason",
    "Why a secret that was found somewhere does not count as a known leak.",
    {
        LeftOut.REVOKED: "A source says that it no longer opens anything.",
        LeftOut.EXPIRED: "The time until which it held has passed.",
        LeftOut.INACTIVE: "Everyone who found it says that it opens nothing any more.",
        LeftOut.POSSIBLE: "It is only possible that whoever reads the place has it.",
    },
)

told(
    Drift,
    "Drift",
    "How two accounts of the estate differ.",
    {
        Drift.SHADOW: "It is observed, and no registry has it.",
        Drift.UNSEEN: "A registry has it, and it has not been observed for too long.",
        Drift.VERSION: "Another version runs than was approved.",
        Drift.OWNER: "Two places name different owners.",
        Drift.UNGRANTED: "Something uses a secret that no policy grants it.",
    },
)
told(
    Open,
    "DriftOpen",
    "Why it cannot be told whether a node drifts.",
    {
        Open.NO_REGISTRY: "No registry was read whole that lists nodes of its kind.",
        Open.NEVER_OBSERVED: "No source has ever observed it under this name; perhaps under another.",
        Open.NOT_APPROVED: "None of its versions was ever approved.",
        Open.NO_GRANTS: "No source reports all that the identity may read.",
        Open.NO_IDENTITY: "It is not known as whom it runs.",
    },
)
