"""How a text matches a node, in grades from best to worst, the same way over every store.

Case is folded; nothing else is. The store only finds candidates that contain a
fragment of the text somewhere; this module decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from graph.errors import InvalidQuestion
from graph.model import ClaimRow, Node, NodeFacts, PropertyValue, Uid

_WORD: Final = re.compile(r"\w+")
_CURSOR_DIGITS: Final = 1


class Match(StrEnum):
    """What counts as a match."""

    PREFIX = "prefix"
    """The name, the uid or an external id begins with the text."""

    SUBSTRING = "substring"
    """The text occurs in the name, uid, type, an external id or a text property."""

    WORDS = "words"
    """Every word of the text begins a word of one of those."""


@dataclass(frozen=True, slots=True)
class SearchText:
    """A text to look for, and what counts as finding it."""

    text: str
    match: Match

    grades = 4
    """Equal to a name or id; beginning of one; inside one; anywhere else."""

    @property
    def folded(self) -> str:
        """Return the text with case folded and without space around it."""
        return self.text.strip().casefold()

    @property
    def fragment(self) -> str:
        """Return a text that every match contains: all of it, or for words the longest."""
        if self.match is Match.WORDS:
            return max(_WORD.findall(self.folded), key=len, default="")
        return self.folded

    @staticmethod
    def cursor(grade: int, uid: Uid) -> str:
        """Return the place of a node in the results as one text."""
        return f"{grade}{uid}"

    @staticmethod
    def split_cursor(cursor: str | None) -> tuple[int, str | None]:
        """Return the grade and the uid of a cursor; the beginning for None.

        Raises:
            InvalidQuestion: for a text that is no cursor.
        """
        if cursor is None:
            return 0, None
        grade, uid = cursor[:_CURSOR_DIGITS], cursor[_CURSOR_DIGITS:]
        if grade not in map(str, range(SearchText.grades)) or not uid:
            raise InvalidQuestion("after", "it is no place in a list of matches", "the end of a page before")
        return int(grade), uid


def searched_texts(facts: NodeFacts) -> list[str]:
    """Return the case-folded texts by which one claim about a node makes it a candidate."""
    texts = [facts.uid, *(i.value for i in facts.external_ids)]
    texts.extend(text for text in (facts.name, facts.type) if text)
    for value in facts.properties.values():
        texts.extend(texts_in(value))
    return [text.casefold() for text in texts]


def texts_in(value: PropertyValue) -> list[str]:
    """Return the texts that a property's value is or holds."""
    items = value if isinstance(value, tuple) else (value,)
    return [item for item in items if isinstance(item, str)]


def match_of(wanted: SearchText, node: Node, rows: Iterable[ClaimRow]) -> int | None:
    """Return the grade of a match, 0 for the best; None where the node does not match.

    Everything that any live claim says counts, not only what precedence picks: a
    thing is looked for under all of its names.
    """
    facts = [row.claim.about for row in rows if isinstance(row.claim.about, NodeFacts)]
    names = [fact.name for fact in facts if fact.name]
    ids = [external_id.value for external_id in node.external_ids]
    titles = [text.casefold() for text in (*names, *node.members, *ids)]
    others = [text for fact in facts for text in searched_texts(fact)]
    if not wanted.folded or not _matches(wanted, titles, others):
        return None
    if wanted.folded in titles:
        return 0
    if any(title.startswith(wanted.folded) for title in titles):
        return 1
    return 2 if any(wanted.folded in title for title in titles) else 3


def _matches(wanted: SearchText, titles: list[str], others: list[str]) -> bool:
    match wanted.match:
        case Match.PREFIX:
            return any(title.startswith(wanted.folded) for title in titles)
        case Match.SUBSTRING:
            return any(wanted.folded in text for text in (*titles, *others))
        case Match.WORDS:
            words = {word for text in (*titles, *others) for word in _WORD.findall(text)}
            asked = _WORD.findall(wanted.folded)
            return bool(asked) and all(any(w.startswith(a) for w in words) for a in asked)
