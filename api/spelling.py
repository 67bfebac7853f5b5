"""What somebody may have meant who typed a name or a uid that is not quite one."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

from graph.model import Node
from queries.estate import EstateView

_COMPARED: Final = 500
_OFFERED: Final = 3
_LIKENESS: Final = 0.8
"""One letter in ten, and one too many or too few in a short word; less is another word."""


def spelled_like(view: EstateView, word: str) -> tuple[str, ...]:
    """Return described nodes with a uid or name spelled like a word, the likest first.

    Each by uid, with its name. Where one place in a word is wrong, one half of it is right:
    only what contains one of them is compared.

    Cost: two searches.
    """
    middle = len(word) // 2
    halves = [half for half in (word[:middle], word[middle:]) if half.strip()]
    matches = [node for half in halves for node in view.ledger.search(half, view.at, limit=_COMPARED).items]
    nodes = [node for node in matches if node.described]
    by_uid = {uid: node for node in nodes for uid in node.members}
    spelled: dict[str, Node] = {node.name: node for node in nodes if node.name} | by_uid
    like = get_close_matches(word, spelled, n=_OFFERED, cutoff=_LIKENESS)
    return tuple(dict.fromkeys(_offered(spelled[text]) for text in like))


def _offered(node: Node) -> str:
    return f"{node.uid} ({node.name})" if node.name else node.uid
