"""Relations of governance: owners, requirements, evidence and decisions."""

from typing import Final

from graph.vocabulary.notation import REAL_KINDS, pairs, relation, to_object, to_subject
from graph.vocabulary.terms import Discriminator, Harm, Kind

CONTROLLED, DISCLOSED, TAINTED = Harm.CONTROLLED, Harm.DISCLOSED, Harm.TAINTED
UNAVAILABLE, UNPROVEN, ORPHANED = Harm.UNAVAILABLE, Harm.UNPROVEN, Harm.ORPHANED
ASSET, IDENTITY, SECRET = Kind.ASSET, Kind.IDENTITY, Kind.SECRET
REGULATION, REQUIREMENT = Kind.REGULATION, Kind.REQUIREMENT
EVIDENCE, DECISION = Kind.EVIDENCE, Kind.DECISION

GOVERNANCE: Final = (
    relation(
        "OWNS",
        pairs([IDENTITY], REAL_KINDS),
        to_object(UNAVAILABLE, ORPHANED, having=["accountable"], condition="no_other_living_owner"),
        reads=("owns", "is owned by"),
        discriminator=Discriminator.ROLE,
        description="The subject answers for the object, looks after it or is its contact; always in a role.",
    ),
    relation(
        "REQUIRES",
        pairs([REGULATION], [REQUIREMENT]),
        reads=("requires", "is required by"),
        description="The edition holds the requirement.",
    ),
    relation(
        "ABOUT",
        pairs([EVIDENCE, DECISION], REAL_KINDS),
        to_object(UNAVAILABLE, UNPROVEN, possible=True),
        to_object(UNPROVEN, UNPROVEN, possible=True),
        reads=("is about", "is the subject of"),
        description="What the evidence shows something of, or the decision was taken on.",
    ),
    relation(
        "SATISFIES",
        pairs([EVIDENCE], [REQUIREMENT]),
        reads=("satisfies", "is satisfied by"),
        discriminator=Discriminator.SLOT,
        description="The evidence is offered for a slot of the requirement.",
    ),
    relation(
        "VERIFIED_BY",
        pairs([EVIDENCE], [IDENTITY, SECRET]),
        to_subject(CONTROLLED, UNPROVEN, possible=True, condition="verified_after_since"),
        to_subject(DISCLOSED, UNPROVEN, possible=True, condition="verified_after_since"),
        reads=("was verified by", "verified"),
        description="Who made the verification, or with which signing key.",
    ),
    relation(
        "DECIDED_BY",
        pairs([DECISION], [IDENTITY]),
        to_subject(CONTROLLED, UNPROVEN, possible=True),
        reads=("was decided by", "decided"),
        description="Who took the decision.",
    ),
    relation(
        "COLLECTED_BY",
        pairs([EVIDENCE], [ASSET, IDENTITY]),
        to_subject(TAINTED, UNPROVEN),
        to_subject(CONTROLLED, UNPROVEN, possible=True),
        reads=("was collected by", "collected"),
        description="The tool, job or person that gathered the evidence.",
    ),
)
