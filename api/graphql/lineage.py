"""Where data comes from and where it goes."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import field

from api.graphql.at import standpoint_of
from api.graphql.basis import Basis, Truncation, basis_of, truncation_of
from api.graphql.context import Info
from api.graphql.nodes import AtArgument, NodeBrief, UidsArgument, brief_of, uids_of
from api.graphql.outcomes import InvalidQuestion, NotFound, asked
from api.graphql.stated import Window, window_stated
from api.graphql.walking import DuringArgument, bound_of, window_of
from graph.vocabulary import Certainty, Kind
from graph.walk import LineageBounds, LineageDirection
from queries import lineage as queries_lineage
from queries.lineage import BOTH_WAYS, DEFAULT_LINEAGE_BOUNDS, LineageQuestion, find_lineage

_MOST_NODES = 10_000


@strawberry.type(description="The nodes of one side as arrays of equal length, nearest first.")
class LineageNodes:
    """Nodes as columns."""

    uid: list[str] = field(description="Their uids.")
    name: list[str | None] = field(description="Their names; null where no source gives one.")
    kind: list[Kind] = field(description="Their kinds.")
    type: list[str | None] = field(description="Their types.")
    hops: list[int] = field(description="How far away they are.")
    certainty: list[Certainty] = field(description="Whether the data certainly gets there.")
    hidden: list[int] = field(description="How many neighbours further that way are not shown.")


@strawberry.type(description="The edges of one side as arrays; data moves from source to target.")
class LineageEdges:
    """Edges as columns."""

    edge: list[str] = field(description="Their ids.")
    relation: list[str] = field(description="Their relations.")
    source: list[str] = field(description="The uids that data comes from.")
    target: list[str] = field(description="The uids that data goes to.")
    certainty: list[Certainty] = field(description="Whether each is certain.")


@strawberry.type(description="The lineage one way.")
class LineageSide:
    """One side."""

    direction: LineageDirection = field(description="Which way.")
    truncated: Truncation | None = field(description="Why it was cut short; null if it is whole.")
    hidden: int = field(description="How many neighbours are not shown.")
    nodes: LineageNodes = field(description="The nodes, the ones asked about at 0 hops.")
    edges: LineageEdges = field(description="The edges between them.")


@strawberry.type(description="Where the data of some nodes comes from, and where it goes.")
class Lineage:
    """A lineage."""

    basis: Basis = field(description="On what the answer stands.")
    during: Window | None = field(description="The window that counts; null for the date alone.")
    starts: list[NodeBrief] = field(description="The nodes asked about.")
    without_data: list[strawberry.ID] = field(
        description="Those of them of a kind that no relation touches which moves data, such as Secret."
    )
    sides: list[LineageSide] = field(description="One entry a direction.")


LineageResult = Annotated[
    Lineage | NotFound | InvalidQuestion,
    strawberry.union("LineageResult", description="A lineage, or why there is none."),
]


@strawberry.input(name="LineageBounds", description="How much lineage is shown.")
class LineageBoundsInput:
    """Bounds on lineage."""

    max_hops: int | None = field(default=None, description="Hops; 10 if absent, 0 is without bound.")
    max_fan_out: int | None = field(
        default=None, description="Neighbours of one node; 100 if absent, 0 is without bound."
    )
    max_nodes: int | None = field(default=None, description="Nodes; 2000 if absent, 0 and at most 10000.")


def resolve_lineage(
    info: Info,
    starts: UidsArgument,
    directions: Annotated[
        list[LineageDirection] | None, strawberry.argument(description="Which ways; both if absent.")
    ] = None,
    bounds: Annotated[LineageBoundsInput | None, strawberry.argument(description="How much to show.")] = None,
    during: DuringArgument = None,
    at: AtArgument = None,
) -> LineageResult:
    """Answer `lineage`."""

    def answer() -> Lineage:
        question = LineageQuestion(
            starts=uids_of(starts, "starts"),
            directions=tuple(dict.fromkeys(directions or BOTH_WAYS)),
            bounds=_bounds_of(bounds or LineageBoundsInput()),
            during=window_of(during),
            standpoint=standpoint_of(at),
        )
        found = find_lineage(info.context.session.estate, question)
        return Lineage(
            basis=basis_of(found.basis),
            during=window_stated(found.during),
            starts=[brief_of(node) for node in found.starts],
            without_data=[strawberry.ID(node.uid) for node in found.without_data],
            sides=[_side_of(side) for side in found.sides.values()],
        )

    return asked(answer)


def _bounds_of(given: LineageBoundsInput) -> LineageBounds:
    default = DEFAULT_LINEAGE_BOUNDS
    return LineageBounds(
        bound_of("max_hops", given.max_hops, default.max_hops, None),
        bound_of("max_fan_out", given.max_fan_out, default.max_fan_out, None),
        bound_of("max_nodes", given.max_nodes, default.max_nodes, _MOST_NODES),
    )


def _side_of(side: queries_lineage.LineageSide) -> LineageSide:
    steps, edges = side.nodes, side.edges
    return LineageSide(
        direction=side.direction,
        truncated=truncation_of(side.truncated),
        hidden=side.hidden,
        nodes=LineageNodes(
            uid=[step.node.uid for step in steps],
            name=[step.node.name for step in steps],
            kind=[step.node.kind for step in steps],
            type=[step.node.type for step in steps],
            hops=[step.hops for step in steps],
            certainty=[step.certainty for step in steps],
            hidden=[step.hidden for step in steps],
        ),
        edges=LineageEdges(
            edge=[edge.edge for edge in edges],
            relation=[edge.relation for edge in edges],
            source=[edge.source.uid for edge in edges],
            target=[edge.target.uid for edge in edges],
            certainty=[edge.certainty for edge in edges],
        ),
    )


@strawberry.type
class LineageQuery:
    """Lineage."""

    lineage: LineageResult = field(
        resolver=resolve_lineage, description="Where the data of nodes comes from and where it goes."
    )
