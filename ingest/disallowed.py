"""What is told of a text that is none of those allowed: the nearest of them, and never the text itself.

It may be a value in the wrong place.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from graph.vocabulary.nearest import nearest

OTHER_TEXT: Final = "a text that is not one of them"


def other_text(text: str, allowed: Collection[str]) -> str:
    """Return what is told of a text that is none of those allowed.

    >>> other_text("dataset", ["Asset", "Dataset"]), other_text("Server", ["Asset", "Dataset"])
    ('a text that is not one of them, nearest to Dataset', 'a text that is not one of them')
    """
    return OTHER_TEXT + nearest_to(text, allowed)


def nearest_to(text: str, allowed: Collection[str]) -> str:
    """Return which of those allowed is spelled most like a text, to end a sentence with; empty if none is."""
    meant = nearest(text, allowed)
    return "" if meant is None else f", nearest to {meant}"
