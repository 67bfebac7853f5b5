"""What of the estate is governed, and why."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import field

from api.cursors import Place, resumed
from api.graphql.at import standpoint_of
from api.graphql.basis import Basis, basis_of
from api.graphql.context import Info
from api.graphql.nodes import AtArgument, NodeBrief, brief_of
from api.graphql.outcomes import InvalidQuestion, NotFound, asked
from api.graphql.paging import After, First, PageInfo, page_size
from graph.model import Uid
from graph.vocabulary import Certainty, Harm, Kind
from queries.filters import NodeFilter
from queries.inventory import (
    Ground,
    InventoryAnswer,
    InventoryQuestion,
    InventoryRow,
    Why,
    find_inventory,
)

_FIRST = 100


@strawberry.type(description="One reason for which a node is in scope.")
class InventoryReason:
    """A ground."""

    why: Why = field(description="What sort of reason it is.")
    certainty: Certainty = field(description="Whether it is certain.")
    relation: str | None = field(description="The relation of the edge that brings it in, if it is one.")
    other: strawberry.ID | None = field(description="The uid at the other end of that edge.")
    harm: Harm | None = field(description="The harm that leads along that edge.")
    more: int = field(description="How many more reasons of this sort there are.")


@strawberry.type(description="A node that is in scope, with the reasons.")
class InventoryNode:
    """A row."""

    node: NodeBrief = field(description="The node.")
    certainty: Certainty = field(description="Certain if one of the reasons is.")
    grounds: list[InventoryReason] = field(description="One reason of each sort, the weightiest first.")


@strawberry.type(description="The governed part of the estate.")
class Inventory:
    """An inventory."""

    basis: Basis = field(description="On what the answer stands.")
    nodes: list[InventoryNode] = field(description="Nodes in scope, by uid.")
    in_scope: int = field(description="How many nodes are in scope for certain, listed or not.")
    possibly: int = field(description="How many more are in scope possibly.")
    page_info: PageInfo = field(description="Where the page ends.")
    out_of_scope: int = field(description="How many nothing that is known brings into scope.")
    left_out: int = field(description="How many the filter leaves out only for what is not known of them.")


InventoryResult = Annotated[
    Inventory | NotFound | InvalidQuestion,
    strawberry.union("InventoryResult", description="An inventory, or why there is none."),
]


def resolve_inventory(
    info: Info,
    kinds: Annotated[
        list[Kind] | None, strawberry.argument(description="Only nodes of these kinds; all if absent.")
    ] = None,
    environments: Annotated[
        list[str] | None, strawberry.argument(description="Only in these environments; all if absent.")
    ] = None,
    min_criticality: Annotated[
        int | None, strawberry.argument(description="Only of this criticality and above.")
    ] = None,
    grounds: Annotated[
        list[Why] | None, strawberry.argument(description="Only for one of these reasons; all if absent.")
    ] = None,
    first: First = _FIRST,
    after: After = None,
    at: AtArgument = None,
) -> InventoryResult:
    """Answer `inventory`."""
    return asked(
        lambda: _inventory(
            info,
            NodeFilter(frozenset(kinds or ()), frozenset(environments or ()), min_criticality),
            frozenset(grounds or ()),
            first,
            resumed(after, standpoint_of(at)),
        )
    )


def _inventory(
    info: Info, wanted: NodeFilter, grounds: frozenset[Why], first: int, place: Place
) -> Inventory:
    question = InventoryQuestion(
        filter=wanted,
        why=grounds,
        after=None if place.key is None else Uid("".join(place.key)),
        limit=page_size(first),
        standpoint=place.standpoint,
    )
    return _answer_of(find_inventory(info.context.session.estate, question), place)


def _answer_of(answer: InventoryAnswer, place: Place) -> Inventory:
    end = None if answer.basis.truncated is None else place.after(answer.basis, (answer.rows[-1].node.uid,))
    return Inventory(
        basis=basis_of(answer.basis),
        page_info=PageInfo(has_next_page=end is not None, end_cursor=end),
        nodes=[_row_of(row) for row in answer.rows],
        in_scope=answer.in_scope,
        possibly=answer.possibly,
        out_of_scope=answer.out_of_scope,
        left_out=answer.hidden.total,
    )


def _row_of(row: InventoryRow) -> InventoryNode:
    return InventoryNode(
        node=brief_of(row.node),
        certainty=row.certainty,
        grounds=[_ground_of(ground) for ground in row.grounds],
    )


def _ground_of(ground: Ground) -> InventoryReason:
    return InventoryReason(
        why=ground.why,
        certainty=ground.certainty,
        relation=ground.relation,
        other=None if ground.other is None else strawberry.ID(ground.other),
        harm=ground.harm,
        more=ground.more,
    )


@strawberry.type
class InventoryQuery:
    """The inventory."""

    inventory: InventoryResult = field(
        resolver=resolve_inventory,
        description="What could harm something else, is approved, in production or exposed; with reasons.",
    )
