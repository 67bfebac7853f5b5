"""Reading the fields of one JSON object strictly: known names, right sorts, nothing guessed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, TypeVar, cast

from graph.errors import InvalidValue
from graph.ledger.values import checked_identifier, checked_properties, checked_text
from graph.model import Instant, Properties
from graph.vocabulary import Kind
from ingest.declared import declared_values
from ingest.disallowed import other_text
from ingest.jsontext import shown
from ingest.times import EXPECTED, SourceTime, parse_time

Word = TypeVar("Word", bound=StrEnum)

_SORTS: Final[dict[type, str]] = {
    dict: "an object",
    list: "a list",
    str: "a text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    type(None): "null",
}


def sort_of(value: object) -> str:
    """Return what sort of JSON value this is, in words; never the value."""
    return _SORTS.get(type(value), f"a {type(value).__name__}")


def is_list(value: object) -> bool:
    """Return whether a value is a list; a plug-in written in Python may give a tuple."""
    return isinstance(value, list | tuple)


def items_of(value: object) -> Sequence[object]:
    """Return the items of what ``is_list`` says is a list."""
    return cast("Sequence[object]", value)


class Fields:
    """The fields of one object of a line; ``where`` is the object's name in problems.

    A field that holds null is as one that is not there.
    """

    def __init__(self, where: str, value: object, known: Collection[str]) -> None:
        if not isinstance(value, Mapping):
            raise InvalidValue(where, sort_of(value), "an object")
        self._where = where
        self._values = cast("Mapping[object, Any]", value)
        for name in self._values:
            if name not in known:
                # The name is somebody's input: it may be a value in the wrong place.
                given = shown(name) if isinstance(name, str) else sort_of(name)
                raise InvalidValue(where, f"the field {given}", f"only {', '.join(known)}")

    def path(self, name: str) -> str:
        """Return how a field is called in problems."""
        return f"{self._where}.{name}"

    def raw(self, name: str) -> Any:  # noqa: ANN401 - a JSON value, whatever it is
        """Return a field's value as it is; None where it is absent."""
        return self._values.get(name)

    def text(self, name: str) -> str | None:
        """Return a field that holds text, or None.

        Raises:
            InvalidValue: for anything but text.
        """
        value = self.raw(name)
        return None if value is None else checked_text(self._a_text(name, value), self.path(name))

    def identifier(self, name: str) -> str:
        """Return a field that must hold a text that is not empty.

        Raises:
            InvalidValue: for anything else, and where it is absent.
        """
        value = self.raw(name)
        if value is None:
            raise InvalidValue(self.path(name), "nothing", "a text")
        return checked_identifier(self._a_text(name, value), self.path(name))

    def _a_text(self, name: str, value: object) -> str:
        if not isinstance(value, str):
            raise InvalidValue(self.path(name), sort_of(value), "a text")
        return value

    def word(self, name: str, words: type[Word], *, without: Collection[Word] = ()) -> Word | None:
        """Return a field that holds one of some words, or None.

        Raises:
            InvalidValue: for any other value.
        """
        value = self.raw(name)
        if value is None:
            return None
        known: dict[str, Word] = {word.value: word for word in words if word not in without}
        if not isinstance(value, str):
            raise InvalidValue(self.path(name), sort_of(value), f"one of {', '.join(known)}")
        if value not in known:
            raise InvalidValue(self.path(name), other_text(value, known), f"one of {', '.join(known)}")
        return known[value]

    def flag(self, name: str) -> bool:
        """Return a field that holds true or false; false where it is absent.

        Raises:
            InvalidValue: for anything else.
        """
        value = self.raw(name)
        if value is not None and not isinstance(value, bool):
            raise InvalidValue(self.path(name), sort_of(value), "true or false")
        return value is True

    def texts(self, name: str, *, among: Collection[str]) -> frozenset[str] | None:
        """Return a field that holds a list of words out of a set, or None.

        Raises:
            InvalidValue: for anything but a list, and for an item outside the set.
        """
        value = self.raw(name)
        if value is None:
            return None
        if not is_list(value):
            raise InvalidValue(self.path(name), sort_of(value), "a list of texts")
        words: set[str] = set()
        for i, item in enumerate(items_of(value)):
            if not isinstance(item, str) or item not in among:
                given = other_text(item, among) if isinstance(item, str) else sort_of(item)
                raise InvalidValue(f"{self.path(name)}[{i}]", given, f"one of {', '.join(among)}")
            words.add(item)
        return frozenset(words)

    def words(self, name: str, words: type[Word], *, among: Collection[str]) -> Mapping[str, Word]:
        """Return a field that holds an object of such words, under names out of a set; empty where absent.

        Raises:
            InvalidValue: for anything but an object, a name outside the set, and another word.
        """
        value = self.raw(name)
        if value is None:
            return MappingProxyType({})
        inner = Fields(self.path(name), value, among)
        held = {key: word for key in among if (word := inner.word(key, words)) is not None}
        return MappingProxyType(held)

    def time(self, name: str) -> SourceTime | None:
        """Return a field that holds a time, or None.

        Raises:
            InvalidValue: for anything that is no time.
        """
        value = self.raw(name)
        if value is None:
            return None
        try:
            return parse_time(value)
        except ValueError as error:
            raise InvalidValue(self.path(name), str(error), EXPECTED) from None

    def instant(self, name: str) -> Instant | None:
        """Return the moment of a field that holds a time, or None; raises as ``time``."""
        found = self.time(name)
        return None if found is None else found.moment

    def properties(self, name: str, kind: Kind | None = None) -> Properties:
        """Return a field that holds properties; none where it is absent.

        Those of a node of this kind are held to what the vocabulary declares for it.

        Raises:
            InvalidValue: for anything but an object of values that a store can hold.
        """
        value = self.raw(name)
        if value is not None and not isinstance(value, Mapping):
            raise InvalidValue(self.path(name), sort_of(value), "an object")
        properties = cast("Mapping[str, object]", value or {})
        if kind is not None:
            properties = declared_values(kind, properties, self.path(name))
        return checked_properties(properties, self.path(name))
