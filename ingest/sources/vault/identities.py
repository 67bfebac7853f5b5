"""Entities and groups: who the server takes somebody for, whichever way they logged in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from graph.model import EdgeFacts, NodeFacts, PropertyValue, Uid
from graph.vocabulary import Certainty, Kind
from ingest.facts import Fact
from ingest.shapes import Misshapen, objects_at, optional_text, text_at
from ingest.sources.vault.answers import Answer
from ingest.sources.vault.estate import Estate
from ingest.sources.vault.fields import flag, texts
from ingest.sources.vault.holders import Holder, Login, Placed
from ingest.sources.vault.logins import entity_uid, why_partial
from ingest.sources.vault.names import Server
from ingest.uids import address_uid

_ENTITIES: Final = "identity/entity/id/"
_GROUPS: Final = "identity/group/id/"
_ADDRESS: Final = re.compile(r"[^@\s:/#]+@[^@\s:/#.]+(\.[^@\s:/#.]+)+")
_PEOPLE: Final = frozenset({"userpass", "ldap", "okta", "radius", "kerberos"})
"""Ways to log in that only people use; with others, whose entity it is cannot be told."""

_SAME_PERSON: Final = "the login maps this address to the person"
_UNREAD_GROUP: Final = "no policy of a group that was not read takes it away"
_AT_LOGIN: Final = "the member is found in the group of the directory when it logs in"


def identities_of(estate: Estate, server: Server) -> Login | None:
    """Return what entities and groups come to; None where none was asked for."""
    entities, groups = dict(estate.below(_ENTITIES)), _understood(estate)
    lists = [estate.lists.get(path.rstrip("/")) for path in (_ENTITIES, _GROUPS)]
    if not entities and not groups and not any(lists):
        return None
    placed: list[Placed] = []
    holders: list[Holder] = []
    above = _groups_above(groups)
    for answer in entities.values():
        try:
            said, holder = list(_entity(answer, server)), _entity_holder(answer, groups, above, server)
        except Misshapen as fault:
            estate.fault(answer, fault)
            continue
        placed.extend(Placed(answer.document.file.name, fact) for fact in said)
        holders.append(holder)
    for answer in groups.values():
        placed.extend(Placed(answer.document.file.name, fact) for fact in _group(answer, server))
        holders.extend(_group_holder(answer, entities, server))
    partial = why_partial(estate, _ENTITIES.rstrip("/"), set(entities), "entities") or why_partial(
        estate, _GROUPS.rstrip("/"), set(groups), "groups"
    )
    files = [*entities.values(), *groups.values(), *(answer for answer in lists if answer is not None)]
    return Login("identity", placed, holders, files, partial)


def group_uid(server: Server, group: str) -> Uid:
    """Return the uid of a group by its id."""
    return server.path_uid(Kind.IDENTITY, "identity/group/id", group)


def _entity(answer: Answer, server: Server) -> Iterator[Fact]:
    data = answer.data
    entity = text_at(data, "id")
    uid = entity_uid(server, entity)
    aliases = objects_at(data, "aliases")
    ways = {optional_text(alias, "mount_type", place) for place, alias in aliases}
    properties: dict[str, PropertyValue] = {"status": "suspended" if flag(data, "disabled") else "active"}
    facts = NodeFacts(
        uid,
        Kind.IDENTITY,
        type="person" if ways & _PEOPLE else None,
        name=optional_text(data, "name"),
        properties=properties,
        external_ids=(server.path_id("identity/entity/id", entity),),
    )
    yield Fact(facts, answer.path)
    for place, alias in aliases:
        name = optional_text(alias, "name", place)
        if name is not None and _ADDRESS.fullmatch(name):
            person = address_uid(name, server.fingerprints)
            edge = EdgeFacts("CAN_ASSUME", person, uid)
            yield Fact(edge, answer.path, Certainty.POSSIBLE, _SAME_PERSON)


def _group(answer: Answer, server: Server) -> Iterator[Fact]:
    data = answer.data
    group = text_at(data, "id")
    uid = group_uid(server, group)
    facts = NodeFacts(
        uid,
        Kind.IDENTITY,
        type="group",
        name=optional_text(data, "name"),
        external_ids=(server.path_id("identity/group/id", group),),
    )
    yield Fact(facts, answer.path)
    for member in texts(data, "member_entity_ids"):
        yield Fact(EdgeFacts("MEMBER_OF", entity_uid(server, member), uid), answer.path)
    for member in texts(data, "member_group_ids"):
        yield Fact(EdgeFacts("MEMBER_OF", group_uid(server, member), uid), answer.path)


def _entity_holder(
    answer: Answer, groups: Mapping[str, Answer], above: Mapping[str, set[str]], server: Server
) -> Holder:
    entity = text_at(answer.data, "id")
    within = {name for name, group in groups.items() if entity in texts(group.data, "member_entity_ids")}
    everything = within.union(*(above.get(name, set()) for name in within))
    policies = {*texts(answer.data, "policies")}
    for name in everything:
        policies |= {*texts(groups[name].data, "policies")}
    unread = set(texts(answer.data, "group_ids")) - groups.keys()
    file = answer.document.file.name
    condition = _UNREAD_GROUP if unread else None
    return Holder(entity_uid(server, entity), tuple(sorted(policies)), answer.path, file, condition)


def _group_holder(answer: Answer, entities: Mapping[str, Answer], server: Server) -> Iterator[Holder]:
    """Yield a group as a holder itself where not all of its members are entities that were read."""
    data = answer.data
    members = texts(data, "member_entity_ids")
    is_external = optional_text(data, "type") == "external"
    if is_external or not set(members) <= entities.keys():
        uid = group_uid(server, text_at(data, "id"))
        condition = _AT_LOGIN if is_external else None
        file = answer.document.file.name
        yield Holder(uid, tuple(sorted(texts(data, "policies"))), answer.path, file, condition)


def _understood(estate: Estate) -> dict[str, Answer]:
    """Return the groups that were read, less those of another shape than the server gives them."""
    found: dict[str, Answer] = {}
    for name, answer in estate.below(_GROUPS):
        try:
            text_at(answer.data, "id")
            for key in ("name", "type"):
                optional_text(answer.data, key)
            for key in ("policies", "member_entity_ids", "member_group_ids"):
                texts(answer.data, key)
        except Misshapen as fault:
            estate.fault(answer, fault)
        else:
            found[name] = answer
    return found


def _groups_above(groups: Mapping[str, Answer]) -> dict[str, set[str]]:
    """Return the groups that each group is in, directly or through others."""
    direct: dict[str, set[str]] = {name: set() for name in groups}
    for name, answer in groups.items():
        for member in texts(answer.data, "member_group_ids"):
            direct.setdefault(member, set()).add(name)
    return {name: _reached(name, direct) for name in direct}


def _reached(start: str, direct: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for name in direct.get(waiting.pop(), set()) - found:
            found.add(name)
            waiting.append(name)
    return found
