"""How the objects of a cluster are called: by the cluster, the API group, the kind, namespace and name.

The cluster is known by the uid of its kube-system namespace, which no two clusters share.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from graph.model import ExternalId, Uid
from graph.vocabulary import Kind
from ingest.fingerprint import Fingerprinter
from ingest.sources.kubernetes.resources import (
    RBAC,
    SECRETS,
    SERVICE_ACCOUNTS,
    SUBJECT_GROUPS,
    USERS,
    ResourceType,
)
from ingest.subjects import subject_id
from ingest.uids import external_id, native_uid

SCHEME: Final = "k8s"

_ADDRESS: Final = re.compile(r"[^@\s:/#]+@[^@\s:/#.]+(\.[^@\s:/#.]+)+")

_KINDS: Final = {
    SECRETS: Kind.SECRET,
    SERVICE_ACCOUNTS: Kind.IDENTITY,
    SUBJECT_GROUPS: Kind.IDENTITY,
    USERS: Kind.IDENTITY,
}


def node_kind(sort: ResourceType) -> Kind:
    """Return the kind of node that objects of a type are."""
    return _KINDS.get(sort, Kind.ASSET)


@dataclass(frozen=True, slots=True)
class Cluster:
    """One cluster: its id, how people call it, and who issues its accounts' tokens, where that is known."""

    id: str
    label: str
    fingerprints: Fingerprinter
    issuers: tuple[str, ...] = ()

    @property
    def uid(self) -> Uid:
        """Return the uid of the cluster itself."""
        return native_uid(Kind.ASSET, SCHEME, self.id)

    @property
    def external_id(self) -> ExternalId:
        """Return the external id of the cluster itself."""
        return external_id(SCHEME, self.id)

    def object_uid(self, sort: ResourceType, namespace: str, name: str) -> Uid:
        """Return an object's uid."""
        return native_uid(node_kind(sort), SCHEME, self.id, sort.group, sort.kind, namespace, name)

    def object_id(self, sort: ResourceType, namespace: str, name: str) -> ExternalId:
        """Return an object's external id."""
        return external_id(SCHEME, self.id, sort.group, sort.kind, namespace, name)

    def token_subjects(self, namespace: str, name: str) -> tuple[ExternalId, ...]:
        """Return the subjects under which others know a service account by its tokens.

        Source: Kubernetes, Managing Service Accounts, "Bound service account tokens".
        """
        subject = f"system:serviceaccount:{namespace}:{name}"
        return tuple(subject_id(issuer, subject) for issuer in self.issuers)

    def namespace_uid(self, namespace: str) -> Uid:
        """Return a namespace's uid."""
        return native_uid(Kind.ASSET, SCHEME, self.id, "", "Namespace", "", namespace)

    def subscope_uid(self, sort: ResourceType, namespace: str | None) -> Uid:
        """Return the uid of all objects of a type in a namespace, or (None) in the cluster."""
        place = ("cluster", "") if namespace is None else ("namespace", namespace)
        return native_uid(Kind.ASSET, SCHEME, self.id, *place, sort.name)

    def user_uid(self, name: str) -> Uid:
        """Return the uid of a user of the cluster; the names of people do not show in it."""
        shown = name if is_system(name) else self.fingerprints.opaque_id(name)
        return native_uid(Kind.IDENTITY, SCHEME, self.id, RBAC, "User", "", shown)

    def group_uid(self, name: str) -> Uid:
        """Return the uid of a group of the cluster."""
        return native_uid(Kind.IDENTITY, SCHEME, self.id, RBAC, "Group", "", name)


def is_system(name: str) -> bool:
    """Return whether a user's name is one that Kubernetes gives, which is never a person's."""
    return name.startswith("system:")


def is_address(name: str) -> bool:
    """Return whether a user's name is an e-mail address of a person.

    Google gives its service accounts addresses as well, in a domain of their own.
    """
    return bool(_ADDRESS.fullmatch(name)) and not name.lower().endswith(".gserviceaccount.com")


def image_uid(reference: str) -> Uid:
    """Return the uid of an image by its name and tag, which may change what they stand for."""
    return native_uid(Kind.ASSET, "oci-image", reference)


def digest_uid(digest: str) -> Uid:
    """Return the uid of an image by its digest."""
    return native_uid(Kind.ASSET, "oci-digest", digest)
