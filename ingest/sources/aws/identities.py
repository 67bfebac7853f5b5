"""Users, groups and roles as nodes, with the groups that users are in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from graph.model import EdgeFacts, NodeFacts, PropertyValue, Uid
from graph.vocabulary import Kind
from ingest.facts import Fact
from ingest.sources.aws.directory import Directory
from ingest.sources.aws.names import Account, arn_id, arn_uid, parse_arn
from ingest.sources.aws.principals import GROUP, ROLE, USER, Principal
from ingest.times import parse_time

_TYPES: Final[Mapping[str, str | None]] = {
    # Nothing tells whether a user is a person or a program.
    USER: None,
    GROUP: "group",
    ROLE: "role",
}
_SERVICE_LINKED: Final = re.compile(r"role/aws-service-role/")


def principal_uid(principal: Principal, account: Account) -> Uid:  # noqa: ARG001 - as for names of people
    """Return the uid of a user, group or role."""
    return arn_uid(Kind.IDENTITY, principal.arn)


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
    node = NodeFacts(
        uid,
        Kind.IDENTITY,
        type=_TYPES[principal.sort],
        name=principal.name,
        properties=properties,
        external_ids=arn_id(principal.arn),
    )
    pointer = principal.place.pointer
    yield Fact(node, pointer)
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
