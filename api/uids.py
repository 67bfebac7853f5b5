"""Which node somebody means who gives a uid, or a name that only one node has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.errors import NameNotUnique
from graph.errors import NodeNotFound
from graph.ledger.matching import Match
from graph.model import Node, Uid
from queries.estate import EstateView

_CANDIDATES = 20


@dataclass(frozen=True, slots=True)
class Meant:
    """A node that was asked for, in the words in which it was."""

    asked: str
    node: Node

    @property
    def uid(self) -> Uid:
        """Return the canonical uid."""
        return self.node.uid

    @property
    def by_name(self) -> bool:
        """Return whether the words were the node's name and not one of its uids."""
        return self.asked not in self.node.members


def meant_by(view: EstateView, words: Sequence[str]) -> tuple[Meant, ...]:
    """Return the node that each of the words means: a uid, else a name that one node has.

    A name counts in the same upper and lower case only.

    Raises:
        NodeNotFound: where nothing has that uid or name at the times of the view.
        NameNotUnique: where several nodes have the name.
    """
    found = view.nodes([Uid(word) for word in words])
    return tuple(
        Meant(word, found[Uid(word)] if Uid(word) in found else _named(view, word)) for word in words
    )


def _named(view: EstateView, name: str) -> Node:
    candidates: list[Node] = []
    after: str | None = None
    while True:
        # Names equal to the text come first, so the search ends at the first page without any.
        page = view.ledger.search(name, view.at, match=Match.PREFIX, after=after, limit=_CANDIDATES)
        equal = [node for node in page.items if node.name == name]
        candidates += equal
        after = page.next_after
        if after is None or not equal or len(candidates) > _CANDIDATES:
            break
    if not candidates:
        raise NodeNotFound(name)
    if len(candidates) > 1:
        raise NameNotUnique(name, tuple(node.uid for node in candidates))
    return candidates[0]
