"""What the status of an identity or a secret comes to at a date, from all that sources say of it."""

from __future__ import annotations

from enum import StrEnum
from itertools import product
from typing import Final

from graph.model import Instant, Node, PropertyValue

UNKNOWN_STATUS = "unknown"
STATUS_PROPERTIES: Final = ("status", "departed_at", "suspended_at")
SECRET_PROPERTIES: Final = ("revoked", "revoked_at", "expires")


class SecretStanding(StrEnum):
    """Whether a secret still opens what it was made for."""

    OPEN = "open"
    ENDED = "ended"
    UNKNOWN = "unknown"


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


def status_of(node: Node, moment: Instant) -> str:
    """Return an identity's status at a date; unknown where sources contradict each other on it."""
    statuses, left, stopped = (node.readings(name) for name in STATUS_PROPERTIES)
    found = {status_at(*reading, moment) for reading in product(statuses, left, stopped)}
    return found.pop() if len(found) == 1 else UNKNOWN_STATUS


def secret_standing(
    revoked: PropertyValue | None,
    revoked_at: PropertyValue | None,
    expires: PropertyValue | None,
    moment: Instant,
) -> SecretStanding:
    """Return whether a secret has ended by revocation or expiry; dates are milliseconds in UTC.

    A date of revocation says more than the flag beside it, which tells only that there is or
    will be one; but a secret that is said to stand although that date has passed is unknown,
    and so is one of which no source says whether it is revoked.

    >>> secret_standing(True, 5, None, Instant(4)), secret_standing(True, 5, None, Instant(5))
    (<SecretStanding.OPEN: 'open'>, <SecretStanding.ENDED: 'ended'>)
    >>> secret_standing(False, None, 5, Instant(5)), secret_standing(None, None, 5, Instant(4))
    (<SecretStanding.ENDED: 'ended'>, <SecretStanding.UNKNOWN: 'unknown'>)
    """
    if _has_passed(expires, moment):
        return SecretStanding.ENDED
    withdrawn = _has_passed(revoked_at, moment)
    if withdrawn is None:
        withdrawn = revoked if isinstance(revoked, bool) else None
    elif withdrawn and revoked is False:
        withdrawn = None
    if withdrawn is None:
        return SecretStanding.UNKNOWN
    return SecretStanding.ENDED if withdrawn else SecretStanding.OPEN


def secret_standing_of(node: Node, moment: Instant) -> SecretStanding:
    """Return whether a secret has ended; unknown where sources contradict each other on any of it."""
    if any(name in node.contested for name in SECRET_PROPERTIES):
        return SecretStanding.UNKNOWN
    revoked, revoked_at, expires = (node.get(name) for name in SECRET_PROPERTIES)
    return secret_standing(revoked, revoked_at, expires, moment)


def _has_passed(date: PropertyValue | None, moment: Instant) -> bool | None:
    """Return whether a date has passed; None where there is none."""
    if isinstance(date, bool) or not isinstance(date, int):
        return None
    return date <= moment
