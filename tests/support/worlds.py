"""Small random worlds for property tests: timelines of nodes and edges that the vocabulary allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from graph.ledger.timeline import EdgeSpell, EdgeTimeline, NodeSpell, NodeTimeline
from graph.model import OPEN_END, Instant, Interval, Uid
from graph.vocabulary import VOCABULARY, Certainty, Discriminator, Harm, Kind

MOMENTS = (0, 10, 20, 30)
"""Where spells begin and end; questions are asked in between, and at 10 and 20 themselves."""

DATES = st.sampled_from([Instant(moment) for moment in (5, 10, 15, 20, 25)])
KINDS = [*Kind, Kind.ASSET, Kind.ASSET, Kind.IDENTITY, Kind.DATASET, Kind.SECRET]
TYPES = {
    Kind.ASSET: ["agent", "model", "scope", None],
    Kind.IDENTITY: ["person", "person", "team", "group", "service_account", None],
}
STATUSES = ["active", "suspended", "departed", "unknown"]
ROLES = ["accountable", "steward", "contact"]


@dataclass(frozen=True)
class World:
    """Timelines as a ledger would give them."""

    nodes: tuple[NodeTimeline, ...]
    edges: tuple[EdgeTimeline, ...]

    @property
    def by_uid(self) -> dict[Uid, NodeTimeline]:
        return {node.uid: node for node in self.nodes}


@st.composite
def intervals(draw: st.DrawFn) -> list[Interval]:
    """One or two disjoint stretches of time in order, mostly one that has no end."""
    if draw(st.integers(0, 3)):
        return [Interval(Instant(0))]
    cuts = sorted(draw(st.sets(st.sampled_from(MOMENTS), min_size=2, max_size=4)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    found = [Interval(Instant(start), Instant(end)) for start, end in pairs]
    if draw(st.booleans()):
        found[-1] = Interval(found[-1].start, OPEN_END)
    return found


@st.composite
def node_spells(draw: st.DrawFn, kind: Kind) -> tuple[NodeSpell, ...]:
    if kind is Kind.UNKNOWN or draw(st.integers(0, 5)) == 0:
        return ()
    spells = []
    for valid in draw(intervals()):
        said: dict[str, Any] = {
            "criticality": draw(st.sampled_from([0, 2, 4, None, "high"])),
            "status": draw(st.sampled_from([*STATUSES, None])) if kind is Kind.IDENTITY else None,
            "revoked": draw(st.sampled_from([True, False, None])) if kind is Kind.SECRET else None,
            "revoked_at": draw(st.sampled_from([8, 10, 18, None, None])) if kind is Kind.SECRET else None,
            "verified_at": draw(st.sampled_from([9, 12, None])) if kind is Kind.EVIDENCE else None,
        }
        named = {name: value for name, value in said.items() if value is not None}
        spells.append(NodeSpell(valid, draw(st.sampled_from(TYPES.get(kind, [None]))), named))
    return tuple(spells)


@st.composite
def edge_spells(draw: st.DrawFn, marks: list[str]) -> tuple[EdgeSpell, ...]:
    certain = st.sampled_from([Certainty.CERTAIN, Certainty.CERTAIN, Certainty.POSSIBLE])
    carried = st.sets(st.sampled_from(marks)) if marks else st.just(set())
    return tuple(EdgeSpell(valid, draw(certain), frozenset(draw(carried))) for valid in draw(intervals()))


def _fits(relation: str, subject: NodeTimeline, target: NodeTimeline) -> bool:
    return any(
        subject.kind in (pair[0], Kind.UNKNOWN) and target.kind in (pair[1], Kind.UNKNOWN)
        for pair in VOCABULARY.relation(relation).pairs
    )


@st.composite
def edges_between(draw: st.DrawFn, nodes: list[NodeTimeline], most: int) -> list[EdgeTimeline]:
    """Edges of random relations between nodes that they may join, each edge once."""
    choices: dict[str, list[tuple[NodeTimeline, NodeTimeline]]] = {}
    for term in VOCABULARY.relations:
        pairs = [(one, two) for one in nodes for two in nodes if one != two and _fits(term.name, one, two)]
        if pairs:
            choices[term.name] = pairs
    found: dict[tuple[str, ...], EdgeTimeline] = {}
    for _ in range(draw(st.integers(0, most)) if choices else 0):
        relation = draw(st.sampled_from(sorted(choices)))
        subject, target = draw(st.sampled_from(choices[relation]))
        edge = draw(edges_like(relation, subject.uid, target.uid))
        found[relation, subject.uid, target.uid, edge.discriminator] = edge
    return list(found.values())


@st.composite
def edges_like(draw: st.DrawFn, relation: str, subject: Uid, target: Uid) -> EdgeTimeline:
    term, word = VOCABULARY.relation(relation), ""
    marks = list(term.marks)
    if term.discriminator is Discriminator.ENVIRONMENT:
        word = draw(st.sampled_from(["", "production", "staging"]))
    if term.discriminator is Discriminator.ROLE:
        word = draw(st.sampled_from(["accountable", "accountable", "steward"]))
        spells = [
            EdgeSpell(spell.valid, spell.certainty, frozenset({word})) for spell in draw(edge_spells([]))
        ]
        return EdgeTimeline(relation, subject, target, word, tuple(spells))
    return EdgeTimeline(relation, subject, target, word, draw(edge_spells(marks)))


@st.composite
def worlds(draw: st.DrawFn, most_nodes: int = 8, most_edges: int = 16) -> World:
    """A world of a few nodes; uids come in an order of their own, beyond ASCII too."""
    names = draw(
        st.lists(st.sampled_from("abcdefgAÀéz𐀀\uffff"), min_size=2, max_size=most_nodes, unique=True)
    )
    nodes = []
    for name in names:
        kind = draw(st.sampled_from(KINDS))
        nodes.append(NodeTimeline(Uid(name), kind, draw(node_spells(kind))))
    return World(tuple(nodes), tuple(draw(edges_between(nodes, most_edges))))


@st.composite
def asked_worlds(draw: st.DrawFn, most_seeds: int = 2) -> tuple[World, list[tuple[Uid, Harm]]]:
    """A world with seeds to ask about it; every seed's harm can happen to its kind."""
    world = draw(worlds())
    able = [node for node in world.nodes if VOCABULARY.harms_of(node.kind)]
    if not able:
        node = NodeTimeline(Uid("b2"), Kind.ASSET, ())
        world, able = World((*world.nodes, node), world.edges), [node]
    seeds = []
    for node in draw(st.lists(st.sampled_from(able), min_size=1, max_size=most_seeds)):
        harms = sorted(VOCABULARY.harms_of(node.kind))
        seeds.append((node.uid, draw(st.sampled_from(harms))))
    return world, seeds
