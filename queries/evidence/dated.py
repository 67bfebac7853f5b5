"""Facts at one date, and the date until which what was looked at stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Final

from graph.ledger.coverage import Coverage, coverage_at
from graph.ledger.timeline import EdgeSpell, EdgeTimeline
from graph.model import OPEN_END, Instant, Node, PropertyValue, Uid
from graph.vocabulary import VOCABULARY, Certainty
from queries.evidence.answer import FactUsed
from queries.evidence.facts import Facts, changes


class Horizon:
    """Remembers the earliest later date on which something that was looked at may change."""

    def __init__(self, moment: Instant) -> None:
        self._moment: Final = moment
        self._next: Instant = OPEN_END

    def note(self, moments: Iterable[Instant]) -> None:
        """Take note of dates at which something changes; only later ones count."""
        self._next = min((m for m in moments if self._moment < m < self._next), default=self._next)

    @property
    def next(self) -> Instant | None:
        """Return the earliest date noted, None if there is none."""
        return None if self._next >= OPEN_END else self._next


@dataclass(frozen=True, slots=True)
class Fact:
    """A property at a date. ``value`` is None where it is unknown: not given, or contested."""

    used: FactUsed
    contested: bool

    @property
    def value(self) -> PropertyValue | None:
        """Return the value, None where it is unknown."""
        return self.used.value


@dataclass(frozen=True, slots=True)
class LiveEdge:
    """An edge at a date; ``environment`` is its discriminator, ``unknown`` where it is empty."""

    relation: str
    subject: Uid
    object: Uid
    environment: str
    is_certain: bool


class DatedFacts:
    """Facts at one date. Every look notes until when it holds."""

    def __init__(self, facts: Facts, moment: Instant) -> None:
        self.facts: Final = facts
        self.moment: Final = moment
        self.horizon: Final = Horizon(moment)
        self._nodes: Final[dict[Uid, Node]] = {}

    @cached_property
    def coverage(self) -> Coverage:
        """Return what had been read completely at the date."""
        self.horizon.note(row.read_at for row in self.facts.coverage)
        self.horizon.note(moment for moments in self.facts.reads.values() for moment in moments)
        return coverage_at(self.facts.coverage, self.facts.reads, self.moment)

    def node(self, uid: Uid) -> Node:
        """Return a node at the date; one that nothing describes then is not described."""
        if uid not in self._nodes:
            self.horizon.note(self.facts.boundaries(uid))
            self._nodes[uid] = self.facts.node(uid, self.facts.described(uid, self.moment))
        return self._nodes[uid]

    def exists(self, uid: Uid) -> bool:
        """Return whether anything describes or mentions a node at the date."""
        if self.node(uid).described:
            return True
        names = (relation.name for relation in VOCABULARY.relations)
        return any(any(True for _ in chain(self.out(n, uid), self.into(n, uid))) for n in names)

    @property
    def nodes_looked_at(self) -> Mapping[Uid, Node]:
        """Return every node that was asked for so far."""
        return self._nodes

    def fact(self, uid: Uid, name: str) -> Fact:
        """Return a property of a node; contested where sources of equal precedence contradict."""
        node = self.node(uid)
        if name in node.contested:
            return Fact(FactUsed(uid, name, None, None), contested=True)
        if name == "type":
            return Fact(FactUsed(uid, name, node.type, None), contested=False)
        resolved = node.properties.get(name)
        if resolved is None:
            return Fact(FactUsed(uid, name, None, None), contested=False)
        return Fact(FactUsed(uid, name, resolved.value, str(resolved.source)), contested=False)

    def out(self, relation: str, subject: Uid) -> Iterator[LiveEdge]:
        """Yield the edges of a relation that lead from a node at the date, in order of the other end."""
        return self._live(self.facts.edges.get((relation, subject), ()))

    def into(self, relation: str, object_: Uid) -> Iterator[LiveEdge]:
        """Yield the edges of a relation that lead to a node at the date."""
        return self._live(self.facts.edges_into.get((relation, object_), ()))

    def until_now(self, timelines: Iterable[EdgeTimeline]) -> Iterator[EdgeTimeline]:
        """Yield the edges that stood at the date or before it."""
        for timeline in timelines:
            self.horizon.note(spell.valid.start for spell in timeline.spells)
            if any(spell.valid.start <= self.moment for spell in timeline.spells):
                yield timeline

    def _live(self, timelines: Iterable[EdgeTimeline]) -> Iterator[LiveEdge]:
        for timeline in timelines:
            self.horizon.note(changes([timeline]))
            spell = spell_at(timeline, self.moment)
            if spell is not None:
                yield LiveEdge(
                    timeline.relation,
                    timeline.subject,
                    timeline.object,
                    timeline.discriminator or "unknown",
                    spell.certainty is Certainty.CERTAIN,
                )


def spell_at(timeline: EdgeTimeline, moment: Instant) -> EdgeSpell | None:
    """Return the spell of an edge that holds at a moment."""
    return next((spell for spell in timeline.spells if spell.valid.holds_at(moment)), None)
