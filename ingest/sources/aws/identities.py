"""Users, groups and roles as nodes, with the groups that users are in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from graph.model import EdgeFacts, NodeFacts, PropertyValue, Uid
from graph.vocabulary import Certainty, Kind
from ingest.facts import Fact
from ingest.sources.aws.directory import Directory
from ingest.sources.aws.names import Account, address_in, arn_id, arn_uid, identity_uid, parse_arn
from ingest.sources.aws.principals import GROUP, ROLE, USER, Principal
from ingest.times import parse_time
from ingest.uids import address_uid

_TYPES: Final[Mapping[str, str | None]] = {
    # Nothing tells whether a user is a person or a program.
    USER: None,
    GROUP: "group",
    ROLE: "role",
}
SAME_PERSON: Final = "whoever has this address is who the user was made for"
_SERVICE_LINKED: Final = re.compile(r"role/aws-service-role/")


def principal_uid(principal: Principal, account: Account) -> Uid:
    """Return the uid of a user, group or role."""
    return identity_uid(principal.arn, account.fingerprints)


def identity_facts(principal: Principal, directory: Directory) -> Iterator[Fact]:
    """Yield what there is to say of an identity itself."""
    account = directory.account
    uid = principal_uid(principal, account)
    properties: dict[str, PropertyValue] = {}
    found = parse_arn(principal.arn)
    if found is not None and _SERVICE_LINKED.match(found.resource):
        properties["service_linked"] = True
    if principal.last_used is not None and (moment := _moment(principal.last_used)) is not None:
        properties["last_used"] = moment
    address = address_in(principal.arn)
    node = NodeFacts(
        uid,
        Kind.IDENTITY,
        type=_TYPES[principal.sort] if address is None else "person",
        name=principal.name,
        properties=properties,
        external_ids=arn_id(principal.arn) if address is None else (),
    )
    pointer = principal.place.pointer
    yield Fact(node, pointer)
    if address is not None:
        person = address_uid(address, account.fingerprints)
        yield Fact(EdgeFacts("CAN_ASSUME", person, uid), pointer, Certainty.POSSIBLE, SAME_PERSON)
    yield Fact(account.within(Kind.IDENTITY, uid), pointer)
    for name in principal.groups:
        yield Fact(EdgeFacts("MEMBER_OF", uid, _group_uid(name, directory)), f"{pointer}/GroupList")


def _group_uid(name: str, directory: Directory) -> Uid:
    for group in directory.of_sort(GROUP):
        if group.name == name:
            return principal_uid(group, directory.account)
    account = directory.account
    return arn_uid(Kind.IDENTITY, f"arn:{account.partition}:iam::{account.id}:group/{name}")


def _moment(text: str) -> int | None:
    try:
        return parse_time(text).moment
    except ValueError:
        return None
