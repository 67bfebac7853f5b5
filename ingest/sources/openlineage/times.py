"""Event times as they occur: RFC 3339, also with nanoseconds and without a zone.

Nanoseconds order the events of one job; the graph keeps milliseconds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from graph.model import Instant
from ingest.times import parse_time

_FRACTION: Final = re.compile(r"[.,](\d+)")


@dataclass(frozen=True, slots=True, order=True)
class EventTime:
    """When an event happened, in nanoseconds since 1970 in UTC.

    ``zone_assumed`` where the text named none and UTC was taken; ``finer`` where it was
    more exact than the milliseconds that the graph keeps.
    """

    nanoseconds: int
    zone_assumed: bool = False
    finer: bool = False

    @property
    def instant(self) -> Instant:
        """Return the moment in milliseconds, cut off and not rounded."""
        return Instant(self.nanoseconds // 1_000_000)


def parse_event_time(text: str) -> EventTime:
    """Return the time that a text names.

    Raises:
        ValueError: for a text that is no time; it says what was found without quoting it.

    >>> parse_event_time("2026-01-01T00:00:00.123456789Z")
    EventTime(nanoseconds=1767225600123456789, zone_assumed=False, finer=True)
    >>> parse_event_time("2026-01-01T01:00:00+01:00").instant
    1767225600000
    """
    parsed = parse_time(text)
    fraction = _FRACTION.search(text)
    finer = fraction.group(1)[3:9].ljust(6, "0") if fraction else "000000"
    nanoseconds = parsed.moment * 1_000_000 + int(finer)
    return EventTime(nanoseconds, not parsed.zoned, finer != "000000")
