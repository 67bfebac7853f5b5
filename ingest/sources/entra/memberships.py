"""Members of groups, and owners of groups, applications and service principals.

An owner in the directory is whoever may manage the object, often the one who made it. That is
looking after it, not answering for it: a steward, who can administer it as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from graph.model import EdgeFacts, Uid
from graph.vocabulary import Certainty, Kind
from ingest.shapes import JsonObject, as_object, is_misshapen, objects_at, text_at
from ingest.sources.entra.found import Found
from ingest.sources.entra.listings import Item
from ingest.sources.entra.names import Tenant
from ingest.sources.entra.people import group_facts

STEWARD: Final = frozenset({"steward"})
_TYPE: Final = "@odata.type"
_PRINCIPALS: Final = frozenset({"user", "group", "servicePrincipal"})
_EXPANDED_AT_MOST: Final = 20
"""How many related objects $expand gives at most; where so many stand, there may be more."""

_TRUNCATED: Final = "$expand gives 20 related objects at most, and so many stand in it"
_RULE_DECIDES: Final = (
    "the group's members are those of a rule, or of another directory, which the owner may change"
)
_LOCKED: Final = "the application does not lock the properties of its service principals"


@dataclass(frozen=True, slots=True)
class Owned:
    """A type of object that has owners, and on what it depends that they control it."""

    kind: Kind
    condition: str | None = None


_OWNED: Final[Mapping[str, Owned]] = {
    "applications": Owned(Kind.ASSET),
    "groups": Owned(Kind.IDENTITY),
    "servicePrincipals": Owned(Kind.IDENTITY, _LOCKED),
}


def read_members(items: Iterable[Item], tenant: Tenant, group: str) -> Found:
    """Return what the list of one group's members says."""
    found = Found()

    def read(body: JsonObject, item: Item) -> None:
        _say_member(found, body, item, tenant, group)

    found.each(items, read)
    return found


def read_expanded_members(items: Iterable[Item], tenant: Tenant) -> Found:
    """Return the members that stand within a list of groups."""
    found = Found()

    def read(body: JsonObject, item: Item) -> None:
        # The group is said here too: that it has no members is known as well.
        found.say(item, group_facts(body, tenant))
        for member in _related(found, body, item, "members"):
            _say_member(found, as_object(member.value), member, tenant, text_at(body, "id"))

    found.each(items, read)
    return found


def read_owners(items: Iterable[Item], tenant: Tenant, type_: str, owned: str) -> Found:
    """Return what the list of one object's owners says."""
    found = Found()

    def read(body: JsonObject, item: Item) -> None:
        _say_owner(found, body, item, tenant, type_, owned, _OWNED[type_].condition)

    found.each(items, read)
    return found


def read_expanded_owners(items: Iterable[Item], tenant: Tenant, type_: str) -> Found:
    """Return the owners that stand within a list of groups, applications or service principals."""
    found = Found()

    def read(body: JsonObject, item: Item) -> None:
        condition = _OWNED[type_].condition
        if type_ == "groups" and _is_filled_by_rule(body):
            condition = _RULE_DECIDES
        for owner in _related(found, body, item, "owners"):
            _say_owner(found, as_object(owner.value), owner, tenant, type_, text_at(body, "id"), condition)

    found.each(items, read)
    return found


def has_expanded(items: Iterable[Item], key: str) -> bool:
    """Return whether any object of a list bears its related objects within."""
    return any(isinstance(item.value, dict) and key in item.value for item in items)


def _related(found: Found, body: JsonObject, item: Item, key: str) -> Iterator[Item]:
    members = objects_at(body, key)
    if len(members) >= _EXPANDED_AT_MOST or f"{key}@odata.nextLink" in body:
        found.partial = _TRUNCATED
    if key not in body:
        found.partial = found.partial or f"not all of its objects bear their {key}"
    for place, member in members:
        yield Item(item.document, f"{item.position}{place}", dict(member))


def _say_member(found: Found, body: JsonObject, item: Item, tenant: Tenant, group: str) -> None:
    principal = _principal(found, body, tenant, "member")
    if principal is not None:
        found.say(item, EdgeFacts("MEMBER_OF", principal, tenant.principal_uid(group)))


def _say_owner(
    found: Found, body: JsonObject, item: Item, tenant: Tenant, type_: str, owned: str, condition: str | None
) -> None:
    principal = _principal(found, body, tenant, "owner")
    if principal is None:
        return
    kind = _OWNED[type_].kind
    uid = tenant.application_uid(owned) if kind is Kind.ASSET else tenant.principal_uid(owned)
    found.say(item, EdgeFacts("OWNS", principal, uid, STEWARD, object_kind=kind))
    certainty = Certainty.CERTAIN if condition is None else Certainty.POSSIBLE
    found.say(item, EdgeFacts("CAN_ADMIN", principal, uid, object_kind=kind), certainty, condition)


def _principal(found: Found, body: JsonObject, tenant: Tenant, role: str) -> Uid | None:
    """Return the uid of a member or owner; None for what holds no rights, such as a device."""
    named = body.get(_TYPE)
    if named is not None and not isinstance(named, str):
        raise is_misshapen(named, "a text", f"/{_TYPE}")
    type_ = (named or "#microsoft.graph.user").removeprefix("#microsoft.graph.")
    if type_ not in _PRINCIPALS:
        found.skipped.append(f"{role} that is neither a user nor a group nor a service principal")
        return None
    return tenant.principal_uid(text_at(body, "id"))


def _is_filled_by_rule(body: JsonObject) -> bool:
    return bool(body.get("membershipRule")) or body.get("onPremisesSyncEnabled") is True
