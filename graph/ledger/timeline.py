"""What the walk needs of nodes and edges over all of valid time, at one recorded time.

Instead of one picture for each date, an edge is a list of spells: stretches of valid
time in which certainty and marks stay the same. A date is then a filter on spells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from graph.model import CommitNumber, Interval, PropertyValue, Uid
from graph.vocabulary import Certainty, Kind

WALK_PROPERTIES: Final = (
    "criticality",
    "status",
    "revoked",
    "revoked_at",
    "expires",
    "verified_at",
)
"""The properties that rules, conditions and the order of cut-off answers look at."""


@dataclass(frozen=True, slots=True)
class EdgeSpell:
    """A stretch of valid time in which an edge exists unchanged.

    Of ``possible_marks`` it is open whether the edge has them.
    """

    valid: Interval
    certainty: Certainty
    marks: frozenset[str]
    possible_marks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class EdgeTimeline:
    """A folded edge between two canonical uids; spells are disjoint and in order, none if it is gone."""

    relation: str
    subject: Uid
    object: Uid
    discriminator: str
    spells: tuple[EdgeSpell, ...]


@dataclass(frozen=True, slots=True)
class NodeSpell:
    """A stretch of valid time in which a node is described unchanged, in what the walk looks at.

    Where sources contradict each other on the type, it is None, and `contested_types` holds
    what they say; a property on which they do is left out.
    """

    valid: Interval
    type: str | None
    properties: Mapping[str, PropertyValue]
    contested_types: frozenset[str] = frozenset()

    @property
    def types(self) -> frozenset[str]:
        """Return every type that the node may be of; empty where no source says."""
        return self.contested_types if self.type is None else frozenset({self.type})


@dataclass(frozen=True, slots=True)
class NodeTimeline:
    """A canonical node; without spells it is only mentioned, never described.

    The kind does not depend on the date: it is the described kind, else what the
    edges that mention the node allow.
    """

    uid: Uid
    kind: Kind
    spells: tuple[NodeSpell, ...]


@dataclass(frozen=True, slots=True)
class TimelineChanges:
    """What commits changed: whole new timelines for the nodes and edges that they touched.

    An edge without spells is gone. ``removed_nodes`` are no longer mentioned by anything.
    """

    until: CommitNumber
    nodes: Sequence[NodeTimeline]
    edges: Sequence[EdgeTimeline]
    removed_nodes: Sequence[Uid] = ()
