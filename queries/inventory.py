"""What of the estate is governed, and why: the part of the registry that somebody has to answer for.

A registry lists everything that anything runs. In scope here is what could bring harm to
something else, what was approved, what runs in production, and what others can reach: each
with the fact that brings it in. What brings it in only possibly, or would if more were known,
is said so and not counted as in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from graph.model import Edge, Node, Uid
from graph.vocabulary import Certainty, End, Harm, HarmRule, Kind, Vocabulary
from queries.basis import Basis, Truncation, basis_of
from queries.estate import HERE_AND_NOW, Estate, EstateView, Standpoint
from queries.filters import EVERYTHING, Hidden, NodeFilter
from queries.places import PLACING, PRODUCTION, places_at

LEADING: Final = frozenset({Harm.CONTROLLED, Harm.DISCLOSED, Harm.TAINTED})
"""The harms whose way from one node to another brings the first one into scope."""

_ESTATE: Final = frozenset({Kind.ASSET, Kind.IDENTITY, Kind.SECRET, Kind.DATASET})
_GOVERNED: Final = _ESTATE | {Kind.UNKNOWN}
"""Kinds of the estate, and what may be of one; rules, evidence and decisions are what it is governed by."""


class Why(StrEnum):
    """What brings a node into scope, the weightiest first."""

    LEADS = "leads"
    """A rule leads from a harm at it to another node."""

    PRODUCTION = "production"
    """It runs in production."""

    APPROVED = "approved"
    """A decision approved it, or a source calls it approved."""

    EXPOSED = "exposed"
    """It is exposed to a network zone."""


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason for which a node is in scope: the first of its sort, and how many more there are.

    ``relation`` and ``other`` name the edge, where it is one; ``harm`` what leads along it.
    """

    why: Why
    certainty: Certainty
    relation: str | None = None
    other: Uid | None = None
    harm: Harm | None = None
    more: int = 0


@dataclass(frozen=True, slots=True)
class InventoryRow:
    """A node with the grounds on which it is in scope; for certain, if one of them is certain."""

    node: Node
    grounds: tuple[Ground, ...]

    @property
    def certainty(self) -> Certainty:
        """Return whether it is in scope for certain."""
        certain = any(ground.certainty is Certainty.CERTAIN for ground in self.grounds)
        return Certainty.CERTAIN if certain else Certainty.POSSIBLE


@dataclass(frozen=True, slots=True)
class InventoryQuestion:
    """Ask what is governed; filters narrow what is listed, `limit` bounds it.

    `after` is the uid of the last node of the page before.
    """

    filter: NodeFilter = EVERYTHING
    why: frozenset[Why] = frozenset()
    after: Uid | None = None
    limit: int | None = None
    standpoint: Standpoint = HERE_AND_NOW


@dataclass(frozen=True, slots=True)
class InventoryAnswer:
    """The nodes in scope in order of uid.

    `in_scope` and `possibly` count all of them, listed or not; `out_of_scope` are nodes of the
    estate that nothing brings in: not known to matter, which is not the same as known not to.
    """

    basis: Basis
    rows: tuple[InventoryRow, ...]
    in_scope: int
    possibly: int
    out_of_scope: int
    hidden: Hidden


def find_inventory(estate: Estate, question: InventoryQuestion) -> InventoryAnswer:
    """Return what is governed, and why.

    Cost: one pass over all nodes, and one over all edges.
    """
    view = estate.view(question.standpoint)
    nodes = {node.uid: node for node in view.all_nodes()}
    governed = {uid: node for uid, node in nodes.items() if node.kind in _GOVERNED}
    edges = view.all_edges([relation.name for relation in view.rules.relations])
    grounds = _grounds(view, governed, nodes, edges)
    rows = [InventoryRow(governed[uid], tuple(grounds[uid])) for uid in sorted(grounds)]
    wanted = [r for r in rows if not question.why or any(g.why in question.why for g in r.grounds)]
    shown = [r for r in wanted if question.filter.admits(r.node) and r.node.uid > (question.after or "")]
    listed = shown if question.limit is None else shown[: question.limit]
    cut = None
    if len(listed) < len(shown):
        cut = Truncation("limit", question.limit, hidden=len(shown) - len(listed))
    certain = sum(row.certainty is Certainty.CERTAIN for row in rows)
    return InventoryAnswer(
        basis=basis_of(
            view,
            governed.values(),
            relations=lambda node: _deciding(view.rules, node.kind),
            kinds=_ESTATE,
            bounds={"limit": question.limit},
            truncated=cut,
        ),
        rows=tuple(listed),
        in_scope=certain,
        possibly=len(rows) - certain,
        out_of_scope=len(governed) - len(rows),
        hidden=question.filter.hidden(row.node for row in wanted),
    )


def _grounds(
    view: EstateView, governed: Mapping[Uid, Node], nodes: Mapping[Uid, Node], edges: list[Edge]
) -> Mapping[Uid, list[Ground]]:
    found: dict[Uid, list[Ground]] = defaultdict(list)
    for uid, ground in (
        *_leading(view.rules, edges),
        *_running(view, governed, edges),
        *_approved(view, governed, nodes, edges),
        *_exposed(edges),
    ):
        if uid in governed:
            found[uid].append(ground)
    return {uid: list(_summed(several)) for uid, several in found.items()}


def _leading(rules: Vocabulary, edges: Iterable[Edge]) -> Iterator[tuple[Uid, Ground]]:
    """Yield what each edge brings in: the end from which a rule leads to the other."""
    for edge in edges:
        if edge.subject.uid == edge.object.uid:
            continue
        kinds = edge.subject.kind, edge.object.kind
        for rule, on_kinds in rules.rules_between(edge.relation, *kinds):
            certainty = _fires(rule, on_kinds, edge)
            if certainty is not None:
                origin, other = _ends(rule, edge)
                yield origin, Ground(Why.LEADS, certainty, edge.relation, other, rule.harm)


def _fires(rule: HarmRule, on_kinds: Certainty, edge: Edge) -> Certainty | None:
    """Return how surely a rule leads along an edge between ends of such kinds; None where it does not."""
    on_marks = rule.on_marks(edge.marks, edge.possible_marks)
    if rule.harm not in LEADING or on_marks is None:
        return None
    all_certain = {on_marks, on_kinds, edge.certainty} == {Certainty.CERTAIN}
    return Certainty.CERTAIN if all_certain and rule.condition is None else Certainty.POSSIBLE


def _ends(rule: HarmRule, edge: Edge) -> tuple[Uid, Uid]:
    if rule.origin_end is End.SUBJECT:
        return edge.subject.uid, edge.object.uid
    return edge.object.uid, edge.subject.uid


def _running(
    view: EstateView, governed: Mapping[Uid, Node], edges: Iterable[Edge]
) -> Iterator[tuple[Uid, Ground]]:
    placing = [edge for edge in edges if edge.relation in PLACING]
    for uid, found in places_at(view, list(governed.values()), placing).items():
        if PRODUCTION in found:
            yield uid, Ground(Why.PRODUCTION, Certainty.CERTAIN if found[PRODUCTION] else Certainty.POSSIBLE)


def _approved(
    view: EstateView, governed: Mapping[Uid, Node], nodes: Mapping[Uid, Node], edges: Iterable[Edge]
) -> Iterator[tuple[Uid, Ground]]:
    """Yield what an approval that has not expired is about, and what a source calls approved."""
    for uid, node in governed.items():
        if node.get("lifecycle") == "approved" and "lifecycle" not in node.contested:
            yield uid, Ground(Why.APPROVED, Certainty.CERTAIN)
    for edge in edges:
        decision = nodes.get(edge.subject.uid)
        if edge.relation == "ABOUT" and decision is not None and _approves(decision, view):
            yield edge.object.uid, Ground(Why.APPROVED, edge.certainty, edge.relation, decision.uid)


def _approves(decision: Node, view: EstateView) -> bool:
    expires = decision.integer("expires")
    still = expires is None or view.at.valid < expires
    return decision.kind is Kind.DECISION and decision.type == "approval" and still


def _exposed(edges: Iterable[Edge]) -> Iterator[tuple[Uid, Ground]]:
    for edge in edges:
        if edge.relation == "EXPOSED_TO":
            yield edge.subject.uid, Ground(Why.EXPOSED, edge.certainty, edge.relation, edge.object.uid)


def _summed(grounds: Iterable[Ground]) -> Iterator[Ground]:
    """Yield one ground of each sort: the surest, then the first by its words, and how many more there are."""
    by_sort: dict[Why, list[Ground]] = defaultdict(list)
    for ground in set(grounds):
        by_sort[ground.why].append(ground)
    for why in Why:
        if why in by_sort:
            first, *others = sorted(by_sort[why], key=_rank)
            yield Ground(why, first.certainty, first.relation, first.other, first.harm, len(others))


def _rank(ground: Ground) -> tuple[bool, str, str, str]:
    is_possible = ground.certainty is Certainty.POSSIBLE
    return is_possible, ground.relation or "", ground.other or "", ground.harm or ""


def _deciding(rules: Vocabulary, kind: Kind) -> frozenset[str]:
    """Return the relations of which a missing edge could have left a node of a kind out of scope."""
    return frozenset({"EXPOSED_TO"} if kind is Kind.ASSET else set()) | frozenset(
        rule.relation
        for relation in rules.relations
        for rule in relation.rules
        if rule.harm in LEADING and kind in rule.kinds_at(rule.origin_end)
    )
