"""YAML or JSON text as plain values that remember on which line each of them stands.

JSON is read as the YAML that it is. Read from the parser's events with a stack of its
own, so that deep nesting costs no recursion. What a catalog never needs and an attacker
might (anchors, tags, several documents, a field twice) is refused by name and line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, cast

import yaml
from yaml.reader import ReaderError

Plain: TypeAlias = dict[str, "Plain"] | list["Plain"] | str | int | float | bool | None
Place: TypeAlias = tuple[str | int, ...]
"""The way to a value from the top: field names and item numbers."""

MAXIMUM_DEPTH: Final = 60

_TEXT_TAGS: Final = frozenset({"tag:yaml.org,2002:str", "tag:yaml.org,2002:timestamp"})
_RESOLVER: Final = yaml.SafeLoader("")


class Malformed(Exception):
    """A document that cannot be read to its end; raised and caught in this package only."""

    def __init__(self, line: int, reason: str, expected: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason
        self.expected = expected


@dataclass(frozen=True, slots=True)
class Document:
    """A document's value, and the line (from 1) on which each part of it begins."""

    value: Plain
    lines: dict[Place, int] = field(repr=False)

    def line(self, place: Place) -> int:
        """Return the line of a value; of the nearest one around it where it is missing."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


@dataclass(slots=True)
class _Open:
    """A list or an object that is being read; ``key`` is the field whose value comes next."""

    value: dict[str, Plain] | list[Plain]
    place: Place
    key: str | None = None

    @property
    def next_place(self) -> Place:
        return (*self.place, len(self.value) if isinstance(self.value, list) else cast("str", self.key))


def read_document(text: str) -> Document:
    r"""Return the value of a document. Cost: linear in its length.

    Raises:
        Malformed: for text that is neither YAML nor JSON, and for what this module refuses.

    >>> read_document("rules:\n  - {id: r-1}").line(("rules", 0, "id"))
    2
    """
    try:
        return _assemble(yaml.parse(text, Loader=yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Malformed(
            1 if mark is None else mark.line + 1, "text that is no YAML", "YAML or JSON"
        ) from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise Malformed(line, "a character that YAML does not allow", "printable text") from None


def _assemble(events: Iterator[yaml.Event]) -> Document:
    lines: dict[Place, int] = {}
    top: list[Plain] = []
    stack: list[_Open] = []
    for event in events:
        line = 1 if event.start_mark is None else event.start_mark.line + 1
        _refuse(event, line, top, stack)
        match event:
            case yaml.ScalarEvent():
                _put_scalar(event, line, top, stack, lines)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                value: dict[str, Plain] | list[Plain]
                value = {} if isinstance(event, yaml.MappingStartEvent) else []
                if stack and isinstance(stack[-1].value, dict) and stack[-1].key is None:
                    raise Malformed(line, "a field whose name is not text", "names of fields as text")
                place = stack[-1].next_place if stack else ()
                _put(value, line, top, stack, lines)
                stack.append(_Open(value, place))
                if len(stack) > MAXIMUM_DEPTH:
                    raise Malformed(line, "nested too deeply", f"at most {MAXIMUM_DEPTH} levels")
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                stack.pop()
            case _:
                pass
    if not top:
        raise Malformed(1, "the file is empty", "a catalog")
    return Document(top[0], lines)


def _refuse(event: yaml.Event, line: int, top: list[Plain], stack: list[_Open]) -> None:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
        raise Malformed(line, "an anchor or alias", "every value written out")
    if getattr(event, "tag", None) not in {None, "!"}:
        raise Malformed(line, "a tag", "plain values")
    if isinstance(event, yaml.DocumentStartEvent) and top and not stack:
        raise Malformed(line, "a second document", "one catalog in a file")


def _put_scalar(
    event: yaml.ScalarEvent, line: int, top: list[Plain], stack: list[_Open], lines: dict[Place, int]
) -> None:
    inside = stack[-1] if stack else None
    if inside is None or isinstance(inside.value, list) or inside.key is not None:
        _put(_scalar(event), line, top, stack, lines)
    elif event.value in inside.value:
        raise Malformed(line, f"the field {event.value!r} stands there twice", "each field once")
    else:
        inside.key = event.value


def _put(value: Plain, line: int, top: list[Plain], stack: list[_Open], lines: dict[Place, int]) -> None:
    if not stack:
        lines[()] = line
        top.append(value)
        return
    inside = stack[-1]
    lines[inside.next_place] = line
    if isinstance(inside.value, list):
        inside.value.append(value)
    else:
        inside.value[cast("str", inside.key)] = value
        inside.key = None


def _scalar(event: yaml.ScalarEvent) -> Plain:
    """Return what a scalar means; dates stay text, as they are in JSON."""
    if not event.implicit[0]:
        return event.value
    resolver = cast("Any", _RESOLVER)  # its methods have no types
    tag: str = resolver.resolve(yaml.ScalarNode, event.value, (True, False))
    if tag in _TEXT_TAGS:
        return event.value
    try:
        made: object = resolver.construct_object(yaml.ScalarNode(tag, event.value))
    except (yaml.YAMLError, ValueError):
        return event.value
    return made if made is None or isinstance(made, bool | int | float) else event.value
