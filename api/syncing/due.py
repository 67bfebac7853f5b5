"""When a source is due: early enough that it has reported again before it is overdue."""

from __future__ import annotations

from typing import Final

from graph.duration import Duration
from graph.model import Instant

EARLY: Final = 10
"""A source is due this part of its cadence before it is overdue, so that reading takes none of the
cadence, and a sync that starts some seconds earlier than yesterday's does not skip a day."""


def due_at(cadence: Duration | None, last: Instant | None) -> Instant | None:
    """Return when a source is to be read again; None where it is at every opportunity.

    >>> from graph.model import Instant
    >>> due_at(Duration.parse("PT10H"), Instant(0))
    32400000
    """
    if cadence is None or last is None:
        return None
    overdue = cadence.after(last)
    return Instant(overdue - (overdue - last) // EARLY)
