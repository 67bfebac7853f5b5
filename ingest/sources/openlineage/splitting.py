"""Finds the single events in a file: an array, one event a line, one pretty-printed event, or any mix.

Only brackets and quotation marks are looked at, so that one broken event does not take
the rest of the file with it. Memory grows with the largest event or line, not with the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from ingest.files import Line

LARGEST_EVENT: Final = 64 * 1024 * 1024
"""Characters after which something that has not ended is given up."""

_TOKENS: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|["\[\]{}]')
_BETWEEN: Final = re.compile(r"[^\s,]")
_NOT_BLANK: Final = re.compile(r"\S")


@dataclass(frozen=True, slots=True)
class Piece:
    """The text of one event and the line, from 1, on which it begins; ``fault`` says why it has no end."""

    line: int
    text: str
    fault: str | None = None


def pieces(lines: Iterable[Line]) -> Iterator[Piece]:
    """Yield the pieces of a file that should be one event each, in order.

    Commas, and the brackets of an array around events, are passed over. What does not
    end before the next event begins, or before the file does, has a fault; a line with a
    problem is the caller's to report and breaks the event that it stands in.

    >>> [p.text for p in pieces([Line(1, '[{"a": 1},', None, 0), Line(2, ' {"b": [2]}]', None, 0)])]
    ['{"a": 1}', '{"b": [2]}']
    """
    splitter = _Splitter()
    for line in lines:
        yield from splitter.take(line)
    yield from splitter.end()


@dataclass
class _Splitter:
    """What is known between two lines: the event that has begun, and how deep its brackets stand."""

    parts: list[str] = field(default_factory=list[str])
    size: int = 0
    depth: int = 0
    first_line: int = 0
    column: int = 0
    opened_alone: bool = False
    arrays: int = 0
    last_line: int = 0

    def take(self, line: Line) -> Iterator[Piece]:
        self.last_line = line.number
        if self.parts and self._begins_anew(line.text):
            yield self._given_up("an event that does not end before the next one begins")
        if line.problem is not None:
            if self.parts:
                yield self._given_up("an event with a line that cannot be read")
            return
        yield from self._scan(line)
        if self.size > LARGEST_EVENT:
            yield self._given_up("an event that is too large")

    def end(self) -> Iterator[Piece]:
        if self.parts:
            yield self._given_up("an event that ends early")
        elif self.arrays:
            yield Piece(self.last_line, "", "an array that ends early")

    def _begins_anew(self, text: str) -> bool:
        """Return whether a line begins an event where the one before should have ended by now.

        A brace in the column in which the open event began is the sign; not so where
        nothing is indented, as an event's own parts stand there too.
        """
        found = _NOT_BLANK.search(text)
        if found is None or found.group() != "{" or found.start() != self.column:
            return False
        return not (self.opened_alone and self.column == 0)

    def _scan(self, line: Line) -> Iterator[Piece]:
        text, start, position = line.text, 0, 0
        while True:
            if not self.depth:
                found = _BETWEEN.search(text, position)
                if found is None:
                    return
                start, position = found.start(), found.end()
                if not self._enter(found.group(), line, start):
                    self.arrays = 0  # what would close them may be in what is passed over
                    yield Piece(line.number, text[start:], "text that is no event")
                    return
                continue
            token = _TOKENS.search(text, position)
            if token is None:
                self.parts.append(text[start:] + "\n")
                self.size += len(text) - start
                return
            position = token.end()
            if token.group() == '"':
                yield self._given_up("an event with a text that does not end on its line")
                return
            self.depth += _DEPTH.get(token.group(), 0)
            if not self.depth:
                self.parts.append(text[start:position])
                yield Piece(self.first_line, "".join(self.parts))
                self.parts = []

    def _enter(self, mark: str, line: Line, column: int) -> bool:
        """Take note of what stands between two events; return whether it may stand there."""
        if mark in "[]":
            self.arrays = max(0, self.arrays + _DEPTH[mark])
            return True
        if mark != "{":
            return False
        self.depth, self.first_line, self.column = 1, line.number, column
        self.opened_alone = line.text.strip() == "{"
        self.parts, self.size = [""], 0  # open from here on, though none of its text is kept yet
        return True

    def _given_up(self, fault: str) -> Piece:
        self.parts, self.depth = [], 0
        return Piece(self.first_line, "", fault)


_DEPTH: Final = {"{": 1, "[": 1, "}": -1, "]": -1}
