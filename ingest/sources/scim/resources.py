"""Users and groups: what a resource comes to. Addresses join people as those of a list of people do.

An account that is not active may be made active again, so its user is suspended and has not
left. Source: RFC 7643, sections 4.1 (User), 4.2 (Group) and 4.3 (the enterprise extension).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from graph.model import EdgeFacts, ExternalId, NodeFacts, PropertyValue, Uid
from graph.vocabulary import Kind
from ingest.facts import Fact
from ingest.jsontext import shown
from ingest.people import ADDRESS_EXPECTED, NO_ADDRESS, is_address, opaque
from ingest.record import ReadContext
from ingest.redaction import is_secret_name
from ingest.shapes import JsonObject, Misshapen, as_object, is_misshapen, optional_text, text_at
from ingest.sources.scim.listing import GROUPS, USERS, objects_of
from ingest.uids import address_digest, address_uid, native_uid

ENTERPRISE: Final = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

_SILENT: Final = frozenset({"schemas", "id", "meta"})
_OF_USER: Final = frozenset(
    {
        *("userName", "externalId", "name", "displayName", "title", "userType", "active"),
        *("emails", "groups", ENTERPRISE),
    }
)
_OF_GROUP: Final = frozenset({"externalId", "displayName", "members"})
_ENTERPRISE: Final = frozenset({"employeeNumber", "department", "manager"})

_TEXTS: Final = (
    ("userName", "user_name"),
    ("externalId", "external_id"),
    ("title", "title"),
    ("userType", "user_type"),
)
_ENTERPRISE_TEXTS: Final = (("employeeNumber", "employee_number"), ("department", "department"))


@dataclass(frozen=True, slots=True)
class Said:
    """What a resource comes to, and what of it is not mapped, in words that are counted."""

    facts: list[Fact]
    skipped: list[str]


def scim_uid(native_id: str, context: ReadContext) -> Uid:
    """Return the uid of a user or group: a server gives no id twice, whatever it is of."""
    instance = context.source.instance
    return native_uid(Kind.IDENTITY, "scim", opaque(context.fingerprints, instance, native_id))


def read_user(body: JsonObject, position: str, context: ReadContext) -> Said:
    """Return a user, the addresses that are theirs, and the groups they are in; raises Misshapen."""
    uid = scim_uid(text_at(body, "id"), context)
    addresses = list(dict.fromkeys(_addresses(body)))
    digests = [ExternalId("email-digest", address_digest(one, context.fingerprints)) for one in addresses]
    emails = [ExternalId("email", one) for one in addresses]
    extension = _extension(body)
    properties = {**_properties(body), **_enterprise(extension, context)}
    nodes = [NodeFacts(uid, Kind.IDENTITY, "person", _name(body), properties, (*emails, *digests))]
    for address, digest in zip(addresses, digests, strict=True):
        node = address_uid(address, context.fingerprints)
        nodes.append(NodeFacts(node, Kind.IDENTITY, "person", external_ids=(digest,)))
    groups = _referred(body, "groups", context)
    edges = [EdgeFacts("MEMBER_OF", uid, group) for group in groups]
    skipped = [*_unmapped(body, _OF_USER, "user"), *_unmapped(extension, _ENTERPRISE, "user")]
    return Said(_facts(position, *nodes, *edges), skipped)


def read_group(body: JsonObject, position: str, context: ReadContext) -> Said:
    """Return a group and its members, users or groups; raises Misshapen."""
    uid = scim_uid(text_at(body, "id"), context)
    external = optional_text(body, "externalId")
    properties = {} if external is None else {"external_id": external}
    node = NodeFacts(uid, Kind.IDENTITY, "group", optional_text(body, "displayName"), properties)
    members = (member for member in _referred(body, "members", context) if member != uid)
    edges = [EdgeFacts("MEMBER_OF", member, uid) for member in members]
    return Said(_facts(position, node, *edges), list(_unmapped(body, _OF_GROUP, "group")))


READERS: Final[Mapping[str, Callable[[JsonObject, str, ReadContext], Said]]] = {
    USERS: read_user,
    GROUPS: read_group,
}


def _facts(position: str, *said: NodeFacts | EdgeFacts) -> list[Fact]:
    return [Fact(about, position) for about in said]


def _properties(body: JsonObject) -> dict[str, PropertyValue]:
    found: dict[str, PropertyValue] = dict(_texts(body, _TEXTS))
    active = body.get("active")
    if active is not None and not isinstance(active, bool):
        raise is_misshapen(active, "true or false", "/active")
    if active is not None:
        found["status"] = "active" if active else "suspended"
    return found


def _extension(body: JsonObject) -> JsonObject:
    value = body.get(ENTERPRISE)
    return {} if value is None else as_object(value, f"/{ENTERPRISE}")


def _enterprise(extension: JsonObject, context: ReadContext) -> dict[str, PropertyValue]:
    found: dict[str, PropertyValue] = {}
    manager = extension.get("manager")
    try:
        found.update(_texts(extension, _ENTERPRISE_TEXTS))
        if manager is not None:
            named = optional_text(as_object(manager, "/manager"), "value", "/manager")
            found.update({} if named is None else {"manager": scim_uid(named, context)})
    except Misshapen as fault:
        raise Misshapen(f"/{ENTERPRISE}{fault.pointer}", fault.reason, fault.expected) from None
    return found


def _texts(body: JsonObject, names: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    for name, property_ in names:
        value = optional_text(body, name)
        if value is not None:
            yield property_, value


def _name(body: JsonObject) -> str | None:
    """Return how somebody is called: as it is shown, else as it is formatted, else by its parts."""
    value = body.get("name")
    parts: JsonObject = {} if value is None else as_object(value, "/name")
    given, family = (optional_text(parts, part, "/name") for part in ("givenName", "familyName"))
    in_parts = " ".join(part for part in (given, family) if part)
    return (
        optional_text(body, "displayName") or optional_text(parts, "formatted", "/name") or in_parts or None
    )


def _addresses(body: JsonObject) -> Iterator[str]:
    for pointer, item in objects_of(body, "emails"):
        address = optional_text(item, "value", pointer)
        if address is not None and not is_address(address.strip()):
            raise Misshapen(f"{pointer}/value", NO_ADDRESS, ADDRESS_EXPECTED)
        if address is not None:
            yield address.strip().lower()


def _referred(body: JsonObject, name: str, context: ReadContext) -> list[Uid]:
    found = (text_at(item, "value", pointer) for pointer, item in objects_of(body, name))
    return [scim_uid(native_id, context) for native_id in dict.fromkeys(found)]


def _unmapped(body: JsonObject, known: frozenset[str], kind: str) -> Iterator[str]:
    for name, value in body.items():
        if name in known | _SILENT or value in (None, [], {}):
            continue
        yield f"{kind}'s secret value" if is_secret_name(name) else f"{kind}'s {shown(name)}"
