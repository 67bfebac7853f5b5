"""What a question said beside what it asks about, as the answer states it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from holdfast_client.words import Certainty, Harm, Kind


@dataclass(frozen=True, slots=True)
class EdgeStated:
    """Edges, by what they say."""

    object: str
    relation: str
    subject: str


@dataclass(frozen=True, slots=True)
class Without:
    """What an answer takes for not being there: it is a what-if."""

    between: tuple[EdgeStated, ...]
    edges: tuple[str, ...]
    nodes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """A window of time, of which every edge counts that holds at any time in it."""

    end: datetime | None
    since: datetime | None
    start: datetime | None


@dataclass(frozen=True, slots=True)
class ListedOnly:
    """What alone an answer lists and counts; an empty list lets all pass."""

    certainty: Certainty | None
    environments: tuple[str, ...]
    harms: tuple[Harm, ...]
    kinds: tuple[Kind, ...]
    min_criticality: int | None
