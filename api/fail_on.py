"""`--fail-on`: conditions under which an answer should stop a pipeline.

A condition is the name of a count, one of ``>``, ``>=``, ``=``, and a whole number:
``reached>0``, ``certain>=10``, ``UNPROVEN>0``, ``NO_OWNER>0``. Each command says which
counts it has. Several conditions are met when one of them is. Where an answer was cut
short, a condition that a greater count would meet is open: not to know is not to pass, and
it is no finding either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from graph.errors import InvalidQuestion
from queries.basis import Basis
from queries.evidence.states import SlotState

_CONDITION: Final = re.compile(r"\s*([A-Za-z_]+)\s*(>=|>|=)\s*(\d{1,18})\s*")

EVERY_ANSWER: Final = ("looked_at", "referenced_not_described", "uncovered_relations", "stale")
"""The counts that every answer has: two of nodes, the relations that are not covered for all of them, and
the sources that had not reported in time."""

LEFT_OUT: Final = "left_out"
"""The nodes that a filter leaves out only because it is not known whether it should let them pass."""

_NOT_JUDGED: Final = ("not_assessable", "unreadable", "untyped")

BESIDE: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "criticality": ("unknown_criticality",),
        "gaps": ("unknown", "not_assessed", "kind_unknown", *_NOT_JUDGED),
        "unknown": _NOT_JUDGED,
        **dict.fromkeys(SlotState, _NOT_JUDGED),
    }
)
"""What is not known and therefore not in a count, by the count: these have names of their own."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A count and the number that it is held against."""

    name: str
    sign: str
    number: int

    def __str__(self) -> str:
        return f"{self.name}{self.sign}{self.number}"

    def is_met(self, count: int) -> bool:
        """Return whether a count fulfils it."""
        if self.sign == "=":
            return count == self.number
        return count > self.number if self.sign == ">" else count >= self.number

    def may_be_met(self, least: int) -> bool:
        """Return whether some count that is not less than this one would fulfil it."""
        return self.sign != "=" or least <= self.number


@dataclass(frozen=True, slots=True)
class Verdict:
    """What conditions come to on an answer, each in words with its count.

    `met` are fulfilled. `open` are not by what is known, and may be by what a bound cut
    off. `beside` is what the conditions' counts leave out because it is not known.
    """

    met: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


def parsed(texts: Iterable[str] | None, names: Iterable[str]) -> tuple[Condition, ...]:
    """Return the conditions that texts state.

    Raises:
        InvalidQuestion: for a text that is none, or that names a count the answer does not have.

    >>> parsed(["certain >= 10"], ["certain"])
    (Condition(name='certain', sign='>=', number=10),)
    """
    known = list(names)
    return tuple(_parsed(text, known) for text in texts or ())


def judged(conditions: Iterable[Condition], counts: Mapping[str, int], *, may_grow: bool) -> Verdict:
    """Return what conditions come to; with `may_grow` every count is only the least that it can be.

    A condition that such a count fulfils already is met: a greater one would, too; but for
    one that asks for an exact number, which is then open.
    """
    met: list[str] = []
    still_open: list[str] = []
    beside: dict[str, int] = {}
    for condition in conditions:
        count = counts[condition.name]
        is_sure = not may_grow or condition.sign != "="
        least = "at least " if may_grow else ""
        words = f"{condition} ({condition.name} is {least}{count})"
        if condition.is_met(count) and is_sure:
            met.append(words)
        elif may_grow and condition.may_be_met(count):
            still_open.append(words)
        names = (*BESIDE.get(condition.name, ()), LEFT_OUT)
        beside |= {name: counts[name] for name in names if counts.get(name)}
    left_out = tuple(f"{name} is {count}, and is not counted" for name, count in beside.items())
    return Verdict(tuple(met), tuple(still_open), left_out)


def counts_of_every_answer(basis: Basis) -> Mapping[str, int]:
    """Return the counts that every answer has."""
    uncovered, stale = len(basis.coverage.relations), len(basis.stale)
    counts = (basis.looked_at, basis.referenced_not_described, uncovered, stale)
    return dict(zip(EVERY_ANSWER, counts, strict=True))


def _parsed(text: str, known: list[str]) -> Condition:
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise InvalidQuestion("fail_on", f"{text!r} is no condition", "a count, > or >= or =, and a number")
    name, sign, number = found.groups()
    if name not in known:
        raise InvalidQuestion("fail_on", f"this answer has no count {name!r}", f"one of {', '.join(known)}")
    return Condition(name, sign, int(number))
