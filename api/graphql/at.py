"""The date, the knowledge and the rules that a question is asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import strawberry
from strawberry import field
from strawberry.schema.types.base_scalars import DateTimeDefinition

from api.times import instant_of
from graph.model import CommitNumber, Instant, as_datetime
from queries.estate import Standpoint


@strawberry.input(
    name="At",
    description="What a question is asked for: a date in the world, and what was known at some commit.",
)
class At:
    """A standpoint as GraphQL has it."""

    as_of: datetime | None = field(
        default=None, description="When the facts hold; a time with a zone. Now if absent."
    )
    known_at: datetime | None = field(
        default=None, description="Read the ledger as it was known then; a time with a zone."
    )
    known_commit: int | None = field(
        default=None, description="Read the ledger up to this commit; give this or knownAt."
    )
    rules_version: int | None = field(
        default=None, description="An older version of the harm rules; the newest if absent."
    )


def standpoint_of(at: At | None) -> Standpoint:
    """Return where a question is asked from.

    Raises:
        InvalidQuestion: for a time without a zone, or outside the calendar.
    """
    if at is None:
        return Standpoint()
    return Standpoint(
        as_of=moment_of(at.as_of, "asOf"),
        known_at=moment_of(at.known_at, "knownAt"),
        known=None if at.known_commit is None else CommitNumber(at.known_commit),
        rules_version=at.rules_version,
    )


def time_text(found: datetime) -> str:
    """Return a time as the commands write it: RFC 3339 in UTC, with milliseconds and ``Z``."""
    return found.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


DATE_TIME: Final = replace(
    DateTimeDefinition,
    description="A time in RFC 3339; in answers in UTC, with milliseconds and Z.",
    serialize=time_text,
)


def time_of(moment: Instant | None) -> datetime | None:
    """Return a time as GraphQL has it; None for an open end and for times beyond the calendar."""
    if moment is None:
        return None
    try:
        found = as_datetime(moment)
    except OverflowError:
        return None
    return None if found.year == OPEN_YEAR else found


OPEN_YEAR = 9999
"""The year of the open end."""


def moment_of(given: datetime | None, name: str) -> Instant | None:
    """Return a time that an argument gives; None where it gives none.

    Raises:
        InvalidQuestion: for a time without a zone, or outside the calendar.
    """
    return None if given is None else instant_of(given, name)
