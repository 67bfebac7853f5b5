"""`--fail-on`: conditions under which an answer should stop a pipeline.

A condition is the name of a count, one of ``>``, ``>=``, ``=``, and a whole number:
``reached>0``, ``certain>=10``, ``UNPROVEN>0``, ``NO_OWNER>0``. Each command says which
counts it has. Several conditions are met when one of them is. An answer that was cut short
meets every condition on a count that could have grown: not to know is not to pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from graph.errors import InvalidQuestion

_CONDITION: Final = re.compile(r"\s*([A-Za-z_]+)\s*(>=|>|=)\s*(\d{1,18})\s*")


@dataclass(frozen=True, slots=True)
class Condition:
    """A count and the number that it is held against."""

    name: str
    sign: str
    number: int

    def __str__(self) -> str:
        return f"{self.name}{self.sign}{self.number}"

    def is_met(self, count: int, *, is_least: bool) -> bool:
        """Return whether a count fulfils it; one that is only the least it can be may be greater."""
        if self.sign == "=":
            return count == self.number or (is_least and count < self.number)
        return is_least or (count > self.number if self.sign == ">" else count >= self.number)


def parsed(texts: Iterable[str] | None, names: Iterable[str]) -> tuple[Condition, ...]:
    """Return the conditions that texts state.

    Raises:
        InvalidQuestion: for a text that is none, or that names a count the answer does not have.

    >>> parsed(["certain >= 10"], ["certain"])
    (Condition(name='certain', sign='>=', number=10),)
    """
    known = list(names)
    return tuple(_parsed(text, known) for text in texts or ())


def met(conditions: Iterable[Condition], counts: Mapping[str, int], *, are_least: bool) -> tuple[str, ...]:
    """Return those conditions that an answer's counts fulfil, with the counts, in words.

    With `are_least` the answer was cut short, and the true counts may be greater.
    """
    return tuple(
        f"{condition} ({condition.name} is {'at least ' if are_least else ''}{counts[condition.name]})"
        for condition in conditions
        if condition.is_met(counts[condition.name], is_least=are_least)
    )


def _parsed(text: str, known: list[str]) -> Condition:
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise InvalidQuestion("fail_on", f"{text!r} is no condition", "a count, > or >= or =, and a number")
    name, sign, number = found.groups()
    if name not in known:
        raise InvalidQuestion("fail_on", f"this answer has no count {name!r}", f"one of {', '.join(known)}")
    return Condition(name, sign, int(number))
