"""What somebody may have meant who typed a name or a uid that is not quite one."""

from __future__ import annotations

from itertools import islice, takewhile
from typing import Final

from graph.model import Node
from queries.estate import EstateView

_OFFERED: Final = 3
_SHORTEST: Final = 4
"""Of shorter words a single letter makes other words."""


def spelled_like(view: EstateView, word: str) -> tuple[str, ...]:
    """Return the first described nodes, by uid, with a uid or a name that is the word but for one slip.

    Each by uid, with its name.

    Cost: one pass over all nodes.
    """
    if len(word) < _SHORTEST:
        return ()
    like = (node for node in view.all_nodes() if node.described and _is_like(node, word))
    return tuple(f"{node.uid} ({node.name})" if node.name else node.uid for node in islice(like, _OFFERED))


def _is_like(node: Node, word: str) -> bool:
    return any(is_one_slip(word, text) for text in (node.name, *node.members) if text)


def is_one_slip(word: str, other: str) -> bool:
    """Return whether two words differ in case, or else in one letter or in two that are swapped.

    >>> [is_one_slip("sec:pg", other) for other in ("sec:pgg", "sce:pg", "Sec:pg", "sec:pg", "sec:api")]
    [True, True, True, False, False]
    """
    if word == other or abs(len(word) - len(other)) > 1:
        return False
    one, two = word.casefold(), other.casefold()
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, two, strict=False)))
    one, two = one[same:], two[same:]
    is_swapped = one[:2] == two[:2][::-1] and one[2:] == two[2:]
    return one[1:] == two[1:] or one[1:] == two or one == two[1:] or is_swapped
