"""Nodes by id: what all sources together say about them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, TypeAlias

import strawberry
from strawberry import field

from api.graphql.at import At, standpoint_of, time_of
from api.graphql.basis import Basis, basis_of
from api.graphql.context import Info
from api.graphql.outcomes import InvalidQuestion, NotFound, asked
from api.graphql.paging import PAGE_MOST
from api.said import texts_of
from graph import errors, model
from graph.model import PropertyValue, Uid
from graph.vocabulary import Kind
from queries.basis import basis_of as find_basis
from queries.filters import criticality_of, environment_of


@strawberry.type(description="An id that another system gives a node.")
class ExternalId:
    """An external id."""

    scheme: str = field(description="Whose id it is, such as arn or email.")
    value: str = field(description="The id.")


@strawberry.type(description="A property's value, and the claim it comes from.")
class Property:
    """A resolved property."""

    name: str = field(description="The property's name.")
    values: list[str] = field(description="Its value as text; several for a list.")
    source: str = field(description="The source instance whose word it is.")
    claim: strawberry.ID = field(description="The claim it comes from; see history.")
    since: datetime | None = field(description="From when on it is valid; null for always.")


@strawberry.type(description="One value that a contested property may have.")
class Reading:
    """A value."""

    values: list[str] = field(description="The value as text; several for a list.")


@strawberry.type(description="A property in which sources of equal precedence contradict each other.")
class Contested:
    """A property without a value that all agree on."""

    name: str = field(description="The property's name, or type.")
    readings: list[Reading] = field(description="Every value that is claimed; nothing decides between them.")


@strawberry.type(description="What a list shows of a node.")
class NodeBrief:
    """A node in a list: plain attributes only."""

    uid: strawberry.ID = field(description="The uid that stands for everything that is the same thing.")
    kind: Kind = field(description="What sort of thing it is.")
    type: str | None = field(description="Its type within the kind; null where no source says one.")
    name: str | None = field(description="Its name; null where no source gives one.")
    described: bool = field(description="False where sources only mention it.")
    environment: str = field(description="Its environment; unknown where no source says one.")
    criticality: int | None = field(description="Its criticality from 0 to 4; null where it is unknown.")


@strawberry.type(description="Everything that all sources together say about a node at one pair of times.")
class Node:
    """A node with all that is known of it."""

    brief: NodeBrief = field(description="What lists show of it.")
    basis: Basis = field(description="On what the answer stands.")
    members: list[strawberry.ID] = field(description="All uids that are the same thing, the canonical first.")
    external_ids: list[ExternalId] = field(description="Its ids in other systems.")
    properties: list[Property] = field(
        description="Its properties, by name. Of a contested one, only the value that answers show."
    )
    contested: list[Contested] = field(description="Where sources contradict each other, by name.")
    sources: list[str] = field(description="The source instances that describe it.")


@strawberry.type(description="Several nodes at once.")
class Nodes:
    """Nodes by ids."""

    basis: Basis = field(description="On what the answer stands.")
    nodes: list[NodeBrief] = field(description="Those that exist, in the order asked for, each once.")
    not_found: list[strawberry.ID] = field(description="Those about which no source says anything.")


NodeResult = Annotated[
    Node | NotFound | InvalidQuestion,
    strawberry.union("NodeResult", description="A node, or why there is none."),
]
NodesResult = Annotated[
    Nodes | NotFound | InvalidQuestion,
    strawberry.union("NodesResult", description="Nodes, or why the question has no answer."),
]
AtArgument: TypeAlias = Annotated[
    At | None, strawberry.argument(description="The date and the knowledge to answer for; now if absent.")
]
UidArgument: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="Any uid of the node.")]
UidsArgument: TypeAlias = Annotated[
    list[strawberry.ID], strawberry.argument(description="Any uids of the nodes, 1 to 100.")
]


def brief_of(node: model.Node) -> NodeBrief:
    """Return what lists show of a node."""
    return NodeBrief(
        uid=strawberry.ID(node.uid),
        kind=node.kind,
        type=node.type,
        name=node.name,
        described=node.described,
        environment=environment_of(node),
        criticality=criticality_of(node),
    )


def contested_of(contested: Mapping[str, tuple[PropertyValue, ...]]) -> list[Contested]:
    """Return the properties between whose values nothing decides, by name."""
    return [
        Contested(name=name, readings=[Reading(values=texts_of(value)) for value in values])
        for name, values in sorted(contested.items())
    ]


def uids_of(ids: list[strawberry.ID], name: str) -> tuple[Uid, ...]:
    """Return ids as uids.

    Raises:
        InvalidQuestion: for none at all, which is no question, and for more than one may name.
    """
    if not 1 <= len(ids) <= PAGE_MOST:
        raise errors.InvalidQuestion(name, f"{len(ids)} nodes", f"1 to {PAGE_MOST} uids")
    return tuple(Uid(uid) for uid in ids)


def resolve_node(info: Info, id: UidArgument, at: AtArgument = None) -> NodeResult:  # noqa: A002 - Relay's name
    """Answer `node`."""
    return asked(lambda: _node(info, Uid(id), at))


def resolve_nodes(info: Info, ids: UidsArgument, at: AtArgument = None) -> NodesResult:
    """Answer `nodes`."""
    return asked(lambda: _nodes(info, ids, at))


def _node(info: Info, uid: Uid, at: At | None) -> Node:
    view = info.context.session.estate.view(standpoint_of(at))
    node = view.node(uid)
    return Node(
        brief=brief_of(node),
        basis=basis_of(find_basis(view, [node])),
        members=[strawberry.ID(member) for member in node.members],
        external_ids=[ExternalId(scheme=i.scheme, value=i.value) for i in node.external_ids],
        properties=[
            Property(
                name=name,
                values=texts_of(found.value),
                source=str(found.source),
                claim=strawberry.ID(found.claim_id),
                since=time_of(found.since),
            )
            for name, found in sorted(node.properties.items())
        ],
        contested=contested_of(node.contested),
        sources=[str(source) for source in node.sources],
    )


def _nodes(info: Info, ids: list[strawberry.ID], at: At | None) -> Nodes:
    view = info.context.session.estate.view(standpoint_of(at))
    found = view.nodes(uids_of(ids, "ids"))
    once = {found[Uid(uid)].uid: found[Uid(uid)] for uid in ids if Uid(uid) in found}
    return Nodes(
        basis=basis_of(find_basis(view, once.values())),
        nodes=[brief_of(node) for node in once.values()],
        not_found=[uid for uid in ids if Uid(uid) not in found],
    )


@strawberry.type
class NodesQuery:
    """Nodes by id."""

    node: NodeResult = field(resolver=resolve_node, description="One node by any of its uids.")
    nodes: NodesResult = field(resolver=resolve_nodes, description="Several nodes by any of their uids.")
