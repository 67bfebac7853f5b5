"""What identities are granted, as edges to typed scopes: one for each relation, type and set of resources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from graph.model import EdgeFacts, Uid
from graph.vocabulary import Certainty, Kind
from ingest.facts import Fact
from ingest.sources.aws.directory import Directory
from ingest.sources.aws.identities import principal_uid
from ingest.sources.aws.names import Account, address_in
from ingest.sources.aws.policies.actions import scope_type, shape
from ingest.sources.aws.policies.effects import ADMIN, Effect, effects
from ingest.sources.aws.policies.evaluation import Allowed, Evaluator, any_resource, strongest
from ingest.sources.aws.policies.globs import TooManyPatterns
from ingest.sources.aws.policies.regions import Region, common, region
from ingest.sources.aws.policies.statements import Statement
from ingest.sources.aws.policies.wording import in_words
from ingest.sources.aws.principals import USER, Principal

FOREIGN: Final = "the policy of the resource, which is in another account, allows it"
TOO_MANY: Final = "it is one of the resources that the policy names"
_USERS: Final = "iam:user"
_LISTED: Final = frozenset({"listed"})
ITS_BUCKETS: Final = "the buckets belong to the account"
_BUCKET: Final = re.compile(r"arn:[^:]*:s3:::([^/]*)")
_ACCOUNT_PART: Final = re.compile(r"arn:[^:]*:[^:]*:[^:]*:(\d{12}):", re.ASCII)


@dataclass
class Grants:
    """Makes facts of the grants of an account's identities."""

    directory: Directory

    @property
    def account(self) -> Account:
        """Return the account."""
        return self.directory.account

    def facts(self, principal: Principal) -> Iterator[Fact]:
        """Yield what a user or a role is granted by its policies."""
        evaluator = self.directory.evaluator(principal)
        whole = administers(evaluator)
        if whole is not None:
            edge = EdgeFacts(ADMIN, principal_uid(principal, self.account), self.account.uid)
            yield _fact(edge, principal, [whole])
            if not whole.conditions:
                return
        for (relation, sort), found in sorted(self._by_type(evaluator).items()):
            yield from self._edges(principal, relation, sort, strongest(found))

    def _by_type(self, evaluator: Evaluator) -> dict[tuple[str, str], list[Allowed]]:
        found: dict[tuple[str, str], list[Allowed]] = {}
        done: set[tuple[Effect, int]] = set()
        for action, given in effects().items():
            allowed = evaluator.allowed(action)
            for effect in given:
                # Actions that are decided alike and give the same are looked at once.
                if allowed and (effect, id(allowed)) not in done:
                    done.add((effect, id(allowed)))
                    found.setdefault((effect.relation, scope_type(effect.resource_type)), []).extend(
                        self._limited(allowed, effect)
                    )
        return found

    def _limited(self, allowed: tuple[Allowed, ...], effect: Effect) -> Iterator[Allowed]:
        """Yield what of a grant there is of a type: in the account, and named in others."""
        own = Region((shape(effect.resource_type, self.account.partition, self.account.id),))
        every = Region((shape(effect.resource_type, self.account.partition, "*"),))
        more = frozenset({effect.condition} if effect.condition else ())
        for one in any_resource(allowed) if effect.unscoped else allowed:
            conditions = one.conditions | more
            yield from _cut(Allowed(one.region, conditions, one.labels), own)
            for abroad in _abroad(one.region, self.account):
                yield from _cut(Allowed(abroad, conditions | {FOREIGN}, one.labels), every)

    def _edges(
        self, principal: Principal, relation: str, sort: str, found: Iterable[Allowed]
    ) -> Iterator[Fact]:
        by_region: dict[Region, list[Allowed]] = {}
        for one in found:
            by_region.setdefault(one.region, []).append(one)
        for where in sorted(by_region):
            holder = _holder(where, self.account)
            uid = holder.scope_uid(sort, where)
            yield Fact(holder.scope_facts(sort, where), "")
            yield from self._place(where, holder, uid)
            if sort == _USERS:
                yield from self._people_in(where, uid)
            edge = EdgeFacts(relation, principal_uid(principal, self.account), uid, object_kind=Kind.ASSET)
            yield _fact(edge, principal, by_region[where])

    def _place(self, where: Region, holder: Account, uid: Uid) -> Iterator[Fact]:
        """Yield the account that resources stand in: told by their names, for buckets by the list of them.

        Resources whose names bear no account, such as the models of AWS, are in nobody's.
        """
        within = holder.within(Kind.ASSET, uid)
        if all(_ACCOUNT_PART.match(pattern) for pattern in where.patterns):
            yield Fact(within, "")
        buckets = [found.group(1) for p in where.patterns if (found := _BUCKET.match(p))]
        if not buckets:
            return
        if self.directory.buckets.issuperset(buckets):
            yield Fact(within, "")
        else:
            yield Fact(within, "", Certainty.POSSIBLE, ITS_BUCKETS)

    def _people_in(self, where: Region, scope: Uid) -> Iterator[Fact]:
        """Yield the people whom a region takes in: their nodes bear no ARN by which others could tell."""
        for user in self.directory.of_sort(USER):
            if address_in(user.arn) is not None and where.holds(user.arn):
                uid = principal_uid(user, self.account)
                yield Fact(EdgeFacts("WITHIN", uid, scope, _LISTED), user.place.pointer)


def administers(evaluator: Evaluator) -> Allowed | None:
    """Return that an identity may do everything to everything, on the conditions of whoever says so.

    With a boundary, or with any Deny, it is never everything.
    """
    if evaluator.boundary is not None or not all(s.allows for s in evaluator.statements):
        return None
    found: list[Allowed] = []
    for statement in evaluator.statements:
        if _is_everything(statement):
            found.extend(one for one in evaluator.single(statement))
    return min(found, key=lambda one: (len(one.conditions), sorted(one.conditions)), default=None)


def _is_everything(statement: Statement) -> bool:
    return (
        bool({"*", "*:*"} & set(statement.actions))
        and "*" in statement.resources
        and not statement.but_actions
        and not statement.but_resources
    )


def _cut(one: Allowed, shape_: Region) -> Iterator[Allowed]:
    """Yield what of a grant there is of a type; possibly all of it where that is too long to write."""
    try:
        found = common(one.region, shape_)
    except TooManyPatterns:
        yield Allowed(shape_, one.conditions | {TOO_MANY}, one.labels)
    else:
        if found is not None:
            yield Allowed(found, one.conditions, one.labels)


def _abroad(whole: Region, account: Account) -> Iterator[Region]:
    """Yield what a region names in each of other accounts by their numbers."""
    named: dict[str, list[str]] = {}
    for pattern in whole.patterns:
        found = _ACCOUNT_PART.match(pattern)
        if found is not None and found.group(1) != account.id:
            named.setdefault(found.group(1), []).append(pattern)
    for patterns in named.values():
        there = region(patterns, whole.excluded)
        if there is not None:
            yield there


def _holder(where: Region, account: Account) -> Account:
    """Return the account whose resources a region takes in: another one where its names say so."""
    found = _ACCOUNT_PART.match(where.patterns[0])
    return account if found is None else replace(account, id=found.group(1))


def _fact(edge: EdgeFacts, principal: Principal, found: list[Allowed]) -> Fact:
    """Return an edge, certain if anything that grants it is, with the policies that do."""
    labels = tuple(sorted({label for one in found for label in one.labels}))
    about = EdgeFacts(
        edge.relation,
        edge.subject,
        edge.object,
        properties={"granted_by": labels},
        object_kind=edge.object_kind,
    )
    condition = in_words(one.conditions for one in found)
    if condition is None:
        return Fact(about, principal.place.pointer)
    return Fact(about, principal.place.pointer, Certainty.POSSIBLE, condition)
