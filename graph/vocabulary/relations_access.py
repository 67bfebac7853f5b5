"""Relations of access: who can act as whom, reach what, and with which secret."""

from typing import Final

from graph.vocabulary.notation import pairs, relation, same_kind, to_object, to_subject
from graph.vocabulary.terms import Harm, Kind

CONTROLLED, DISCLOSED, TAINTED = Harm.CONTROLLED, Harm.DISCLOSED, Harm.TAINTED
UNAVAILABLE = Harm.UNAVAILABLE
ASSET, IDENTITY, SECRET, DATASET = Kind.ASSET, Kind.IDENTITY, Kind.SECRET, Kind.DATASET

ACCESS: Final = (
    relation(
        "AUTHENTICATES",
        pairs([SECRET], [IDENTITY]),
        to_object(DISCLOSED, CONTROLLED),
        to_object(UNAVAILABLE, UNAVAILABLE, having=["sole"]),
        to_object(UNAVAILABLE, UNAVAILABLE, lacking=["sole"], possible=True),
        to_subject(CONTROLLED, DISCLOSED, possible=True),
        reads=("authenticates", "is authenticated by"),
        description="Whoever holds the secret can act as the identity.",
    ),
    relation(
        "MEMBER_OF",
        same_kind(IDENTITY),
        to_object(CONTROLLED, CONTROLLED),
        to_object(UNAVAILABLE, UNAVAILABLE, possible=True),
        reads=("is a member of", "has as a member"),
        description="The subject holds what the team, group, role or set of principals holds.",
    ),
    relation(
        "CAN_ASSUME",
        same_kind(IDENTITY),
        to_object(CONTROLLED, CONTROLLED),
        reads=("can assume", "can be assumed by"),
        description="The subject may take on the object's rights.",
    ),
    relation(
        "CAN_READ",
        pairs([IDENTITY], [ASSET, DATASET, SECRET]),
        to_object(CONTROLLED, DISCLOSED),
        reads=("can read", "can be read by"),
        description="A grant to read, at the scope at which it was given.",
    ),
    relation(
        "CAN_WRITE",
        pairs([IDENTITY], [ASSET, DATASET, SECRET]),
        to_object(CONTROLLED, TAINTED, only=[ASSET, DATASET]),
        to_object(CONTROLLED, UNAVAILABLE, possible=True),
        reads=("can write to", "can be written by"),
        description="A grant to create, change or delete, at the scope at which it was given.",
    ),
    relation(
        "CAN_INVOKE",
        pairs([IDENTITY], [ASSET]),
        to_object(CONTROLLED, DISCLOSED, possible=True),
        reads=("can invoke", "can be invoked by"),
        description="A grant to call the asset.",
    ),
    relation(
        "CAN_ADMIN",
        pairs([IDENTITY], [ASSET, DATASET, IDENTITY, SECRET]),
        to_object(CONTROLLED, CONTROLLED, only=[ASSET, IDENTITY]),
        to_object(CONTROLLED, DISCLOSED, only=[SECRET, DATASET]),
        to_object(CONTROLLED, TAINTED, only=[DATASET]),
        to_object(CONTROLLED, UNAVAILABLE, possible=True),
        reads=("can administer", "can be administered by"),
        description="A grant to do anything with the object, its own grants included.",
    ),
    relation(
        "RUNS_AS",
        pairs([ASSET], [IDENTITY]),
        to_object(CONTROLLED, CONTROLLED),
        to_subject(UNAVAILABLE, UNAVAILABLE),
        reads=("runs as", "is what runs"),
        description="The asset acts with the identity's rights.",
    ),
    relation(
        "USES_SECRET",
        pairs([ASSET], [SECRET]),
        to_object(CONTROLLED, DISCLOSED),
        to_subject(UNAVAILABLE, UNAVAILABLE, lacking=["optional"]),
        reads=("uses the secret", "is used by"),
        description="The asset is given the secret's value.",
    ),
    relation(
        "FOUND_IN",
        pairs([SECRET], [ASSET, DATASET]),
        to_subject(DISCLOSED, DISCLOSED),
        reads=("was found in", "contains the secret"),
        description="The secret's value lies where it should not.",
    ),
    relation(
        "SAME_VALUE",
        same_kind(SECRET),
        to_object(DISCLOSED, DISCLOSED),
        to_subject(DISCLOSED, DISCLOSED),
        reads=("has the same value as", "has the same value as"),
        description=("Equal keyed fingerprints; derived, never declared by a source."),
    ),
)
