"""Users, roles and groups as the authorization details of an account print them, read and not yet judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ingest.redaction import Json
from ingest.shapes import JsonObject, Misshapen, object_at, objects_at, optional_text, text_at
from ingest.sources.aws.names import parse_arn
from ingest.sources.aws.policies.statements import Statement, statements_of

USER, ROLE, GROUP, POLICY = "UserDetailList", "RoleDetailList", "GroupDetailList", "Policies"
LISTS: Final = (USER, GROUP, ROLE, POLICY)

_INLINE: Final[Mapping[str, str]] = {
    USER: "UserPolicyList",
    ROLE: "RolePolicyList",
    GROUP: "GroupPolicyList",
}
_NAMES: Final[Mapping[str, str]] = {
    USER: "UserName",
    ROLE: "RoleName",
    GROUP: "GroupName",
    POLICY: "PolicyName",
}
_IDS: Final[Mapping[str, str]] = {USER: "UserId", ROLE: "RoleId", GROUP: "GroupId", POLICY: "PolicyId"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a file, and a JSON pointer in it."""

    file: str
    pointer: str


@dataclass(frozen=True, slots=True)
class Principal:
    """A user, a role or a group. ``attached`` and ``boundary`` are ARNs of managed policies.

    ``faulty`` is set where a policy of its own could not be read: what it may do is not known then.
    """

    sort: str
    arn: str
    name: str
    id: str
    place: Place
    inline: tuple[Statement, ...]
    attached: tuple[str, ...]
    boundary: str | None = None
    groups: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    trust: tuple[Statement, ...] = ()
    profiles: int = 0
    created: str | None = None
    last_used: str | None = None
    faulty: bool = False


@dataclass(frozen=True, slots=True)
class ManagedPolicy:
    """A managed policy: the statements of the version that counts."""

    arn: str
    name: str
    place: Place
    statements: tuple[Statement, ...]


@dataclass
class Faults:
    """What of an entry could not be read; the rest of it counts."""

    found: list[tuple[Place, Misshapen]] = field(default_factory=list[tuple[Place, Misshapen]])

    def add(self, place: Place, fault: Misshapen) -> None:
        """Note a fault."""
        self.found.append((place, fault))


def read_principal(sort: str, entry: JsonObject, place: Place, faults: Faults) -> Principal:
    """Return a user, a role or a group.

    Raises:
        Misshapen: where it cannot be told who it is.
    """
    arn, name = text_at(entry, "Arn"), text_at(entry, _NAMES[sort])
    if parse_arn(arn) is None:
        raise Misshapen("/Arn", "a text that is no ARN", "the ARN of the entry")
    before = len(faults.found)
    inline = tuple(_inline(sort, entry, place, faults))
    trust = tuple(_trust(entry, name, place, faults)) if sort == ROLE else ()
    boundary = object_at(entry, "PermissionsBoundary") if entry.get("PermissionsBoundary") else None
    return Principal(
        sort,
        arn,
        name,
        text_at(entry, _IDS[sort]),
        place,
        inline,
        tuple(text_at(item, "PolicyArn", at) for at, item in objects_at(entry, "AttachedManagedPolicies")),
        boundary=None
        if boundary is None
        else text_at(boundary, "PermissionsBoundaryArn", "/PermissionsBoundary"),
        groups=tuple(_texts(entry, "GroupList")),
        tags={text_at(tag, "Key", at): str(tag.get("Value", "")) for at, tag in objects_at(entry, "Tags")},
        trust=trust,
        profiles=len(objects_at(entry, "InstanceProfileList")),
        created=optional_text(entry, "CreateDate"),
        last_used=_last_used(entry),
        faulty=len(faults.found) > before,
    )


def read_policy(entry: JsonObject, place: Place) -> ManagedPolicy:
    """Return a managed policy with the statements of its default version.

    Raises:
        Misshapen: where it has none, or it cannot be read.
    """
    arn, name = text_at(entry, "Arn"), text_at(entry, "PolicyName")
    for pointer, version in objects_at(entry, "PolicyVersionList"):
        if version.get("IsDefaultVersion") is True:
            document = version.get("Document")
            statements = statements_of(document, name, f"{pointer}/Document")
            return ManagedPolicy(arn, name, place, tuple(statements))
    raise Misshapen("/PolicyVersionList", "no version is the default", "the version that counts")


def _inline(sort: str, entry: JsonObject, place: Place, faults: Faults) -> Iterator[Statement]:
    for pointer, policy in objects_at(entry, _INLINE[sort]):
        try:
            label = text_at(policy, "PolicyName", pointer)
            yield from statements_of(policy.get("PolicyDocument"), label, f"{pointer}/PolicyDocument")
        except Misshapen as fault:
            faults.add(place, fault)


def _trust(entry: JsonObject, name: str, place: Place, faults: Faults) -> Sequence[Statement]:
    try:
        document = entry.get("AssumeRolePolicyDocument")
        return statements_of(document, f"trust of {name}", "/AssumeRolePolicyDocument")
    except Misshapen as fault:
        faults.add(place, fault)
        return ()


def _last_used(entry: JsonObject) -> str | None:
    used: Json = entry.get("RoleLastUsed")
    return optional_text(used, "LastUsedDate") if isinstance(used, dict) else None


def _texts(entry: JsonObject, key: str) -> Iterator[str]:
    value = entry.get(key)
    if value is None:
        return
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise Misshapen(f"/{key}", "no list of texts stands here", "a list of texts")
    yield from (item for item in value if isinstance(item, str))
