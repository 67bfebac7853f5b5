"""One file of answers, read while it arrives: the records of each page one by one, then the page's own words.

A file holds one answer, or a list of answers that are the pages of one list in order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ingest.files import pieces
from ingest.jsonstream import Entered, Given, Left, pointer_of, stream_json
from ingest.jsonstream import Path as JsonPath
from ingest.redaction import Json
from ingest.shapes import Misshapen, is_misshapen
from ingest.sources.mlflow.lists import KEYS


@dataclass(frozen=True, slots=True)
class Listed:
    """A member of the list under ``key``, with its place."""

    key: str
    value: Json
    position: str


@dataclass(frozen=True, slots=True)
class PageEnd:
    """What else stands on a page, once it ended; ``keys`` are the lists that stand on it."""

    fields: Mapping[str, Json]
    keys: tuple[str, ...]
    position: str


def pages(path: Path) -> Iterator[Listed | PageEnd]:
    """Yield what the pages of a file hold, in order.

    Raises:
        Unreadable, NotJson: where the file or its text breaks; what stands before was yielded.
        Misshapen: for what is neither an object nor a list of objects, or no list where one is.
    """
    page = _Page()
    for step in stream_json((piece.text for piece in pieces(path)), _is_entered):
        match step:
            case Entered():
                page.enter(step)
            case Given((*_, str(key), int()) as place, value):
                yield Listed(key, value, pointer_of(place))
            case Given():
                page.give(step)
            case Left(place):
                if page.is_its_own(place):
                    yield page.ended(place)


@dataclass
class _Page:
    """The page that is being read; ``in_list`` if the file is a list of pages."""

    in_list: bool = False
    _fields: dict[str, Json] = field(default_factory=dict[str, Json])
    _keys: list[str] = field(default_factory=list[str])

    def enter(self, step: Entered) -> None:
        """Take note that an object or a list begins."""
        if not step.path:
            self.in_list = step.is_list
        elif _is_page(step.path):
            if step.is_list:
                raise Misshapen(pointer_of(step.path), "a list stands here", "an object")
        elif not step.is_list:
            raise Misshapen(pointer_of(step.path), "an object stands here", "a list")
        else:
            self._keys.append(str(step.path[-1]))

    def give(self, step: Given) -> None:
        """Take a field of the page."""
        name = step.path[-1] if step.path else None
        if not isinstance(name, str):
            raise is_misshapen(step.value, "an object", pointer_of(step.path))
        if name in KEYS and step.value is not None:
            raise is_misshapen(step.value, "a list", pointer_of(step.path))
        self._fields[name] = step.value

    def is_its_own(self, place: JsonPath) -> bool:
        """Return whether what ended at a place is the page itself."""
        return _is_page(place) or (not place and not self.in_list)

    def ended(self, place: JsonPath) -> PageEnd:
        """Return what stood on the page, and make ready for the next."""
        end = PageEnd(self._fields, tuple(self._keys), pointer_of(place))
        self._fields, self._keys = {}, []
        return end


def _is_page(place: JsonPath) -> bool:
    """Return whether a page of a list of pages stands at a place."""
    return len(place) == 1 and isinstance(place[0], int)


def _is_entered(place: JsonPath) -> bool:
    """Return whether a value is given by its members: the file, its pages, and the lists on them."""
    return not place or _is_page(place) or (place[-1] in KEYS and (len(place) == 1 or _is_page(place[:-1])))
