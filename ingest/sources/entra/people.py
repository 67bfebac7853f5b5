"""Users and groups: who they are, and whether the directory still lets them in.

An account that is disabled may be enabled again, so its user is suspended; one that was deleted
is gone, and its user has left as far as the directory knows. A list of personnel knows better
and comes first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from graph.model import ExternalId, NodeFacts, PropertyValue
from graph.vocabulary import Kind
from ingest.shapes import JsonObject, Misshapen, optional_text, text_at
from ingest.sources.entra.found import Found, flag, moment, texts
from ingest.sources.entra.listings import Item
from ingest.sources.entra.names import Tenant
from ingest.uids import address_digest, address_uid

_ADDRESS: Final = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")
_NO_STATUS: Final = (
    "{file}: {count} users bear no accountEnabled, so that nobody knows whether they are active. It is "
    "printed only where it is asked for: add it to $select."
)


def read_users(items: Iterable[Item], tenant: Tenant) -> Found:
    """Return what a list of users says."""
    found = Found()
    silent: dict[str, int] = {}

    def read(body: JsonObject, item: Item) -> None:
        enabled = flag(body, "accountEnabled")
        if enabled is None:
            file = item.document.file.name
            silent[file] = silent.get(file, 0) + 1
        status = {} if enabled is None else {"status": "active" if enabled else "suspended"}
        _say_user(found, item, body, tenant, {**status, **dict(texts(body, "userType"))}, has_address=True)
        uid = tenant.principal_uid(text_at(body, "id"))
        found.say(item, tenant.holding(uid, Kind.IDENTITY, "users"))

    found.each(items, read)
    found.notes.extend(_NO_STATUS.format(file=file, count=count) for file, count in silent.items())
    return found


def read_deleted_users(items: Iterable[Item], tenant: Tenant) -> Found:
    """Return what the recycle bin says of users; their addresses are free for others, so none is said."""
    found = Found()

    def read(body: JsonObject, item: Item) -> None:
        departed = moment(body, "deletedDateTime")
        if departed is None:
            raise Misshapen("/deletedDateTime", "nothing stands here", "when the user was deleted")
        properties: dict[str, PropertyValue] = {"status": "departed", "departed_at": departed}
        _say_user(found, item, body, tenant, properties, has_address=False)

    found.each(items, read)
    return found


def read_groups(items: Iterable[Item], tenant: Tenant) -> Found:
    """Return what a list of groups says of the groups themselves."""
    found = Found()

    def read(body: JsonObject, item: Item) -> None:
        facts = group_facts(body, tenant)
        found.say(item, facts)
        found.say(item, tenant.holding(facts.uid, Kind.IDENTITY, "groups"))

    found.each(items, read)
    return found


def group_facts(body: JsonObject, tenant: Tenant) -> NodeFacts:
    """Return what there is to say of a group.

    Raises:
        Misshapen: for one of another shape.
    """
    object_id = text_at(body, "id")
    return NodeFacts(
        tenant.principal_uid(object_id),
        Kind.IDENTITY,
        type="group",
        name=optional_text(body, "displayName"),
        properties=dict(texts(body, "description")),
        external_ids=(tenant.object_id(object_id),),
    )


def _say_user(
    found: Found,
    item: Item,
    body: JsonObject,
    tenant: Tenant,
    properties: dict[str, PropertyValue],
    *,
    has_address: bool,
) -> None:
    object_id = text_at(body, "id")
    uid = tenant.principal_uid(object_id)
    mail = optional_text(body, "mail") if has_address else None
    if mail is not None and _ADDRESS.fullmatch(mail) is None:
        raise Misshapen("/mail", "is no single address", "one address such as ada@example.org, or nothing")
    for key, value in texts(body, "jobTitle"):
        properties["title" if key == "job_title" else key] = value
    ids = [tenant.object_id(object_id)]
    if mail is not None:
        digest = ExternalId("email-digest", address_digest(mail, tenant.fingerprints))
        ids += [ExternalId("email", mail.lower()), digest]
        address = address_uid(mail, tenant.fingerprints)
        found.say(item, NodeFacts(address, Kind.IDENTITY, "person", external_ids=(digest,)))
    name = optional_text(body, "displayName")
    found.say(item, NodeFacts(uid, Kind.IDENTITY, "person", name, properties, tuple(ids)))
