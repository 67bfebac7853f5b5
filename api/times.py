"""Dates and commits as people write them, turned into the times that questions are asked for."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from graph.errors import InvalidQuestion
from graph.model import OPEN_END, CommitNumber, Instant, as_text, instant
from queries.estate import Standpoint

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_COMMIT: Final = re.compile(r"\d{1,18}")
FIRST: Final = instant(datetime.min.replace(tzinfo=UTC))
"""The first moment of the calendar."""

_WITHIN: Final = f"a time from {as_text(FIRST)} up to 9999-12-31T23:59:59.998Z"
_TIME: Final = "a time with a zone (2026-11-01T09:30:00Z)"
_EXPECTED: Final = f"a date (2026-11-01, its first moment in UTC) or {_TIME}"


def moment(text: str, field: str, expected: str = _EXPECTED) -> Instant:
    """Return a date or an RFC 3339 time as an instant; a date is its first moment in UTC.

    Raises:
        InvalidQuestion: for anything else, a time without a zone or at the end of the calendar included.

    >>> moment("2026-01-01", "as_of"), moment("2026-01-01T01:00:00+01:00", "as_of")
    (1767225600000, 1767225600000)
    """
    text = text.strip()
    try:
        found = datetime.fromisoformat(text.upper())  # RFC 3339 allows its letters to be small
    except ValueError:
        raise InvalidQuestion(field, f"{text!r} is not a time", expected) from None
    if _DATE.fullmatch(text):
        return instant(found.replace(tzinfo=UTC))
    return instant_of(found, field, expected)


def instant_of(found: datetime, field: str, expected: str = _TIME) -> Instant:
    """Return a time with a zone as an instant; `expected` is what may be given otherwise.

    Raises:
        InvalidQuestion: for a time without a zone; for one that in UTC is outside the calendar,
            or its last millisecond, which stands for an end that nobody has set.
    """
    if found.tzinfo is None:
        raise InvalidQuestion(field, f"{found.isoformat()} has no time zone", expected)
    at = instant(found)
    if not FIRST <= at < OPEN_END:
        raise InvalidQuestion(field, f"{found.isoformat()} is outside the calendar", _WITHIN)
    return at


def standpoint(
    as_of: str | None = None, known_at: str | None = None, rules_version: int | None = None
) -> Standpoint:
    """Return where a question is asked from; `known_at` is a time or the number of a commit.

    Raises:
        InvalidQuestion: for a text that is no time.

    >>> standpoint(known_at="12")
    Standpoint(as_of=None, known_at=None, known=12, rules_version=None)
    """
    valid = None if as_of is None else moment(as_of, "as_of")
    if known_at is None:
        return Standpoint(as_of=valid, rules_version=rules_version)
    if _COMMIT.fullmatch(known_at.strip()):
        known = CommitNumber(int(known_at))
        return Standpoint(as_of=valid, known=known, rules_version=rules_version)
    then = moment(known_at, "known_at", f"{_EXPECTED}, or the number of a commit")
    return Standpoint(as_of=valid, known_at=then, rules_version=rules_version)
