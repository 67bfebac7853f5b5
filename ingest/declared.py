"""Properties that the vocabulary declares, held to what it declares: the type, the choices, the bounds.

A property that questions rely on and that holds something else would not be missing: it
would be there, be read as unknown, and nobody would be told. Properties that the
vocabulary does not declare for a kind are nobody's business here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from graph.errors import InvalidValue
from graph.vocabulary import VOCABULARY, Kind, Property
from ingest.disallowed import other_text
from ingest.times import EXPECTED, SourceTime, parse_time


def declared_values(kind: Kind, properties: Mapping[str, object], field: str) -> dict[str, object]:
    """Return a node's properties with its declared times as milliseconds, all else as it is.

    ``field`` is what the properties are called in errors.

    Raises:
        InvalidValue: for a declared property that holds another type, a value that is
            not among its choices or within its bounds, or a text that is no time.

    >>> declared_values(Kind.SECRET, {"created": "2026-01-01T00:00:00Z", "colour": 7}, "properties")
    {'created': 1767225600000, 'colour': 7}
    """
    return {
        name: _checked(_declared(name, kind), kind, value, f"{field}.{name}")
        for name, value in properties.items()
    }


def _declared(name: object, kind: Kind) -> Property | None:
    declared = VOCABULARY.property(name) if isinstance(name, str) else None
    return declared if declared is not None and kind in declared.kinds else None


def _checked(declared: Property | None, kind: Kind, value: object, field: str) -> object:
    if declared is None or value is None:
        return value
    if declared.value == "instant":
        return _time(value, field).moment
    is_right, expected = _TYPES[declared.value]
    if not is_right(value):
        raise InvalidValue(field, f"a {type(value).__name__}", expected)
    choices = declared.choices_for(kind)
    if choices is not None and value not in choices:
        raise InvalidValue(field, other_text(str(value), choices), f"one of {', '.join(choices)}")
    if declared.bounds is not None and isinstance(value, int | float):
        low, high = declared.bounds
        if not low <= value <= high:
            raise InvalidValue(field, str(value), f"{low} to {high}")
    return value


def _time(value: object, field: str) -> SourceTime:
    try:
        return parse_time(value)
    except ValueError as error:
        raise InvalidValue(field, str(error), EXPECTED) from None


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_anything(value: object) -> bool:  # noqa: ARG001 - one of the tests in the table
    return True


_TYPES: Final[Mapping[str, tuple[Callable[[object], bool], str]]] = {
    "string": (lambda value: isinstance(value, str), "a text"),
    "integer": (_is_integer, "a whole number"),
    "float": (_is_number, "a number"),
    "bool": (lambda value: isinstance(value, bool), "true or false"),
    "strings": (lambda value: isinstance(value, list | tuple), "a list of texts"),
    "json": (_is_anything, "JSON"),
}
