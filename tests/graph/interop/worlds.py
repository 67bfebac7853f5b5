"""Random facts, and the folded nodes and edges that one source stating them would make."""

from __future__ import annotations

from types import MappingProxyType

from hypothesis import strategies as st

from graph.model import (
    ClaimId,
    Edge,
    EdgeFacts,
    EdgeId,
    ExternalId,
    Instant,
    Interval,
    Node,
    NodeFacts,
    NodeRef,
    Properties,
    ResolvedValue,
    Scope,
    SourceInstance,
    Uid,
)
from graph.vocabulary import Certainty, Kind, Origin

SCOPE = Scope(SourceInstance("records"), "estate")
CLAIM = ClaimId("c" * 32)
SINCE = Instant(1_767_225_600_000)

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=8)
VALUES = (
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
    | st.lists(TEXTS, min_size=1, max_size=3).map(tuple)
)
PROPERTIES = st.dictionaries(TEXTS.map("p_".__add__), VALUES, max_size=3)
KINDS = st.sampled_from([kind for kind in Kind if kind is not Kind.UNKNOWN])
IDS = st.lists(st.builds(ExternalId, TEXTS, TEXTS), max_size=2, unique=True).map(sorted).map(tuple)


@st.composite
def facts(draw: st.DrawFn) -> tuple[list[NodeFacts], list[EdgeFacts], dict[Uid, Kind]]:
    """Facts about some nodes, edges between those and others, and the kinds of the others."""
    uids = draw(st.lists(TEXTS, min_size=2, max_size=6, unique=True))
    described = uids[: draw(st.integers(0, len(uids)))]
    nodes = [
        NodeFacts(
            Uid(uid),
            draw(KINDS),
            draw(st.none() | TEXTS),
            draw(st.none() | TEXTS),
            draw(PROPERTIES),
            draw(IDS),
        )
        for uid in described
    ]
    others = {Uid(uid): draw(st.sampled_from(Kind)) for uid in uids if uid not in described}
    shown = {uid: kind for uid, kind in others.items() if kind is not Kind.UNKNOWN}
    pairs = draw(st.lists(st.tuples(st.sampled_from(uids), st.sampled_from(uids)), max_size=6))
    edges = [
        EdgeFacts(
            draw(st.sampled_from(["OWNS", "INVOKES", "DEPLOYED_AS"])),
            Uid(subject),
            Uid(target),
            draw(st.frozensets(st.sampled_from(["accountable", "optional"]), max_size=2)),
            draw(st.none() | TEXTS),
            draw(PROPERTIES),
            shown.get(Uid(subject)),
            shown.get(Uid(target)),
        )
        for subject, target in pairs
    ]
    return nodes, edges, others


def folded_node(said: NodeFacts) -> Node:
    return Node(
        NodeRef(said.uid, said.kind),
        described=True,
        type=said.type,
        name=said.name,
        properties=resolved(said.properties),
        external_ids=said.external_ids,
        members=(said.uid,),
        claims=(CLAIM,),
        scopes=(SCOPE,),
    )


def mentioned_node(uid: Uid, kind: Kind) -> Node:
    return Node(
        NodeRef(uid, kind),
        described=False,
        type=None,
        name=None,
        properties={},
        external_ids=(),
        members=(uid,),
        claims=(),
        scopes=(),
    )


def folded_edge(said: EdgeFacts, number: int, kinds: dict[Uid, Kind]) -> Edge:
    return Edge(
        eid=EdgeId(f"{number:032x}"),
        relation=said.relation,
        subject=NodeRef(said.subject, kinds[said.subject]),
        object=NodeRef(said.object, kinds[said.object]),
        discriminator="",
        marks=said.marks,
        certainty=Certainty.CERTAIN,
        origins=(Origin.DECLARED,),
        environment=said.environment,
        properties=resolved(said.properties),
        valid=Interval(SINCE),
        conditions=(),
        claims=(CLAIM,),
        sources=(SCOPE.source,),
    )


def folded(
    nodes: list[NodeFacts], edges: list[EdgeFacts], others: dict[Uid, Kind]
) -> tuple[list[Node], list[Edge]]:
    kinds = {said.uid: said.kind for said in nodes} | others
    return (
        [folded_node(said) for said in nodes] + [mentioned_node(uid, kind) for uid, kind in others.items()],
        [folded_edge(said, number, kinds) for number, said in enumerate(edges)],
    )


def resolved(properties: Properties) -> MappingProxyType[str, ResolvedValue]:
    return MappingProxyType(
        {name: ResolvedValue(value, CLAIM, SCOPE.source, SINCE) for name, value in properties.items()}
    )


def by_text(said: list[NodeFacts] | list[EdgeFacts]) -> list[str]:
    """Facts in an order of their own, for comparison."""
    return sorted(repr(plain(one)) for one in said)


def plain(one: NodeFacts | EdgeFacts) -> tuple[object, ...]:
    values = sorted((name, type(value).__name__, value) for name, value in one.properties.items())
    if isinstance(one, NodeFacts):
        return (one.uid, one.kind, one.type, one.name, values, one.external_ids)
    return (
        *(one.relation, one.subject, one.object, sorted(one.marks), one.environment, values),
        *(one.subject_kind, one.object_kind),
    )
