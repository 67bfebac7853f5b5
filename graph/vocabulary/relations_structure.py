"""Relations of structure: versions, deployments, scopes and parts."""

from typing import Final

from graph.vocabulary.notation import pairs, relation, same_kind, to_object, to_subject
from graph.vocabulary.terms import Discriminator, End, Harm, Kind

CONTROLLED, DISCLOSED, TAINTED = Harm.CONTROLLED, Harm.DISCLOSED, Harm.TAINTED
UNAVAILABLE, UNPROVEN = Harm.UNAVAILABLE, Harm.UNPROVEN
ASSET, IDENTITY, SECRET, DATASET = Kind.ASSET, Kind.IDENTITY, Kind.SECRET, Kind.DATASET

STRUCTURE: Final = (
    relation(
        "VERSION_OF",
        same_kind(ASSET, DATASET, SECRET, Kind.REGULATION),
        to_subject(UNAVAILABLE, UNAVAILABLE, only=[ASSET, DATASET]),
        to_object(DISCLOSED, DISCLOSED, only=[SECRET], condition="version_not_revoked"),
        reads=("is a version of", "has the version"),
        # A dataset's version is a snapshot of it: what reached the dataset may be in the snapshot,
        # and models are trained on snapshots. A model's own data comes through the version that is
        # deployed or served; followed from the model to every version it would make one version's
        # training data appear upstream of all the others.
        data_flow=End.OBJECT,
        data_flow_kinds=frozenset({DATASET}),
        description="One state of a thing that changes; a rotation of a secret; an edition of a law.",
    ),
    relation(
        "DEPLOYED_AS",
        same_kind(ASSET),
        to_subject(TAINTED, TAINTED),
        to_subject(UNPROVEN, UNPROVEN),
        to_subject(CONTROLLED, CONTROLLED),
        to_subject(UNAVAILABLE, UNAVAILABLE, possible=True),
        to_object(CONTROLLED, DISCLOSED),
        reads=("is deployed as", "is the deployed version of"),
        discriminator=Discriminator.ENVIRONMENT,
        # What the version learned or contains is what the model, agent or service gives out.
        data_flow=End.OBJECT,
        description="The version of a model, agent, application or service that runs in an environment.",
    ),
    relation(
        "SERVES",
        same_kind(ASSET),
        to_subject(TAINTED, TAINTED),
        # `optional` silences a relation's UNAVAILABLE rules wherever the mark is declared.
        to_subject(UNAVAILABLE, UNAVAILABLE, having=["sole"], lacking=["optional"]),
        to_subject(UNAVAILABLE, UNAVAILABLE, lacking=["sole", "optional"], possible=True),
        to_object(CONTROLLED, DISCLOSED),
        reads=("serves", "is served by"),
        discriminator=Discriminator.ENVIRONMENT,
        # The endpoint's answers are the version's output.
        data_flow=End.OBJECT,
        description="The endpoint answers with this version in an environment.",
    ),
    relation(
        "WITHIN",
        pairs([ASSET, DATASET, SECRET, IDENTITY], [ASSET, DATASET]),
        to_subject(CONTROLLED, CONTROLLED, only=[ASSET, IDENTITY]),
        to_subject(CONTROLLED, DISCLOSED, only=[SECRET, DATASET]),
        to_subject(CONTROLLED, TAINTED, only=[DATASET]),
        to_subject(DISCLOSED, DISCLOSED, only=[ASSET, DATASET]),
        to_subject(DISCLOSED, DISCLOSED, only=[SECRET], having=["listed"]),
        to_subject(TAINTED, TAINTED, only=[ASSET, DATASET]),
        to_subject(UNAVAILABLE, UNAVAILABLE),
        reads=("is within", "contains"),
        description="The subject stands in an account, cluster, namespace, database or sub-scope.",
    ),
    relation(
        "PART_OF",
        same_kind(ASSET, Kind.REQUIREMENT),
        to_object(TAINTED, TAINTED),
        to_object(UNAVAILABLE, UNAVAILABLE, possible=True),
        to_subject(CONTROLLED, CONTROLLED, possible=True),
        reads=("is part of", "has the part"),
        description="A component of a system, a task of a job, a paragraph of an article.",
    ),
)
