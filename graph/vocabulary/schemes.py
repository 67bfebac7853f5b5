"""Schemes of external ids: which id names one node by itself, and who may say so.

A scheme that is not listed here never joins nodes, whoever uses it; what it suggests is for a
person to decide.
"""

from typing import Final

from graph.vocabulary.notation import REAL_KINDS
from graph.vocabulary.terms import Kind, Scheme

ASSET, IDENTITY, SECRET, DATASET = Kind.ASSET, Kind.IDENTITY, Kind.SECRET, Kind.DATASET


def _joining(
    name: str, kinds: list[Kind], said_by: str, description: str, *, single: bool, personal: bool = False
) -> Scheme:
    """A scheme whose ids join nodes; `said_by` lists source plug-ins separated by blanks."""
    return Scheme(
        name=name,
        kinds=frozenset(kinds),
        joins=True,
        one_per_node=single,
        may_assert=frozenset(said_by.split()),
        description=description,
        personal=personal,
    )


def _suggesting(name: str, description: str, *, personal: bool = False) -> Scheme:
    """A scheme of any source and any kind whose ids never join nodes by themselves."""
    return Scheme(
        name=name,
        kinds=frozenset(REAL_KINDS),
        joins=False,
        one_per_node=False,
        may_assert=None,
        description=description,
        personal=personal,
    )


SCHEMES: Final = (
    _joining(
        "arn",
        [ASSET, IDENTITY, DATASET, SECRET],
        "aws terraform graph",
        "Amazon resource name.",
        single=True,
    ),
    _joining("aws-access-key-id", [SECRET], "aws leaks", "The public id of an AWS access key.", single=True),
    _joining(
        "x509-sha256",
        [SECRET],
        "kubernetes github leaks",
        "SHA-256 of a certificate in DER form.",
        single=True,
    ),
    _joining(
        "ssh-key-sha256",
        [SECRET],
        "kubernetes github leaks",
        "SHA-256 fingerprint of an SSH public key.",
        single=True,
    ),
    _joining(
        "oidc-subject",
        [IDENTITY],
        "aws github kubernetes vault entra",
        "Issuer and exact subject of an OpenID Connect token.",
        single=False,
    ),
    _joining(
        "k8s",
        list(REAL_KINDS),
        "kubernetes graph",
        "Cluster (by the uid of its kube-system namespace), API group, kind, namespace and name.",
        single=True,
    ),
    _joining(
        "github-id", [ASSET, IDENTITY], "github", "Host, type and numeric id of a GitHub object.", single=True
    ),
    _joining(
        "email",
        [IDENTITY],
        "people scim okta entra",
        "A person's e-mail address; personal data.",
        single=False,
        personal=True,
    ),
    _joining(
        "email-digest",
        [IDENTITY],
        "people scim okta entra",
        "Keyed digest of an e-mail address in lower case; it is left when the address itself is erased.",
        single=False,
    ),
    _joining(
        "people-id",
        [IDENTITY],
        "people",
        "Keyed digest of instance and id in a list of people, which never gives two of them to one person.",
        single=True,
    ),
    _joining(
        "entra-id", [IDENTITY, ASSET], "entra okta", "Tenant and object id in Microsoft Entra.", single=True
    ),
    _joining("okta-id", [IDENTITY, ASSET], "entra okta", "Organisation and object id in Okta.", single=True),
    _joining(
        "vault",
        [IDENTITY, SECRET, ASSET],
        "vault",
        "Cluster id, namespace, and path or accessor in a Vault server.",
        single=False,
    ),
    _joining("purl", [ASSET], "cyclonedx spdx slsa", "Canonical package URL with its version.", single=False),
    _joining(
        "oci-digest", [ASSET], "slsa cyclonedx kubernetes", "Digest of a container image.", single=False
    ),
    _joining(
        "openlineage",
        [DATASET, ASSET],
        "openlineage dbt",
        "Namespace and name as OpenLineage producers use them; symlinks give one node several.",
        single=False,
    ),
    _joining(
        "mlflow",
        [ASSET, DATASET],
        "mlflow huggingface",
        "Tracking server, type and id in MLflow.",
        single=True,
    ),
    _joining(
        "hf",
        [ASSET, DATASET],
        "mlflow huggingface",
        "Type, repository and revision on the Hugging Face hub.",
        single=True,
    ),
    _suggesting(
        "github-login", "A user name on GitHub; it can pass from one person to another.", personal=True
    ),
    _suggesting("display-name", "A name as shown to people; personal data.", personal=True),
    _suggesting("hostname", "The name of a machine; re-used and not unique."),
    _suggesting("git-url", "The address of a repository, perhaps with a path in it."),
    _suggesting("spiffe-id", "A workload identity in a SPIFFE trust domain."),
)
