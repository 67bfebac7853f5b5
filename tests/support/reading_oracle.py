"""What a sequence of reads of one scope comes to, worked out day by day from the rules in words.

Written from docs/ledger.md and the design, without a look at how the ledger does it: no
intervals are cut, each day is asked by itself. Days are whole numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

LAST_DAY = 30


@dataclass(frozen=True)
class Stated:
    """An interval of days ``[start, end)`` (None is open) and what holds in it."""

    start: int
    end: int | None
    content: str

    def has(self, day: int) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True)
class Read:
    """A read of the scope: what it showed without a time, and what it stated, by claim."""

    day: int
    complete: bool
    seen: Mapping[str, str] = field(default_factory=dict)
    stated: Mapping[str, Sequence[Stated]] = field(default_factory=dict)

    def says(self, claim: str) -> bool:
        return claim in self.seen or bool(self.stated.get(claim))


def newer_complete(arrived: Sequence[Read], day: int) -> int | None:
    """The first complete read after a day, of those that have arrived."""
    return min((read.day for read in arrived if read.complete and read.day > day), default=None)


# What is seen without a time


def seen_on(arrived: Sequence[Read], claim: str, day: int, *, lasting: bool) -> str | None:
    """What a claim that never states times says on a day; None where it says nothing.

    The newest mention up to that day decides. It holds no longer than to the next complete
    read that lacks it; such a read ends nothing that stood when it arrived late.
    """
    mentions = [(at, read) for at, read in enumerate(arrived) if claim in read.seen and read.day <= day]
    for at, read in sorted(mentions, key=lambda mention: -mention[1].day):
        if lasting or not _is_ended(arrived, claim, at, day):
            return read.seen[claim]
        if newer_complete(arrived[:at], read.day) is None:
            return None
    return None


def _is_ended(arrived: Sequence[Read], claim: str, mention: int, day: int) -> bool:
    return any(
        read.complete
        and not read.says(claim)
        and arrived[mention].day < read.day <= day
        and (at < mention or newer_complete(arrived[:at], read.day) is None)
        for at, read in enumerate(arrived)
    )


# What is stated


@dataclass(eq=False)
class Row:
    """Days that one statement gave one content; ``heard`` is the newest read that said it."""

    content: str
    heard: int


def stated_days(arrived: Sequence[Read], claim: str, *, lasting: bool) -> dict[int, str]:
    """What a claim that always states times says on each day on which it says anything."""
    days: dict[int, Row] = {}
    for at, read in enumerate(arrived):
        _take(days, arrived[:at], read, claim, lasting=lasting)
    return {day: row.content for day, row in days.items()}


def _take(days: dict[int, Row], before: Sequence[Read], read: Read, claim: str, *, lasting: bool) -> None:
    until = None if lasting else newer_complete(before, read.day)
    late = until is not None or any(r.day > read.day and r.says(claim) for r in before)
    # A complete read keeps what it says; all that stands was said by it or before it.
    known = {row for row in days.values() if row.heard > read.day or until is not None}
    said: set[int] = set()
    for statement in read.stated.get(claim, ()):
        said |= _state(days, statement, read.day, until, known, late=late)
    if not read.complete or newer_complete(before, read.day) is not None:
        return
    for rows in _pieces(days):
        row = days[rows[0]]
        if row in known or said & set(rows):
            continue
        if read.stated.get(claim):
            _drop(days, rows)
        elif not lasting:
            _drop(days, [day for day in rows if day >= read.day])


def _state(
    days: dict[int, Row], statement: Stated, today: int, until: int | None, known: set[Row], *, late: bool
) -> set[int]:
    """Take one statement in; return the days on which what stands says the same as it does."""
    meant = [day for day in range(LAST_DAY + 1) if statement.has(day)]
    told = [day for day in meant if until is None or day < until]
    free = [day for day in told if day not in days or days[day] not in known]
    for rows in _pieces(days):
        row = days[rows[0]]
        same = row.content == statement.content
        if rows == meant and same:
            row.heard = max(row.heard, today)
            return set(meant)
        if late and same:
            free = [day for day in free if day not in rows]
        elif not late and set(rows) & set(meant) and (same or rows[0] == statement.start):
            _drop(days, rows)
    new = Row(statement.content, today)
    days |= dict.fromkeys(free, new)
    stands = days.get(statement.start)
    if not free and stands is not None and stands.content == statement.content:
        stands.heard = max(stands.heard, today)
    return {day for day in meant if day in days and days[day].content == statement.content}


def _pieces(days: Mapping[int, Row]) -> list[list[int]]:
    """The days in stretches without a gap, each of one row."""
    pieces: list[list[int]] = []
    for day in sorted(days):
        if pieces and pieces[-1][-1] == day - 1 and days[day - 1] is days[day]:
            pieces[-1].append(day)
        else:
            pieces.append([day])
    return pieces


def _drop(days: dict[int, Row], gone: Sequence[int]) -> None:
    for day in gone:
        days.pop(day, None)
