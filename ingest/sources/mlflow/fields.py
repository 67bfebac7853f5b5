"""Fields that many of MLflow's records share: tags, times in milliseconds, texts that may hold anything."""

from __future__ import annotations

from typing import Final

from graph.model import PropertyValue
from ingest.redaction import Json, redact_text
from ingest.shapes import JsonObject, Misshapen, as_object, is_misshapen, objects_at, optional_text, text_at

_DIGITS: Final = 15
_LONGEST: Final = 4_000
"""Letters of a description that are kept; what people write beside a model may be a whole document."""


def tags_of(item: JsonObject, pointer: str = "") -> dict[str, str]:
    """Return the tags of a record, which stand as a list of keys and values, or as an object.

    Raises:
        Misshapen: for anything else.
    """
    value = item.get("tags")
    if isinstance(value, dict):
        return {key: text for key, text in value.items() if isinstance(text, str)}
    found = ((text_at(tag, "key", at), tag.get("value")) for at, tag in objects_at(item, "tags", pointer))
    return {key: text for key, text in found if isinstance(text, str)}


def part_at(item: JsonObject, key: str, pointer: str = "") -> JsonObject:
    """Return the object under a key; an empty one where none stands there.

    Raises:
        Misshapen: for anything else than an object.
    """
    value = item.get(key)
    return {} if value is None else as_object(value, f"{pointer}/{key}")


def moment_at(item: JsonObject, key: str, pointer: str = "") -> int | None:
    """Return a time in milliseconds, which some writers of protocol buffers give as text; None without one.

    Raises:
        Misshapen: where something else stands there.
    """
    value = item.get(key)
    if value is None or value in (0, "0", ""):
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _DIGITS:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**_DIGITS:
        return value
    raise Misshapen(
        f"{pointer}/{key}", "what is no time in milliseconds stands here", "milliseconds since 1970"
    )


def number_text(item: JsonObject, key: str, pointer: str = "") -> str:
    """Return a version, which is a number in some answers and its text in others.

    Raises:
        Misshapen: where neither stands there.
    """
    value = item.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return text_at(item, key, pointer)


def described(item: JsonObject, *, created: str) -> dict[str, PropertyValue]:
    """Return what a record says of itself in words, and when it was made, under the key ``created``.

    Raises:
        Misshapen: for fields of other types.
    """
    properties: dict[str, PropertyValue] = {}
    text = optional_text(item, "description")
    if text is not None:
        properties["description"] = redact_text(text)[:_LONGEST]
    moment = moment_at(item, created)
    if moment is not None:
        properties["created_at"] = moment
    return properties


def as_texts(value: Json, pointer: str) -> list[str]:
    """Return a list of texts; an absent one is empty.

    Raises:
        Misshapen: for anything else.
    """
    if value is None:
        return []
    if not isinstance(value, list):
        raise is_misshapen(value, "a list of texts", pointer)
    found: list[str] = []
    for i, text in enumerate(value):
        if not isinstance(text, str):
            raise is_misshapen(text, "a text", f"{pointer}/{i}")
        found.append(text)
    return found
