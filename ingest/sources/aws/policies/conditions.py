"""Conditions of policy statements: decided where the input tells enough, else named.

A condition holds, does not hold, or is open. What the caller chooses freely (the encryption of
the connection) is no obstacle; what only the request or the resource could tell is open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from ingest.redaction import Json
from ingest.shapes import as_object, is_misshapen
from ingest.sources.aws.policies.globs import matches


class Verdict(Enum):
    """What is known of a condition."""

    HOLDS = "holds"
    FAILS = "fails"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Test:
    """One line of a condition block: an operator, a key, and the values of which one must fit."""

    operator: str
    key: str
    values: tuple[str, ...]

    @property
    def base(self) -> str:
        """Return the operator in lower case, without its quantifier and without ``IfExists``."""
        return self.operator.lower().rpartition(":")[2].removesuffix("ifexists")

    @property
    def words(self) -> str:
        """Return the test as a person reads it; a shared word such as an external id is not shown."""
        shown = ", ".join(self.values[:_SHOWN])
        more = f" and {len(self.values) - _SHOWN} more" if len(self.values) > _SHOWN else ""
        if self.key.lower() in _UNSHOWN:
            shown, more = "as agreed", ""
        return f"{self.key} {self.operator} {shown}{more}".rstrip()


Facts = Mapping[str, str | None]
"""What is known of a request, by lower-case key: its value, or None where it surely has none."""

TAGS: Final = "aws:principaltag/"
"""The beginning of the keys of an identity's tags; as a fact of its own it says that all are known."""

_SHOWN: Final = 3
_UNSHOWN: Final = frozenset({"aws:referer", "aws:useragent", "sts:externalid"})

_CHOSEN: Final[Facts] = {"aws:securetransport": "true"}
"""What whoever calls the API directly decides, and would decide in the way that lets the call through."""

_TextTest = Callable[[str, str], bool]

_POSITIVE: Final[Mapping[str, _TextTest]] = {
    "stringequals": lambda wanted, value: wanted == value,
    "stringequalsignorecase": lambda wanted, value: wanted.lower() == value.lower(),
    "stringlike": matches,
    "arnequals": matches,
    "arnlike": matches,
    "bool": lambda wanted, value: wanted.lower() == value.lower(),
}
_NEGATIVE: Final[Mapping[str, str]] = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
}


def tests_of(block: Json, pointer: str) -> tuple[Test, ...]:
    """Return the lines of a condition block.

    Raises:
        Misshapen: where it has another shape than the policy language gives it.
    """
    if block is None:
        return ()
    found: list[Test] = []
    for operator, keys in as_object(block, pointer).items():
        place = f"{pointer}/{operator}"
        for key, values in as_object(keys, place).items():
            found.append(Test(operator, key, _values(values, f"{place}/{key}")))
    return tuple(found)


def judge(test: Test, facts: Facts) -> Verdict:
    """Return what is known of one line of a condition block."""
    key = test.key.lower()
    known: Facts = {**_CHOSEN, **facts}
    if key.startswith(TAGS) and TAGS in known:
        known = {key: None, **known}
    if key not in known or any("${" in value for value in test.values):
        return Verdict.OPEN
    value = known[key]
    quantified = test.operator.lower().startswith("forallvalues:")
    if test.base == "null":
        return _either((value is None) == (test.values[:1] in {("true",), ("True",)}))
    if value is None:
        if test.operator.lower().startswith("foranyvalue:"):
            return Verdict.FAILS
        if test.operator.lower().endswith("ifexists") or quantified or test.base in _NEGATIVE:
            return Verdict.HOLDS
        return Verdict.FAILS
    if test.base in _POSITIVE:
        return _either(any(_POSITIVE[test.base](wanted, value) for wanted in test.values))
    if test.base in _NEGATIVE:
        fits = _POSITIVE[_NEGATIVE[test.base]]
        return _either(not any(fits(wanted, value) for wanted in test.values))
    return Verdict.OPEN


def open_tests(tests: Sequence[Test], facts: Facts) -> tuple[str, ...] | None:
    """Return the lines that nothing decides, in words; None where one of them surely fails.

    >>> mfa = Test("Bool", "aws:MultiFactorAuthPresent", ("true",))
    >>> user = Test("StringEquals", "aws:username", ("ada",))
    >>> open_tests([mfa, user], {"aws:username": "ada"})
    ('aws:MultiFactorAuthPresent Bool true',)
    >>> open_tests([mfa, user], {"aws:username": "eve"}) is None
    True
    """
    found: list[str] = []
    for test in tests:
        verdict = judge(test, facts)
        if verdict is Verdict.FAILS:
            return None
        if verdict is Verdict.OPEN:
            found.append(test.words)
    return tuple(sorted(set(found)))


def _either(holds: bool) -> Verdict:  # noqa: FBT001 - what it turns into a word
    return Verdict.HOLDS if holds else Verdict.FAILS


def _values(value: Json, pointer: str) -> tuple[str, ...]:
    return tuple(_texts(value if isinstance(value, list) else [value], pointer))


def _texts(values: Sequence[Json], pointer: str) -> Iterator[str]:
    for value in values:
        if isinstance(value, bool):
            yield "true" if value else "false"
        elif isinstance(value, str | int | float):
            yield str(value)
        else:
            raise is_misshapen(value, "a text", pointer)
