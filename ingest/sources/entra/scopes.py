"""One scope for each tenant and list: what reads it, and what a whole reading of it covers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from graph.vocabulary import Kind
from ingest.sources.entra.applications import read_applications, read_service_principals
from ingest.sources.entra.found import Found
from ingest.sources.entra.listings import Item
from ingest.sources.entra.memberships import (
    has_expanded,
    read_expanded_members,
    read_expanded_owners,
    read_members,
    read_owners,
)
from ingest.sources.entra.names import Tenant
from ingest.sources.entra.people import read_deleted_users, read_groups, read_users
from ingest.sources.entra.permissions import read_app_role_assignments, read_permission_grants
from ingest.sources.entra.roles import read_role_assignments
from ingest.sources.entra.trust import read_federated
from ingest.uids import escaped

Names = frozenset[str]
_NOTHING: Final[Names] = frozenset()
_IDENTITY: Final[Names] = frozenset({Kind.IDENTITY.value})
_MEMBER_OF: Final[Names] = frozenset({"MEMBER_OF"})


@dataclass(frozen=True, slots=True)
class ListType:
    """How a list of the tenant is read, and which of its objects' types stand together in a place.

    Owners in the directory are no answer to who is accountable, and rights come from several
    lists: neither OWNS nor CAN_ADMIN is covered by any of them.
    """

    read: Callable[[Sequence[Item], Tenant], Found]
    place: str = ""
    kinds: Names = _NOTHING
    relations: Names = _NOTHING


def _active(items: Sequence[Item], tenant: Tenant) -> Found:
    return read_role_assignments(items, tenant, eligible=False)


def _eligible(items: Sequence[Item], tenant: Tenant) -> Found:
    return read_role_assignments(items, tenant, eligible=True)


_WITHIN: Final[Names] = frozenset({"WITHIN"})
_ROLES: Final = "roleManagement/directory"

LISTS: Final[Mapping[str, ListType]] = {
    "users": ListType(read_users, "users", _IDENTITY, _WITHIN),
    "deleted users": ListType(read_deleted_users, kinds=_IDENTITY),
    "groups": ListType(read_groups, "groups", _IDENTITY, _WITHIN),
    "applications": ListType(
        read_applications,
        "applications",
        frozenset({Kind.ASSET.value, Kind.SECRET.value}),
        frozenset({"AUTHENTICATES", "RUNS_AS", "WITHIN"}),
    ),
    "servicePrincipals": ListType(
        read_service_principals,
        "servicePrincipals",
        frozenset({Kind.IDENTITY.value, Kind.SECRET.value}),
        _WITHIN,
    ),
    "oauth2PermissionGrants": ListType(read_permission_grants),
    f"{_ROLES}/roleAssignments": ListType(_active),
    f"{_ROLES}/roleAssignmentScheduleInstances": ListType(_active),
    f"{_ROLES}/roleEligibilitySchedules": ListType(_eligible),
    f"{_ROLES}/roleEligibilityScheduleInstances": ListType(_eligible),
}
"""The lists of a tenant that are of no single object of it."""

_EXPANDED: Final = (
    ("groups", "members"),
    ("groups", "owners"),
    ("applications", "owners"),
    ("servicePrincipals", "owners"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """One scope's share of a list: the scope's name, what was read, and what that covers."""

    scope: str
    found: Found
    place: str = ""
    kinds: Names = _NOTHING
    relations: Names = _NOTHING


def parts_of(
    resource: str, owner: str | None, items: Sequence[Item], tenant: Tenant, clients: Mapping[str, str]
) -> Iterator[Part]:
    """Yield what a list comes to, scope by scope; nothing for a list that is not mapped.

    Objects that stand within others (members in groups) are a scope of their own: their part may
    be cut short where the list itself is not. ``clients`` are the client ids of applications.
    """
    if owner is not None:
        found = _of_one(resource, owner, items, tenant, clients)
        if found is not None:
            # Who is in one group says nothing of the groups that it is in itself.
            yield Part(f"{tenant.id}/{resource}/{escaped(owner)}", found, relations=_trust(resource))
        return
    listed = LISTS.get(resource)
    if listed is None:
        return
    found = listed.read(items, tenant)
    yield Part(f"{tenant.id}/{resource}", found, listed.place, listed.kinds, listed.relations)
    for type_, key in _EXPANDED:
        if type_ == resource and has_expanded(items, key):
            yield _expanded(type_, key, items, tenant)


def _expanded(type_: str, key: str, items: Sequence[Item], tenant: Tenant) -> Part:
    is_members = key == "members"
    found = read_expanded_members(items, tenant) if is_members else read_expanded_owners(items, tenant, type_)
    return Part(f"{tenant.id}/{type_}/{key}", found, relations=_MEMBER_OF if is_members else _NOTHING)


def _of_one(
    resource: str, owner: str, items: Sequence[Item], tenant: Tenant, clients: Mapping[str, str]
) -> Found | None:
    type_, _, key = resource.partition("/")
    if key == "members":
        return read_members(items, tenant, owner)
    if key == "owners":
        return read_owners(items, tenant, type_, owner)
    if key == "federatedIdentityCredentials":
        client = clients.get(owner)
        return None if client is None else read_federated(items, tenant, owner, tenant.client_uid(client))
    if key == "oauth2PermissionGrants":
        return read_permission_grants(items, tenant)
    return read_app_role_assignments(items, tenant)


def _trust(resource: str) -> Names:
    return frozenset({"CAN_ASSUME"}) if resource.endswith("/federatedIdentityCredentials") else _NOTHING
