"""Times as sources write them: RFC 3339 text, a bare date, or milliseconds since 1970 in UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from graph.model import OPEN_END, Instant, instant

EARLIEST: Final = Instant(-62_135_596_800_000)
"""0001-01-01T00:00:00Z."""

_RFC_3339: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:[.,](\d+))?([Zz]|[+-]\d\d:\d\d)?", re.ASCII
)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

EXPECTED: Final = "a time such as 2026-01-31T12:00:00Z, a date, or milliseconds since 1970 in UTC"


@dataclass(frozen=True, slots=True)
class SourceTime:
    """A time, and whether the source said in which zone it is meant; without one, UTC is taken."""

    moment: Instant
    zoned: bool


def parse_time(value: object) -> SourceTime:
    """Return the time that a value of a source stands for, to the millisecond, cut and not rounded.

    Raises:
        ValueError: for anything that is no time between the years 1 and 9999; its text
            says what was found without quoting it.

    >>> parse_time("2026-01-01T01:00:00+01:00")
    SourceTime(moment=1767225600000, zoned=True)
    >>> parse_time("2026-01-01"), parse_time(1767225600000)
    (SourceTime(moment=1767225600000, zoned=False), SourceTime(moment=1767225600000, zoned=True))
    """
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError(f"a {type(value).__name__} instead of a time")  # noqa: TRY004 - one error for callers
    if isinstance(value, int):
        if not EARLIEST <= value < OPEN_END:
            raise ValueError("a number of milliseconds outside the years 1 to 9999")
        return SourceTime(Instant(value), zoned=True)
    try:
        return _parsed(value)
    except (ValueError, OverflowError):
        raise ValueError("text that is no time in RFC 3339") from None


def parse_date(text: str) -> Instant:
    """Return the first moment of a day in UTC.

    Raises:
        ValueError: for anything but YYYY-MM-DD.
    """
    if not _DATE.fullmatch(text):
        raise ValueError("text that is no date")
    day = date.fromisoformat(text)
    return instant(datetime(day.year, day.month, day.day, tzinfo=UTC))


def _parsed(text: str) -> SourceTime:
    if _DATE.fullmatch(text):
        return SourceTime(parse_date(text), zoned=False)
    match = _RFC_3339.fullmatch(text)
    if match is None:
        raise ValueError(text)
    day, clock, fraction, zone = match.groups()
    offset = "+00:00" if zone in (None, "Z", "z") else zone
    moment = datetime.fromisoformat(f"{day}T{clock}{offset}").astimezone(UTC)
    return SourceTime(Instant(instant(moment) + int((fraction or "0")[:3].ljust(3, "0"))), zone is not None)
