"""Control that no single action gives: handing roles over to what one creates, changing one's own rights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from graph.model import EdgeFacts, Uid
from graph.vocabulary import Certainty
from ingest.facts import Fact
from ingest.sources.aws.directory import Directory
from ingest.sources.aws.grants import administers
from ingest.sources.aws.identities import principal_uid
from ingest.sources.aws.names import identity_uid, parse_arn
from ingest.sources.aws.policies.actions import ASSUME, shape
from ingest.sources.aws.policies.evaluation import Allowed, Evaluator
from ingest.sources.aws.policies.passing import PASS, SERVICE_KEY, WAYS, Way
from ingest.sources.aws.policies.regions import Region, may_meet
from ingest.sources.aws.policies.wording import in_words
from ingest.sources.aws.principals import GROUP, ROLE, USER, Principal
from ingest.sources.aws.trust import Trust

_OWN: Final[Mapping[str, tuple[str, ...]]] = {
    USER: ("iam:putuserpolicy", "iam:attachuserpolicy"),
    ROLE: ("iam:putrolepolicy", "iam:attachrolepolicy"),
    GROUP: ("iam:putgrouppolicy", "iam:attachgrouppolicy"),
}
_JOIN: Final = "iam:addusertogroup"
_VERSION: Final = "iam:createpolicyversion"
_ITS_TRUST: Final = "its trust policy, which is not in the input, allows it"
_BOUNDED: Final = "a boundary or a Deny does not keep it from what it then grants itself"
GRANTED_BY: Final = "granted_by"


@dataclass
class Control:
    """Makes facts of control over roles that are passed, and over the account."""

    directory: Directory
    trust: Trust
    _trusting: dict[str, list[tuple[Principal, frozenset[str]]]] = field(
        default_factory=dict[str, list[tuple[Principal, frozenset[str]]]]
    )

    def __post_init__(self) -> None:
        """Look up once which services each role trusts."""
        for role in self.directory.of_sort(ROLE):
            for service, conditions in self.trust.services(role).items():
                self._trusting.setdefault(service, []).append((role, conditions))

    def facts(self, principal: Principal) -> Iterator[Fact]:
        """Yield what an identity controls by more than one action; nothing new of an administrator."""
        evaluator = self.directory.evaluator(principal)
        whole = administers(evaluator)
        if whole is not None and not whole.conditions:
            return
        yield from self._of_itself(principal, evaluator)
        yield from self._of_passed(principal, evaluator)
        yield from self._of_unread_roles(principal, evaluator)

    def _of_itself(self, principal: Principal, evaluator: Evaluator) -> Iterator[Fact]:
        """Yield that whoever may give itself any right administers the account."""
        found = list(self._own_rights(principal, evaluator))
        if not found:
            return
        limited = evaluator.boundary is not None or any(not s.allows for s in evaluator.statements)
        more = frozenset({_BOUNDED} if limited else ())
        conditions = [one.conditions | more for one in found]
        labels = {label for one in found for label in one.labels}
        account = self.directory.account
        edge = ("CAN_ADMIN", principal_uid(principal, account), account.uid)
        yield _fact(edge, principal, conditions, labels)

    def _own_rights(self, principal: Principal, evaluator: Evaluator) -> Iterator[Allowed]:
        for holder in (principal, *self.directory.groups_of(principal)):
            for action in _OWN[holder.sort]:
                yield from _on(evaluator.allowed(action), holder.arn)
            for arn in holder.attached:
                yield from _on(evaluator.allowed(_VERSION), arn)
        if principal.sort == USER:
            for group in self._of_administrators():
                yield from _on(evaluator.allowed(_JOIN), group.arn)

    def _of_administrators(self) -> Iterator[Principal]:
        """Yield the groups whose members administer the account: a user may add itself to one."""
        for group in self.directory.of_sort(GROUP):
            whole = administers(self.directory.of_group(group))
            if whole is not None and not whole.conditions:
                yield group

    def _of_passed(self, principal: Principal, evaluator: Evaluator) -> Iterator[Fact]:
        """Yield the roles that an identity may hand to something that runs what it says."""
        if not evaluator.allowed(PASS):
            return
        found: dict[str, list[frozenset[str]]] = {}
        labels: dict[str, set[str]] = {}
        roles: dict[str, Principal] = {}
        for way in WAYS:
            creating = self._creating(evaluator, way)
            for role, trusted in self._trusting.get(way.service, ()) if creating is not None else ():
                for one in _on(evaluator.allowed(PASS, {SERVICE_KEY: way.service}), role.arn):
                    if role.arn != principal.arn and not _is_unusable(way, role):
                        more = trusted | (creating or frozenset()) | _of_way(way, role)
                        found.setdefault(role.arn, []).append(one.conditions | more)
                        labels.setdefault(role.arn, set()).update(one.labels)
                        roles[role.arn] = role
        account = self.directory.account
        for arn in sorted(found):
            edge = ("CAN_ADMIN", principal_uid(principal, account), principal_uid(roles[arn], account))
            yield _fact(edge, principal, found[arn], labels[arn])

    def _of_unread_roles(self, principal: Principal, evaluator: Evaluator) -> Iterator[Fact]:
        """Yield the roles that are not in the input and that an identity is granted to assume by name."""
        found: dict[str, list[Allowed]] = {}
        for one in evaluator.allowed(ASSUME):
            for arn in one.region.patterns:
                if _is_role(arn) and arn not in self.directory.principals and one.region.holds(arn):
                    found.setdefault(arn, []).append(one)
        account = self.directory.account
        for arn, ways in sorted(found.items()):
            target = identity_uid(arn, account.fingerprints)
            conditions = [way.conditions | {_ITS_TRUST} for way in ways]
            labels = {label for way in ways for label in way.labels}
            edge = ("CAN_ASSUME", principal_uid(principal, account), target)
            yield _fact(edge, principal, conditions, labels)

    def _creating(self, evaluator: Evaluator, way: Way) -> frozenset[str] | None:
        """Return the open conditions on which all actions of a way are allowed; None where one is not."""
        found: set[str] = set()
        account = self.directory.account
        for action, sort in way.needed:
            own = Region((shape(sort, account.partition, account.id),))
            allowed = [one for one in evaluator.allowed(action) if may_meet(one.region, own)]
            if not allowed:
                return None
            found |= min(allowed, key=lambda one: (len(one.conditions), sorted(one.conditions))).conditions
        return frozenset(found)


def _is_role(text: str) -> bool:
    """Return whether a pattern names one role and no more."""
    found = parse_arn(text)
    return found is not None and found.resource.startswith("role/") and not {"*", "?"} & set(text)


def _is_unusable(way: Way, role: Principal) -> bool:
    """Return whether a machine cannot be given a role: without an instance profile it never is."""
    return way.service == "ec2.amazonaws.com" and role.profiles == 0


def _of_way(way: Way, role: Principal) -> frozenset[str]:
    if way.condition is None or (way.service == "ec2.amazonaws.com" and role.profiles > 0):
        return frozenset()
    return frozenset({way.condition})


def _on(allowed: Iterable[Allowed], arn: str) -> Iterator[Allowed]:
    yield from (one for one in allowed if one.region.holds(arn))


def _fact(
    edge: tuple[str, Uid, Uid], principal: Principal, conditions: list[frozenset[str]], labels: set[str]
) -> Fact:
    """Return an edge, certain if any of what gives it is."""
    about = EdgeFacts(*edge, properties={GRANTED_BY: tuple(sorted(labels))})
    condition = in_words(conditions)
    if condition is None:
        return Fact(about, principal.place.pointer)
    return Fact(about, principal.place.pointer, Certainty.POSSIBLE, condition)
