"""What an identity's status comes to at a date, from the status and the dates that sources give."""

from __future__ import annotations

from graph.model import Instant, PropertyValue

UNKNOWN_STATUS = "unknown"


def status_at(
    status: PropertyValue | None,
    departed_at: PropertyValue | None,
    suspended_at: PropertyValue | None,
    moment: Instant,
) -> str:
    """Return active, suspended, departed or unknown; dates are milliseconds in UTC.

    A leaving date that has passed outweighs every status: status lists go stale.
    Otherwise a status and a date that contradict each other are unknown, and so is an
    identity of which no source says anything.

    >>> status_at("active", 5, None, Instant(4)), status_at("active", 5, None, Instant(5))
    ('active', 'departed')
    >>> status_at("active", None, 5, Instant(6)), status_at(None, None, 5, Instant(6))
    ('unknown', 'suspended')
    """
    left = _has_passed(departed_at, moment)
    if left or (status == "departed" and left is None):
        return "departed"
    stopped = _has_passed(suspended_at, moment)
    if stopped or (status == "suspended" and stopped is None):
        return UNKNOWN_STATUS if status in ("active", "departed") else "suspended"
    return "active" if status == "active" else UNKNOWN_STATUS


def _has_passed(date: PropertyValue | None, moment: Instant) -> bool | None:
    """Return whether a date has passed; None where there is none."""
    if isinstance(date, bool) or not isinstance(date, int):
        return None
    return date <= moment
