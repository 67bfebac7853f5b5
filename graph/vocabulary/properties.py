"""The properties that sources and questions agree on; others are allowed and listed nowhere.

`uid` and `kind` are not here: they say which node is meant and are never claimed as properties.
Times are integers, UTC milliseconds. What marks a person's status is not personal data here: the
uid of a person is opaque, and once name and address are erased, "somebody who has left owns this"
must still be true.
"""

from typing import Final

from graph.vocabulary.duties import EditionStatus
from graph.vocabulary.notation import REAL_KINDS
from graph.vocabulary.terms import Kind, Property

ASSET, IDENTITY, SECRET, DATASET = Kind.ASSET, Kind.IDENTITY, Kind.SECRET, Kind.DATASET
REGULATION, REQUIREMENT = Kind.REGULATION, Kind.REQUIREMENT
EVIDENCE, DECISION = Kind.EVIDENCE, Kind.DECISION
ANY: Final = frozenset(REAL_KINDS)
PERSON: Final = frozenset({"person"})
PEOPLE_FIRST: Final = ("people", "scim", "okta", "entra")
"""Who knows best whether somebody is still there: the personnel list, then the directories."""

_NAMES: Final = """
    records tables backstage people scim okta entra github aws vault kubernetes mlflow cyclonedx dbt
    openlineage huggingface agents graph bloodhound
"""
NAMED_BY: Final = tuple(_NAMES.split())
"""Who says best what something is called: registers, then who keeps it; last who only came across it."""

COMMON: Final = (
    Property("type", "string", ANY, "The type within the kind; an open list."),
    Property("name", "string", ANY, "What people call it.", personal_types=PERSON, precedence=NAMED_BY),
    Property("namespace", "string", ANY, "The space in which its name is unique, as the source has it."),
    Property("description", "string", ANY, "What it is, in a sentence or two.", personal_types=PERSON),
    Property(
        "environment",
        "string",
        frozenset({ASSET, IDENTITY, SECRET, DATASET, EVIDENCE}),
        "Where it runs, or where the evidence was gathered.",
        choices=("production", "staging", "development", "unknown"),
    ),
    Property(
        "criticality",
        "integer",
        frozenset({ASSET, IDENTITY, SECRET, DATASET}),
        "How much depends on it, 0 for nothing. Absent means unknown and is counted apart.",
        bounds=(0, 4),
    ),
    Property(
        "lifecycle",
        "string",
        frozenset({ASSET, DATASET}),
        "What a source claims; the stage that decisions give stands beside it.",
        choices=("experimental", "approved", "deprecated", "blocked", "retired"),
    ),
    Property(
        "digest",
        "string",
        ANY,
        "Digest of its content as algorithm:hex; for evidence, of what the locator leads to.",
    ),
    Property(
        "digests",
        "strings",
        frozenset({ASSET, DATASET}),
        "All digests by which a version is known, each algorithm:hex; `digest` counts among them.",
    ),
    Property(
        "ephemeral",
        "bool",
        frozenset({ASSET, IDENTITY, SECRET, DATASET}),
        "Whether it comes and goes by design.",
    ),
    Property("region", "string", frozenset({ASSET, DATASET}), "Where it is, in its operator's terms."),
    Property(
        "purpose", "string", frozenset({ASSET, IDENTITY, SECRET, DATASET}), "What it is for, in plain words."
    ),
)

ASSETS: Final = (
    Property(
        "scope_type",
        "string",
        frozenset({ASSET}),
        "What a scope is: account, project, cluster, namespace, database and the like.",
    ),
    Property(
        "resource_type",
        "string",
        frozenset({ASSET}),
        "The type of the resources in a typed sub-scope; exactly these scopes have it.",
    ),
    Property("role", "string", frozenset({ASSET}), "The organisation's role towards it, such as provider."),
    Property("risk_class", "string", frozenset({ASSET}), "The class that a regulation puts it in."),
    Property("placed_on_market", "instant", frozenset({ASSET}), "When it was first offered to others."),
)

DATASETS: Final = (
    Property(
        "classification",
        "string",
        frozenset({DATASET}),
        "How confidential it is.",
        choices=("public", "internal", "confidential", "restricted"),
    ),
    Property(
        "personal_data",
        "string",
        frozenset({DATASET, ASSET}),
        "Whether it holds, or works on, data about people.",
        choices=("yes", "no", "unknown"),
    ),
)

IDENTITIES: Final = (
    Property(
        "status",
        "string",
        frozenset({IDENTITY, REGULATION}),
        "Of an identity: whether it is still there. Of an edition: where it stands; `unverified` if its "
        "adoption or dates rest on one unofficial source, and then it is never selected by default.",
        precedence=PEOPLE_FIRST,
        kind_choices=(
            (IDENTITY, ("active", "suspended", "departed", "unknown")),
            (REGULATION, tuple(status.value for status in EditionStatus)),
        ),
    ),
    Property(
        "departed_at", "instant", frozenset({IDENTITY}), "When it left for good.", precedence=PEOPLE_FIRST
    ),
    Property(
        "suspended_at", "instant", frozenset({IDENTITY}), "When it was suspended.", precedence=PEOPLE_FIRST
    ),
    Property("title", "string", frozenset({IDENTITY}), "A person's position.", personal_types=PERSON),
)

CREDENTIALS: Final = (
    Property("created", "instant", frozenset({SECRET}), "When this version was made."),
    Property("last_rotated", "instant", frozenset({SECRET}), "When its value last changed."),
    Property(
        "last_used",
        "instant",
        frozenset({SECRET, IDENTITY}),
        "When it was last seen in use.",
        personal_types=PERSON,
        volatile=True,
    ),
    Property(
        "revoked",
        "bool",
        frozenset({SECRET}),
        "Whether this version no longer opens anything. Absent means unknown; false is a claim too.",
    ),
    Property("revoked_at", "instant", frozenset({SECRET}), "When it was revoked."),
    Property(
        "compromised_since",
        "instant",
        frozenset({SECRET}),
        "From when on others may have known it; verifications made with it at or after that are void.",
    ),
    Property(
        "fingerprint",
        "string",
        frozenset({SECRET}),
        "Keyed digest of the value, made where the value was read; the value itself is never kept.",
    ),
)

REGULATIONS: Final = (
    Property("edition", "string", frozenset({REGULATION}), "How the edition is called."),
    Property("adopted", "instant", frozenset({REGULATION}), "When the edition was adopted."),
    Property("in_force", "instant", frozenset({REGULATION}), "When the edition entered into force."),
    Property(
        "applies_from",
        "instant",
        frozenset({REGULATION, REQUIREMENT}),
        "The first moment of its application.",
    ),
    Property(
        "applies_until",
        "instant",
        frozenset({REGULATION, REQUIREMENT}),
        "The first moment at which it no longer applies.",
    ),
    Property("status_source", "string", frozenset({REGULATION}), "Where the status was read."),
    Property("date_sources", "json", frozenset({REGULATION}), "For each date, where it was read."),
    Property("checked_at", "instant", frozenset({REGULATION}), "When somebody last looked it up."),
    Property(
        "voluntary", "bool", frozenset({REGULATION}), "Whether it applies only where a decision adopted it."
    ),
    Property("label", "string", frozenset({REQUIREMENT}), "Its id as printed in the text."),
    Property(
        "level",
        "string",
        frozenset({REQUIREMENT}),
        "What it is evaluated once for: the organisation, each system, each deployment, …",
    ),
    Property("applicability", "json", frozenset({REQUIREMENT}), "The predicate that says whom it concerns."),
    Property("weight", "float", frozenset({REQUIREMENT}), "Its weight in a score; 1 where absent."),
    Property("slots", "json", frozenset({REQUIREMENT}), "The evidence that it asks for, slot by slot."),
    Property("link", "string", frozenset({REGULATION, REQUIREMENT}), "Address of the official text."),
)

# What derivers match: a pattern on one side, names on the other. See `ingest/derivers`.
PATTERNS: Final = (
    Property(
        "issuer",
        "string",
        frozenset({IDENTITY}),
        "Who issues the tokens of an `oidc_subject`, or of those that a `principal_set` takes in.",
    ),
    Property(
        "subject_patterns",
        "strings",
        frozenset({IDENTITY}),
        "Subjects of tokens, `*` for any text and `?` for any character. Of a `principal_set`: those that it "
        "takes in. Of an `oidc_subject` without an id of its own: those that its tokens may have.",
    ),
    Property(
        "resource_patterns",
        "strings",
        frozenset({ASSET}),
        "Names of the resources that a typed sub-scope of a grant takes in, `*` for any text and `?` for any "
        "character; for AWS these are ARNs.",
    ),
    Property(
        "excluded_patterns",
        "strings",
        frozenset({ASSET}),
        "Resources that such a sub-scope does not take in although one of its patterns does.",
    ),
    Property(
        "tag_mutability",
        "string",
        frozenset({ASSET}),
        "Whether a tag in a registry's repository can be given to another image: MUTABLE, or IMMUTABLE.",
    ),
    Property(
        "key_ids",
        "strings",
        frozenset({SECRET}),
        "Public ids of keys whose secret half it holds, each as scheme=value, such as "
        "aws-access-key-id=AKIA…; or the id of the identity that it was seen to open, such as arn=….",
    ),
    Property(
        "uri",
        "string",
        frozenset({ASSET, DATASET}),
        "Where its content lies, such as s3://bucket/key; never with user, password or query.",
    ),
)

RECORDS: Final = (
    Property(
        "expires",
        "instant",
        frozenset({SECRET, EVIDENCE, DECISION}),
        "The first moment at which it no longer holds.",
    ),
    Property(
        "subject_digests",
        "strings",
        frozenset({EVIDENCE, DECISION}),
        "Digests of the versions it speaks of, each algorithm:hex.",
    ),
    Property("aspect", "string", frozenset({EVIDENCE}), "What it looked at: accuracy, security, …"),
    Property(
        "verdict",
        "string",
        frozenset({EVIDENCE}),
        "What it found; `none` where it does not judge.",
        choices=("pass", "fail", "none"),
    ),
    Property(
        "check", "string", frozenset({EVIDENCE}), "Id of the check; a later pass of it answers a failure."
    ),
    Property("collected_at", "instant", frozenset({EVIDENCE}), "When it was gathered, not when handed in."),
    Property("period_from", "instant", frozenset({EVIDENCE}), "Where the period that it covers begins."),
    Property("period_to", "instant", frozenset({EVIDENCE}), "The first moment after that period."),
    Property("locator", "string", frozenset({EVIDENCE}), "Where the original can be found."),
    Property(
        "method",
        "string",
        frozenset({EVIDENCE}),
        "Of a verification: signature, recomputation, re-read or human review. Else how it was gathered.",
    ),
    Property("result", "string", frozenset({EVIDENCE}), "What a verification came to."),
    Property("verified_at", "instant", frozenset({EVIDENCE}), "When a verification was made."),
    Property("policy_digest", "string", frozenset({EVIDENCE}), "Digest of the trust policy that it used."),
    Property("reason", "string", frozenset({DECISION}), "Why it was decided so."),
    Property(
        "actor_basis",
        "string",
        frozenset({DECISION}),
        "How it is known who decided: merely asserted, or authenticated.",
        choices=("asserted", "authenticated"),
    ),
    Property("waived_slots", "strings", frozenset({DECISION}), "The slots that a waiver covers."),
    Property("facts", "json", frozenset({DECISION}), "The facts that a classification gives its subject."),
)

PROPERTIES: Final = (
    *COMMON,
    *ASSETS,
    *DATASETS,
    *IDENTITIES,
    *CREDENTIALS,
    *PATTERNS,
    *REGULATIONS,
    *RECORDS,
)
