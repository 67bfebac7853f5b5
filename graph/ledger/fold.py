"""From rows of claims to nodes and edges: what all sources together say at a pair of times.

Folding is a pure function of rows, identity and refutations, so that both stores and
every question give the same answer. Nothing here reads a store.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from graph.ledger.check import kinds_allowed
from graph.ledger.claims import discriminator_of, edge_id_of
from graph.ledger.identity import IdentityMap
from graph.ledger.kinds import Description, speaking
from graph.ledger.port import EndKind
from graph.model import (
    NO_CONTEST,
    ClaimId,
    ClaimRow,
    Edge,
    EdgeFacts,
    Instant,
    Interval,
    Node,
    NodeFacts,
    NodeRef,
    NodeReport,
    PropertyValue,
    ResolvedValue,
    Scope,
    Uid,
)
from graph.vocabulary import VOCABULARY, Certainty, End, Kind, MarkSupport, Origin

FoldKey = tuple[str, Uid, Uid, str]
"""What makes claims speak of one edge: relation, canonical subject and object, discriminator."""

_CERTAIN_ORIGINS: Final = frozenset({Origin.DECLARED, Origin.OBSERVED})


def is_certain(row: ClaimRow) -> bool:
    """Return whether a claim makes an edge certain.

    A derived claim does if its deriver says so and names what supports it; an
    assumption never does.
    """
    return counts_as_certain(row.claim.certainty, row.claim.origin, supported=bool(row.claim.supports))


def counts_as_certain(certainty: Certainty, origin: Origin, *, supported: bool) -> bool:
    """Return whether a claim that says so, came about so, and may name supports, counts as certain."""
    if certainty is not Certainty.CERTAIN:
        return False
    return origin in _CERTAIN_ORIGINS or (origin is Origin.DERIVED and supported)


def fold_key(facts: EdgeFacts, identity: IdentityMap) -> FoldKey:
    """Return the folded edge that an edge claim belongs to."""
    return (
        facts.relation,
        identity.canonical(facts.subject),
        identity.canonical(facts.object),
        discriminator_of(facts),
    )


def is_loop(facts: EdgeFacts, identity: IdentityMap) -> bool:
    """Return whether an edge became a loop only because its two ends were found to be one node."""
    ends = {facts.subject, facts.object}
    return len(ends) == 2 and len({identity.canonical(uid) for uid in ends}) == 1


def folded_marks(rows: Collection[ClaimRow]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the marks that an edge has for certain, and those that it only possibly has.

    What every claim carries is certain: whichever of them is right, the edge has it. Of a
    mark that some claims carry and others do not, only certain claims can decide: most marks
    need one that carries it; ``optional``, which needs all, is ruled out by one that does not.
    """
    said = [(r.claim.about.marks, is_certain(r)) for r in rows if isinstance(r.claim.about, EdgeFacts)]
    every, sure = [marks for marks, _ in said], [marks for marks, certain in said if certain]
    has, may_have = set[str](), set[str]()
    for name in {name for carried in every for name in carried}:
        one_is_enough = not _needs_all_claims(name)
        by_certain_claims = [name in carried for carried in sure]
        if all(name in carried for carried in every) or (one_is_enough and any(by_certain_claims)):
            has.add(name)
        elif one_is_enough or all(by_certain_claims):
            may_have.add(name)
    return frozenset(has), frozenset(may_have)


def fold_edge(key: FoldKey, rows: Sequence[ClaimRow], kinds: Mapping[Uid, Kind]) -> Edge:
    """Return the edge that these rows, all live and about one fact, make."""
    relation, subject, object_, discriminator = key
    rows = sorted(rows, key=lambda row: row.claim_id)
    certain = any(is_certain(row) for row in rows)
    facts = [row.claim.about for row in rows if isinstance(row.claim.about, EdgeFacts)]
    marks, possible_marks = folded_marks(rows)
    environments = sorted({f.environment for f in facts if f.environment is not None})
    conditions = () if certain else sorted({r.claim.condition for r in rows if r.claim.condition})
    return Edge(
        eid=edge_id_of(relation, subject, object_, discriminator),
        relation=relation,
        subject=NodeRef(subject, kinds.get(subject, Kind.UNKNOWN)),
        object=NodeRef(object_, kinds.get(object_, Kind.UNKNOWN)),
        discriminator=discriminator,
        marks=marks,
        possible_marks=possible_marks,
        certainty=Certainty.CERTAIN if certain else Certainty.POSSIBLE,
        origins=tuple(sorted({row.claim.origin for row in rows})),
        environment=environments[0] if len(environments) == 1 else None,
        properties=resolved_properties(rows),
        valid=Interval(
            Instant(max(row.valid.start for row in rows)), Instant(min(row.valid.end for row in rows))
        ),
        conditions=tuple(conditions),
        claims=tuple(row.claim_id for row in rows),
        sources=tuple(sorted({row.claim.scope.source for row in rows})),
    )


def fold_node(
    uid: Uid,
    members: tuple[Uid, ...],
    kind: Kind,
    rows: Sequence[ClaimRow],
    told: Sequence[ClaimRow] | None = None,
) -> Node:
    """Return the node that these live rows describe; without rows it is only mentioned.

    ``told`` are all its rows at whatever date, by which it is known since when its sources
    have shown it; without them the live ones tell that.
    """
    ordered = sorted(rows, key=lambda row: row.claim_id)
    facts = [row.claim.about for row in ordered if isinstance(row.claim.about, NodeFacts)]
    properties = resolved_properties(ordered)
    return Node(
        ref=NodeRef(uid, kind),
        described=bool(rows),
        type=_text(_resolve("type", ordered)),
        name=_text(_resolve("name", ordered)),
        properties=properties,
        external_ids=tuple(sorted({i for fact in facts for i in fact.external_ids})),
        members=members,
        claims=tuple(row.claim_id for row in ordered),
        scopes=tuple(sorted({row.claim.scope for row in ordered})),
        contested=_contested(ordered, ("type", *properties)) if len(ordered) > 1 else NO_CONTEST,
        reports=_reports(ordered) if any(fact.coverage for fact in facts) else (),
        first_read=_first_read(ordered, ordered if told is None else told),
    )


def _first_read(rows: Iterable[ClaimRow], told: Iterable[ClaimRow]) -> Mapping[Scope, Instant]:
    """Return for each scope the reading by which it had shown all uids that it describes the node under.

    Each uid since the earliest reading that its rows come from; where none is told, since their start.
    """
    shown: dict[ClaimId, Instant] = {}
    for row in told:
        read_at = row.valid.start if row.read_at is None else row.read_at
        shown[row.claim_id] = min(read_at, shown.get(row.claim_id, read_at))
    first: dict[Scope, Instant] = {}
    for row in rows:
        scope, read_at = row.claim.scope, shown[row.claim_id]
        first[scope] = max(read_at, first.get(scope, read_at))
    return first


def _reports(rows: Iterable[ClaimRow]) -> tuple[NodeReport, ...]:
    """Return what each claim says of its completeness.

    From the reading on at the earliest: what was there before need not have been named.
    """
    return tuple(
        NodeReport(
            row.claim.scope, Instant(max(row.valid.start, row.read_at or row.valid.start)), facts.coverage
        )
        for row in rows
        if isinstance(facts := row.claim.about, NodeFacts)
    )


def resolved_properties(rows: Sequence[ClaimRow]) -> Mapping[str, ResolvedValue]:
    """Return each property with the value that precedence picks, by name in order."""
    names = sorted({name for row in rows for name in row.claim.about.properties})
    resolved = {name: _resolve(name, rows, in_properties=True) for name in names}
    return MappingProxyType({name: value for name, value in resolved.items() if value})


def _contested(rows: Sequence[ClaimRow], names: Iterable[str]) -> Mapping[str, tuple[PropertyValue, ...]]:
    """Return the values of the properties, and of the type, that sources of the highest precedence contest.

    That is what two give differently of which neither outranks the other by declaration, even
    though the resolved value has to be one of theirs.
    """
    found = {name: _best_values(rows, name) for name in names}
    return MappingProxyType({name: values for name, values in found.items() if len(values) > 1})


def _best_values(rows: Sequence[ClaimRow], name: str) -> tuple[PropertyValue, ...]:
    """Return the values that sources of the highest precedence give, each once; true and 1 are two."""
    order = _precedence(name)
    values = [(row, _value_in(row, name, in_properties=name != "type")) for row in rows]
    said = [(_rank(row, order), value) for row, value in values if value is not None]
    best = min((rank for rank, _ in said), default=0)
    found = {(type(value).__name__, value) for rank, value in said if rank == best}
    return tuple(value for _, value in sorted(found, key=repr))


def described_kind(rows: Iterable[ClaimRow]) -> Kind | None:
    """Return the kind that rows describe, the same at every valid time; None without rows."""
    found = speaking(_descriptions(rows))
    return found[0].kind if found else None


def _descriptions(rows: Iterable[ClaimRow]) -> Iterator[Description]:
    for row in rows:
        facts = row.claim.about
        if isinstance(facts, NodeFacts):
            source = str(row.claim.scope.source)
            yield Description(facts.uid, facts.kind, row.claim_id, row.content_digest, source, row.valid)


def mentioned_kind(ways: Iterable[EndKind]) -> Kind:
    """Return the one kind that all edges which mention a node allow, else unknown.

    >>> mentioned_kind([EndKind("USES_SECRET", End.OBJECT, None, "kubernetes/default")])
    <Kind.SECRET: 'Secret'>
    """
    allowed: frozenset[Kind] | None = None
    for way in ways:
        kinds = kinds_allowed(way)
        allowed = kinds if allowed is None else allowed & kinds
    return next(iter(allowed)) if allowed is not None and len(allowed) == 1 else Kind.UNKNOWN


def ways_mentioned(rows: Iterable[ClaimRow], identity: IdentityMap) -> dict[Uid, set[EndKind]]:
    """Return how edge rows mention each canonical node."""
    ways: dict[Uid, set[EndKind]] = defaultdict(set)
    for row in rows:
        facts = row.claim.about
        if isinstance(facts, EdgeFacts):
            source = str(row.claim.scope.source)
            subject = EndKind(facts.relation, End.SUBJECT, facts.subject_kind, source)
            object_ = EndKind(facts.relation, End.OBJECT, facts.object_kind, source)
            ways[identity.canonical(facts.subject)].add(subject)
            ways[identity.canonical(facts.object)].add(object_)
    return ways


def _resolve(name: str, rows: Sequence[ClaimRow], *, in_properties: bool = False) -> ResolvedValue | None:
    order = _precedence(name)
    best: tuple[tuple[int, int, int, str, str], ResolvedValue] | None = None
    for row in rows:
        value = _value_in(row, name, in_properties=in_properties)
        if value is None:
            continue
        source = row.claim.scope.source
        rank = (
            _rank(row, order),
            -row.valid.start,
            -row.said_in,
            str(source),
            row.claim_id,
        )
        if best is None or rank < best[0]:
            best = rank, ResolvedValue(value, row.claim_id, source, row.valid.start)
    return None if best is None else best[1]


def _value_in(row: ClaimRow, name: str, *, in_properties: bool) -> PropertyValue | None:
    facts = row.claim.about
    if in_properties:
        return facts.properties.get(name)
    if isinstance(facts, NodeFacts):
        return facts.type if name == "type" else facts.name
    return None


def _precedence(name: str) -> tuple[str, ...]:
    declared = VOCABULARY.property(name)
    return () if declared is None else declared.precedence


def _rank(row: ClaimRow, order: tuple[str, ...]) -> int:
    plugin = row.claim.scope.source.plugin
    return order.index(plugin) if plugin in order else len(order)


def _needs_all_claims(mark: str) -> bool:
    declared = VOCABULARY.mark(mark)
    return declared is not None and declared.support is MarkSupport.ALL_CLAIMS


def _text(resolved: ResolvedValue | None) -> str | None:
    return resolved.value if resolved and isinstance(resolved.value, str) else None
