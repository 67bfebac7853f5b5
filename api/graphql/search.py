"""Finding nodes by what they are called."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import field

from api.cursors import Place, resumed
from api.graphql.at import At, standpoint_of
from api.graphql.basis import Basis, basis_of
from api.graphql.context import Info
from api.graphql.nodes import AtArgument, NodeBrief, brief_of
from api.graphql.outcomes import InvalidQuestion, NotFound, asked
from api.graphql.paging import After, First, PageInfo, page_size
from graph.ledger.matching import Match
from graph.vocabulary import Kind
from queries.search import SearchAnswer, SearchQuestion, search_nodes

_FIRST = 50


@strawberry.type(description="How many matches there are of a kind.")
class KindCount:
    """A kind with a number."""

    kind: Kind = field(description="The kind.")
    count: int = field(description="How many matches are of it.")


@strawberry.type(description="How many matches there are of a type.")
class TypeCount:
    """A type with a number."""

    kind: Kind = field(description="The kind.")
    type: str | None = field(description="The type within it; null for those of which no source says one.")
    count: int = field(description="How many matches are of it.")


@strawberry.type(description="A page of matches, best first.")
class SearchResults:
    """Matches."""

    basis: Basis = field(description="On what the answer stands.")
    nodes: list[NodeBrief] = field(description="The matches of this page.")
    page_info: PageInfo = field(description="Where the page ends.")
    total_count: int | None = field(
        description="How many nodes match; null where there are more matches than were counted."
    )
    matches: int = field(
        description="How many nodes match whatever kinds and types were asked for, at least."
    )
    matches_complete: bool = field(description="False where there are more than were counted.")
    kinds: list[KindCount] = field(description="How many of the counted matches are of which kind.")
    types: list[TypeCount] = field(description="How many of the counted matches are of which type.")


SearchResult = Annotated[
    SearchResults | NotFound | InvalidQuestion,
    strawberry.union("SearchResult", description="Matches, or why the question has no answer."),
]


def resolve_search(
    info: Info,
    text: Annotated[str, strawberry.argument(description="What to look for; case does not matter.")],
    match: Annotated[Match, strawberry.argument(description="What counts as finding it.")] = Match.SUBSTRING,
    kinds: Annotated[
        list[Kind] | None, strawberry.argument(description="Only nodes of these kinds; all if absent.")
    ] = None,
    types: Annotated[
        list[str] | None, strawberry.argument(description="Only nodes of these types; all if absent.")
    ] = None,
    first: First = _FIRST,
    after: After = None,
    at: AtArgument = None,
) -> SearchResult:
    """Answer `search`."""
    return asked(lambda: _search(info, text, match, kinds or [], types or [], first, after, at))


def _search(
    info: Info,
    text: str,
    match: Match,
    kinds: list[Kind],
    types: list[str],
    first: int,
    after: str | None,
    at: At | None,
) -> SearchResults:
    place = resumed(after, standpoint_of(at))
    question = SearchQuestion(
        text=text,
        match=match,
        kinds=frozenset(kinds),
        types=frozenset(types),
        after=None if place.key is None else "".join(place.key),
        limit=page_size(first),
        standpoint=place.standpoint,
    )
    return _results(search_nodes(info.context.session.estate, question), place)


def _results(answer: SearchAnswer, place: Place) -> SearchResults:
    basis, facets = answer.basis, answer.facets
    end = None
    if answer.next_after is not None:
        end = place.after(basis, (answer.next_after,))
    return SearchResults(
        basis=basis_of(basis),
        nodes=[brief_of(node) for node in answer.nodes],
        page_info=PageInfo(has_next_page=end is not None, end_cursor=end),
        total_count=answer.matching,
        matches=0 if facets is None else facets.matches,
        matches_complete=facets is not None and facets.complete,
        kinds=[] if facets is None else [KindCount(kind=k, count=n) for k, n in facets.kinds.items()],
        types=[]
        if facets is None
        else [TypeCount(kind=kind, type=type_ or None, count=n) for (kind, type_), n in facets.types.items()],
    )


@strawberry.type
class SearchQuery:
    """Search."""

    search: SearchResult = field(resolver=resolve_search, description="Nodes whose names or texts match.")
