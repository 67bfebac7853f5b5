"""Predicates over facts, as catalogs write them: a JSON tree of conditions joined by all, any and not.

The forms are ``{"all": […]}``, ``{"any": […]}``, ``{"not": …}``, and conditions on one
fact: ``{"fact": "risk_class", "in": ["high"]}``, ``{"fact": "criticality", "at_least": 3}``,
``{"fact": "placed_on_market", "before": "2026-08-02"}``. An empty ``all`` holds always.
What a predicate comes to over facts that may be unknown is for those who ask.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, TypeAlias, cast

from graph.model import Instant, Scalar, instant

MAXIMUM_DEPTH: Final = 20


@dataclass(frozen=True, slots=True)
class All:
    """Holds where every part does."""

    parts: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Holds where one of the parts does."""

    parts: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Holds where its part does not."""

    part: Predicate


@dataclass(frozen=True, slots=True)
class In:
    """Holds where the fact has one of these values."""

    fact: str
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Holds where the fact is a number, and this great."""

    fact: str
    least: float


@dataclass(frozen=True, slots=True)
class Before:
    """Holds where the fact is a time before this one."""

    fact: str
    moment: Instant


Predicate: TypeAlias = All | AnyOf | Not | In | AtLeast | Before


def parse_predicate(said: object, *, depth: int = 0) -> Predicate:
    """Return the predicate that a JSON value writes down.

    Raises:
        ValueError: saying which form was not understood, without quoting values.

    >>> parse_predicate({"not": {"fact": "type", "in": ["model"]}})
    Not(part=In(fact='type', values=('model',)))
    """
    if depth > MAXIMUM_DEPTH:
        raise ValueError(f"a predicate nested more than {MAXIMUM_DEPTH} deep")
    if not isinstance(said, Mapping):
        raise ValueError("a predicate that is no object")  # noqa: TRY004 - one error for callers
    form = cast("Mapping[str, object]", said)
    match sorted(form):
        case ["all"]:
            return All(_parts(form["all"], depth))
        case ["any"]:
            return AnyOf(_parts(form["any"], depth))
        case ["not"]:
            return Not(parse_predicate(form["not"], depth=depth + 1))
        case ["fact", "in"]:
            return In(_fact(form), _values(form["in"]))
        case ["at_least", "fact"]:
            return AtLeast(_fact(form), _number(form["at_least"]))
        case ["before", "fact"]:
            return Before(_fact(form), _day(form["before"]))
        case names:
            raise ValueError(f"a predicate with the fields {', '.join(names) or 'none'}")


def facts_of(predicate: Predicate) -> Iterator[str]:
    """Yield the names of the facts that a predicate looks at, as often as it does."""
    match predicate:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from facts_of(part)
        case Not(part):
            yield from facts_of(part)
        case In(fact) | AtLeast(fact) | Before(fact):
            yield fact


def _parts(said: object, depth: int) -> tuple[Predicate, ...]:
    if not isinstance(said, list):
        raise ValueError("`all` or `any` without a list")  # noqa: TRY004
    return tuple(parse_predicate(part, depth=depth + 1) for part in cast("list[object]", said))


def _fact(form: Mapping[str, object]) -> str:
    name = form["fact"]
    if not isinstance(name, str) or not name:
        raise ValueError("a condition whose fact has no name")
    return name


def _values(said: object) -> tuple[Scalar, ...]:
    values = cast("list[object]", said) if isinstance(said, list) else []
    if not values or not all(isinstance(value, bool | int | float | str) for value in values):
        raise ValueError("`in` without a list of values")
    return tuple(cast("list[Scalar]", values))


def _number(said: object) -> float:
    if isinstance(said, bool) or not isinstance(said, int | float):
        raise ValueError("`at_least` without a number")  # noqa: TRY004
    return said


def _day(said: object) -> Instant:
    try:
        day = date.fromisoformat(said) if isinstance(said, str) and len(said) == 10 else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError("`before` without a date such as 2026-08-02")
    return instant(datetime(day.year, day.month, day.day, tzinfo=UTC))
