"""Which values a property, a name or an identifier may hold, and the errors for all others.

Both stores keep exactly these values, so that an answer does not depend on the
store: booleans, integers of 64 bits, finite floats, text, and lists of one of these.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, cast

from graph.errors import InvalidValue
from graph.ledger.canonical import JsonValue, canonical_text
from graph.model import NO_PROPERTIES, Properties, PropertyValue, Scalar
from graph.vocabulary import VOCABULARY, Kind, Property

MAXIMUM_IDENTIFIER_BYTES: Final = 4_096
"""For texts that both stores index: uids, names, namespaces, external ids."""

MAXIMUM_TEXT_BYTES: Final = 65_536
"""For every other text."""

_INTEGER_RANGE: Final = range(-(2**63), 2**63)
_INDEXED_PROPERTIES: Final = frozenset({"name", "namespace"})


def checked_text(text: object, field: str, *, limit: int = MAXIMUM_IDENTIFIER_BYTES) -> str:
    """Return the text unchanged if both stores can hold it.

    Raises:
        InvalidValue: not text, longer than the limit in UTF-8, or holding a lone
            surrogate or a NUL.

    >>> checked_text("svc:scoring", "uid")
    'svc:scoring'
    """
    if not isinstance(text, str):
        raise InvalidValue(field, f"a {type(text).__name__}", "text")
    if "\x00" in text:
        raise InvalidValue(field, "a NUL character", "text without NUL")
    try:
        size = len(text.encode("utf-8"))
    except UnicodeEncodeError as error:
        raise InvalidValue(field, "half of a surrogate pair", "text that UTF-8 can hold") from error
    if size > limit:
        raise InvalidValue(field, f"text of {size} bytes", f"at most {limit} bytes")
    return text


def checked_identifier(text: object, field: str) -> str:
    """Return a text that identifies something: not empty, at most 4 KB.

    Raises:
        InvalidValue: as ``checked_text``, or empty.
    """
    checked = checked_text(text, field)
    if not checked:
        raise InvalidValue(field, "an empty text", "at least one character")
    return checked


def checked_properties(
    properties: Mapping[str, object], field: str = "properties", kind: Kind | None = None
) -> Properties:
    """Return properties that both stores can hold; an absent (null) value is left out.

    Nested values are allowed only in properties that the vocabulary declares as
    ``json``; they are kept as canonical JSON text. For a node of a ``kind`` values are
    held to the choices that the vocabulary declares.

    Raises:
        InvalidValue: naming the property, what it holds and what it may hold.

    >>> dict(checked_properties({"criticality": 3, "owner": None}))
    {'criticality': 3}
    """
    checked: dict[str, PropertyValue] = {}
    for name, value in properties.items():
        checked_identifier(name, f"{field} name")
        if value is not None:
            checked[name] = checked_value(name, value, f"{field}.{name}", kind)
    return MappingProxyType(checked) if checked else NO_PROPERTIES


def checked_value(name: str, value: object, field: str, kind: Kind | None = None) -> PropertyValue:
    """Return one property's value in the form in which it is kept.

    Text in a property that is declared ``json`` is JSON itself, and is kept in
    canonical form like any other nested value.

    Raises:
        InvalidValue: for an integer beyond 64 bits, NaN or an infinity, a mixed
            list, a nested value in a property that is not declared ``json``, text
            there that is no JSON, a text that is too long, or for a node of a
            ``kind`` a value outside the choices that it has by declaration.

    >>> checked_value("slots", '{"b": 1, "a": 2}', "slots")
    '{"a":2,"b":1}'
    """
    declared = VOCABULARY.property(name)
    if declared is not None and kind is not None:
        _check_choice(declared, value, field, kind)
    if declared is not None and declared.value == "json":
        return _json_text(value, field)
    limit = MAXIMUM_IDENTIFIER_BYTES if name in _INDEXED_PROPERTIES else MAXIMUM_TEXT_BYTES
    if isinstance(value, Mapping):
        raise InvalidValue(field, "a nested object", "a scalar or a list of scalars of one type")
    if isinstance(value, list | tuple):
        return _checked_list(cast("Sequence[object]", value), field, limit)
    return _checked_scalar(value, field, limit)


def _check_choice(declared: Property, value: object, field: str, kind: Kind) -> None:
    choices = declared.choices_for(kind) if kind in declared.kinds else None
    if choices is not None and value not in choices:
        raise InvalidValue(field, "a value that is not one of them", f"one of {', '.join(choices)}")


def _checked_scalar(value: object, field: str, limit: int) -> Scalar:
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        if value not in _INTEGER_RANGE:
            raise InvalidValue(field, "an integer beyond 64 bits", "-2^63 to 2^63-1, or text")
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise InvalidValue(field, "a float that is not finite", "a finite number, or nothing")
        return value
    return checked_text(value, field, limit=limit)


def _checked_list(items: Sequence[object], field: str, limit: int) -> tuple[Scalar, ...]:
    checked = tuple(_checked_scalar(item, f"{field}[{i}]", limit) for i, item in enumerate(items))
    found = sorted({type(item).__name__ for item in checked})
    if len(found) > 1:
        raise InvalidValue(field, f"a list that mixes {' and '.join(found)}", "a list of one type")
    return checked


def _json_text(value: object, field: str) -> str:
    """Return a nested value as canonical JSON text; text is JSON itself, and must be."""
    if isinstance(value, str):
        value = _parsed(checked_text(value, field, limit=MAXIMUM_TEXT_BYTES), field)
    try:
        text = canonical_text(value)  # type: ignore[arg-type]  # refused below where it is not JSON
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidValue(field, "a value that JSON cannot hold", "JSON") from error
    return checked_text(text, field, limit=MAXIMUM_TEXT_BYTES)


def _parsed(text: str, field: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_each_key_once)
    except (ValueError, RecursionError) as error:
        # The text itself stays out of the error: nobody knows yet what is in it.
        raise InvalidValue(field, "text that is no JSON", "JSON, each key of an object once") from error


def _each_key_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


__all__ = [
    "MAXIMUM_IDENTIFIER_BYTES",
    "MAXIMUM_TEXT_BYTES",
    "JsonValue",
    "checked_identifier",
    "checked_properties",
    "checked_text",
    "checked_value",
]
