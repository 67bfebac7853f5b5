"""Fields of what the CLI prints: times in either of its forms, and texts whose absence says nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from graph.model import Instant, PropertyValue
from ingest.redaction import Json
from ingest.shapes import JsonObject, Misshapen, optional_text
from ingest.times import EARLIEST, EXPECTED, parse_time

_MILLISECONDS: Final = 1000
_LATEST: Final = 253_402_300_799


def moment_at(item: JsonObject, key: str) -> Instant | None:
    """Return the time under a key: text in ISO 8601, or seconds since 1970 as older versions print them.

    Raises:
        Misshapen: where something else stands there.
    """
    value = item.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        if EARLIEST / _MILLISECONDS <= value < _LATEST:
            return Instant(int(value * _MILLISECONDS))
        raise Misshapen(f"/{key}", "a number that is no time", "seconds since 1970")
    if not isinstance(value, str):
        raise Misshapen(f"/{key}", "no time stands here", EXPECTED)
    try:
        return parse_time(_zoned(value)).moment
    except ValueError as error:
        raise Misshapen(f"/{key}", str(error), EXPECTED) from None


def present(**values: PropertyValue | None) -> dict[str, PropertyValue]:
    """Return the properties that have a value."""
    return {name: value for name, value in values.items() if value is not None and value != ()}


def object_in(item: JsonObject, *keys: str) -> JsonObject:
    """Return an object that lies deeper; an empty one where it or what leads to it is absent."""
    current: Json = dict(item)
    for key in keys:
        current = current.get(key) if isinstance(current, dict) else None
    return current if isinstance(current, dict) else {}


def objects_in(item: JsonObject, key: str) -> Iterator[JsonObject]:
    """Yield the objects of a list that may be absent."""
    value = item.get(key)
    yield from (one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()


def text_in(item: JsonObject, *keys: str) -> str | None:
    """Return a text that lies deeper, None where it is absent."""
    return optional_text(object_in(item, *keys[:-1]), keys[-1])


def _zoned(text: str) -> str:
    """Return a time with a colon in its zone, as Lambda leaves that out: ``+0000``."""
    if len(text) > _ZONE and text[-_ZONE] in "+-" and text[-4:].isdigit() and "T" in text:
        return f"{text[:-2]}:{text[-2:]}"
    return text


_ZONE: Final = 5
