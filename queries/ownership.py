"""Who answers for every node at a date, how that is known, and where nobody does.

The rules are the vocabulary's: a node's own accountable owner, else that of what it is a
version of, a part of, or within; `ownership_rules` says what the owners found come to.
What no source has looked into is not a gap and never passes: it is counted apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeVar

from graph.model import Edge, Node, Uid
from graph.vocabulary import Certainty, End, Kind
from queries.basis import Basis, Bound, Truncation, basis_of
from queries.consequence import NOT_WALKED, Consequence, consequences_of
from queries.estate import HERE_AND_NOW, Estate, EstateView, Standpoint
from queries.filters import EVERYTHING, Hidden, NodeFilter
from queries.liveness import GROUP_TYPES
from queries.owner_suggestions import (
    Hints,
    Suggestion,
    Unowned,
    hint_relations,
    hints_of,
    suggested_owners,
)
from queries.owners import MEMBER_OF, book_around, book_relations, whole_book
from queries.ownership_rules import (
    Exemptions,
    Judge,
    NodeOwnership,
    Reason,
    Standing,
    is_ownable,
    ownership_relations,
)
from queries.places import PLACING, places_at

OWNABLE_KINDS: Final = (Kind.ASSET, Kind.IDENTITY, Kind.SECRET, Kind.DATASET)

Counted = TypeVar("Counted", bound=str)


@dataclass(frozen=True, slots=True)
class OwnershipQuestion:
    """Ask who owns some nodes (None: all that should have an owner), perhaps only some of them.

    `rank_gaps` is how many gaps are weighed, those at the most critical nodes, and `rank_states`
    bounds each walk that weighs one; None is without bound. Neither is a time, so the same
    question always has the same order, and pages of it fit together. Without `weighs` gaps are
    listed by uid, without what they may lead to and who might own them, and nothing is cut.
    """

    uids: tuple[Uid, ...] | None = None
    only: NodeFilter = EVERYTHING
    standpoint: Standpoint = HERE_AND_NOW
    rank_states: int | None = 2_000
    rank_gaps: int | None = 500
    weighs: bool = True


@dataclass(frozen=True, slots=True)
class Gap:
    """A node that nobody answers for, what that may lead to, and who might."""

    ownership: NodeOwnership
    consequence: Consequence
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class OwnershipAnswer:
    """The owners of every node asked about, in order of uid, and the gaps, the gravest first.

    `standings` counts the nodes by standing and adds up to all of them. `reasons` counts the
    gaps by reason, `reasons_elsewhere` all other nodes, for which a reason is no finding; a node
    may have several. Of the nodes asked about, `not_ownable` need no owner
    and for `kind_unknown` it is not known whether they do. `hidden` are the
    nodes that need an owner, or may, and are left out only for what is not known of them.
    `question` says of which nodes all this is.
    """

    basis: Basis
    question: OwnershipQuestion
    nodes: tuple[NodeOwnership, ...]
    gaps: tuple[Gap, ...]
    standings: Mapping[Standing, int]
    reasons: Mapping[Reason, int]
    reasons_elsewhere: Mapping[Reason, int]
    not_ownable: int
    kind_unknown: int
    hidden: Hidden


def find_ownership(estate: Estate, question: OwnershipQuestion) -> OwnershipAnswer:
    """Return who owns the nodes asked about, and every gap with its weight and suggestions.

    Gaps are ordered by what the node can harm; see `consequence`.

    Raises:
        NodeNotFound: for a uid that nothing mentions at these times.

    Cost: for all nodes one pass over nodes and edges and a bounded walk for each gap and harm;
    for some nodes a few reads of the store besides.
    """
    view = estate.view(question.standpoint)
    is_all = question.uids is None
    asked = view.existing(question.uids) if question.uids is not None else tuple(view.all_nodes())
    edges = view.all_edges(_relations(view)) if is_all else None
    perhaps = [node for node in asked if question.only.may_admit(node)]
    exempt = _exempt(view, perhaps, edges)
    needing = {node.uid for node in perhaps if is_ownable(view.rules, node, exempt.certain, in_doubt=True)}
    wanted = [node for node in perhaps if question.only.admits(node)]
    ownable = [node for node in wanted if node.uid in needing]
    hints = _hints(view, ownable, edges)
    judge = Judge.over(view, hints.book, ownable, exempt.every, places_at(view, ownable, edges))
    rows = tuple(judge.judge(node) for node in sorted(ownable, key=lambda node: node.uid))
    gaps = _gaps(view, question, hints, rows)
    kind_unknown = sum(node.kind is Kind.UNKNOWN for node in wanted)
    return OwnershipAnswer(
        basis=_basis(view, question, rows, gaps),
        question=question,
        nodes=rows,
        gaps=gaps,
        standings=_counted(row.standing for row in rows),
        reasons=_counted(reason for gap in gaps for reason in gap.ownership.reasons),
        reasons_elsewhere=_counted(
            reason for row in rows if row.standing is not Standing.GAP for reason in row.reasons
        ),
        not_ownable=len(wanted) - len(ownable) - kind_unknown,
        kind_unknown=kind_unknown,
        hidden=question.only.hidden(
            node for node in perhaps if node.uid in needing or node.kind is Kind.UNKNOWN
        ),
    )


def owners_at(view: EstateView, nodes: Collection[Node]) -> Mapping[Uid, NodeOwnership]:
    """Return how it stands with the owners of the ownable ones among some nodes, by canonical uid.

    Cost: a few reads of the store, whatever the number of nodes.
    """
    exempt = _exempt(view, nodes)
    ownable = [node for node in nodes if is_ownable(view.rules, node, exempt.certain, in_doubt=True)]
    book = book_around(view, {node.uid for node in ownable})
    judge = Judge.over(view, book, ownable, exempt.every, places_at(view, ownable))
    return {node.uid: judge.judge(node) for node in ownable}


def _relations(view: EstateView) -> set[str]:
    """Return every relation that an answer about all nodes looks at, so that they are read once."""
    exempting = {relation for entry in view.rules.ownable for relation, _ in entry.except_object_of}
    return {*book_relations(view), *hint_relations(view), *exempting, *PLACING}


def _exempt(view: EstateView, nodes: Collection[Node], edges: Sequence[Edge] | None = None) -> Exemptions:
    """Return what exempts nodes from having an owner.

    `edges` are those of the whole estate, None to read those at the nodes.
    """
    marks = {pair for entry in view.rules.ownable for pair in entry.except_object_of}
    if edges is None:
        relations = {relation for relation, _ in marks}
        edges = view.edges({node.uid for node in nodes}, relations=relations, end=End.OBJECT)
    found = [
        (edge.certainty, (relation, mark, edge.object.uid))
        for edge in edges
        for relation, mark in marks
        if edge.relation == relation and mark in edge.marks
    ]
    sure = frozenset(exemption for certainty, exemption in found if certainty is Certainty.CERTAIN)
    return Exemptions(sure, frozenset(exemption for _, exemption in found))


def _hints(view: EstateView, nodes: Collection[Node], edges: Sequence[Edge] | None) -> Hints:
    """Return the owners of nodes, and of what surrounds them; `edges` as for exemptions."""
    relations = hint_relations(view)
    if edges is not None:
        return hints_of(view, whole_book(view, edges), [e for e in edges if e.relation in relations])
    uids = {node.uid for node in nodes}
    found = view.edges(uids, relations=relations)
    around = {end.uid for edge in found for end in (edge.subject, edge.object)}
    return hints_of(view, book_around(view, uids | around), found)


def _gaps(
    view: EstateView, question: OwnershipQuestion, hints: Hints, rows: Collection[NodeOwnership]
) -> tuple[Gap, ...]:
    """Return the gaps among rows: what was walked first, then by weight, unknown weight and uid."""
    found = [row for row in rows if row.standing is Standing.GAP]
    if not question.weighs:
        return tuple(Gap(row, NOT_WALKED, ()) for row in found)
    suggestions = suggested_owners(view, hints, [Unowned(row.node.uid, row.holdings) for row in found])
    consequences = consequences_of(
        view,
        [row.node for row in found],
        max_states=question.rank_states,
        max_nodes=question.rank_gaps,
    )
    gaps = [Gap(row, consequences[row.node.uid], suggestions[row.node.uid]) for row in found]
    return tuple(sorted(gaps, key=_gravest_first))


def _gravest_first(gap: Gap) -> tuple[bool, int, int, Uid]:
    weight = gap.consequence
    return not weight.assessed, -weight.weight, -weight.unknown, gap.ownership.node.uid


def _basis(
    view: EstateView,
    question: OwnershipQuestion,
    rows: Collection[NodeOwnership],
    gaps: Collection[Gap],
) -> Basis:
    people = [owner.node for row in rows for owner in row.owners if owner.node is not None]
    truncated = None
    if question.weighs and any(not gap.consequence.assessed for gap in gaps):
        # All gaps are there: what is cut is the ranking.
        truncated = Truncation("rank_gaps", question.rank_gaps)
    ranks: dict[str, Bound] = {"rank_states": question.rank_states, "rank_gaps": question.rank_gaps}
    bounds = ranks if question.weighs else {}
    owned = {row.node.uid for row in rows}
    return basis_of(
        view,
        [*(row.node for row in rows), *people],
        relations=lambda node: _relations_that_matter(view, node, is_owned=node.uid in owned),
        kinds=OWNABLE_KINDS,
        bounds=bounds,
        truncated=truncated,
    )


def _relations_that_matter(view: EstateView, node: Node, *, is_owned: bool) -> list[str]:
    """Return over which relations an owner of a node, or a member of a team, may have been missed."""
    relations = ownership_relations(view.rules, node) if is_owned else ()
    return [*relations, *([MEMBER_OF] if node.type in GROUP_TYPES else [])]


def _counted(found: Iterable[Counted]) -> Mapping[Counted, int]:
    return MappingProxyType(dict(sorted(Counter(found).items())))
