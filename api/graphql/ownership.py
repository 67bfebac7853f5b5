"""Who answers for what, and where nobody does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry import field

from api.cursors import Place, resumed
from api.graphql.at import At, standpoint_of
from api.graphql.basis import Basis, basis_of
from api.graphql.context import Info
from api.graphql.nodes import AtArgument, NodeBrief, brief_of, uids_of
from api.graphql.outcomes import InvalidQuestion, NotFound, asked
from api.graphql.paging import After, First, PageInfo, page_of, page_size
from api.graphql.stated import ListedOnly, only_nodes_of
from api.graphql.walking import FilterArgument, ReachFilterInput, filter_of
from graph import errors, model
from graph.vocabulary import Certainty, Harm
from queries.owner_suggestions import Strength
from queries.ownership import Gap, OwnershipAnswer, OwnershipQuestion, find_ownership
from queries.ownership_rules import NodeOwnership, Reason, Standing

_FIRST = 50


@strawberry.type(description="An accountable owner, and whether it is there.")
class Owner:
    """An owner."""

    uid: strawberry.ID = field(description="Its uid.")
    label: str = field(description="Its name, else its uid.")
    life: str = field(description="How it stands with it, such as alive, departed, unknown.")
    because: str = field(description="Why that is thought.")
    certainty: Certainty = field(description="Whether it certainly owns.")


@strawberry.type(description="An edge on which it rests who owns a node.")
class ProofEdge:
    """An edge by what it says."""

    edge: strawberry.ID = field(description="Its id.")
    relation: str = field(description="Its relation.")
    subject: strawberry.ID = field(description="The uid of its subject.")
    object: strawberry.ID = field(description="The uid of its object.")
    certainty: Certainty = field(description="Whether it is certain.")


@strawberry.type(
    description="Why owners are a node's: the edges that say it, and where they are inherited from."
)
class OwnershipProof:
    """A proof."""

    owns: list[ProofEdge] = field(
        description="The OWNS edges, at the node itself or at what it inherits from."
    )
    via: list[ProofEdge] = field(description="The way to what it inherits from; empty for owners of its own.")


@strawberry.type(description="Somebody who might own a node.")
class OwnerSuggestion:
    """A suggestion."""

    uid: strawberry.ID = field(description="Whose uid.")
    label: str = field(description="The name, else the uid.")
    strength: Strength = field(description="How strong the reason is.")
    because: list[str] = field(description="Every reason, the strongest first.")


@strawberry.type(description="What follows for certain from the worst harm at a node.")
class Consequence:
    """A weight."""

    assessed: bool = field(description="False where only what is more critical was weighed.")
    harm: Harm | None = field(description="The worst harm; null where nothing was walked.")
    weight: int = field(description="The criticality of all states that follow, added up.")
    states: int = field(description="How many states follow.")
    unknown_criticality: int = field(description="How many of these are at nodes of unknown criticality.")
    complete: bool = field(description="False where the walk was cut, and the numbers are the least.")


@strawberry.type(description="How it stands with the ownership of one node.")
class Judged:
    """What gaps and other rows have in common; not a type of the schema itself."""

    node: NodeBrief = field(description="The node.")
    reasons: list[Reason] = field(
        description="Why it is not simply owned, the gravest first; empty if it is."
    )
    because: str = field(description="The same in words.")
    owners: list[Owner] = field(description="The accountable owners that were found, if any.")
    uncovered_relations: list[str] = field(
        description="Over what an owner may have been missed: no source reports all of it for the node."
    )
    certainty: Certainty | None = field(description="That of the best proof; null without an owner.")
    proof: list[OwnershipProof] = field(description="Why they are its owners; several for a conflict.")


@strawberry.type(description="A node that nobody answers for, what that may lead to, and who might.")
class OwnershipGap(Judged):
    """A gap."""

    consequence: Consequence = field(description="What it can harm.")
    suggestions: list[OwnerSuggestion] = field(description="Who might own it, the best first.")


@strawberry.type(description="How it stands with the ownership of one node.")
class NodeOwnershipRow(Judged):
    """A node with its owners."""

    standing: Standing = field(description="How it stands.")


@strawberry.type(description="How many nodes stand in one way.")
class StandingCount:
    """A standing with a number."""

    standing: Standing = field(description="The standing.")
    count: int = field(description="How many nodes.")


@strawberry.type(description="How many nodes have a reason.")
class ReasonCount:
    """A reason with a number."""

    reason: Reason = field(description="The reason.")
    count: int = field(description="How many nodes; one may have several reasons.")


@strawberry.type(description="What nobody answers for, the gravest first, and what is counted apart.")
class OwnershipGaps:
    """A page of gaps."""

    basis: Basis = field(description="On what the answer stands.")
    asked_about: list[strawberry.ID] | None = field(description="The nodes asked about; null for all.")
    only: ListedOnly | None = field(description="What alone is listed and counted; null for everything.")
    gaps: list[OwnershipGap] = field(description="The gaps of this page.")
    total_count: int = field(description="How many gaps there are.")
    page_info: PageInfo = field(description="Where the page ends.")
    standings: list[StandingCount] = field(description="Ownable nodes by how they stand; adds up to all.")
    reasons: list[ReasonCount] = field(description="Gaps by reason.")
    reasons_elsewhere: list[ReasonCount] = field(
        description="Ownable nodes that are no gaps by reason: what is worth knowing, or is not known."
    )
    not_ownable: int = field(description="Nodes asked about that need no owner.")
    kind_unknown: int = field(description="Nodes of unknown kind: nobody knows whether they need one.")
    hidden_for_unknown_kind: int = field(
        description="Nodes left out only because their kind is unknown, and others were asked for."
    )
    hidden_for_unknown_environment: int = field(
        description="Nodes left out only because no source says their environment."
    )
    hidden_for_unknown_criticality: int = field(
        description="Nodes left out only because their criticality is unknown."
    )


@strawberry.type(description="How it stands with the owners of nodes, by uid.")
class OwnershipPage:
    """A page of nodes with their owners."""

    basis: Basis = field(description="On what the answer stands.")
    standings: list[Standing] | None = field(description="What alone is listed and counted; null for all.")
    asked_about: list[strawberry.ID] | None = field(description="The nodes asked about; null for all.")
    only: ListedOnly | None = field(description="What alone is listed and counted; null for everything.")
    nodes: list[NodeOwnershipRow] = field(description="The nodes of this page.")
    total_count: int = field(description="How many nodes there are.")
    page_info: PageInfo = field(description="Where the page ends.")


OwnershipGapsResult = Annotated[
    OwnershipGaps | NotFound | InvalidQuestion,
    strawberry.union("OwnershipGapsResult", description="Gaps, or why the question has no answer."),
]
OwnershipResult = Annotated[
    OwnershipPage | NotFound | InvalidQuestion,
    strawberry.union("OwnershipResult", description="Owners, or why the question has no answer."),
]
SomeUidsArgument: TypeAlias = Annotated[
    list[strawberry.ID] | None,
    strawberry.argument(description="Any uids of the nodes, 1 to 100; all nodes if absent."),
]


def resolve_gaps(
    info: Info,
    uids: SomeUidsArgument = None,
    only: FilterArgument = None,
    first: First = _FIRST,
    after: After = None,
    at: AtArgument = None,
) -> OwnershipGapsResult:
    """Answer `ownershipGaps`."""

    def answer() -> OwnershipGaps:
        found, place = _asked(info, uids, only, after, at)
        keys = [(gap.ownership.node.uid,) for gap in found.gaps]
        start, stop, page_info = page_of(found.basis, keys, place, page_size(first))
        return OwnershipGaps(
            basis=basis_of(found.basis),
            asked_about=_asked_about(found),
            only=only_nodes_of(found.question.only),
            gaps=[_gap_of(gap) for gap in found.gaps[start:stop]],
            total_count=len(keys),
            page_info=page_info,
            standings=[StandingCount(standing=s, count=n) for s, n in found.standings.items()],
            reasons=_reason_counts(found.reasons),
            reasons_elsewhere=_reason_counts(found.reasons_elsewhere),
            not_ownable=found.not_ownable,
            kind_unknown=found.kind_unknown,
            hidden_for_unknown_kind=found.hidden.kind,
            hidden_for_unknown_environment=found.hidden.environment,
            hidden_for_unknown_criticality=found.hidden.criticality,
        )

    return asked(answer)


def resolve_ownership(
    info: Info,
    uids: SomeUidsArgument = None,
    standings: Annotated[
        list[Standing] | None, strawberry.argument(description="Only nodes that stand so; all if absent.")
    ] = None,
    only: FilterArgument = None,
    first: First = _FIRST,
    after: After = None,
    at: AtArgument = None,
) -> OwnershipResult:
    """Answer `ownership`."""

    def answer() -> OwnershipPage:
        found, place = _asked(info, uids, only, after, at, weighs=False)
        rows = [row for row in found.nodes if not standings or row.standing in standings]
        keys = [(row.node.uid,) for row in rows]
        start, stop, page_info = page_of(found.basis, keys, place, page_size(first))
        return OwnershipPage(
            standings=standings or None,
            basis=basis_of(found.basis),
            asked_about=_asked_about(found),
            only=only_nodes_of(found.question.only),
            nodes=[_row_of(row) for row in rows[start:stop]],
            total_count=len(rows),
            page_info=page_info,
        )

    return asked(answer)


def _asked(
    info: Info,
    uids: list[strawberry.ID] | None,
    only: ReachFilterInput | None,
    after: str | None,
    at: At | None,
    *,
    weighs: bool = True,
) -> tuple[OwnershipAnswer, Place]:
    place = resumed(after, standpoint_of(at))
    wanted = filter_of(only)
    if wanted.harms or wanted.certainty:
        raise errors.InvalidQuestion("only", "owners have no harm", "kinds, environments, minCriticality")
    question = OwnershipQuestion(
        uids=None if uids is None else uids_of(uids, "uids"),
        only=wanted.nodes,
        standpoint=place.standpoint,
        weighs=weighs,
    )
    return find_ownership(info.context.session.estate, question), place


def _asked_about(found: OwnershipAnswer) -> list[strawberry.ID] | None:
    uids = found.question.uids
    return None if uids is None else [strawberry.ID(uid) for uid in uids]


def _gap_of(gap: Gap) -> OwnershipGap:
    weight = gap.consequence
    return OwnershipGap(
        **_in_common(gap.ownership),
        consequence=Consequence(
            assessed=weight.assessed,
            harm=weight.harm,
            weight=weight.weight,
            states=weight.states,
            unknown_criticality=weight.unknown,
            complete=weight.is_whole,
        ),
        suggestions=[
            OwnerSuggestion(
                uid=strawberry.ID(s.owner), label=s.label, strength=s.strength, because=list(s.because)
            )
            for s in gap.suggestions
        ],
    )


def _row_of(row: NodeOwnership) -> NodeOwnershipRow:
    return NodeOwnershipRow(**_in_common(row), standing=row.standing)


def _in_common(row: NodeOwnership) -> dict[str, Any]:
    """Return the fields that gaps and other rows have."""
    return {
        "node": brief_of(row.node),
        "reasons": list(row.reasons),
        "because": row.because,
        "owners": _owners_of(row),
        "uncovered_relations": list(row.uncovered),
        "certainty": row.certainty if row.owners else None,
        "proof": _proof_of(row),
    }


def _owners_of(row: NodeOwnership) -> list[Owner]:
    return [
        Owner(
            uid=strawberry.ID(owner.uid),
            label=owner.label,
            life=owner.sign.life.value,
            because=owner.sign.because,
            certainty=owner.certainty,
        )
        for owner in row.owners
    ]


def _proof_of(row: NodeOwnership) -> list[OwnershipProof]:
    return [
        OwnershipProof(
            owns=[_edge_of(edge) for edge in holding.owners], via=[_edge_of(edge) for edge in holding.via]
        )
        for holding in row.holdings
    ]


def _edge_of(edge: model.Edge) -> ProofEdge:
    return ProofEdge(
        edge=strawberry.ID(edge.eid),
        relation=edge.relation,
        subject=strawberry.ID(edge.subject.uid),
        object=strawberry.ID(edge.object.uid),
        certainty=edge.certainty,
    )


@strawberry.type
class OwnershipQuery:
    """Ownership."""

    ownership_gaps: OwnershipGapsResult = field(
        resolver=resolve_gaps, description="What no living person answers for, the gravest first."
    )
    ownership: OwnershipResult = field(
        resolver=resolve_ownership,
        description="Who answers for nodes, and where nobody does.",
    )


def _reason_counts(counted: Mapping[Reason, int]) -> list[ReasonCount]:
    return [ReasonCount(reason=reason, count=count) for reason, count in counted.items()]
