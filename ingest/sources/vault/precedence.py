"""Which rule of several policies decides about a path, as the server's own access control list does it.

Rules for one path are one, with all capabilities of them, or none where one denies. Of the rules
that match a path exactly one decides: an exact one; else the one whose first ``+`` or trailing
``*`` comes latest; else the one without a trailing ``*``; else that with fewer ``+``; else the
longer one; else the later one in the alphabet. What the others say of that path is void.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

_TEMPLATE: Final = re.compile(r"\{\{.*?\}\}")
Priority: TypeAlias = tuple[bool, int, bool, int, int, str]


@dataclass(frozen=True)
class PathRule:
    """What policies say of one path: capabilities, and on what conditions they hold.

    ``conditions`` are those of every request, ``writing`` those of requests that change something;
    ``policies`` are the names of the policies that say it.
    """

    path: str
    capabilities: frozenset[str]
    conditions: frozenset[str] = frozenset()
    writing: frozenset[str] = frozenset()
    policies: frozenset[str] = frozenset()

    @cached_property
    def is_templated(self) -> bool:
        """Return whether the path is another one for each holder."""
        return _TEMPLATE.search(self.path) is not None

    @cached_property
    def has_segments(self) -> bool:
        """Return whether a ``+`` in the path stands for a segment of it."""
        return self.path == "+" or "/+" in self.path or self.path.startswith("+/")

    @cached_property
    def is_prefix(self) -> bool:
        """Return whether the path ends with ``*``, which stands for any rest."""
        return self.path.endswith("*")

    @cached_property
    def fixed(self) -> str:
        """Return the path up to the first character that stands for something else."""
        ends = [self.path.index("+")] if self.has_segments else []
        ends += [len(self.path) - 1] if self.is_prefix else []
        template = _TEMPLATE.search(self.path)
        ends += [template.start()] if template else []
        return self.path[: min(ends, default=len(self.path))]

    @cached_property
    def priority(self) -> Priority:
        """Return what puts rules that match one path in order; the greatest decides."""
        plain = self.path.removesuffix("*") if self.is_prefix else self.path
        if not self.has_segments and not self.is_prefix:
            return (True, 0, True, 0, 0, self.path)
        first = self.path.index("+") if self.has_segments else len(plain)
        segments = plain.split("/").count("+") if self.has_segments else 0
        return (False, first, not self.is_prefix, -segments, len(plain), plain)

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        plain = self.path.removesuffix("*") if self.is_prefix else self.path
        parts = [self._segment(part) for part in plain.split("/")]
        rest = ".*" if self.is_prefix else ""
        return re.compile("/".join(parts) + rest, re.DOTALL)

    def _segment(self, part: str) -> str:
        if part == "+" and self.has_segments:
            return "[^/]*"
        pieces = _TEMPLATE.split(part)
        return ".*".join(re.escape(piece) for piece in pieces)

    def matches(self, path: str) -> bool:
        """Return whether the rule is about a path; a templated one wherever it may be."""
        return self._expression.fullmatch(path) is not None

    def may_meet(self, other: PathRule) -> bool:
        """Return whether a path may be matched by both, going by how they begin."""
        return self.fixed.startswith(other.fixed) or other.fixed.startswith(self.fixed)


@dataclass(frozen=True, slots=True)
class Allowed:
    """The paths of a rule that gives something, less those about which another rule decides.

    ``condition`` says on what it depends, where it is not certain.
    """

    rule: PathRule
    excluded: tuple[PathRule, ...]
    condition: str | None

    def takes_in(self, path: str) -> bool:
        """Return whether what the rule gives is given at a path."""
        return self.rule.matches(path) and not any(rule.matches(path) for rule in self.excluded)


def merged_rules(rules: Iterable[PathRule]) -> tuple[PathRule, ...]:
    """Return one rule a path, in their order: all that several give there, nothing where one denies."""
    found: dict[str, PathRule] = {}
    for rule in rules:
        known = found.get(rule.path)
        found[rule.path] = _merged(rule, rule if known is None else known)
    return tuple(found[path] for path in sorted(found))


def allowed(rules: Sequence[PathRule], wanted: frozenset[str], *, is_writing: bool) -> Iterator[Allowed]:
    """Yield where rules of one holder give any of some capabilities.

    Each rule that gives one is a set of paths of its own: a narrower rule that gives nothing cuts a
    piece out of it, and a still narrower one that gives again is another set.
    """
    for rule in rules:
        if not rule.capabilities & wanted:
            continue
        others = [o for o in rules if not o.capabilities & wanted and o.may_meet(rule)]
        excluded = tuple(o for o in others if not o.is_templated and o.priority > rule.priority)
        conditions = set(rule.conditions | (rule.writing if is_writing else frozenset[str]()))
        if rule.is_templated:
            conditions.add("the path is that of the holder itself")
        if any(o.is_templated for o in others):
            conditions.add("no rule about the holder's own paths takes it away")
        yield Allowed(rule, excluded, "; ".join(sorted(conditions)) or None)


def _merged(first: PathRule, second: PathRule) -> PathRule:
    policies = first.policies | second.policies
    if "deny" in first.capabilities | second.capabilities:
        return PathRule(first.path, frozenset({"deny"}), policies=policies)
    return PathRule(
        first.path,
        first.capabilities | second.capabilities,
        first.conditions | second.conditions,
        first.writing | second.writing,
        policies,
    )
