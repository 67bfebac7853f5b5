"""Directory roles that give control over other identities, by the ids of Microsoft's built-in roles.

Ids and what the roles may do are those of Microsoft's reference of built-in roles. A role that
is not listed here gives control over none of what is mapped, or is one of the tenant's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from graph.model import EdgeFacts
from graph.vocabulary import Kind
from ingest.shapes import JsonObject, optional_text, text_at
from ingest.sources.entra.found import Found, Grants
from ingest.sources.entra.listings import Item
from ingest.sources.entra.names import Tenant, folded, is_guid

_PLAIN_USERS: Final = "the user holds no administrative role that outranks it"
_PLAIN_GROUPS: Final = "roles cannot be assigned to the group"
_UNLOCKED: Final = "the application does not lock the properties of its service principals"
_FEDERATED: Final = "sign-in of the users is, or is made, federated"
ACTIVATED: Final = "the holder activates the role, which may need an approval"


@dataclass(frozen=True, slots=True)
class Power:
    """Control over all objects of a type (of the tenant itself where none is named)."""

    over: str
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class DirectoryRole:
    """A built-in role, and what it gives control over."""

    name: str
    powers: tuple[Power, ...] = ()


_APPLICATIONS: Final = (Power("applications"), Power("servicePrincipals", _UNLOCKED))
_USERS: Final = (Power("users", _PLAIN_USERS),)
_GROUPS: Final = (Power("groups", _PLAIN_GROUPS),)
_SIGN_IN: Final = (Power("users", _FEDERATED),)

ROLES: Final[Mapping[str, DirectoryRole]] = {
    "62e90394-69f5-4237-9190-012177145e10": DirectoryRole("Global Administrator", (Power(""),)),
    "e8611ab8-c189-46e8-94e1-60213ab1f814": DirectoryRole("Privileged Role Administrator", (Power(""),)),
    "7be44c8a-adaf-4e2a-84d6-ab2649e08a13": DirectoryRole(
        "Privileged Authentication Administrator", (Power("users"),)
    ),
    "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3": DirectoryRole("Application Administrator", _APPLICATIONS),
    "158c047a-c907-4556-b7ef-446551a6b5f7": DirectoryRole("Cloud Application Administrator", _APPLICATIONS),
    "fe930be7-5e62-47db-91af-98c3a49a38b1": DirectoryRole("User Administrator", (*_USERS, *_GROUPS)),
    "c4e39bd9-1100-46d3-8c65-fb160da0071f": DirectoryRole("Authentication Administrator", _USERS),
    "729827e3-9c14-49f7-bb1b-9608f156bbb8": DirectoryRole("Helpdesk Administrator", _USERS),
    "966707d0-3269-4727-9be2-8c3a10f19b9d": DirectoryRole("Password Administrator", _USERS),
    "fdd7a751-b60b-444a-984c-02652fe8fa1c": DirectoryRole("Groups Administrator", _GROUPS),
    "9360feb5-f418-4baa-8175-e2a00bac4301": DirectoryRole("Directory Writers", _GROUPS),
    "3a2c62db-5318-420d-8d74-23affee5d9d5": DirectoryRole("Intune Administrator", _GROUPS),
    "8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2": DirectoryRole("Hybrid Identity Administrator", _SIGN_IN),
    "8329153b-31d0-4727-b945-745eb3bc5f31": DirectoryRole("Domain Name Administrator", _SIGN_IN),
    "be2f45a1-457d-42af-a067-6ec1fa63bc45": DirectoryRole(
        "External Identity Provider Administrator", _SIGN_IN
    ),
    "f2ef992c-3afb-46b9-b7cf-a126ee74c451": DirectoryRole("Global Reader"),
    "88d8e3e3-8f55-4a1e-953a-9b9898b8876b": DirectoryRole("Directory Readers"),
}


def read_role_assignments(items: Iterable[Item], tenant: Tenant, *, eligible: bool) -> Found:
    """Return what a list of role assignments says; of ``eligible`` ones nobody holds the role yet."""
    found, grants = Found(), Grants()

    def read(body: JsonObject, item: Item) -> None:
        holder = tenant.principal_uid(text_at(body, "principalId"))
        role_id = folded(text_at(body, "roleDefinitionId"))
        scope = optional_text(body, "directoryScopeId") or optional_text(body, "appScopeId")
        role = ROLES.get(role_id)
        if role is None:
            found.skipped.append(
                f"directory role {role_id if is_guid(role_id) else 'with an id that is no GUID'}"
            )
            return
        if not role.powers:
            found.skipped.append(f"directory role {role.name}, which reads only")
        elif scope != "/":
            found.skipped.append("directory role for a part of the tenant")
        else:
            for power in role.powers:
                place = tenant.place_uid(power.over)
                edge = EdgeFacts("CAN_ADMIN", holder, place, object_kind=Kind.ASSET)
                grants.add(item, edge, role.name, _condition(power, eligible=eligible))

    found.each(items, read)
    grants.tell(found)
    return found


def _condition(power: Power, *, eligible: bool) -> str | None:
    said = [ACTIVATED if eligible else None, power.condition]
    return "; ".join(text for text in said if text is not None) or None
