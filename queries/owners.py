"""Who owns what at one date, and whether they are still there: the edges and people that tell it.

Read at once, either for the whole estate or for some nodes and all that their owners can
depend on, so that no answer asks the store node by node.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from graph.model import Edge, EdgeFacts, Node, Uid
from graph.vocabulary import Certainty, End
from queries.estate import EstateView
from queries.inheritance import ACCOUNTABLE, Inheritance
from queries.liveness import LifeBook

OWNS: Final = "OWNS"
MEMBER_OF: Final = "MEMBER_OF"


@dataclass(frozen=True)
class OwnerBook:
    """Owners and their lives at one date.

    `inheritance` gives the accountable owners, `certain_inheritance` those that it would give
    without what is only possible; `life` tells how it stands with an identity.
    `people` holds the nodes of all owners and members by uid, `helpers` the stewards' and
    contacts' OWNS edges by what they own, and `teams` what an owner is or ever was in.
    """

    inheritance: Inheritance
    certain_inheritance: Inheritance
    life: LifeBook
    people: Mapping[Uid, Node]
    helpers: Mapping[Uid, tuple[Edge, ...]]
    teams: Mapping[Uid, tuple[Uid, ...]]


def whole_book(view: EstateView, edges: Iterable[Edge]) -> OwnerBook:
    """Return the owners of the whole estate from all its edges, or at least those of `book_relations`.

    Cost: two reads of the store.
    """
    wanted = book_relations(view)
    return _book(view, [edge for edge in edges if edge.relation in wanted])


def book_relations(view: EstateView) -> frozenset[str]:
    """Return the relations that tell who owns what and whether they are there."""
    return frozenset({OWNS, MEMBER_OF, *structure_relations(view)})


def book_around(view: EstateView, uids: Collection[Uid]) -> OwnerBook:
    """Return the owners of some nodes, given by canonical uid.

    Cost: three reads of the store for each step up to what the nodes belong to, and for
    each level of teams within teams.
    """
    edges: list[Edge] = []
    seen, frontier = set(uids), set(uids)
    while frontier:
        found = view.edges(frontier, relations=structure_relations(view), end=End.SUBJECT)
        edges += found
        frontier = {edge.object.uid for edge in found} - seen
        seen |= frontier
    owning = view.edges(seen, relations=[OWNS], end=End.OBJECT)
    teams = _teams(view, {edge.subject.uid for edge in owning})
    people = {edge.subject.uid for edge in owning} | {team for found in teams.values() for team in found}
    seen, frontier = set(people), people
    while frontier:
        found = view.edges(frontier, relations=[OWNS, MEMBER_OF], end=End.OBJECT)
        edges += found
        frontier = {edge.subject.uid for edge in found} - seen
        seen |= frontier
    return _book(view, {edge.eid: edge for edge in (*edges, *owning)}.values(), teams)


def structure_relations(view: EstateView) -> tuple[str, ...]:
    """Return the relations over which an owner may be inherited, in the order in which they are tried."""
    return tuple(step.via for step in view.rules.ownership_steps if step.via is not None)


def _book(
    view: EstateView, edges: Iterable[Edge], teams: Mapping[Uid, tuple[Uid, ...]] | None = None
) -> OwnerBook:
    by_relation: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        by_relation[edge.relation].append(edge)
    owning, memberships = by_relation.pop(OWNS, []), by_relation.pop(MEMBER_OF, [])
    if teams is None:
        teams = _teams(view, {edge.subject.uid for edge in owning})
    accountable = [edge for edge in owning if ACCOUNTABLE in edge.marks]
    ends = {uid for edge in memberships for uid in (edge.subject.uid, edge.object.uid)}
    people = view.nodes(
        ends | {edge.subject.uid for edge in owning} | {team for found in teams.values() for team in found}
    )
    helpers: dict[Uid, list[Edge]] = defaultdict(list)
    for edge in owning:
        if ACCOUNTABLE not in edge.marks:
            helpers[edge.object.uid].append(edge)
    structure = [edge for found in by_relation.values() for edge in found]
    inheritance = Inheritance(view.rules.ownership_steps, accountable, structure)
    sure_owning, sure_structure = _certain(accountable), _certain(structure)
    certain_inheritance = inheritance
    if len(sure_owning) < len(accountable) or len(sure_structure) < len(structure):
        certain_inheritance = Inheritance(view.rules.ownership_steps, sure_owning, sure_structure)
    return OwnerBook(
        inheritance,
        certain_inheritance,
        LifeBook(people, memberships, accountable, view.coverage, view.at.valid),
        people,
        {uid: tuple(found) for uid, found in helpers.items()},
        teams,
    )


def _certain(edges: Iterable[Edge]) -> list[Edge]:
    return [edge for edge in edges if edge.certainty is Certainty.CERTAIN]


def _teams(view: EstateView, owners: Collection[Uid]) -> dict[Uid, tuple[Uid, ...]]:
    """Return the teams that owners are in or have been in before the date: whoever leaves, leaves those too.

    Cost: one read of the store.
    """
    picture = view.ledger.picture(view.at.known)
    teams: dict[Uid, set[Uid]] = defaultdict(set)
    for row in picture.edge_rows(owners, End.SUBJECT) if owners else ():
        facts = row.claim.about
        if isinstance(facts, EdgeFacts) and facts.relation == MEMBER_OF and row.valid.start <= view.at.valid:
            owner = picture.identity.canonical(facts.subject)
            teams[owner].add(picture.identity.canonical(facts.object))
    return {owner: tuple(sorted(found)) for owner, found in teams.items()}
