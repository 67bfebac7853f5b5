"""Evaluation of the policies of one identity: what it may do, for certain or on which conditions.

An action is allowed on a resource if a policy of the identity allows it, its boundary (if it has
one) allows it too, and no statement denies it. A Deny on an open condition leaves the grant
possible on what it denies; an Allow on one makes it possible. Policies of resources, of the
organisation and of sessions are not part of the input.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ingest.sources.aws.policies.actions import matching
from ingest.sources.aws.policies.conditions import Facts, open_tests
from ingest.sources.aws.policies.globs import TooManyPatterns, tidy
from ingest.sources.aws.policies.regions import (
    EVERYTHING,
    Region,
    common,
    covers,
    may_meet,
    region,
    without_all_of,
)
from ingest.sources.aws.policies.statements import Statement

_VARIABLE: Final = re.compile(r"\$\{([^}]*)\}")
_LITERAL: Final = {"*": "?", "?": "?", "$": "$"}
_BOUNDARY: Final = "its boundary, whose patterns are too many to compare, allows it"
_UNKNOWN_VARIABLE: Final = "what stands for ${{{}}}"

CERTAIN: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Allowed:
    """Resources on which something is allowed, and on which open conditions; none for certain."""

    region: Region
    conditions: frozenset[str] = CERTAIN
    labels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rule:
    """A statement as it stands for one identity: variables filled in, decided conditions left out."""

    allows: bool
    region: Region
    conditions: frozenset[str]
    label: str


@dataclass(frozen=True, slots=True)
class Evaluator:
    """Evaluates the statements of one identity, and of its boundary if it has one.

    ``facts`` are what is known of requests that it makes, by lower-case condition key.
    """

    statements: Sequence[Statement]
    boundary: Sequence[Statement] | None
    facts: Facts
    _about: tuple[frozenset[str], ...] = field(init=False, repr=False, compare=False)
    _known: dict[object, tuple[Allowed, ...]] = field(default_factory=dict[object, tuple[Allowed, ...]])

    def __post_init__(self) -> None:
        """Look up once which actions each statement is about."""
        about = tuple(
            matching(s.actions, others=s.but_actions) for s in (*self.statements, *(self.boundary or ()))
        )
        object.__setattr__(self, "_about", about)

    def allowed(self, action: str, extra: Facts | None = None) -> tuple[Allowed, ...]:
        """Return where an action is allowed; several entries may overlap, and each holds."""
        facts: Facts = {**self.facts, **(extra or {})}
        # What the same statements are about is decided alike.
        key = (tuple(sorted((extra or {}).items())), tuple(action in about for about in self._about))
        if key not in self._known:
            self._known[key] = tuple(self._decide(action, facts))
        return self._known[key]

    def denies(self, action: str, name: str) -> tuple[str, ...] | None:
        """Return the open conditions on which a Deny stands against it; None where it surely does."""
        found: set[str] = set()
        for statement in (*self.statements, *(self.boundary or ())):
            if statement.allows or not is_about(statement, action):
                continue
            for rule in bound(statement, self.facts):
                if rule.region.holds(name):
                    if not rule.conditions:
                        return None
                    found |= rule.conditions
        return tuple(sorted(found))

    def bounds(self, action: str, name: str) -> tuple[str, ...] | None:
        """Return the open conditions on which the boundary lets an action through; None where it does not."""
        found = [
            one.conditions
            for one in _allowed(self.boundary or (), action, self.facts)
            if one.region.holds(name)
        ]
        fewest = min(found, key=_fewest, default=None)
        return None if fewest is None else tuple(sorted(fewest))

    def single(self, statement: Statement) -> Iterator[Allowed]:
        """Yield what one of its statements allows where nothing denies and no boundary stands."""
        for rule in bound(statement, self.facts):
            yield Allowed(rule.region, rule.conditions, frozenset({rule.label}))

    def _decide(self, action: str, facts: Facts) -> Iterator[Allowed]:
        own = list(_allowed(self.statements, action, facts))
        if self.boundary is None:
            yield from own
            return
        for limit in _allowed(self.boundary, action, facts):
            for grant in own:
                yield from _limited(grant, limit)


def is_about(statement: Statement, action: str) -> bool:
    """Return whether a statement is about an action that something follows from."""
    return action in matching(statement.actions, others=statement.but_actions)


def bound(statement: Statement, facts: Facts) -> list[Rule]:
    """Return a statement as it stands under these facts; nothing where it surely does not apply.

    Resources with a part that nothing is known of make a rule of their own.
    """
    conditions = open_tests(statement.tests, facts)
    if conditions is None:
        return []
    filled: list[tuple[str, tuple[str, ...]]] = [
        _filled(resource, facts) if statement.variables else (resource, ())
        for resource in statement.resources
    ]
    known = [tidy(pattern) for pattern, unknown in filled if not unknown]
    doubts = {_UNKNOWN_VARIABLE.format(name) for _, unknown in filled for name in unknown}
    if statement.but_resources:
        # What an unknown part would leave out is not left out: the open rule takes in all that it may.
        parts = [(region(["*"], known), frozenset({*conditions, *doubts}))]
    else:
        open_ = [tidy(pattern) for pattern, unknown in filled if unknown]
        parts = [
            (region(known), frozenset(conditions)),
            (region(open_), frozenset({*conditions, *doubts})),
        ]
    return [
        Rule(statement.allows, whole, words, statement.label) for whole, words in parts if whole is not None
    ]


def strongest(found: Iterable[Allowed]) -> list[Allowed]:
    """Return the grants that no other of them takes in on fewer conditions, in order."""
    merged: dict[tuple[Region, frozenset[str]], Allowed] = {}
    for one in found:
        key = (one.region, one.conditions)
        labels = one.labels | merged[key].labels if key in merged else one.labels
        merged[key] = Allowed(one.region, one.conditions, labels)
    ordered = sorted(
        merged.values(), key=lambda one: (len(one.conditions), one.region, sorted(one.conditions))
    )
    return [one for one in ordered if not any(_outdoes(other, one) for other in ordered if other is not one)]


def _fewest(conditions: frozenset[str]) -> tuple[int, list[str]]:
    """Return what puts few conditions before many."""
    return len(conditions), sorted(conditions)


def _outdoes(stronger: Allowed, weaker: Allowed) -> bool:
    if not (stronger.conditions <= weaker.conditions and covers(stronger.region, weaker.region)):
        return False
    # Two that take in each other: the one that comes first stays.
    same = stronger.conditions == weaker.conditions and covers(weaker.region, stronger.region)
    return not same or stronger.region < weaker.region


def _limited(grant: Allowed, limit: Allowed) -> Iterator[Allowed]:
    """Yield what a boundary leaves of a grant; all of it on a condition where that cannot be written down."""
    conditions = grant.conditions | limit.conditions
    try:
        both = common(grant.region, limit.region)
    except TooManyPatterns:
        yield Allowed(grant.region, conditions | {_BOUNDARY}, grant.labels)
    else:
        if both is not None:
            yield Allowed(both, conditions, grant.labels)


def _allowed(statements: Sequence[Statement], action: str, facts: Facts) -> Iterator[Allowed]:
    rules = [rule for s in statements if is_about(s, action) for rule in bound(s, facts)]
    sure = [rule for rule in rules if not rule.allows and not rule.conditions]
    open_ = [rule for rule in rules if not rule.allows and rule.conditions]
    for rule in rules:
        if rule.allows:
            lefts, unclear = _without(rule.region, sure)
            for left in lefts:
                yield from _under_open_denials(left, rule, [*open_, *unclear])


def _without(whole: Region, denials: Sequence[Rule]) -> tuple[list[Region], list[Rule]]:
    """Return what is left of a region after denials, and those which cannot be taken out in patterns."""
    left, unclear = [whole], list[Rule]()
    for denial in denials:
        try:
            left = without_all_of(left, denial.region)
        except TooManyPatterns:
            unclear.append(replace(denial, conditions=frozenset({f"{denial.label} denies it"})))
    return left, unclear


def _under_open_denials(left: Region, rule: Rule, denials: Sequence[Rule]) -> Iterator[Allowed]:
    """Yield what a rule allows on its own conditions, and what open denials put in doubt."""
    labels = frozenset({rule.label})
    near = [denial for denial in denials if may_meet(left, denial.region)]
    pieces, unclear = _without(left, near)
    if not unclear:
        yield from (Allowed(piece, rule.conditions, labels) for piece in pieces)
    if near:
        doubts = {f"unless {' and '.join(sorted(denial.conditions))}" for denial in near}
        yield Allowed(left, rule.conditions | doubts, labels)


def _filled(resource: str, facts: Facts) -> tuple[str, tuple[str, ...]]:
    """Return a pattern with its variables filled in, and those that nothing is known of.

    What is unknown may be anything; a literal asterisk, which patterns cannot say, some character.
    """
    unknown: list[str] = []

    def fill(found: re.Match[str]) -> str:
        name = found.group(1).partition(",")[0]
        if name in _LITERAL:
            unknown.append(name)
            return _LITERAL[name]
        value = facts.get(name.strip().lower())
        # The address of a person must not stand in the patterns of a scope.
        if value is None or not {"*", "?", "@"}.isdisjoint(value):
            unknown.append(name.strip())
            return "*"
        return value

    pattern = _VARIABLE.sub(fill, resource)
    return pattern, tuple(unknown)


def any_resource(found: Sequence[Allowed]) -> list[Allowed]:
    """Return the grants that hold for actions which name no resource: those on every one."""
    return [Allowed(EVERYTHING, one.conditions, one.labels) for one in found if "*" in one.region.patterns]
