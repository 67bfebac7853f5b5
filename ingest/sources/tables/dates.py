"""Dates and times in cells: in which form they are written, and in which zone they are meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from graph.model import Instant, instant
from ingest.times import parse_time

UNIX_FORMS: Final = {"seconds": 1_000, "milliseconds": 1}
"""Forms that are a number since 1970 in UTC, and how many milliseconds one of it has."""

_DATE_ONLY: Final = 10
"""The length of a date in ISO 8601 without a time."""

_MINUTES: Final = re.compile(r"^([^ T]{10}[ T]\d\d:\d\d)(Z|[+-]\d\d:\d\d)?$", re.ASCII)
"""A time without seconds, as spreadsheets write it."""

_CLOCK: Final = re.compile(r"%-?[HIXcTs]")
_YEAR: Final = re.compile(r"%-?[Yyc]")
_DAY: Final = re.compile(r"%-?d|%-?e|%c|%-?j")
_SAMPLE: Final = datetime(2026, 11, 22, 20, 49, 21, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class DateForm:
    """How a column writes its dates.

    ``pattern`` is None for ISO 8601, else one of Python's ``strptime`` or the name of a unix form.
    ``zone`` is that of what is written without one. With ``through_day`` a date without a time is the
    end of its day, as people mean it who write until when a key is valid.
    """

    pattern: str | None
    zone: ZoneInfo | None
    through_day: bool = False

    @property
    def expected(self) -> str:
        """Return what a cell must hold, in words."""
        if self.pattern is None:
            return "a date such as 2026-01-31, or a time such as 2026-01-31T12:00:00Z"
        return f"a time as a number of {self.pattern}" if self.pattern in UNIX_FORMS else self.pattern

    def moment(self, text: str) -> Instant:
        """Return the moment that a cell stands for.

        Raises:
            ValueError: for a text of another form, and for a time that the zone leaves out.
        """
        if self.pattern in UNIX_FORMS:
            return parse_time(int(text) * UNIX_FORMS[self.pattern]).moment
        if self.pattern is not None:
            dated = not _CLOCK.search(self.pattern)
            return self._zoned(datetime.strptime(text, self.pattern), dated=dated)  # noqa: DTZ007 - below
        found = parse_time(_MINUTES.sub(r"\1:00\2", text))
        if found.zoned:
            return found.moment
        local = datetime.fromtimestamp(found.moment / 1000, UTC).replace(tzinfo=None)
        return self._zoned(local, dated=len(text) == _DATE_ONLY)

    def _zoned(self, local: datetime, *, dated: bool) -> Instant:
        if dated and self.through_day:
            local += timedelta(days=1)
        if local.tzinfo is not None:
            return instant(local)
        if self.zone is None:
            raise ValueError("a time without a zone")
        moment = local.replace(tzinfo=self.zone).astimezone(UTC)
        if not dated and moment.astimezone(self.zone).replace(tzinfo=None) != local:
            raise ValueError("a time that the clocks of the zone leave out")
        return instant(moment)


def says_zone(pattern: str | None) -> bool:
    """Return whether a form always says the zone itself.

    >>> says_zone("%d.%m.%Y %H:%M %z"), says_zone("seconds"), says_zone(None)
    (True, True, False)
    """
    return pattern is not None and (pattern in UNIX_FORMS or "%z" in pattern)


def is_pattern(pattern: str) -> bool:
    """Return whether a pattern reads back the day that it writes.

    >>> is_pattern("%d.%m.%Y"), is_pattern("dd.mm.yyyy"), is_pattern("%H:%M")
    (True, False, False)
    """
    if pattern in UNIX_FORMS:
        return True
    if not (_YEAR.search(pattern) and _DAY.search(pattern)):
        return False
    try:
        return datetime.strptime(_SAMPLE.strftime(pattern), pattern).date() == _SAMPLE.date()  # noqa: DTZ007
    except (ValueError, re.error):
        return False
