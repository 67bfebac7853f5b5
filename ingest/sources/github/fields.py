"""Fields that many answers of GitHub have: numbers, names, flags and times; see ``ingest.shapes``."""

from __future__ import annotations

from graph.model import Instant
from ingest.redaction import redact_text
from ingest.shapes import JsonObject, Misshapen, is_misshapen, text_at
from ingest.times import EXPECTED, parse_time


def number_at(item: JsonObject, key: str, pointer: str) -> int:
    """Return the number under a key by which GitHub calls something.

    Raises:
        Misshapen: where it is absent or of another type.
    """
    value = item.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        if key not in item:
            raise Misshapen(f"{pointer}/{key}", "nothing stands here", "a number")
        raise is_misshapen(value, "a number", f"{pointer}/{key}")
    return value


def flag(item: JsonObject, key: str, pointer: str, *, default: bool | None = None) -> bool:
    """Return the truth value under a key; the default where it is absent.

    Raises:
        Misshapen: where it is absent without a default, or of another type.
    """
    value = item.get(key)
    if value is None and default is not None:
        return default
    if not isinstance(value, bool):
        raise is_misshapen(value, "true or false", f"{pointer}/{key}")
    return value


def named_at(item: JsonObject, key: str, pointer: str) -> str:
    """Return the name under a key, without a secret value that somebody put there."""
    return redact_text(text_at(item, key, pointer), identifier=True)


def time_at(item: JsonObject, key: str, pointer: str) -> Instant | None:
    """Return the time under a key; None where there is none.

    Raises:
        Misshapen: for what is no time.
    """
    if item.get(key) is None:
        return None
    try:
        return parse_time(item[key]).moment
    except ValueError as error:
        raise Misshapen(f"{pointer}/{key}", str(error), EXPECTED) from None
