"""Objects as they are kept while a list is read: what may hold values is dropped here, at once.

Of a Secret its keys, its type and keyed fingerprints of its values remain. Nothing of an
annotation, a ConfigMap or an environment variable's value is kept.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from graph.model import Instant
from ingest.fingerprint import Fingerprinter
from ingest.redaction import Json
from ingest.shapes import JsonObject, Misshapen, object_at, optional_text, text_at
from ingest.sources.kubernetes.resources import SECRETS, ResourceType
from ingest.times import parse_time

_KEPT: Final = ("spec", "status", "subjects", "roleRef", "rules", "automountServiceAccountToken", "type")
_PUBLIC_KEYS: Final = frozenset({"ca.crt", "tls.crt", "namespace", "service-ca.crt"})
"""Keys of Secrets whose values are the same in many of them, or public: they tell nothing of a leak."""

_ACCOUNT_ANNOTATION: Final = "kubernetes.io/service-account.name"
_KEY_ID: Final = re.compile(rb"(?:AKIA|ASIA)[A-Z0-9]{16}")
"""Ids of AWS access keys, which are public; the secret half stands under another key."""

_CERTIFICATE: Final = re.compile(rb"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----")


@dataclass(frozen=True, slots=True)
class Owner:
    """The controller that an object says it belongs to."""

    group: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class SecretFacts:
    """What is kept of a Secret's content.

    ``unreadable`` are keys whose value is not valid base64, ``key_ids`` public ids of cloud
    keys, each as scheme=value.
    """

    type: str | None
    keys: tuple[str, ...] = ()
    fingerprints: tuple[str, ...] = ()
    certificate: str | None = None
    account: str | None = None
    unreadable: tuple[str, ...] = ()
    key_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KubeObject:
    """One object of the API; ``namespace`` is empty for those of the cluster.

    ``position`` is where it stands in ``file``.
    """

    type: ResourceType
    namespace: str
    name: str
    uid: str | None
    created: Instant | None
    owner: Owner | None
    labels: Mapping[str, str]
    body: JsonObject
    file: str
    position: str
    secret: SecretFacts | None = field(default=None)

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Return what names the object in its cluster."""
        return (self.type.group, self.type.kind, self.namespace, self.name)


def kube_object(
    item: JsonObject, sort: ResourceType, file: str, position: str, fingerprints: Fingerprinter
) -> KubeObject:
    """Return what is kept of an object.

    Raises:
        Misshapen: where it has no name, or an object of a namespace names none.
    """
    metadata = object_at(item, "metadata")
    namespace = text_at(metadata, "namespace", "/metadata") if sort.namespaced else ""
    secret = _secret_facts(item, metadata, fingerprints) if sort == SECRETS else None
    return KubeObject(
        type=sort,
        namespace=namespace,
        name=text_at(metadata, "name", "/metadata"),
        uid=optional_text(metadata, "uid", "/metadata"),
        created=_time(metadata.get("creationTimestamp")),
        owner=_owner(metadata.get("ownerReferences")),
        labels=_texts(metadata.get("labels")),
        body={} if secret is not None else {key: item[key] for key in _KEPT if key in item},
        file=file,
        position=position,
        secret=secret,
    )


def group_of(api_version: str) -> str:
    """Return the group of an ``apiVersion``: what stands before the slash.

    >>> group_of("apps/v1"), group_of("v1")
    ('apps', '')
    """
    return api_version.rpartition("/")[0]


def _secret_facts(item: JsonObject, metadata: JsonObject, fingerprints: Fingerprinter) -> SecretFacts:
    keys: list[str] = []
    made: set[str] = set()
    key_ids: set[str] = set()
    unreadable: list[str] = []
    certificate: str | None = None
    data = item.get("data")
    for key, value in (data if isinstance(data, dict) else dict[str, Json]()).items():
        keys.append(key)
        decoded = _decoded(value)
        if decoded is None:
            unreadable.append(key)
        elif key == "tls.crt":
            certificate = _certificate(decoded)
        elif _KEY_ID.fullmatch(decoded):
            key_ids.add(f"aws-access-key-id={decoded.decode('ascii')}")
        elif key not in _PUBLIC_KEYS and (fingerprint := fingerprints.of_secret(decoded)):
            made.add(fingerprint)
    account = _texts(metadata.get("annotations")).get(_ACCOUNT_ANNOTATION)
    return SecretFacts(
        type=optional_text(item, "type"),
        keys=tuple(sorted(keys)),
        fingerprints=tuple(sorted(made)),
        certificate=certificate,
        account=account,
        unreadable=tuple(sorted(unreadable)),
        key_ids=tuple(sorted(key_ids)),
    )


def _decoded(value: Json) -> bytes | None:
    if not isinstance(value, str):
        return None
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return None


def _certificate(pem: bytes) -> str | None:
    """Return the SHA-256 of the first certificate in a PEM text, which is the one that the key is for."""
    found = _CERTIFICATE.search(pem)
    if found is None:
        return None
    try:
        return hashlib.sha256(base64.b64decode(b"".join(found.group(1).split()), validate=True)).hexdigest()
    except (binascii.Error, ValueError):
        return None


def _owner(references: Json) -> Owner | None:
    """Return the owner that controls an object; other owners only keep it from being cleaned up."""
    for reference in references if isinstance(references, list) else ():
        if isinstance(reference, dict) and reference.get("controller") is True:
            try:
                group = group_of(text_at(reference, "apiVersion"))
                return Owner(group, text_at(reference, "kind"), text_at(reference, "name"))
            except Misshapen:
                return None
    return None


def _time(value: Json) -> Instant | None:
    try:
        return parse_time(value).moment
    except ValueError:
        return None


def _texts(value: Json) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    return {key: item for key, item in value.items() if isinstance(item, str)}
