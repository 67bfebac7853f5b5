"""JSON that is read while it arrives, as strictly as ``parse_json`` reads a whole text.

A document is walked from its first character to its last. What the caller asks to enter
is given member by member, everything else as one value; so of a list with a million
items one is in memory at a time. What stands before a fault has been given when the
fault is found: a caller that must not act on half a document waits for the end.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias, cast

from ingest.jsontext import MAXIMUM_DEPTH, NotJson, ascii_safe, check_depth, shown, strict_decoder
from ingest.redaction import Json

Path: TypeAlias = tuple[str | int, ...]
"""The keys and indexes that lead to a value from the top of its document."""

VALUE_LIMIT: Final = 64 * 1024 * 1024
"""Characters of the longest value that is given as one; a list that long is for entering."""

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_WINDOW: Final = 1 << 16
_TOKEN: Final = 32  # no word, number's mark or escape is longer: an error so near the end may be its cut
_UNENDED: Final = "Unterminated string"
_OF_A_NUMBER: Final = re.compile(r"[-+.eE0-9]*")


@dataclass(frozen=True, slots=True)
class Entered:
    """An object or a list that is given by its members begins."""

    path: Path
    is_list: bool


@dataclass(frozen=True, slots=True)
class Left:
    """An object or a list that is given by its members has ended."""

    path: Path


@dataclass(frozen=True, slots=True)
class Given:
    """A value as a whole."""

    path: Path
    value: Json


Step: TypeAlias = Entered | Left | Given


def pointer_of(path: Path) -> str:
    """Return a path as a JSON pointer (RFC 6901), printable; empty for the whole document.

    >>> pointer_of(("components", 3, "a/b"))
    '/components/3/a~1b'
    """
    pointer = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)
    return pointer if pointer.isprintable() else ascii_safe(pointer)


def stream_json(
    pieces: Iterable[str], enter: Callable[[Path], bool], *, maximum_depth: int = MAXIMUM_DEPTH
) -> Iterator[Step]:
    """Yield what a JSON text holds, in its order; the text may be cut anywhere into pieces.

    ``enter`` is asked for each object and list, from the top one on, whether to give it by
    its members. Values are those of ``parse_json``, and refused is what it refuses.

    Raises:
        NotJson: as ``parse_json``, with line and column, once all before it was yielded;
            also for a value longer than ``VALUE_LIMIT`` that is to be given as one.

    >>> list(stream_json(['{"a": [1', ', {"b": 2}], "c": 3}'], lambda path: path in ((), ("a",))))
    [Entered(path=(), is_list=False), Entered(path=('a',), is_list=True), Given(path=('a', 0), value=1),
     Given(path=('a', 1), value={'b': 2}), Left(path=('a',)), Given(path=('c',), value=3), Left(path=())]
    """
    text = _Text(iter(pieces))
    if not text.next_character():
        raise text.fault("nothing")
    yield from _Walk(text, enter, maximum_depth).steps()
    if text.next_character():
        raise text.fault("more after the end of the value")


@dataclass
class _Text:
    """The part of the input that is looked at, and where it stands in the whole."""

    pieces: Iterator[str]
    held: str = ""
    at: int = 0
    ended: bool = False
    _lines: int = 0
    _columns: int = 0  # of the line that the held part begins in

    def next_character(self) -> str:
        """Return the next character that is no space, which is not taken yet; empty at the end."""
        while True:
            if self.at < len(self.held) and (character := self.held[self.at]) not in " \t\n\r":
                return character
            match = _SPACE.match(self.held, self.at)
            self.at = self.at if match is None else match.end()
            if self.at < len(self.held):
                return self.held[self.at]
            if not self.fill():
                return ""

    def fill(self, *, least: int = _WINDOW) -> bool:
        """Drop what was taken and read on; return whether there was more."""
        self._drop()
        parts: list[str] = [self.held]
        wanted = least
        while wanted > 0 and not self.ended:
            piece = next(self.pieces, None)
            if piece is None:
                self.ended = True
            else:
                parts.append(piece)
                wanted -= len(piece)
        self.held = "".join(parts)
        return wanted < least

    def _drop(self) -> None:
        self._lines, self._columns = self._place(self.at)
        self.held = self.held[self.at :]
        self.at = 0

    def _place(self, at: int) -> tuple[int, int]:
        """Return how many lines end before a place of the held part, and how far into its line it is."""
        lines = self.held.count("\n", 0, at)
        if not lines:
            return self._lines, self._columns + at
        return self._lines + lines, at - self.held.rfind("\n", 0, at) - 1

    def fault(self, reason: str, expected: str = "one JSON value", at: int | None = None) -> NotJson:
        """Return the error that something else stands at a place than should."""
        lines, columns = self._place(self.at if at is None else at)
        return NotJson(reason, expected, lines + 1, columns + 1)

    def broken(self, at: int | None = None, *, unended: bool = False) -> NotJson:
        """Return the error that no JSON stands at a place, or that the text ends there."""
        place = self.at if at is None else at
        if unended or (self.ended and not self.held[place:].strip(" \t\n\r")):
            return self.fault("JSON that ends early", at=place)
        return self.fault("text that is not JSON", at=place)


@dataclass
class _Walk:
    """Goes through one document."""

    text: _Text
    enter: Callable[[Path], bool]
    maximum_depth: int
    _open: list[_Open] = field(default_factory=list["_Open"])

    def steps(self) -> Iterator[Step]:
        """Yield the steps up to the end of the top value."""
        yield self._value(())
        while self._open:
            inner = self._open[-1]
            character = self.text.next_character()
            if character == inner.closing and not inner.after_comma:
                self.text.at += 1
                self._open.pop()
                yield Left(inner.path)
                continue
            if inner.count and not inner.after_comma:
                self._take(",")
                inner.after_comma = True
                continue
            part = self._key(inner) if inner.closing == "}" else inner.count
            inner.count += 1
            inner.after_comma = False
            yield self._value((*inner.path, part))

    def _take(self, mark: str) -> None:
        if self.text.next_character() != mark:
            raise self.text.broken()
        self.text.at += 1

    def _key(self, inner: _Open) -> str:
        if self.text.next_character() != '"':
            raise self.text.broken()
        start = self.text.at
        key = self._decoded(depth=0)
        assert isinstance(key, str)  # noqa: S101 - it began with a quotation mark
        if key in inner.keys:
            reason = f"the key {shown(key)} stands twice in one object"
            raise self.text.fault(reason, "each key once", at=min(start, self.text.at))
        inner.keys.add(key)
        self._take(":")
        return key

    def _value(self, path: Path) -> Step:
        character = self.text.next_character()
        if character not in ("{", "[") or not self.enter(path):
            return Given(path, self._decoded(depth=len(path)))
        if len(path) >= self.maximum_depth:
            limit = self.maximum_depth
            raise self.text.fault(f"nesting deeper than {limit} levels", f"at most {limit} levels")
        self.text.at += 1
        self._open.append(_Open(path, "}" if character == "{" else "]"))
        return Entered(path, is_list=character == "[")

    def _decoded(self, *, depth: int) -> Json:
        """Return the value that begins here, reading on until it is whole."""
        text = self.text
        while True:
            try:
                value, end = _begun(text.held, text.at)
                if text.ended or not self._may_go_on(value, end):
                    check_depth(text.held[text.at : end], self.maximum_depth - depth, self.maximum_depth)
                    text.at = end
                    return value
            except json.JSONDecodeError as error:
                if not self._may_be_cut(error):
                    raise text.broken(error.pos, unended=error.msg.startswith(_UNENDED)) from None
            except RecursionError:
                limit = self.maximum_depth
                raise text.fault("nesting deeper than can be read", f"at most {limit} levels") from None
            except NotJson as error:
                raise text.fault(error.reason, error.expected) from None
            held = len(text.held) - text.at
            if held > VALUE_LIMIT:
                expected = f"at most {VALUE_LIMIT} characters"
                raise text.fault("one value that is too large", expected)
            text.fill(least=max(_WINDOW, held))

    def _may_go_on(self, value: Json, end: int) -> bool:
        """Return whether a value may only seem to end, as a number does where its text is cut."""
        is_number = isinstance(value, int | float)  # true and false too, which this does not harm
        rest = _OF_A_NUMBER.match(self.text.held, end) if is_number else None
        return rest is not None and rest.end() == len(self.text.held)

    def _may_be_cut(self, error: json.JSONDecodeError) -> bool:
        """Return whether an error may be only that the rest of the value was not read yet."""
        if self.text.ended:
            return False
        return error.msg.startswith(_UNENDED) or error.pos >= len(self.text.held) - _TOKEN


@dataclass
class _Open:
    """An object or a list that is given by its members, as far as it was read."""

    path: Path
    closing: str
    count: int = 0
    after_comma: bool = False
    keys: set[str] = field(default_factory=set[str])


_DECODER: Final = strict_decoder()


def _begun(text: str, at: int) -> tuple[Json, int]:
    """Return the value that begins at a place of a text, and where it ends."""
    return cast("tuple[Json, int]", _DECODER.raw_decode(text, at))
