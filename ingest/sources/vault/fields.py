"""Fields of answers: lists of texts, which older servers write as one text, times, and flags."""

from __future__ import annotations

from typing import Final

from graph.model import Instant
from ingest.shapes import JsonObject, Misshapen, is_misshapen
from ingest.times import EXPECTED, parse_time

_NEVER: Final = "0001-01-01T00:00:00Z"


def texts(item: JsonObject, key: str) -> tuple[str, ...]:
    """Return the texts under a key: a list, or one text with commas between; none where it is absent.

    Raises:
        Misshapen: for anything else.
    """
    value = item.get(key)
    if value is None:
        return ()
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if not isinstance(value, list):
        raise is_misshapen(value, "a list of texts", f"/{key}")
    found: list[str] = []
    for i, member in enumerate(value):
        if not isinstance(member, str):
            raise is_misshapen(member, "a text", f"/{key}/{i}")
        found.append(member)
    return tuple(found)


def flag(item: JsonObject, key: str) -> bool:
    """Return what stands under a key that is true or false; false where it is absent.

    Raises:
        Misshapen: for anything else.
    """
    value = item.get(key)
    if value is None or isinstance(value, bool):
        return value is True
    raise is_misshapen(value, "true or false", f"/{key}")


def moment(item: JsonObject, key: str) -> Instant | None:
    """Return the time under a key, in RFC 3339 or in seconds since 1970; None for none and for the year 1.

    Raises:
        Misshapen: for anything else.
    """
    value = item.get(key)
    if value is None or value == "" or (isinstance(value, str) and value.startswith(_NEVER[:10])):
        return None
    try:
        in_seconds = isinstance(value, int) and not isinstance(value, bool)
        return parse_time(value * 1000 if isinstance(value, int) and in_seconds else value).moment
    except ValueError as error:
        raise Misshapen(f"/{key}", str(error), EXPECTED) from None
