"""Finding nodes by what people call them, best matches first, with counts by kind and type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from graph.errors import InvalidQuestion
from graph.ledger.matching import Match
from graph.model import Node
from graph.vocabulary import Kind
from queries.basis import Basis, Truncation, basis_of
from queries.estate import HERE_AND_NOW, Estate, EstateView, Standpoint

MOST_COUNTED: Final = 2_000
"""Beyond so many matches nobody goes through the kinds of all of them."""

UNTYPED: Final = ""
"""The type, in facets, of nodes of which no source says one."""


@dataclass(frozen=True, slots=True)
class SearchQuestion:
    """Look for a text: at the beginning of names, anywhere, or word by word.

    `after` is an earlier answer's `next_after`. With `facets` the matches are counted by
    kind and type, up to `max_counted` of them.
    """

    text: str
    match: Match = Match.SUBSTRING
    kinds: frozenset[Kind] = frozenset()
    types: frozenset[str] = frozenset()
    after: str | None = None
    limit: int = 50
    facets: bool = True
    max_counted: int = MOST_COUNTED
    standpoint: Standpoint = HERE_AND_NOW


@dataclass(frozen=True, slots=True)
class Facets:
    """How many matches there are of each kind, and of each type within it.

    They count all matches of the text, whatever kinds and types were asked for, so that the
    others can be chosen. `complete` is False where there were more than could be counted.
    """

    complete: bool
    matches: int
    kinds: Mapping[Kind, int]
    types: Mapping[tuple[Kind, str], int]


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """A page of matches; `next_after` asks for the next one, None at the end.

    `matching` is how many nodes match with the kinds and types that were asked for; None where
    they were not counted, or not to the end.
    """

    basis: Basis
    nodes: tuple[Node, ...]
    next_after: str | None
    facets: Facets | None
    matching: int | None


def search_nodes(estate: Estate, question: SearchQuestion) -> SearchAnswer:
    """Return the nodes that match a text, best matches first, then by uid.

    Pages neither skip nor repeat while others write, as long as they are read at one commit.

    Raises:
        InvalidQuestion: for an empty text, a limit below 1, or an `after` of no page.

    Cost: the candidates that the store finds for the text, once for each grade of match.
    """
    if not question.text.strip():
        raise InvalidQuestion("text", "it is empty", "at least one character")
    if question.limit < 1:
        raise InvalidQuestion("limit", f"{question.limit} shows nothing", "1 or more")
    view = estate.view(question.standpoint)
    page = view.ledger.search(
        question.text,
        view.at,
        match=question.match,
        kinds=question.kinds,
        types=question.types,
        after=question.after,
        limit=question.limit,
    )
    facets = _facets(view, question) if question.facets else None
    matching = None if facets is None or not facets.complete else _matching(facets, question)
    cut = None
    if page.next_after is not None:
        # How many came before a later page is not known, so neither is how many are hidden after it.
        is_known = matching is not None and question.after is None
        cut = Truncation(
            "limit", question.limit, hidden=(matching or 0) - len(page.items) if is_known else None
        )
    elif facets is not None and not facets.complete:
        cut = Truncation("max_counted", question.max_counted)
    basis = basis_of(
        view, page.items, bounds={"limit": question.limit, "max_counted": question.max_counted}, truncated=cut
    )
    return SearchAnswer(basis, page.items, page.next_after, facets, matching)


def _matching(facets: Facets, question: SearchQuestion) -> int:
    """Return how many of the counted matches are of the kinds and types asked for."""
    return sum(
        count
        for (kind, type_), count in facets.types.items()
        if (not question.kinds or kind in question.kinds) and (not question.types or type_ in question.types)
    )


def _facets(view: EstateView, question: SearchQuestion) -> Facets:
    """Count matches until there are more than are to be counted."""
    counted: Counter[tuple[Kind, str]] = Counter()
    found = view.ledger.search(question.text, view.at, match=question.match, limit=question.max_counted)
    counted.update((node.kind, node.type or UNTYPED) for node in found.items)
    kinds: Counter[Kind] = Counter()
    for (kind, _), number in counted.items():
        kinds[kind] += number
    return Facets(
        complete=found.next_after is None,
        matches=counted.total(),
        kinds=MappingProxyType(dict(sorted(kinds.items()))),
        types=MappingProxyType(dict(sorted(counted.items()))),
    )
