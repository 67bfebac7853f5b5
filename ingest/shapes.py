"""Reads fields of untyped JSON, with an error that says what stands where and what was expected.

An error never quotes a value: a field of the wrong type may hold anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from ingest.redaction import Json

JsonObject: TypeAlias = Mapping[str, Json]

_TYPE_NAMES: Final[Mapping[type, str]] = {
    dict: "an object",
    list: "a list",
    str: "a text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    type(None): "null",
}
_ABSENT: Final = "nothing"


@dataclass
class Misshapen(Exception):
    """A value of another shape than the specification gives it; ``pointer`` leads to it."""

    pointer: str
    reason: str
    expected: str

    def below(self, pointer: str) -> Misshapen:
        """Return the same error for a value that stands deeper."""
        return Misshapen(f"{pointer}{self.pointer}", self.reason, self.expected)


def is_misshapen(value: Json, expected: str, pointer: str = "") -> Misshapen:
    """Return the error that a value is not what was expected."""
    return Misshapen(pointer, f"{_TYPE_NAMES[type(value)]} stands here", expected)


def as_object(value: Json, pointer: str = "") -> JsonObject:
    """Return a value that is an object.

    Raises:
        Misshapen: for any other.
    """
    if not isinstance(value, dict):
        raise is_misshapen(value, "an object", pointer)
    return value


def as_list(value: Json, pointer: str = "") -> list[Json]:
    """Return a value that is a list.

    Raises:
        Misshapen: for any other.
    """
    if not isinstance(value, list):
        raise is_misshapen(value, "a list", pointer)
    return value


def object_at(item: JsonObject, key: str, pointer: str = "") -> JsonObject:
    """Return the object under a key.

    Raises:
        Misshapen: where it is absent or of another type.
    """
    if key not in item:
        raise Misshapen(f"{pointer}/{key}", f"{_ABSENT} stands here", "an object")
    return as_object(item[key], f"{pointer}/{key}")


def text_at(item: JsonObject, key: str, pointer: str = "") -> str:
    """Return the text under a key; it must be there and not be empty.

    Raises:
        Misshapen: where it is absent, empty or of another type.
    """
    value = item.get(key)
    if not isinstance(value, str):
        found = _TYPE_NAMES[type(value)] if key in item else _ABSENT
        raise Misshapen(f"{pointer}/{key}", f"{found} stands here", "a text")
    if not value:
        raise Misshapen(f"{pointer}/{key}", "an empty text stands here", "a text")
    return value


def optional_text(item: JsonObject, key: str, pointer: str = "") -> str | None:
    """Return the text under a key, None where it is absent, null or empty.

    Raises:
        Misshapen: where something else stands there.
    """
    value = item.get(key)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise is_misshapen(value, "a text", f"{pointer}/{key}")
    return value


def objects_at(item: JsonObject, key: str, pointer: str = "") -> list[tuple[str, JsonObject]]:
    """Return the objects of the list under a key, each with its pointer; absent is empty.

    Raises:
        Misshapen: where no list stands there, or something in it is no object.
    """
    value = item.get(key)
    if value is None:
        return []
    place = f"{pointer}/{key}"
    members = as_list(value, place)
    return [(f"{place}/{i}", as_object(member, f"{place}/{i}")) for i, member in enumerate(members)]
