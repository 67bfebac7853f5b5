"""Whether a requirement concerns a subject: dates, adoption and predicate, in that order.

Predicates are taken under strong Kleene logic: what rests on a fact that nobody gives,
or that sources of equal precedence contradict each other in, is unknown, unless the rest
decides it either way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from graph.model import OPEN_END, Instant, PropertyValue, as_text
from graph.predicate import All, AnyOf, AtLeast, Before, In, Not, Predicate
from queries.evidence.answer import Applicability, FactUsed
from queries.evidence.dated import Fact
from queries.evidence.requirements import Edition, Period, Requirement
from queries.evidence.states import Applies

Truth = bool | None
"""True, False, or None for unknown."""


@dataclass
class Reading:
    """Takes predicates over facts, and keeps what was looked at and what was missing."""

    look_up: Callable[[str], Fact]
    used: dict[str, FactUsed] = field(default_factory=dict[str, FactUsed])
    missing: set[str] = field(default_factory=set[str])

    def truth(self, predicate: Predicate) -> Truth:
        """Return what a predicate comes to. Every part is looked at, so that all missing facts are named."""
        match predicate:
            case All(parts):
                return kleene_all([self.truth(part) for part in parts])
            case AnyOf(parts):
                return kleene_any([self.truth(part) for part in parts])
            case Not(part):
                inner = self.truth(part)
                return None if inner is None else not inner
            case In(name, values):
                return self._compare(name, lambda value: _same_as_any(value, values))
            case AtLeast(name, least):
                return self._compare(name, lambda value: _at_least(value, least))
            case Before(name, moment):
                return self._compare(name, lambda value: _before(value, moment))

    def _compare(self, name: str, test: Callable[[PropertyValue], Truth]) -> Truth:
        fact = self.look_up(name)
        self.used[name] = fact.used
        truth = None if fact.value is None else test(fact.value)
        if truth is None:
            self.missing.add(name)
        return truth


def kleene_all(truths: Collection[Truth]) -> Truth:
    """Return whether all hold; False decides, else unknown spreads.

    >>> kleene_all([None, False]), kleene_all([None, True]), kleene_all([])
    (False, None, True)
    """
    if False in truths:
        return False
    return None if None in truths else True


def kleene_any(truths: Collection[Truth]) -> Truth:
    """Return whether one holds; True decides, else unknown spreads."""
    if True in truths:
        return True
    return None if None in truths else False


@dataclass(frozen=True, slots=True)
class Adoption:
    """Whether a voluntary edition is adopted; ``doubt`` says what is only possible where that is unknown."""

    truth: Truth
    doubt: str = ""


def applicability(
    requirement: Requirement,
    edition: Edition,
    law_at: Instant,
    adoption: Callable[[], Adoption],
    look_up: Callable[[str], Fact],
    doubts: Iterable[str] = (),
) -> Applicability:
    """Return whether a requirement concerns the subject whose facts are looked up.

    ``doubts`` are what makes it only possible that it does, whatever the facts are.
    """
    in_time = _in_time(requirement.period, edition.period, law_at)
    if in_time is not None:
        return in_time
    open_ = [*doubts, *([] if requirement.doubt is None else [requirement.doubt])]
    if edition.voluntary:
        adopted = adoption()
        if adopted.truth is False:
            said = f"{edition.title} is voluntary, and no decision to adopt it is on record"
            return Applicability(Applies.DOES_NOT_APPLY, said)
        if adopted.truth is None:
            open_.append(f"{edition.title} is voluntary, and {adopted.doubt}")
    if requirement.predicate is None:
        said = "the catalog does not say whom it concerns"
        return Applicability(Applies.UNKNOWN, "; ".join([said, *open_]))
    reading = Reading(look_up)
    truth = reading.truth(requirement.predicate)
    facts = tuple(reading.used[name] for name in sorted(reading.used))
    if truth is False:
        return Applicability(Applies.DOES_NOT_APPLY, "its conditions do not hold", facts=facts)
    missing = tuple(sorted(reading.missing)) if truth is None else ()
    if missing:
        open_.insert(0, f"nobody says, or sources contradict each other on: {', '.join(missing)}")
    if open_:
        return Applicability(Applies.UNKNOWN, "; ".join(open_), missing_facts=missing, facts=facts)
    return Applicability(Applies.APPLIES, "its conditions hold" if facts else "it concerns all", facts=facts)


def _in_time(own: Period, edition: Period, law_at: Instant) -> Applicability | None:
    """Return that a requirement is not in force, or that nobody knows; None where it is in force."""
    start = edition.start if own.start is None else own.start
    ends = [end for end in (own.end, edition.end) if end is not None and end < OPEN_END]
    end = min(ends, default=None)
    if end is not None and law_at >= end:
        return Applicability(Applies.NOT_IN_FORCE, f"it applied until {as_text(end)[:10]}", since=end)
    if start is None:
        return Applicability(Applies.UNKNOWN, "the catalog does not say from when it applies")
    if law_at < start:
        return Applicability(Applies.NOT_IN_FORCE, f"it applies from {as_text(start)[:10]}", since=start)
    return None


def _same_as_any(value: PropertyValue, wanted: Collection[PropertyValue]) -> bool:
    """Return whether a value, or one of a list, is wanted; true and 1 are two values."""
    held = value if isinstance(value, tuple) else (value,)
    return any(type(one) is type(other) and one == other for one in held for other in wanted)


def _at_least(value: PropertyValue, least: float) -> Truth:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value >= least


def _before(value: PropertyValue, moment: Instant) -> Truth:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value < moment
