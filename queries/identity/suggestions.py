"""Suggesting which nodes are one thing under two names, with reasons; a person decides.

External ids join nodes by themselves where the vocabulary says so. All else that two names of
one thing have in common is only a reason to ask somebody: nothing here changes the graph.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from graph.ledger.identity import JoinConflict
from graph.model import Node, Uid
from graph.vocabulary import Kind
from queries.basis import Basis, Truncation, basis_of
from queries.estate import HERE_AND_NOW, Estate, EstateView, Standpoint
from queries.identity.clue import WEIGHTS, Clue, Strength
from queries.identity.clues import clues_of
from queries.identity.objections import are_two_installations, objection

ENOUGH: Final = 2
"""What the clues of a pair must weigh together: one of medium strength, or two weak ones."""

MOST_ALIKE: Final = 12
"""So many nodes with one clue in common are compared; what more have in common tells nobody apart."""


@dataclass(frozen=True, slots=True)
class SuggestionQuestion:
    """Ask which nodes may be one thing; `kinds` narrows it, `limit` bounds what is listed."""

    kinds: frozenset[Kind] = frozenset()
    limit: int | None = 50
    standpoint: Standpoint = HERE_AND_NOW


@dataclass(frozen=True, slots=True)
class IdentitySuggestion:
    """Two nodes that may be one thing, how strongly, and why: every reason, the strongest first."""

    nodes: tuple[Node, Node]
    strength: Strength
    weight: int
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IdentityAnswer:
    """Suggestions, the strongest first.

    `conflicts` are uids that an external id would have joined, and why it did not. `too_common`
    counts clues that more nodes share than are compared. `objected` counts, by reason, pairs
    with enough in common of which something else says that they are two things.
    """

    basis: Basis
    suggestions: tuple[IdentitySuggestion, ...]
    conflicts: tuple[JoinConflict, ...]
    too_common: int
    objected: int


def suggest_identities(estate: Estate, question: SuggestionQuestion) -> IdentityAnswer:
    """Return which nodes may be one thing.

    Cost: one pass over all nodes, and a comparison for each pair that shares a clue which no
    more than `MOST_ALIKE` nodes have.
    """
    view = estate.view(question.standpoint)
    nodes = {node.uid: node for node in view.all_nodes()}
    asked = {u: n for u, n in nodes.items() if not question.kinds or n.kind in question.kinds}
    shared, too_common = _shared_clues(asked.values())
    found, objected = _judged(asked, shared, _told_apart(view))
    found.sort(key=lambda s: (-s.weight, s.nodes[0].uid, s.nodes[1].uid))
    listed = found if question.limit is None else found[: question.limit]
    cut = None
    if len(listed) < len(found):
        cut = Truncation("limit", question.limit, hidden=len(found) - len(listed))
    bounds = {"limit": question.limit, "most_alike": MOST_ALIKE}
    basis = basis_of(view, nodes.values(), bounds=bounds, truncated=cut)
    conflicts = view.ledger.identity(view.at.known).conflicts
    return IdentityAnswer(basis, tuple(listed), conflicts, too_common, objected)


def _shared_clues(nodes: Iterable[Node]) -> tuple[Mapping[tuple[Uid, Uid], list[Clue]], int]:
    """Return the clues that pairs of nodes share, and how many clues too many nodes have."""
    holders: dict[tuple[str, str], list[tuple[Uid, Clue]]] = defaultdict(list)
    for node in nodes:
        for clue in clues_of(node):
            holders[clue.sort, clue.key].append((node.uid, clue))
    shared: dict[tuple[Uid, Uid], list[Clue]] = defaultdict(list)
    too_common = 0
    for found in holders.values():
        if len(found) > MOST_ALIKE or _is_anybodys(found):
            too_common += 1
            continue
        for (first, clue), (second, other) in combinations(found, 2):
            if not (clue.guess and other.guess):
                shared[first, second].append(other if other.guess else clue)
    return shared, too_common


def _is_anybodys(found: Sequence[tuple[Uid, Clue]]) -> bool:
    """Return whether nodes of different names might all be called by one clue, and one node is."""
    guesses = {clue.root for _, clue in found if clue.guess}
    return len(guesses) > 1 and any(not clue.guess for _, clue in found)


def _judged(
    nodes: Mapping[Uid, Node],
    shared: Mapping[tuple[Uid, Uid], Sequence[Clue]],
    different: frozenset[frozenset[Uid]],
) -> tuple[list[IdentitySuggestion], int]:
    found: list[IdentitySuggestion] = []
    objected = 0
    for (one, other), clues in shared.items():
        if _weight(list(_counted(clues))) < ENOUGH:
            continue
        pair = (nodes[one], nodes[other])
        apart = are_two_installations(*pair)
        counted = list(_counted([clue for clue in clues if not (apart and clue.local)]))
        weight = _weight(counted)
        if weight < ENOUGH or objection(*pair, different) is not None:
            objected += 1
            continue
        found.append(IdentitySuggestion(pair, _strength(weight), weight, tuple(c.words for c in counted)))
    return found, objected


def _counted(clues: Sequence[Clue]) -> Iterator[Clue]:
    """Yield the clues that count, the strongest first: of those with one root only that one."""
    roots: set[str] = set()
    for clue in sorted(clues, key=lambda clue: (-WEIGHTS[clue.strength], clue.sort, clue.key)):
        if clue.root not in roots:
            roots.add(clue.root)
            yield clue


def _weight(counted: Sequence[Clue]) -> int:
    return sum(WEIGHTS[clue.strength] for clue in counted)


def _strength(weight: int) -> Strength:
    if weight >= WEIGHTS[Strength.STRONG]:
        return Strength.STRONG
    return Strength.MEDIUM


def _told_apart(view: EstateView) -> frozenset[frozenset[Uid]]:
    latest = {row.uids: row.same for row in view.ledger.store.same_as(view.at.known)}
    return frozenset(frozenset(uids) for uids, same in latest.items() if not same)
