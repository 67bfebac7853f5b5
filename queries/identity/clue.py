"""What a clue is: one thing that two nodes may have in common, and how much that says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Strength(StrEnum):
    """How much a clue, or all clues together, say; the strongest first."""

    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"


WEIGHTS: Final = {Strength.STRONG: 3, Strength.MEDIUM: 2, Strength.WEAK: 1}


@dataclass(frozen=True, slots=True)
class Clue:
    """One thing that two nodes may have in common.

    ``sort`` is what it is, ``key`` the text in which both must agree, ``words`` how it is said
    of two nodes that do. ``root`` is the text behind it: clues of one root count once, as a name
    that is also the host's name says nothing twice. A ``guess`` is what a node might be called,
    such as the user name that a person's name would give: it meets what others are called, never
    another guess, and nobody where the roots of guesses with one key differ. A clue that is only
    ``local`` says nothing of what two installations of one system show.
    """

    sort: str
    key: str
    strength: Strength
    words: str
    root: str
    guess: bool = False
    local: bool = False
