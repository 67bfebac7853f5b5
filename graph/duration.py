"""Lengths of time in the calendar: half a year is six months, not 182 days.

The written form is that of ISO 8601 without fractions: ``P6M``, ``P90D``, ``P1Y6M``,
``P2W``, ``PT36H``.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from graph.model import OPEN_END, Instant, as_datetime, instant

_FORM: Final = re.compile(
    r"P(?:(?P<weeks>\d{1,6})W|"
    r"(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,5})M)?(?:(?P<days>\d{1,6})D)?"
    r"(?:T(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,8})M)?(?:(?P<seconds>\d{1,9})S)?)?)"
)


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time: whole months, then days and seconds; ``text`` is how it was written."""

    text: str
    months: int
    rest: timedelta

    @classmethod
    def parse(cls, text: str) -> Duration:
        """Return the duration that a text states.

        Raises:
            ValueError: for any other form, and for no time at all.

        >>> Duration.parse("P1Y6M").months
        18
        """
        found = _FORM.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is not an ISO 8601 duration such as P6M or P90D")
        parts = {name: int(value or 0) for name, value in found.groupdict().items()}
        rest = timedelta(
            days=parts["weeks"] * 7 + parts["days"],
            hours=parts["hours"],
            minutes=parts["minutes"],
            seconds=parts["seconds"],
        )
        months = parts["years"] * 12 + parts["months"]
        if text.endswith("T") or not (months or rest):
            raise ValueError(f"{text!r} is no time at all")
        return cls(text, months, rest)

    def after(self, moment: Instant) -> Instant:
        """Return the moment that lies this long after another, in UTC.

        Months keep the day and the time of day; where the month is too short, its last
        day is meant. Past the year 9999 it is the open end. A moment before the year 1
        is returned as it is, being long past either way.

        >>> from datetime import datetime, UTC
        >>> from graph.model import as_text
        >>> as_text(Duration.parse("P6M").after(instant(datetime(2026, 8, 31, 12, tzinfo=UTC))))
        '2027-02-28T12:00:00.000Z'
        """
        try:
            start = as_datetime(moment)
        except OverflowError:
            return moment if moment < 0 else OPEN_END
        years, month = divmod(start.month - 1 + self.months, 12)
        year = start.year + years
        if year > 9999:
            return OPEN_END
        day = min(start.day, monthrange(year, month + 1)[1])
        try:
            end = start.replace(year=year, month=month + 1, day=day) + self.rest
        except OverflowError:
            return OPEN_END
        return min(instant(end), OPEN_END)
