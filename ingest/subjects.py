"""Subjects of OpenID Connect tokens: who a token speaks for, named alike by whoever issues or trusts it.

A repository's workflows and a cluster's service accounts get such tokens; cloud roles trust
them. The issuer is its address with ``https://``, as the token bears it.
"""

from __future__ import annotations

from typing import Final

from graph.model import ExternalId, Uid
from graph.vocabulary import Kind
from ingest.uids import external_id, native_uid

SCHEME: Final = "oidc-subject"
SUBJECT_TYPE: Final = "oidc_subject"
SET_TYPE: Final = "principal_set"
_LOCAL: Final = (".local", ".localhost", ".svc")


def issuer_of(provider: str) -> str:
    """Return an issuer as tokens bear it, from how a cloud names its provider.

    >>> issuer_of("token.actions.githubusercontent.com")
    'https://token.actions.githubusercontent.com'
    >>> issuer_of("https://oidc.eks.eu-west-1.amazonaws.com/id/A1/")
    'https://oidc.eks.eu-west-1.amazonaws.com/id/A1'
    """
    address = provider if "://" in provider else f"https://{provider}"
    return address.rstrip("/")


def is_local(issuer: str) -> bool:
    """Return whether an issuer's name is one that several clusters may have, each for itself.

    Source: Kubernetes, "Configure Service Accounts for Pods": by default a cluster is its own
    issuer, under its inner name.

    >>> is_local("https://kubernetes.default.svc.cluster.local"), is_local("https://tokens.example.org")
    (True, False)
    """
    host = issuer.partition("://")[2].partition("/")[0].partition(":")[0].lower().rstrip(".")
    return "." not in host or host.endswith(_LOCAL)


def subject_uid(issuer: str, subject: str) -> Uid:
    """Return the uid of a subject, or of the set of subjects that a pattern stands for.

    >>> subject_uid("https://token.actions.githubusercontent.com", "repo:o/r:environment:prod")
    'hf:identity:oidc-subject:https:%2F%2Ftoken.actions.githubusercontent.com/repo:o%2Fr:environment:prod'
    """
    return native_uid(Kind.IDENTITY, SCHEME, issuer, subject)


def subject_id(issuer: str, subject: str) -> ExternalId:
    """Return the external id of exactly this subject; a pattern has none."""
    return external_id(SCHEME, issuer, subject)
