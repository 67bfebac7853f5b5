"""The metadata at the top of a card: YAML between two lines of three hyphens, read strictly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ingest.yamltext import Document, Malformed, Place, read_document

_FENCE: Final = re.compile(r"---[ \t]*")
_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_UNCLOSED: Final = "metadata that does not end"
_CLOSED: Final = "a second line with --- alone"


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The metadata of a card, where each part of it stands."""

    document: Document

    def position(self, pointer: str) -> str:
        """Return the line of the part that a JSON pointer leads to."""
        steps = pointer.split("/")[1:]
        place: Place = tuple(int(step) if step.isdecimal() else step for step in steps)
        return f"line {self.document.line(place)}"


def front_matter(text: str) -> FrontMatter | None:
    r"""Return the metadata of a card; None for one without. Every scalar is the text that it was written as.

    Raises:
        Malformed: for metadata that does not end, and for what is no plain YAML.

    >>> front_matter("---\nlanguage: no\n---\n# Card").document.value
    {'language': 'no'}
    >>> front_matter("# Card") is None
    True
    """
    lines = _LINE_END.split(text.lstrip("\r\n"))
    blank = text[: len(text) - len(text.lstrip("\r\n"))].count("\n")
    if not lines or _FENCE.fullmatch(lines[0]) is None:
        return None
    end = next((n for n, line in enumerate(lines) if n and _FENCE.fullmatch(line)), None)
    if end is None:
        raise Malformed(blank + 1, _UNCLOSED, _CLOSED)
    inside = lines[1:end]
    if not any(line.strip() and not line.lstrip().startswith("#") for line in inside):
        return None
    # The lines before are left blank, so that marks count from the beginning of the file.
    return FrontMatter(read_document("\n" * (blank + 1) + "\n".join(inside) + "\n", only_texts=True))
