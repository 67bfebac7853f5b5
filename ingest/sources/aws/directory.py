"""All identities of one account with the policies that count for each, ready to be evaluated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ingest.sources.aws.names import Account
from ingest.sources.aws.policies.conditions import TAGS, Facts, Test
from ingest.sources.aws.policies.evaluation import Evaluator
from ingest.sources.aws.policies.statements import Statement
from ingest.sources.aws.principals import GROUP, ROLE, USER, ManagedPolicy, Principal

_MISSING: Final = "{}, which is not in the input,"
_UNREADABLE: Final = "a policy of {} that could not be read"


@dataclass
class Directory:
    """The identities and managed policies of one account, by what they are called.

    ``buckets`` are those that a list in the same run shows to be the account's.
    """

    account: Account
    principals: dict[str, Principal] = field(default_factory=dict[str, Principal])
    buckets: frozenset[str] = frozenset()
    policies: dict[str, ManagedPolicy] = field(default_factory=dict[str, ManagedPolicy])
    _evaluators: dict[str, Evaluator] = field(default_factory=dict[str, Evaluator])

    def of_sort(self, sort: str) -> Iterator[Principal]:
        """Yield the identities of a sort, by ARN."""
        for arn in sorted(self.principals):
            if self.principals[arn].sort == sort:
                yield self.principals[arn]

    def acting(self) -> Iterator[Principal]:
        """Yield those that act: users and roles. A group only gives to its members."""
        yield from self.of_sort(USER)
        yield from self.of_sort(ROLE)

    def groups_of(self, user: Principal) -> list[Principal]:
        """Return the groups of a user that are in the input."""
        return [group for group in self.of_sort(GROUP) if group.name in user.groups]

    def evaluator(self, principal: Principal) -> Evaluator:
        """Return what evaluates the policies of a user or a role."""
        made = self._evaluators.get(principal.arn)
        if made is None:
            boundary = None if principal.boundary is None else tuple(self._boundary(principal.boundary))
            facts = facts_of(principal, self.account)
            made = Evaluator(tuple(self._statements(principal)), boundary, facts)
            self._evaluators[principal.arn] = made
        return made

    def forget(self, principal: Principal) -> None:
        """Let go of what was worked out for an identity that nothing more is asked of."""
        self._evaluators.pop(principal.arn, None)

    def of_group(self, group: Principal) -> Evaluator:
        """Return what evaluates the policies of a group by themselves."""
        return Evaluator(tuple(self._statements(group)), None, {})

    def _statements(self, principal: Principal) -> Iterator[Statement]:
        """Yield all statements that count for an identity; what is missing of them may deny anything."""
        groups = self.groups_of(principal)
        for holder in (principal, *groups):
            yield from holder.inline
            for arn in holder.attached:
                policy = self.policies.get(arn)
                if policy is not None:
                    yield from policy.statements
                else:
                    yield _perhaps(allows=False, what=_MISSING.format(_last(arn)))
            if holder.faulty:
                yield _perhaps(allows=False, what=_UNREADABLE.format(holder.name))
        for name in sorted(set(principal.groups) - {group.name for group in groups}):
            yield _perhaps(allows=False, what=_MISSING.format(f"group {name}"))

    def _boundary(self, arn: str) -> Sequence[Statement]:
        policy = self.policies.get(arn)
        if policy is not None:
            return policy.statements
        return (_perhaps(allows=True, what=_MISSING.format(_last(arn))),)


def facts_of(principal: Principal, account: Account) -> Facts:
    """Return what is known of the requests of an identity, by lower-case condition key.

    The tags of a role may be replaced by those of a session, so only a user's are known.
    """
    facts: dict[str, str | None] = {
        "aws:principalarn": principal.arn,
        "aws:principalaccount": account.id,
        "aws:principalisawsservice": "false",
    }
    if principal.sort != USER:
        return {**facts, "aws:principaltype": "AssumedRole"}
    tags: Mapping[str, str] = {f"{TAGS}{key}".lower(): value for key, value in principal.tags.items()}
    named = {"aws:username": principal.name, "aws:userid": principal.id, "aws:principaltype": "User"}
    return {**facts, **named, TAGS: None, **tags}


def _perhaps(*, allows: bool, what: str) -> Statement:
    """Return a statement about everything that stands for a policy nobody could read."""
    test = Test("allows it" if allows else "denies it", what, ())
    return Statement(what, "", allows, ("*",), ("*",), (test,))


def _last(arn: str) -> str:
    return arn.rpartition("/")[2] or arn
