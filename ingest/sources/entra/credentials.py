"""Credentials of applications and service principals: names, ids and dates, and never a value.

``hint`` is the first part of a client secret, ``secretText`` all of it: the first is dropped,
of the second a keyed fingerprint is kept. What stands under ``customKeyIdentifier`` and ``key``
may be anything, and is dropped too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from graph.model import EdgeFacts, NodeFacts, PropertyValue, Uid
from graph.vocabulary import Kind
from ingest.shapes import JsonObject, objects_at, optional_text, text_at
from ingest.sources.entra.found import Found, moment
from ingest.sources.entra.listings import Item
from ingest.sources.entra.names import Tenant

_KEY_TYPES: Final[Mapping[str, str]] = {
    "AsymmetricX509Cert": "certificate",
    "X509CertAndPassword": "certificate",
    "Symmetric": "client_secret",
}
_OPENS: Final = "Verify"
"""The usage of a key by which its holder proves who it is; with other keys the tenant itself signs."""


def say_credentials(found: Found, body: JsonObject, item: Item, tenant: Tenant, principal: Uid) -> None:
    """Say the credentials of an object, each of which opens a principal.

    Raises:
        Misshapen: for a credential of another shape.
    """
    owner = text_at(body, "id")
    for place, password in objects_at(body, "passwordCredentials"):
        uid = tenant.credential_uid(owner, text_at(password, "keyId", place))
        _say(found, item, uid, _facts(password, place, tenant, uid, "client_secret"), principal)
    for place, key in objects_at(body, "keyCredentials"):
        uid = tenant.credential_uid(owner, text_at(key, "keyId", place))
        if (optional_text(key, "usage", place) or _OPENS) != _OPENS:
            found.skipped.append("key with which the tenant signs for an application")
            continue
        type_ = _KEY_TYPES.get(optional_text(key, "type", place) or "")
        _say(found, item, uid, _facts(key, place, tenant, uid, type_), principal)


def _say(found: Found, item: Item, uid: Uid, facts: NodeFacts, principal: Uid) -> None:
    found.say(item, facts)
    found.say(item, EdgeFacts("AUTHENTICATES", uid, principal))


def _facts(credential: JsonObject, place: str, tenant: Tenant, uid: Uid, type_: str | None) -> NodeFacts:
    properties: dict[str, PropertyValue] = {"key_id": text_at(credential, "keyId", place)}
    for key, name in (("startDateTime", "created"), ("endDateTime", "expires")):
        time = moment(credential, key, place)
        if time is not None:
            properties[name] = time
    value = optional_text(credential, "secretText", place)
    fingerprint = tenant.fingerprints.of_secret(value.encode("utf-8", "surrogatepass")) if value else None
    if fingerprint is not None:
        properties["fingerprint"] = fingerprint
    return NodeFacts(
        uid,
        Kind.SECRET,
        type=type_,
        name=optional_text(credential, "displayName", place),
        properties=properties,
    )
