"""How the things of an AWS account are called: by ARN where they have one, else by account and name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from graph.model import EdgeFacts, ExternalId, NodeFacts, PropertyValue, Uid
from graph.vocabulary import Kind
from ingest.fingerprint import Fingerprinter
from ingest.sources.aws.policies.regions import Region
from ingest.uids import native_uid

SCHEME: Final = "arn"
ACCOUNT: Final = "aws-account"
_SCOPE: Final = "aws-scope"
_ARN: Final = re.compile(r"arn:([^:]+):([^:]+):([^:]*):([^:]*):(.+)", re.DOTALL)
_ADDRESS: Final = re.compile(r"[^@\s:/]+@[^@\s:/.]+(\.[^@\s:/.]+)+")
_NUMBER: Final = re.compile(r"\d{12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Arn:
    """The parts of an ARN; region and account are empty where the service leaves them out."""

    partition: str
    service: str
    region: str
    account: str
    resource: str


def parse_arn(text: str) -> Arn | None:
    """Return the parts of an ARN, or None where a text is none.

    >>> parse_arn("arn:aws:iam::123456789012:role/deploy").resource
    'role/deploy'
    """
    found = _ARN.fullmatch(text)
    return None if found is None else Arn(*found.groups())


def is_account(text: str) -> bool:
    """Return whether a text is the number of an account."""
    return _NUMBER.fullmatch(text) is not None


@lru_cache(maxsize=65_536)
def arn_uid(kind: Kind, arn: str) -> Uid:
    """Return the uid of what has an ARN."""
    return native_uid(kind, SCHEME, arn)


@lru_cache(maxsize=65_536)
def identity_uid(arn: str, fingerprints: Fingerprinter) -> Uid:
    """Return the uid of a user, a role or whatever else acts; the address of a person does not show in it."""
    if address_in(arn) is None:
        return arn_uid(Kind.IDENTITY, arn)
    found = parse_arn(arn)
    account = "" if found is None else found.account
    return native_uid(Kind.IDENTITY, "aws-user", account, fingerprints.opaque_id(arn))


def address_in(arn: str) -> str | None:
    """Return the e-mail address that a user is named by; None for any other name.

    >>> address_in("arn:aws:iam::123456789012:user/staff/ada@example.org")
    'ada@example.org'
    """
    found = parse_arn(arn)
    if found is None or not found.resource.startswith("user/"):
        return None
    name = found.resource.rpartition("/")[2]
    return name if _ADDRESS.fullmatch(name) else None


def arn_id(arn: str) -> tuple[ExternalId, ...]:
    """Return the external id of what has an ARN."""
    return (ExternalId(SCHEME, arn),)


def key_uid(key_id: str) -> Uid:
    """Return the uid of an access key."""
    return native_uid(Kind.SECRET, "aws-access-key-id", key_id)


@dataclass(frozen=True, slots=True, order=True)
class Account:
    """One account, in one partition of AWS (``aws``, ``aws-cn``, ``aws-us-gov``)."""

    id: str
    partition: str = "aws"
    fingerprints: Fingerprinter = field(default=Fingerprinter(b""), compare=False, repr=False)

    @property
    def uid(self) -> Uid:
        """Return the uid of the account."""
        return native_uid(Kind.ASSET, ACCOUNT, self.id)

    def facts(self) -> NodeFacts:
        """Return what there is to say of the account itself."""
        return NodeFacts(
            self.uid, Kind.ASSET, type="scope", name=f"AWS {self.id}", properties={"scope_type": "account"}
        )

    def within(self, kind: Kind, uid: Uid) -> EdgeFacts:
        """Return that something stands in the account."""
        return EdgeFacts("WITHIN", uid, self.uid, subject_kind=kind, object_kind=Kind.ASSET)

    def scope_uid(self, resource_type: str, region: Region) -> Uid:
        """Return the uid of the resources of a type that a region takes in: equal ones are one scope.

        Patterns stand in it one by one, so that no two regions ever share a uid.
        """
        parts = (*region.patterns, "", *region.excluded) if region.excluded else region.patterns
        return native_uid(Kind.ASSET, _SCOPE, self.id, resource_type, *parts)

    def scope_facts(self, resource_type: str, region: Region) -> NodeFacts:
        """Return what there is to say of the resources of a type that a region takes in."""
        uid = self.scope_uid(resource_type, region)
        properties: dict[str, PropertyValue] = {
            "scope_type": "account",
            "namespace": self.id,
            "resource_type": resource_type,
            "resource_patterns": region.patterns,
        }
        if region.excluded:
            properties["excluded_patterns"] = region.excluded
        name = f"{self.id}#{resource_type} {_brief(region.patterns)}"
        return NodeFacts(uid, Kind.ASSET, type="scope", name=name, properties=properties)


def _brief(patterns: Sequence[str]) -> str:
    """Return patterns as a name shows them: one of them, and how many more there are."""
    more = f" and {len(patterns) - 1} more" if len(patterns) > 1 else ""
    return f"{patterns[0].split(':', 5)[-1]}{more}"
