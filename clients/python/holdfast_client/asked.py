"""What a question may say beside what it asks about: the date, a window, bounds, filters, what-ifs."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, cast

from holdfast_client.reading import camel
from holdfast_client.words import Certainty, Harm, Kind


@dataclass(frozen=True, slots=True)
class At:
    """The date in the world, and what was known: at a time or at a commit, not both.

    ``rules_version`` asks for an older version of the harm rules.
    """

    as_of: datetime | None = None
    known_at: datetime | None = None
    known_commit: int | None = None
    rules_version: int | None = None


@dataclass(frozen=True, slots=True)
class During:
    """A window: every edge counts that holds at any time in it. Its end is outside, or open."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class WalkBounds:
    """How far a walk goes; 0 is without a bound of the question's own."""

    max_hops: int | None = None
    max_nodes: int | None = None
    max_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class LineageBounds:
    """How much lineage is shown."""

    max_hops: int | None = None
    max_fan_out: int | None = None
    max_nodes: int | None = None


@dataclass(frozen=True, slots=True)
class Only:
    """What alone is listed; the walk is the same."""

    kinds: Iterable[Kind] | None = None
    environments: Iterable[str] | None = None
    min_criticality: int | None = None
    harms: Iterable[Harm] | None = None
    certainty: Certainty | None = None


@dataclass(frozen=True, slots=True)
class EdgeBetween:
    """An edge, by what it says."""

    relation: str
    subject: str
    object: str


@dataclass(frozen=True, slots=True)
class TakenAway:
    """A what-if: as if these nodes and edges were not there."""

    nodes: Iterable[str] | None = None
    edges: Iterable[str] | None = None
    between: Iterable[EdgeBetween] | None = None


def time_text(moment: datetime) -> str:
    """Return a time as RFC 3339.

    Raises:
        ValueError: for a time without a zone, as nobody knows when it is.

    >>> time_text(datetime(2026, 11, 1, tzinfo=timezone.utc))
    '2026-11-01T00:00:00+00:00'
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no zone; datetime.now(timezone.utc) has one")
    return moment.isoformat()


def variable(said: object) -> Any:  # noqa: ANN401 - JSON
    """Return an argument as the variable that is sent; what is None in it is left out.

    >>> variable(WalkBounds(max_hops=3))
    {'maxHops': 3}
    """
    if isinstance(said, datetime):
        return time_text(said)
    if dataclasses.is_dataclass(said) and not isinstance(said, type):
        fields = ((field.name, getattr(said, field.name)) for field in dataclasses.fields(said))
        return {camel(name): variable(value) for name, value in fields if value is not None}
    if isinstance(said, str | int | float) or said is None:
        return said
    return [variable(item) for item in cast("Iterable[object]", said)]


UTC = timezone.utc
