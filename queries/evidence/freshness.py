"""How long a record stays fresh: for a time, and until something that is watched changes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from graph.model import OPEN_END, Instant, PropertyValue, Uid
from graph.slot import Slot
from queries.evidence.dated import DatedFacts
from queries.evidence.facts import Facts
from queries.evidence.records import Record
from queries.evidence.versions import changes_since, current

VERSION = "version"


@dataclass(frozen=True, slots=True)
class Watched:
    """The facts about a subject whose change makes records stale."""

    subject: Uid
    environments: Collection[str]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """The first change of a watched fact after a date."""

    name: str
    at: Instant


def expiry(record: Record, slot: Slot) -> Instant | None:
    """Return the first moment at which a record is stale by date; None where it never is."""
    duration = slot.freshness.duration
    ends = [] if record.expires is None else [record.expires]
    if duration is not None and record.fresh_from is not None:
        ends.append(duration.after(record.fresh_from))
    return min((end for end in ends if end < OPEN_END), default=None)


def first_watched_change(dated: DatedFacts, watched: Watched, since: Instant) -> Change | None:
    """Return the first certain change of a watched fact after a date, up to that of the question.

    A fact changes when sources give another value than before, or come to contradict each
    other. That it becomes known, or that no source gives it any longer, is no change: it
    shows nothing of what happened.
    """
    found: list[Change] = []
    for name in watched.names:
        if name == VERSION:
            at = _first_version_change(dated, watched, since, certain=True)
        else:
            dated.node(watched.subject)
            at = _first_other_value(dated.facts, watched.subject, name, since, dated.moment)
        if at is not None:
            found.append(Change(name, at))
    return min(found, key=lambda change: (change.at, change.name), default=None)


def first_possible_version_change(dated: DatedFacts, watched: Watched, since: Instant) -> Instant | None:
    """Return from when on another version may have run than at a date; None where none can have."""
    return _first_version_change(dated, watched, since, certain=False)


def _first_version_change(
    dated: DatedFacts, watched: Watched, since: Instant, *, certain: bool
) -> Instant | None:
    current(dated, watched.subject, watched.environments)  # which notes until when that holds
    found = changes_since(dated.facts, watched.subject, watched.environments, since, dated.moment)
    return next((at for at, is_certain in found if is_certain or not certain), None)


def _first_other_value(facts: Facts, uid: Uid, name: str, since: Instant, until: Instant) -> Instant | None:
    before: PropertyValue | None = None
    for moment, value, is_contested in _values(facts, uid, name, since, until):
        if is_contested:
            if moment > since:
                return moment
            continue
        if value is None:
            continue
        if before is not None and (type(value), value) != (type(before), before):
            return moment
        before = value
    return None


def _values(
    facts: Facts, uid: Uid, name: str, since: Instant, until: Instant
) -> Iterator[tuple[Instant, PropertyValue | None, bool]]:
    """Yield the value of a property at a date, and at every later moment at which it may differ."""
    moments = sorted({since, *(m for m in facts.boundaries(uid) if since < m <= until)})
    for moment in moments:
        node = facts.node(uid, facts.described(uid, moment))
        yield moment, node.get(name), name in node.contested
