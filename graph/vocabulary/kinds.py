"""The kinds of node, with the types known so far; a new type is data and needs no change here."""

from typing import Final

from graph.vocabulary.harms import APPLIES_TO
from graph.vocabulary.terms import Harm, Kind, KindTerm


def _kind(name: Kind, description: str, types: str, *, impersonal: str = "") -> KindTerm:
    """A kind whose types are given separated by blanks, with the harms that apply to it."""
    harms = frozenset(harm for harm, kinds in APPLIES_TO.items() if name in kinds)
    return KindTerm(name, tuple(types.split()), harms, description, frozenset(impersonal.split()))


KINDS: Final = (
    _kind(
        Kind.ASSET,
        "Something that is run, called, built or operated. A scope is an account, project, cluster, "
        "namespace or database; a typed sub-scope is a scope for one type of resource inside "
        "another scope, and carries the property `resource_type`.",
        "application service storage tenant endpoint model model_version agent prompt prompt_version "
        "tool mcp_server vector_store vault evaluation guardrail pipeline repository package "
        "container_image workload run compute device network_zone organisation scope",
    ),
    _kind(
        Kind.IDENTITY,
        "Someone or something that acts and can be given rights.",
        "person team group role service_account workload_identity oauth_app oidc_subject principal_set",
        # All others, known or not, may be a human being's: employee, contractor, user.
        impersonal="team group role service_account workload_identity oauth_app oidc_subject principal_set",
    ),
    _kind(
        Kind.SECRET,
        "What proves an identity or opens data. Each rotation is a version of it. Its value is never kept.",
        "api_key token password certificate private_key signing_key client_secret secret_key shared_secret",
    ),
    _kind(
        Kind.DATASET,
        "Data that is read, written or learned from.",
        "table view file topic collection feature_set evaluation_set index memory model_artifact state_file",
    ),
    _kind(
        Kind.REGULATION,
        "A law, standard or framework. Each edition is a node of its own, a version of it.",
        "law standard framework",
    ),
    _kind(
        Kind.REQUIREMENT,
        "One duty of one edition.",
        "article control subcategory",
    ),
    _kind(
        Kind.EVIDENCE,
        "A record of something that was found out. It is about the past and never changes.",
        "test document scan attestation certificate metric verification",
    ),
    _kind(
        Kind.DECISION,
        "What somebody decided: who, when, why and until when. It never changes.",
        "approval waiver classification scoping adoption attestation refutation revocation",
    ),
)

UNKNOWN_KIND: Final = KindTerm(
    Kind.UNKNOWN,
    (),
    frozenset(Harm),
    "A node that others refer to and that nobody has described, at the end of a relation that allows "
    "more than one kind there. It may be any kind, so any harm may happen to it, as possible only.",
)
