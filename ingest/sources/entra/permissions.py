"""Permissions that applications, users and groups were given on what others offer.

An application role is held by whoever it is assigned to; a delegated permission only lets a
client act for a user who has signed in to it. What is offered stands behind a service principal.
A few roles of Microsoft Graph give control over the directory itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from graph.model import EdgeFacts, NodeFacts
from graph.vocabulary import Kind
from ingest.shapes import JsonObject, optional_text, text_at
from ingest.sources.entra.found import Found, Grants
from ingest.sources.entra.listings import Item
from ingest.sources.entra.names import Tenant, folded
from ingest.sources.entra.roles import Power

DEFAULT_ROLE: Final = "00000000-0000-0000-0000-000000000000"
_GRAPH: Final = "Microsoft Graph"
_ON_BEHALF: Final = "a user who may do so has signed in to the client"
_PLAIN_USERS: Final = "the user holds no administrative role"
_PLAIN_GROUPS: Final = "roles cannot be assigned to the group"
_UNLOCKED: Final = "the application does not lock the properties of its service principals"

GRAPH_ROLES: Final[Mapping[str, tuple[str, tuple[Power, ...]]]] = {
    "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8": ("RoleManagement.ReadWrite.Directory", (Power(""),)),
    "06b708a9-e830-4db3-a914-8e69da51d44f": ("AppRoleAssignment.ReadWrite.All", (Power(""),)),
    "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9": (
        "Application.ReadWrite.All",
        (Power("applications"), Power("servicePrincipals", _UNLOCKED)),
    ),
    "19dbc75e-c2e2-444c-a770-ec69d8559fc7": ("Directory.ReadWrite.All", (Power("groups", _PLAIN_GROUPS),)),
    "62a82d76-70ea-41e2-9197-370581804d09": ("Group.ReadWrite.All", (Power("groups", _PLAIN_GROUPS),)),
    "dbaae8cf-10b5-4b86-a4a1-f871c94c6695": ("GroupMember.ReadWrite.All", (Power("groups", _PLAIN_GROUPS),)),
    "741f803b-c850-494e-b5df-cde7c675a1ca": ("User.ReadWrite.All", (Power("users", _PLAIN_USERS),)),
}
"""Application roles of Microsoft Graph with control over the directory, by its permissions reference."""


def read_app_role_assignments(items: Iterable[Item], tenant: Tenant) -> Found:
    """Return what a list of assignments of application roles says."""
    found, grants, powers = Found(), Grants("app_roles"), Grants()

    def read(body: JsonObject, item: Item) -> None:
        holder = tenant.principal_uid(text_at(body, "principalId"))
        resource, role = text_at(body, "resourceId"), folded(text_at(body, "appRoleId"))
        name = optional_text(body, "resourceDisplayName")
        known, over = GRAPH_ROLES.get(role, (role, ())) if name == _GRAPH else (role, ())
        uid = tenant.resource_uid(resource)
        _say_resource(found, item, tenant, resource, name)
        invokes = EdgeFacts("CAN_INVOKE", holder, uid, object_kind=Kind.ASSET)
        grants.add(item, invokes, "default access" if role == DEFAULT_ROLE else known)
        for power in over:
            place = EdgeFacts("CAN_ADMIN", holder, tenant.place_uid(power.over), object_kind=Kind.ASSET)
            powers.add(item, place, known, power.condition)

    found.each(items, read)
    grants.tell(found)
    powers.tell(found)
    return found


def read_permission_grants(items: Iterable[Item], tenant: Tenant) -> Found:
    """Return what a list of delegated permissions says."""
    found, grants = Found(), Grants("scopes")

    def read(body: JsonObject, item: Item) -> None:
        client = tenant.principal_uid(text_at(body, "clientId"))
        resource = text_at(body, "resourceId")
        scopes = (optional_text(body, "scope") or "").split()
        _say_resource(found, item, tenant, resource, None)
        edge = EdgeFacts("CAN_INVOKE", client, tenant.resource_uid(resource), object_kind=Kind.ASSET)
        for scope in scopes:
            grants.add(item, edge, scope, _ON_BEHALF)

    found.each(items, read)
    grants.tell(found)
    return found


def _say_resource(found: Found, item: Item, tenant: Tenant, resource: str, name: str | None) -> None:
    facts = NodeFacts(tenant.resource_uid(resource), Kind.ASSET, type="service", name=name)
    found.say(item, facts)
