"""Applications that are registered in a tenant, and the service principals that act for applications in it.

An application is an asset that runs as its service principal: whoever controls the registration,
which holds the credentials, acts as the principal. The two know each other by the client id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from graph.model import EdgeFacts, NodeFacts, PropertyValue
from graph.vocabulary import Kind
from ingest.shapes import JsonObject, objects_at, optional_text, text_at
from ingest.sources.entra.credentials import say_credentials
from ingest.sources.entra.found import Found, flag, texts
from ingest.sources.entra.listings import Item
from ingest.sources.entra.names import Tenant, folded
from ingest.sources.entra.trust import say_trust

_PRINCIPAL_TYPES: Final[Mapping[str, str]] = {"ManagedIdentity": "workload_identity"}
"""The type of a service principal that is no application's."""


def read_applications(items: Iterable[Item], tenant: Tenant) -> Found:
    """Return what a list of applications says, with the credentials in it."""
    found = Found()

    def read(body: JsonObject, item: Item) -> None:
        object_id, app_id = text_at(body, "id"), text_at(body, "appId")
        uid, client = tenant.application_uid(object_id), tenant.client_uid(app_id)
        properties: dict[str, PropertyValue] = {"app_id": folded(app_id)}
        properties.update(texts(body, "signInAudience", "description"))
        facts = NodeFacts(
            uid,
            Kind.ASSET,
            type="application",
            name=optional_text(body, "displayName"),
            properties=properties,
            external_ids=(tenant.object_id(object_id),),
        )
        found.say(item, facts)
        found.say(item, tenant.holding(uid, Kind.ASSET, "applications"))
        found.say(item, EdgeFacts("RUNS_AS", uid, client))
        say_credentials(found, body, item, tenant, client)
        for place, trust in objects_at(body, "federatedIdentityCredentials"):
            say_trust(found, trust, item, place, tenant, object_id, client)

    found.each(items, read)
    return found


def read_service_principals(items: Iterable[Item], tenant: Tenant) -> Found:
    """Return what a list of service principals says, managed identities among them."""
    found = Found()

    def read(body: JsonObject, item: Item) -> None:
        object_id, app_id = text_at(body, "id"), text_at(body, "appId")
        uid = tenant.principal_uid(object_id)
        ids = (tenant.object_id(object_id),)
        sort = optional_text(body, "servicePrincipalType")
        enabled = flag(body, "accountEnabled")
        properties: dict[str, PropertyValue] = {"app_id": folded(app_id)}
        properties.update(texts(body, "servicePrincipalType", "appOwnerOrganizationId"))
        if enabled is not None:
            properties["status"] = "active" if enabled else "suspended"
        type_ = _PRINCIPAL_TYPES.get(sort or "", "oauth_app")
        name = optional_text(body, "displayName")
        found.say(item, NodeFacts(uid, Kind.IDENTITY, type_, name, properties, ids))
        found.say(item, NodeFacts(tenant.client_uid(app_id), Kind.IDENTITY, type_, external_ids=ids))
        found.say(item, tenant.holding(uid, Kind.IDENTITY, "servicePrincipals"))
        say_credentials(found, body, item, tenant, uid)

    found.each(items, read)
    return found
