"""Blast radius and exposure: the walk forwards, and backwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry import field

from api.cursors import Place, resumed
from api.graphql.at import standpoint_of
from api.graphql.basis import Basis, basis_of
from api.graphql.context import Info
from api.graphql.nodes import AtArgument, NodeBrief, UidsArgument, brief_of, uids_of
from api.graphql.outcomes import InvalidQuestion, NotFound, asked
from api.graphql.paging import After, First, PageInfo, page_of, page_size
from api.graphql.stated import ListedOnly, Window, Without, only_states_of, window_stated, without_of
from api.graphql.totals import Totals, totals_of
from api.graphql.walking import (
    BoundsArgument,
    DuringArgument,
    FilterArgument,
    WithoutArgument,
    filter_of,
    terms_of,
)
from graph import model
from graph.model import State, Uid
from graph.vocabulary import Certainty, Harm, Kind
from queries.blast_radius import BlastRadiusQuestion, find_blast_radius
from queries.estate import EstateView, Standpoint
from queries.explain import conditions_on, explain_path
from queries.exposure import ExposureQuestion, find_exposure
from queries.reach import Reach, ReachedRow

_FIRST = 50


@strawberry.type(description="One step of a path.")
class Hop:
    """A step; names as the harm travels."""

    from_uid: strawberry.ID = field(description="The node that the harm comes from.")
    from_name: str = field(description="Its name, else its uid.")
    relation: str | None = field(description="The relation it takes; null where it turns on the same node.")
    along: bool = field(description="Whether the step leads from the relation's subject to its object.")
    to_uid: strawberry.ID = field(description="The node that the harm comes to.")
    to_name: str = field(description="Its name, else its uid.")
    harm: Harm = field(description="The harm that it brings there.")
    edge: strawberry.ID | None = field(description="The edge's id; null where it turns on the same node.")
    certainty: Certainty = field(description="Whether this step is certain.")


@strawberry.type(description="One harm at one node, with the path that explains it.")
class ReachedState:
    """A state in a list."""

    node: NodeBrief = field(description="The node.")
    harm: Harm = field(description="The harm.")
    hops: int = field(description="How many edges away it is.")
    certainty: Certainty = field(description="Whether it follows for certain, within the bounds.")
    path: list[Hop] = field(description="The steps that lead there; empty for a node asked about.")
    sentence: str = field(description="The path in words; empty for a node asked about.")


@strawberry.type(description="The listed states as arrays of equal length, for drawings and bulk reading.")
class ReachColumns:
    """States as columns."""

    uid: list[str] = field(description="The nodes' uids.")
    name: list[str | None] = field(description="Their names; null where no source gives one.")
    kind: list[Kind] = field(description="Their kinds.")
    harm: list[Harm] = field(description="The harms.")
    hops: list[int] = field(description="The hops.")
    certainty: list[Certainty] = field(description="Whether each is certain.")


def _columns(root: Walked) -> ReachColumns:
    columns = root.reach.columns()
    certain = [Certainty(str(value)) for value in columns["certainty"]]
    uids = [str(uid) for uid in columns["uid"]]
    return ReachColumns(
        uid=uids,
        name=[root.reach.nodes[Uid(uid)].name for uid in uids],
        kind=[Kind(str(value)) for value in columns["kind"]],
        harm=[Harm(str(value)) for value in columns["harm"]],
        hops=[int(value) for value in columns["hops"]],
        certainty=certain,
    )


@strawberry.type(description="An answer of the walk.")
class Walked:
    """What a blast radius and an exposure have in common; not a type of the schema itself."""

    basis: Basis = field(description="On what the answer stands.")
    without: Without | None = field(description="What is taken for not being there; null for nothing.")
    during: Window | None = field(description="The window that counts; null for the date alone.")
    only: ListedOnly | None = field(description="What alone is listed and counted; null for everything.")
    totals: Totals = field(description="Counts of all listed states.")
    walked_states: int = field(description="How many states there were before filters.")
    hidden_for_unknown_kind: int = field(
        description="Nodes left out only because their kind is unknown, and others were asked for."
    )
    hidden_for_unknown_environment: int = field(
        description="Nodes left out only because no source says their environment."
    )
    hidden_for_unknown_criticality: int = field(
        description="Nodes left out only because their criticality is unknown."
    )
    page_info: PageInfo = field(description="Where the page ends.")
    columns: ReachColumns = field(resolver=_columns, description="All listed states as arrays.")
    reach: strawberry.Private[Reach]


@strawberry.type(description="What else is harmed if a harm comes to some nodes.")
class BlastRadius(Walked):
    """A blast radius; states are paged, totals and columns are of all that is listed."""

    seeds: list[NodeBrief] = field(description="The nodes asked about.")
    harm: Harm = field(description="The harm that comes to them.")
    states: list[ReachedState] = field(
        description="A page of states: by hops, certain before possible, then uid and harm."
    )


@strawberry.type(description="What could bring a harm to some nodes.")
class Exposure(Walked):
    """An exposure; paths run forwards, from each state to a node asked about."""

    targets: list[NodeBrief] = field(description="The nodes asked about.")
    harm: Harm = field(description="The harm that could come to them.")
    states: list[ReachedState] = field(
        description="A page of states: certain ones first, then the nearest, then the most critical."
    )


BlastRadiusResult = Annotated[
    BlastRadius | NotFound | InvalidQuestion,
    strawberry.union("BlastRadiusResult", description="A blast radius, or why there is none."),
]
ExposureResult = Annotated[
    Exposure | NotFound | InvalidQuestion,
    strawberry.union("ExposureResult", description="An exposure, or why there is none."),
]
HarmArgument: TypeAlias = Annotated[Harm, strawberry.argument(description="The harm.")]


def resolve_blast_radius(
    info: Info,
    seeds: UidsArgument,
    harm: HarmArgument,
    bounds: BoundsArgument = None,
    without: WithoutArgument = None,
    during: DuringArgument = None,
    only: FilterArgument = None,
    first: First = _FIRST,
    after: After = None,
    at: AtArgument = None,
) -> BlastRadiusResult:
    """Answer `blastRadius`."""

    def answer() -> BlastRadius:
        place = resumed(after, standpoint_of(at))
        terms = terms_of(bounds, without, during)
        question = BlastRadiusQuestion(
            uids_of(seeds, "seeds"), harm, filter_of(only), terms, place.standpoint
        )
        reach = find_blast_radius(info.context.session.estate, question)
        return BlastRadius(seeds=_asked_about(reach), **_in_common(info, reach, place, first))

    return asked(answer)


def resolve_exposure(
    info: Info,
    targets: UidsArgument,
    harm: HarmArgument,
    bounds: BoundsArgument = None,
    without: WithoutArgument = None,
    during: DuringArgument = None,
    only: FilterArgument = None,
    first: First = _FIRST,
    after: After = None,
    at: AtArgument = None,
) -> ExposureResult:
    """Answer `exposure`."""

    def answer() -> Exposure:
        place = resumed(after, standpoint_of(at))
        terms = terms_of(bounds, without, during)
        question = ExposureQuestion(
            uids_of(targets, "targets"), harm, filter_of(only), terms, place.standpoint
        )
        reach = find_exposure(info.context.session.estate, question)
        return Exposure(targets=_asked_about(reach), **_in_common(info, reach, place, first))

    return asked(answer)


def _asked_about(reach: Reach) -> list[NodeBrief]:
    return [brief_of(node) for node in reach.seeds]


def _in_common(info: Info, reach: Reach, place: Place, first: int) -> dict[str, Any]:
    """Return the fields that both answers have."""
    states, page_info = _page(info, reach, place, first)
    return {
        "basis": basis_of(reach.basis),
        "harm": reach.harm,
        "without": without_of(reach.terms.without),
        "during": window_stated(reach.terms.during, reach.terms.since),
        "only": only_states_of(reach.only),
        "totals": totals_of(reach.totals),
        "walked_states": reach.walked_states,
        "hidden_for_unknown_kind": reach.hidden.kind,
        "hidden_for_unknown_environment": reach.hidden.environment,
        "hidden_for_unknown_criticality": reach.hidden.criticality,
        "states": states,
        "page_info": page_info,
        "reach": reach,
    }


def _page(info: Info, reach: Reach, place: Place, first: int) -> tuple[list[ReachedState], PageInfo]:
    """Return a page of states, and where it ends."""
    columns = reach.columns()
    keys = [(str(uid), str(harm)) for uid, harm in zip(columns["uid"], columns["harm"], strict=True)]
    start, stop, page_info = page_of(reach.basis, keys, place, page_size(first))
    basis = reach.basis
    standpoint = Standpoint(as_of=basis.as_of, known=basis.commit.sequence, rules_version=basis.rules_version)
    view = info.context.session.estate.view(standpoint)
    return states_of(view, reach, reach.page(start, stop)), page_info


def states_of(view: EstateView, reach: Reach, rows: Sequence[ReachedRow]) -> list[ReachedState]:
    """Return rows with their paths; what sentences need is read once for all of them."""
    paths = [reach.path(row.node.uid, row.harm) or model.Path(()) for row in rows]
    conditions = conditions_on(view, paths)
    labels = {uid: node.label for uid, node in reach.nodes.items()}
    return [
        ReachedState(
            node=brief_of(row.node),
            harm=row.harm,
            hops=row.hops,
            certainty=row.certainty,
            path=[hop_of(hop, labels) for hop in path.hops],
            sentence=explain_path(view.rules, _start(path), path, labels, conditions).sentence
            if path.hops
            else "",
        )
        for row, path in zip(rows, paths, strict=True)
    ]


def hop_of(hop: model.Hop, labels: Mapping[Uid, str]) -> Hop:
    """Return one step as GraphQL has it."""
    start, end = hop.start.node.uid, hop.end.node.uid
    return Hop(
        from_uid=strawberry.ID(start),
        from_name=labels.get(start, start),
        relation=hop.relation,
        along=hop.along,
        to_uid=strawberry.ID(end),
        to_name=labels.get(end, end),
        harm=hop.end.harm,
        edge=None if hop.edge is None else strawberry.ID(hop.edge),
        certainty=hop.certainty,
    )


def _start(path: model.Path) -> State:
    return path.hops[0].start


@strawberry.type
class ReachQuery:
    """The walk's questions."""

    blast_radius: BlastRadiusResult = field(
        resolver=resolve_blast_radius,
        description="If a harm comes to these nodes: what else is harmed, how, and along which path.",
    )
    exposure: ExposureResult = field(
        resolver=resolve_exposure,
        description="What could bring a harm to these nodes, the likeliest first.",
    )
