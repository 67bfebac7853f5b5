"""Small random worlds for property tests: timelines of nodes and edges that the vocabulary allows.

Hypothesis chooses a world's size and the number that all else in it follows from. That finds rare
shapes (a certain way round beside a possible short cut) far oftener than letting it choose every
detail, and a failure still shrinks to a small world.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from hypothesis import strategies as st

from graph.ledger.timeline import EdgeSpell, EdgeTimeline, NodeSpell, NodeTimeline
from graph.model import ALWAYS, OPEN_END, Instant, Interval, Uid
from graph.vocabulary import VOCABULARY, Certainty, Discriminator, Harm, Kind

MOMENTS = (0, 10, 20, 30)
"""Where spells begin and end; questions are asked in between, and at 10 and 20 themselves."""

DATES = st.sampled_from([Instant(moment) for moment in (5, 10, 15, 20, 25)])

UIDS = "abcdefgAÀéz𐀀\uffff"
"""Uids in an order of their own: code points, which is also the order of their bytes."""

KINDS = [*Kind, Kind.ASSET, Kind.ASSET, Kind.IDENTITY, Kind.DATASET, Kind.SECRET]
TYPES: dict[Kind, list[str | None]] = {
    Kind.ASSET: ["agent", "model", "scope", None],
    Kind.IDENTITY: ["person", "person", "person", "team", "group", "service_account", None],
}
STATUSES = ["active", "active", "suspended", "departed", "unknown", None]

EVERY_RELATION = tuple(term.name for term in VOCABULARY.relations)
FOCUSES: Sequence[tuple[Sequence[Kind], Sequence[str]]] = (
    (KINDS, EVERY_RELATION),
    (KINDS, EVERY_RELATION),
    # Owners, and the groups that make them alive or not.
    ([Kind.IDENTITY, Kind.IDENTITY, Kind.IDENTITY, Kind.ASSET], ("OWNS", "OWNS", "MEMBER_OF")),
    # Secrets and their versions; verifications and their keys.
    (
        [Kind.SECRET, Kind.SECRET, Kind.EVIDENCE, Kind.IDENTITY],
        ("VERSION_OF", "VERIFIED_BY", "AUTHENTICATES"),
    ),
    # Long certain ways round beside short ways that are only possible.
    ([Kind.ASSET], ("BUILT_FROM", "RUNS_ON", "PART_OF", "DEPLOYED_AS", "INVOKES")),
    ([Kind.IDENTITY], ("MEMBER_OF", "CAN_ASSUME", "CAN_ADMIN")),
)
"""Kinds and relations of worlds that are about something."""


@dataclass(frozen=True)
class World:
    """Timelines as a ledger would give them."""

    nodes: tuple[NodeTimeline, ...]
    edges: tuple[EdgeTimeline, ...]

    @property
    def by_uid(self) -> dict[Uid, NodeTimeline]:
        return {node.uid: node for node in self.nodes}


class Maker:
    """Makes worlds and parts of worlds out of one number."""

    def __init__(self, number: int) -> None:
        self.random = Random(number)

    def world(self, node_count: int, edge_count: int) -> World:
        kinds, relations = self.random.choice(FOCUSES)
        names = self.random.sample(UIDS, node_count)
        nodes = [self.node(Uid(name), self.random.choice(kinds)) for name in names]
        return World(tuple(nodes), tuple(self.edges(nodes, edge_count, relations)))

    def intervals(self) -> list[Interval]:
        """One or two disjoint stretches of time in order, mostly one that has no end."""
        if self.random.random() < 0.75:
            return [ALWAYS]
        cuts = sorted(self.random.sample(MOMENTS, self.random.choice([2, 4])))
        found = [
            Interval(Instant(start), Instant(end)) for start, end in zip(cuts[::2], cuts[1::2], strict=True)
        ]
        if self.random.random() < 0.5:
            found[-1] = Interval(found[-1].start, OPEN_END)
        return found

    def node(self, uid: Uid, kind: Kind) -> NodeTimeline:
        if kind is Kind.UNKNOWN or self.random.random() < 0.15:
            return NodeTimeline(uid, kind, ())
        return NodeTimeline(uid, kind, tuple(self._node_spell(kind, valid) for valid in self.intervals()))

    def _node_spell(self, kind: Kind, valid: Interval) -> NodeSpell:
        one_of = self.random.choice
        said: dict[str, Any] = {"criticality": one_of([0, 2, 4, None, "high"])}
        if kind is Kind.IDENTITY:
            said["status"] = one_of(STATUSES)
        if kind is Kind.SECRET:
            said |= {"revoked": one_of([True, False, None]), "revoked_at": one_of([8, 10, 18, None, None])}
            said["expires"] = one_of([9, 20, None, None, None])
        if kind is Kind.EVIDENCE:
            said["verified_at"] = one_of([9, 12, None])
        named = {name: value for name, value in said.items() if value is not None}
        types = TYPES.get(kind, [None])
        first = types[0]
        if first is not None and self.random.random() < 0.1:
            return NodeSpell(valid, None, named, frozenset({first, "service"}))
        return NodeSpell(valid, one_of(types), named)

    def edges(
        self, nodes: Sequence[NodeTimeline], count: int, relations: Sequence[str] = EVERY_RELATION
    ) -> list[EdgeTimeline]:
        """Edges of random relations between nodes that they may join, each edge once."""
        choices = {
            relation: [
                (one, two) for one in nodes for two in nodes if one != two and _fits(relation, one, two)
            ]
            for relation in relations
        }
        usable = [relation for relation in relations if choices[relation]]
        found: dict[tuple[str, ...], EdgeTimeline] = {}
        for _ in range(count if usable else 0):
            relation = self.random.choice(usable)
            subject, target = self.random.choice(choices[relation])
            edge = self.edge(relation, subject.uid, target.uid)
            found[relation, subject.uid, target.uid, edge.discriminator] = edge
        return list(found.values())

    def edge(self, relation: str, subject: Uid, target: Uid) -> EdgeTimeline:
        term, word = VOCABULARY.relation(relation), ""
        if term.discriminator is Discriminator.ENVIRONMENT:
            word = self.random.choice(["", "production", "staging"])
        if term.discriminator is Discriminator.ROLE:
            word = self.random.choice(["accountable", "accountable", "accountable", "steward"])
        spells = tuple(self._edge_spell(valid, term.marks, word) for valid in self.intervals())
        return EdgeTimeline(relation, subject, target, word, spells)

    def _edge_spell(self, valid: Interval, marks: Sequence[str], word: str) -> EdgeSpell:
        carried = {word} if word in marks else {mark for mark in marks if self.random.random() < 0.35}
        others = set() if word in marks else {mark for mark in marks if self.random.random() < 0.2}
        certain = Certainty.CERTAIN if self.random.random() < 0.7 else Certainty.POSSIBLE
        return EdgeSpell(valid, certain, frozenset(carried), frozenset(others - carried))


def _fits(relation: str, subject: NodeTimeline, target: NodeTimeline) -> bool:
    return any(
        subject.kind in (pair[0], Kind.UNKNOWN) and target.kind in (pair[1], Kind.UNKNOWN)
        for pair in VOCABULARY.relation(relation).pairs
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A world of a few nodes."""
    maker = Maker(draw(st.integers(0, 2**32)))
    return maker.world(draw(st.integers(2, 10)), draw(st.integers(0, 22)))


@st.composite
def asked_worlds(draw: st.DrawFn, most_seeds: int = 2) -> tuple[World, list[tuple[Uid, Harm]]]:
    """A world with seeds to ask about in it; every seed's harm can happen to its kind."""
    world = draw(worlds())
    states = [
        (node.uid, harm) for node in world.nodes for harm in sorted(VOCABULARY.harms_of(node.kind))
    ] or [(Uid("mentioned nowhere"), Harm.TAINTED)]
    random = Random(draw(st.integers(0, 2**32)))
    return world, [random.choice(states) for _ in range(draw(st.integers(1, most_seeds)))]
