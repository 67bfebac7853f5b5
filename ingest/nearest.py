"""What is told of a text that is none of those allowed: the nearest of them, and never the text itself.

It may be a value in the wrong place.
"""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from typing import Final

OTHER_TEXT: Final = "a text that is not one of them"

_LIKENESS: Final = 0.7
_LONGEST: Final = 100


def other_text(text: str, allowed: Collection[str]) -> str:
    """Return what is told of a text that is none of those allowed.

    >>> other_text("dataset", ["Asset", "Dataset"]), other_text("Server", ["Asset", "Dataset"])
    ('a text that is not one of them, nearest to Dataset', 'a text that is not one of them')
    """
    return OTHER_TEXT + nearest_to(text, allowed)


def nearest_to(text: str, allowed: Collection[str]) -> str:
    """Return which of those allowed is spelled most like a text, to end a sentence with; empty if none is."""
    spelled = {word.lower(): word for word in allowed}
    found = get_close_matches(text[:_LONGEST].lower(), spelled, n=1, cutoff=_LIKENESS)
    return f", nearest to {spelled[found[0]]}" if found else ""
