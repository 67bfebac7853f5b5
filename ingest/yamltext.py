"""YAML or JSON text as plain values that remember where each of them stands.

JSON is read as the YAML that it is. Read from the parser's events with a stack of its
own, so that deep nesting costs no recursion. What such files never need and an attacker
might (anchors, tags, a field twice) is refused by name and line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, cast

import yaml
from yaml.reader import ReaderError

from ingest.jsontext import shown

Plain: TypeAlias = dict[str, "Plain"] | list["Plain"] | str | int | float | bool | None
Place: TypeAlias = tuple[str | int, ...]
"""The way to a value from the top: field names and item numbers."""

MAXIMUM_DEPTH: Final = 60

_TEXT_TAGS: Final = frozenset({"tag:yaml.org,2002:str", "tag:yaml.org,2002:timestamp"})
_NULL_TAG: Final = "tag:yaml.org,2002:null"
_RESOLVER: Final = yaml.SafeLoader("")
_BEGINNING: Final = re.compile(r"^---(?=[ \t\r\n]|\Z)", re.MULTILINE)


class Malformed(Exception):
    """A document that cannot be read to its end; raised here and caught by whoever reads a file."""

    def __init__(self, line: int, reason: str, expected: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason
        self.expected = expected


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a value begins, both from 1."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}"


@dataclass(frozen=True, slots=True)
class Document:
    """A document's value, where each part of it begins, and where the name of each field does."""

    value: Plain
    marks: dict[Place, Mark] = field(repr=False)
    names: dict[Place, Mark] = field(repr=False)

    def line(self, place: Place) -> int:
        """Return the line of a value; of the nearest one around it where it is missing."""
        return self.mark(place).line

    def mark(self, place: Place, *, of_name: bool = False) -> Mark:
        """Return where a value begins, or the name of its field; the nearest one around it if missing."""
        if of_name and place in self.names:
            return self.names[place]
        while place and place not in self.marks:
            place = place[:-1]
        return self.marks.get(place, Mark(1, 1))


@dataclass(slots=True)
class _Open:
    """A list or an object that is being read; ``key`` is the field whose value comes next."""

    value: dict[str, Plain] | list[Plain]
    place: Place
    key: str | None = None

    @property
    def next_place(self) -> Place:
        return (*self.place, len(self.value) if isinstance(self.value, list) else cast("str", self.key))


def read_document(text: str, *, only_texts: bool = False) -> Document:
    r"""Return the value of a document. Cost: linear in its length.

    With ``only_texts`` every scalar is the text that it was written as, None where it is null:
    for files whose reader knows of what type each field is, where YAML only guesses.

    Raises:
        Malformed: for text that is neither YAML nor JSON, and for what this module refuses.

    >>> read_document("rules:\n  - {id: r-1}").line(("rules", 0, "id"))
    2
    >>> read_document("in_use: no").value, read_document("in_use: no", only_texts=True).value
    ({'in_use': False}, {'in_use': 'no'})
    """
    return _read(text, 0, only_texts=only_texts)


def read_documents(text: str) -> Iterator[Document | Malformed]:
    r"""Yield the documents of a text, each with its own lines; a malformed one keeps no other out.

    Documents begin with ``---`` at the start of a line, which YAML allows nowhere else. Every
    scalar is the text that it was written as; documents without a value are passed over.

    >>> [d.line(()) for d in read_documents("a: 1\n---\nb: 2\n") if isinstance(d, Document)]
    [1, 3]
    """
    starts = [0, *(found.start() for found in _BEGINNING.finditer(text))]
    line = 0
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        piece = text[start:end]
        if _has_value(piece):
            try:
                yield _read(piece, line, only_texts=True)
            except Malformed as error:
                yield error
        line += piece.count("\n")


def _has_value(piece: str) -> bool:
    """Return whether more stands in a document than its marks, comments and directives."""
    lines = (line.strip() for line in piece.removeprefix("---").splitlines())
    return any(line and not line.startswith(("#", "%")) and line != "..." for line in lines)


def _read(text: str, lines_before: int, *, only_texts: bool) -> Document:
    reading = _Reading(lines_before, only_texts)
    try:
        return reading.assembled(yaml.parse(text, Loader=yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = lines_before + (1 if mark is None else mark.line + 1)
        raise Malformed(line, "text that is no YAML", "YAML or JSON") from None
    except ReaderError as error:
        line = lines_before + text.count("\n", 0, error.position) + 1
        raise Malformed(line, "a character that YAML does not allow", "printable text") from None


@dataclass
class _Reading:
    """One document while it is put together; ``top`` holds its value once it has begun."""

    lines_before: int
    only_texts: bool
    top: list[Plain] = field(default_factory=list["Plain"])
    stack: list[_Open] = field(default_factory=list[_Open])
    marks: dict[Place, Mark] = field(default_factory=dict[Place, Mark])
    names: dict[Place, Mark] = field(default_factory=dict[Place, Mark])

    def assembled(self, events: Iterator[yaml.Event]) -> Document:
        for event in events:
            mark = self._mark(event)
            self._refuse(event, mark.line)
            match event:
                case yaml.ScalarEvent():
                    self._put_scalar(event, mark)
                case yaml.MappingStartEvent():
                    self._begin({}, mark)
                case yaml.SequenceStartEvent():
                    self._begin([], mark)
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    self.stack.pop()
                case _:
                    pass
        if not self.top:
            raise Malformed(self.lines_before + 1, "the file is empty", "a document")
        return Document(self.top[0], self.marks, self.names)

    def _mark(self, event: yaml.Event) -> Mark:
        if event.start_mark is None:
            return Mark(self.lines_before + 1, 1)
        return Mark(self.lines_before + event.start_mark.line + 1, event.start_mark.column + 1)

    def _refuse(self, event: yaml.Event, line: int) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise Malformed(line, "an anchor or alias", "every value written out")
        if getattr(event, "tag", None) not in {None, "!"}:
            raise Malformed(line, "a tag", "plain values")
        if isinstance(event, yaml.DocumentStartEvent) and self.top and not self.stack:
            raise Malformed(line, "a second document", "one document in a file")

    def _begin(self, value: dict[str, Plain] | list[Plain], mark: Mark) -> None:
        if self.stack and isinstance(self.stack[-1].value, dict) and self.stack[-1].key is None:
            raise Malformed(mark.line, "a field whose name is not text", "names of fields as text")
        place = self.stack[-1].next_place if self.stack else ()
        self._put(value, mark)
        self.stack.append(_Open(value, place))
        if len(self.stack) > MAXIMUM_DEPTH:
            raise Malformed(mark.line, "nested too deeply", f"at most {MAXIMUM_DEPTH} levels")

    def _put_scalar(self, event: yaml.ScalarEvent, mark: Mark) -> None:
        inside = self.stack[-1] if self.stack else None
        if inside is None or isinstance(inside.value, list) or inside.key is not None:
            self._put(self._scalar(event), mark)
        elif event.value in inside.value:
            raise Malformed(
                mark.line, f"the field {shown(event.value)} stands there twice", "each field once"
            )
        else:
            inside.key = event.value
            self.names[inside.next_place] = mark

    def _put(self, value: Plain, mark: Mark) -> None:
        if not self.stack:
            self.marks[()] = mark
            self.top.append(value)
            return
        inside = self.stack[-1]
        self.marks[inside.next_place] = mark
        if isinstance(inside.value, list):
            inside.value.append(value)
        else:
            inside.value[cast("str", inside.key)] = value
            inside.key = None

    def _scalar(self, event: yaml.ScalarEvent) -> Plain:
        """Return what a scalar means; dates stay text, as they are in JSON."""
        if not event.implicit[0]:
            return event.value
        resolver = cast("Any", _RESOLVER)  # its methods have no types
        tag: str = resolver.resolve(yaml.ScalarNode, event.value, (True, False))
        if self.only_texts:
            return None if tag == _NULL_TAG else event.value
        if tag in _TEXT_TAGS:
            return event.value
        try:
            made: object = resolver.construct_object(yaml.ScalarNode(tag, event.value))
        except (yaml.YAMLError, ValueError):
            return event.value
        return made if made is None or isinstance(made, bool | int | float) else event.value
