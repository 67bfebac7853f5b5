"""Who roles trust from outside of an account: services, other accounts, and holders of tokens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from graph.model import NodeFacts, PropertyValue, Uid
from graph.vocabulary import Kind
from ingest.sources.aws.policies.conditions import Test
from ingest.subjects import SET_TYPE, issuer_of
from ingest.uids import native_uid

_PROVIDER: Final = ":oidc-provider/"
_SAML: Final = ":saml-provider/"
_SET_SCHEME: Final = "oidc-subjects"
_EXACT: Final = frozenset({"stringequals"})
_ALIKE: Final = frozenset({"stringlike"})
_ANY_SUBJECT: Final[tuple[str, ...]] = ("*",)


@dataclass(frozen=True, slots=True)
class Outsider:
    """Whom a role trusts, as a node; ``conditions`` are what nothing decides, in words."""

    node: NodeFacts
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subjects:
    """The subjects of a token that conditions let through, and the conditions on anything else."""

    patterns: tuple[str, ...]
    conditions: tuple[str, ...]


def service(name: str) -> NodeFacts:
    """Return a service of AWS as who it acts as."""
    uid = native_uid(Kind.IDENTITY, "aws-service", name)
    return NodeFacts(uid, Kind.IDENTITY, type="service_account", name=name)


def other_account(account: str) -> NodeFacts:
    """Return whoever is let by another account: the account, not its root user."""
    uid = native_uid(Kind.IDENTITY, "aws-account", account)
    return NodeFacts(uid, Kind.IDENTITY, type=SET_TYPE, name=f"whoever AWS account {account} lets")


def anyone() -> NodeFacts:
    """Return everybody who has an identity in any account."""
    uid = native_uid(Kind.IDENTITY, "aws-account", "*")
    return NodeFacts(uid, Kind.IDENTITY, type=SET_TYPE, name="anyone in AWS")


def federated(provider: str, tests: Sequence[Test], skipped: list[str]) -> Iterator[Outsider]:
    """Yield those whom a provider of tokens or assertions may speak for, as conditions narrow them."""
    if _PROVIDER in provider:
        yield from _token_holders(provider.partition(_PROVIDER)[2], tests, skipped)
    elif _SAML in provider:
        yield _saml(provider, tests)
    else:
        yield _web_identity(provider, tests)


def _token_holders(address: str, tests: Sequence[Test], skipped: list[str]) -> Iterator[Outsider]:
    """Yield the set of subjects of an issuer that a trust policy lets through.

    An audience is no obstacle: whoever gets a token asks for the audience.
    """
    issuer = issuer_of(address)
    found = subjects(tests, f"{address}:sub", f"{address}:aud", skipped)
    if found is not None:
        yield Outsider(_subject_set(issuer, found.patterns), found.conditions)


def subjects(tests: Sequence[Test], subject: str, audience: str, skipped: list[str]) -> Subjects | None:
    """Return which subjects conditions let through; None where no subject can meet them.

    >>> subjects([Test("StringLike", "i:sub", ("repo:o/*",))], "i:sub", "i:aud", [])
    Subjects(patterns=('repo:o/*',), conditions=())
    """
    patterns: tuple[str, ...] | None = None
    conditions: list[str] = []
    for test in tests:
        key, base = test.key.lower(), test.base
        if key == audience.lower() and base in _EXACT | _ALIKE:
            continue
        if key == subject.lower() and base in _EXACT | _ALIKE and patterns is None:
            patterns = _patterns(test, skipped)
            continue
        conditions.append(test.words)
    if patterns is not None and not patterns:
        return None
    return Subjects(patterns or _ANY_SUBJECT, tuple(sorted(set(conditions))))


def _patterns(test: Test, skipped: list[str]) -> tuple[str, ...]:
    """Return the patterns of a condition on the subject.

    An asterisk that is compared as it stands matches no subject that an issuer gives.
    """
    if test.base in _ALIKE:
        return tuple(sorted(set(test.values)))
    plain = {value for value in test.values if "*" not in value and "?" not in value}
    skipped.extend("subject with an asterisk that is compared as it stands" for _ in set(test.values) - plain)
    return tuple(sorted(plain))


def _subject_set(issuer: str, patterns: tuple[str, ...]) -> NodeFacts:
    properties: Mapping[str, PropertyValue] = {"issuer": issuer, "subject_patterns": patterns}
    first = next(iter(patterns))
    more = f" and {len(patterns) - 1} more" if len(patterns) > 1 else ""
    return NodeFacts(
        set_uid(issuer, patterns),
        Kind.IDENTITY,
        type=SET_TYPE,
        name=f"{first}{more} of {issuer.removeprefix('https://')}",
        properties=properties,
    )


def set_uid(issuer: str, patterns: Sequence[str]) -> Uid:
    """Return the uid of a set of subjects; a set of one is still not that subject."""
    return native_uid(Kind.IDENTITY, _SET_SCHEME, issuer, *patterns)


def _saml(provider: str, tests: Sequence[Test]) -> Outsider:
    uid = native_uid(Kind.IDENTITY, "arn", provider)
    name = f"users of {provider.partition(_SAML)[2]}"
    # Every sign-in to the console states this audience.
    open_ = tuple(sorted({test.words for test in tests if test.key.lower() != "saml:aud"}))
    return Outsider(NodeFacts(uid, Kind.IDENTITY, type=SET_TYPE, name=name), open_)


def _web_identity(provider: str, tests: Sequence[Test]) -> Outsider:
    issuer = issuer_of(provider)
    return Outsider(_subject_set(issuer, _ANY_SUBJECT), tuple(sorted({test.words for test in tests})))


@dataclass
class Nodes:
    """Nodes that roles of an account trust, each said once."""

    _by_uid: dict[Uid, NodeFacts] = field(default_factory=dict[Uid, NodeFacts])

    def add(self, node: NodeFacts) -> Uid:
        """Note a node, and return its uid."""
        self._by_uid[node.uid] = node
        return node.uid

    def taken(self) -> list[NodeFacts]:
        """Return the nodes noted since this was last asked."""
        found = list(self._by_uid.values())
        self._by_uid.clear()
        return found
