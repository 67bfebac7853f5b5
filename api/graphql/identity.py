"""What may be one thing under two names, for a person to decide."""

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
from api.graphql.paging import PAGE_MOST, After, First, PageInfo, page_of, page_size
from graph.ledger.identity import JoinConflict
from graph.model import Node
from graph.vocabulary import Kind
from queries.identity import (
    IdentityAnswer,
    IdentitySuggestion,
    Strength,
    SuggestionQuestion,
    suggest_identities,
)

_FIRST = 50


@strawberry.type(description="One of two nodes that may be one thing.")
class IdentityNode:
    """A node with who describes it."""

    node: NodeBrief = field(description="The node.")
    sources: list[str] = field(description="Who describes it; nobody where it is only mentioned.")


@strawberry.type(description="Two nodes that may be one thing.")
class SuggestedIdentity:
    """A suggestion."""

    nodes: list[IdentityNode] = field(description="The two nodes.")
    strength: Strength = field(description="How strong the reasons are together.")
    weight: int = field(description="What the reasons weigh together; suggestions stand in this order.")
    because: list[str] = field(description="Every reason, the strongest first.")


@strawberry.type(description="Uids that an external id would have joined, and did not.")
class IdentityConflict:
    """A conflict."""

    uids: list[strawberry.ID] = field(description="The uids.")
    external_ids: list[str] = field(description="The ids, each as scheme=value.")
    reason: str = field(description="Why they are not joined.")


@strawberry.type(description="A page of suggestions, the strongest first.")
class IdentitySuggestions:
    """Suggestions."""

    basis: Basis = field(description="On what the answer stands.")
    suggestions: list[SuggestedIdentity] = field(description="The suggestions of this page.")
    page_info: PageInfo = field(description="Where the page ends.")
    total_count: int = field(description="How many suggestions there are.")
    conflicts: list[IdentityConflict] = field(
        description=f"What ids would have joined and did not; the first {PAGE_MOST}."
    )
    conflict_count: int = field(description="How many of these there are, listed or not.")
    objected: int = field(
        description="How many pairs have as much in common, and something that tells them apart."
    )
    too_common: int = field(description="How many clues were not compared, as too many nodes share them.")


IdentitySuggestionsResult = Annotated[
    IdentitySuggestions | NotFound | InvalidQuestion,
    strawberry.union("IdentitySuggestionsResult", description="Suggestions, or why there are none to give."),
]


def resolve_identity_suggestions(
    info: Info,
    kinds: Annotated[
        list[Kind] | None, strawberry.argument(description="Only nodes of these kinds; all if absent.")
    ] = None,
    first: First = _FIRST,
    after: After = None,
    at: AtArgument = None,
) -> IdentitySuggestionsResult:
    """Answer `identitySuggestions`."""
    return asked(lambda: _suggestions(info, kinds or [], page_size(first), resumed(after, standpoint_of(at))))


def _suggestions(info: Info, kinds: list[Kind], size: int, place: Place) -> IdentitySuggestions:
    question = SuggestionQuestion(frozenset(kinds), None, place.standpoint)
    answer = suggest_identities(info.context.session.estate, question)
    return _page_of(answer, place, size)


def _page_of(answer: IdentityAnswer, place: Place, size: int) -> IdentitySuggestions:
    keys = [tuple(node.uid for node in suggestion.nodes) for suggestion in answer.suggestions]
    start, stop, page_info = page_of(answer.basis, keys, place, size)
    return IdentitySuggestions(
        basis=basis_of(answer.basis),
        suggestions=[_suggestion_of(suggestion) for suggestion in answer.suggestions[start:stop]],
        page_info=page_info,
        total_count=len(answer.suggestions),
        conflicts=[_conflict_of(conflict) for conflict in answer.conflicts[:PAGE_MOST]],
        conflict_count=len(answer.conflicts),
        objected=answer.objected,
        too_common=answer.too_common,
    )


def _suggestion_of(suggestion: IdentitySuggestion) -> SuggestedIdentity:
    return SuggestedIdentity(
        nodes=[_node_of(node) for node in suggestion.nodes],
        strength=suggestion.strength,
        weight=suggestion.weight,
        because=list(suggestion.because),
    )


def _node_of(node: Node) -> IdentityNode:
    return IdentityNode(node=brief_of(node), sources=[str(source) for source in node.sources])


def _conflict_of(conflict: JoinConflict) -> IdentityConflict:
    return IdentityConflict(
        uids=[strawberry.ID(uid) for uid in conflict.uids],
        external_ids=[str(external_id) for external_id in conflict.external_ids],
        reason=conflict.reason,
    )


@strawberry.type
class IdentityQuery:
    """Identity."""

    identity_suggestions: IdentitySuggestionsResult = field(
        resolver=resolve_identity_suggestions,
        description="Nodes that may be one thing under two names, with the reasons; nothing is joined by it.",
    )
