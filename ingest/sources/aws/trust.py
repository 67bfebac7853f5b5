"""Who can assume a role: its trust policy, joined with what identities of the account are granted.

A trust policy that names an identity of its own account is enough by itself; one that names the
account leaves it to the policies of each identity. What only another account could tell is open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from graph.model import EdgeFacts, Uid
from graph.vocabulary import Certainty
from ingest.facts import Fact
from ingest.sources.aws.directory import Directory
from ingest.sources.aws.identities import principal_uid
from ingest.sources.aws.names import identity_uid, is_account, parse_arn
from ingest.sources.aws.outside import Nodes, anyone, federated, other_account, service
from ingest.sources.aws.policies.actions import ASSUME
from ingest.sources.aws.policies.conditions import open_tests
from ingest.sources.aws.policies.globs import matches
from ingest.sources.aws.policies.statements import Statement
from ingest.sources.aws.policies.wording import in_words
from ingest.sources.aws.principals import ROLE, Principal

ASSUMING: Final = {
    "AWS": ASSUME,
    "Service": ASSUME,
    "OIDC": "sts:assumerolewithwebidentity",
    "SAML": "sts:assumerolewithsaml",
}
ELSEWHERE: Final = "its own account lets it assume the role"
NOT_READ: Final = "its own policies, which are not in the input, do not deny it"
UNKNOWN_PRINCIPAL: Final = "identity that a trust policy names by an id without a name"
_SESSION: Final = "only as the session {}"


@dataclass(frozen=True, slots=True)
class Trusted:
    """Somebody who can assume a role, and on which conditions."""

    uid: Uid
    conditions: frozenset[str]
    label: str


@dataclass
class Trust:
    """Makes facts of who can assume the roles of an account."""

    directory: Directory
    nodes: Nodes = field(default_factory=Nodes)
    skipped: list[str] = field(default_factory=list[str])

    def facts(self, role: Principal) -> Iterator[Fact]:
        """Yield who can assume a role; what is not sure carries its conditions."""
        found: dict[Uid, list[Trusted]] = {}
        for one in self._trusted(role):
            found.setdefault(one.uid, []).append(one)
        target = principal_uid(role, self.directory.account)
        for uid in sorted(found):
            if uid != target:
                yield _fact(EdgeFacts("CAN_ASSUME", uid, target), role, found[uid])

    def services(self, role: Principal) -> dict[str, frozenset[str]]:
        """Return the services that a role trusts, each with the open conditions of that."""
        found: dict[str, frozenset[str]] = {}
        for statement in role.trust:
            for sort, name in statement.principals:
                conditions = self._of_service(role, statement)
                if sort == "Service" and _lets(statement, ASSUME) and conditions is not None:
                    known = found.get(name)
                    found[name] = conditions if known is None or conditions < known else known
        return found

    def _trusted(self, role: Principal) -> Iterator[Trusted]:
        for statement in role.trust:
            if not statement.allows:
                continue
            if statement.but_principals:
                uid = self.nodes.add(anyone())
                doubt = frozenset({"it is none of those that the trust policy leaves out"})
                yield Trusted(uid, doubt | self._doubts(role, statement), statement.label)
                continue
            for sort, name in statement.principals:
                yield from self._by_sort(role, statement, sort, name)

    def _by_sort(self, role: Principal, statement: Statement, sort: str, name: str) -> Iterator[Trusted]:
        if sort == "Service":
            doubts = self._of_service(role, statement)
            if doubts is not None and _lets(statement, ASSUME):
                yield Trusted(self.nodes.add(service(name)), doubts, statement.label)
        elif sort == "Federated":
            yield from self._by_provider(role, statement, name)
        elif sort == "AWS" and _lets(statement, ASSUME):
            yield from self._by_account(role, statement, name)
        elif sort != "AWS":
            self.skipped.append("principal of an unknown sort")

    def _by_provider(self, role: Principal, statement: Statement, provider: str) -> Iterator[Trusted]:
        action = ASSUMING["SAML" if ":saml-provider/" in provider else "OIDC"]
        if not _lets(statement, action):
            return
        against = self._against(role, action)
        for outsider in federated(provider, statement.tests, self.skipped):
            conditions = frozenset(outsider.conditions) | against
            yield Trusted(self.nodes.add(outsider.node), conditions, statement.label)

    def _by_account(self, role: Principal, statement: Statement, name: str) -> Iterator[Trusted]:
        doubts = self._doubts(role, statement)
        found = parse_arn(name)
        account = found.account if found is not None else name
        here = account == self.directory.account.id
        if name == "*":
            yield Trusted(self.nodes.add(anyone()), doubts | {ELSEWHERE}, statement.label)
            yield from self._let_by_account(role, statement)
        elif is_account(name) or (found is not None and found.resource == "root"):
            if here:
                yield from self._let_by_account(role, statement)
            else:
                yield Trusted(self.nodes.add(other_account(account)), doubts, statement.label)
        elif found is None:
            yield from self._by_id(role, statement, name)
        else:
            yield from self._named(role, statement, name)

    def _by_id(self, role: Principal, statement: Statement, name: str) -> Iterator[Trusted]:
        """Yield an identity that is named by its id, as one that no longer exists is."""
        for principal in self.directory.acting():
            if principal.id == name:
                yield from self._directly(role, statement, principal, frozenset())
                return
        self.skipped.append(UNKNOWN_PRINCIPAL)

    def _named(self, role: Principal, statement: Statement, arn: str) -> Iterator[Trusted]:
        """Yield one identity or session that a trust policy names."""
        found = parse_arn(arn)
        if found is None:
            return
        more: frozenset[str] = frozenset()
        if found.service == "sts" and found.resource.startswith("assumed-role/"):
            _, name, *session = found.resource.split("/")
            more = frozenset({_SESSION.format("/".join(session))})
            arn = self._role_arn(name, found.partition, found.account)
        principal = self.directory.principals.get(arn)
        if principal is not None:
            yield from self._directly(role, statement, principal, more)
            return
        here = found.account == self.directory.account.id
        more |= self._doubts(role, statement) | {NOT_READ if here else ELSEWHERE}
        yield Trusted(identity_uid(arn, self.directory.account.fingerprints), more, statement.label)

    def _role_arn(self, name: str, partition: str, account: str) -> str:
        for role in self.directory.of_sort(ROLE):
            if role.name == name and account == self.directory.account.id:
                return role.arn
        return f"arn:{partition}:iam::{account}:role/{name}"

    def _directly(
        self, role: Principal, statement: Statement, principal: Principal, more: frozenset[str]
    ) -> Iterator[Trusted]:
        """Yield an identity of the account that is named: only a Deny or a role's boundary is against it."""
        evaluator = self.directory.evaluator(principal)
        denials = evaluator.denies(ASSUME, role.arn)
        trust = self._for(role, statement, principal)
        if denials is None or trust is None:
            return
        doubts = {f"unless {words}" for words in denials}
        if evaluator.boundary is not None and principal.sort == ROLE:
            limits = evaluator.bounds(ASSUME, role.arn)
            if limits is None:
                return
            doubts |= set(limits)
        yield Trusted(
            principal_uid(principal, self.directory.account), trust | more | doubts, statement.label
        )

    def _let_by_account(self, role: Principal, statement: Statement) -> Iterator[Trusted]:
        """Yield those of the account whose own policies let them assume the role."""
        for principal in self.directory.acting():
            trust = self._for(role, statement, principal)
            if trust is None or principal.arn == role.arn:
                continue
            allowed = self.directory.evaluator(principal).allowed(ASSUME)
            uid = principal_uid(principal, self.directory.account)
            for one in allowed:
                if one.region.holds(role.arn):
                    yield Trusted(uid, trust | one.conditions, statement.label)

    def _for(self, role: Principal, statement: Statement, principal: Principal) -> frozenset[str] | None:
        """Return what of a trust statement is open for an identity; None where it surely does not hold."""
        conditions = open_tests(statement.tests, self.directory.evaluator(principal).facts)
        return None if conditions is None else frozenset(conditions) | self._against(role, ASSUME)

    def _of_service(self, role: Principal, statement: Statement) -> frozenset[str] | None:
        """Return what is open for a service that acts for this account; None where it may not."""
        conditions = open_tests(statement.tests, {"aws:sourceaccount": self.directory.account.id})
        return None if conditions is None else frozenset(conditions) | self._against(role, ASSUME)

    def _doubts(self, role: Principal, statement: Statement) -> frozenset[str]:
        return frozenset(test.words for test in statement.tests) | self._against(role, ASSUME)

    def _against(self, role: Principal, action: str) -> frozenset[str]:
        """Return what denials of a trust policy leave open; whom they are about is not looked into."""
        return frozenset(
            f"unless {statement.label} denies it"
            for statement in role.trust
            if not statement.allows and _is_about(statement, action)
        )


def _lets(statement: Statement, action: str) -> bool:
    return statement.allows and _is_about(statement, action)


def _is_about(statement: Statement, action: str) -> bool:
    return any(matches(pattern, action) for pattern in statement.actions) != statement.but_actions


def _fact(edge: EdgeFacts, role: Principal, found: list[Trusted]) -> Fact:
    """Return an edge, certain if anything that gives it is."""
    labels = tuple(sorted({one.label for one in found}))
    about = EdgeFacts(edge.relation, edge.subject, edge.object, properties={"granted_by": labels})
    pointer = f"{role.place.pointer}/AssumeRolePolicyDocument"
    condition = in_words(one.conditions for one in found)
    if condition is None:
        return Fact(about, pointer)
    return Fact(about, pointer, Certainty.POSSIBLE, condition)
