"""Takes secret values out of an event before anything is kept of it.

Beside what every payload is cleaned of, the values of environment variables always go,
whatever their name. Columns are looked at one by one: a column called ``password`` is a
name like any other, and what made it must not be lost with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ingest.redaction import MARK, Json, RedactedJson, redact_json, redact_text

ENVIRONMENT_FACET: Final = "environmentVariables"
_VARIABLES: Final = "environmentVariables"
_LINEAGE_FACETS: Final = frozenset({"columnLineage", "lineage"})
_COLUMNS: Final = "fields"
ESCAPED: Final = "\\u"


@dataclass(frozen=True, slots=True)
class _Place:
    """An object inside an event, with the keys that lead to it."""

    path: tuple[str | int, ...]
    value: dict[str, Json]

    @property
    def pointer(self) -> str:
        return "".join(f"/{pointer_part(str(step))}" for step in self.path)


def redact_event(event: dict[str, Json], text: str = ESCAPED) -> RedactedJson:
    """Return an event without secret values, and JSON pointers to what was taken out, sorted.

    The event that is given is used up: its columns are taken out of it on the way. ``text``
    is what it was read from; what cannot stand in it is not looked for.

    >>> redact_event({"run": {"facets": {"environmentVariables": {
    ...     "environmentVariables": [{"name": "MODE", "value": "x"}]}}}}).pointers
    ('/run/facets/environmentVariables/environmentVariables/0/value',)
    """
    columns = _take_columns(event) if _may_hold(text, *_LINEAGE_FACETS) else []
    cleaned = redact_json(event)
    pointers = set(cleaned.pointers)
    if columns:
        _put_columns(cleaned.value, columns, pointers)
    for place in _objects(cleaned.value) if _may_hold(text, ENVIRONMENT_FACET) else ():
        facet = place.value.get(ENVIRONMENT_FACET)
        if isinstance(facet, dict) and _VARIABLES in facet:
            at = f"{place.pointer}/{ENVIRONMENT_FACET}/{_VARIABLES}"
            facet[_VARIABLES] = _without_values(facet[_VARIABLES], at, pointers)
    return RedactedJson(cleaned.value, tuple(sorted(pointers)))


def _may_hold(text: str, *keys: str) -> bool:
    """Return whether one of some keys can stand in a JSON text; an escape may spell any."""
    return ESCAPED in text or any(f'"{key}"' in text for key in keys)


def _take_columns(event: dict[str, Json]) -> list[tuple[_Place, dict[str, Json]]]:
    """Take the columns out of all lineage facets and return them with the objects they stood in.

    What made a column is an object; anything else under its name is a value and stays.
    """
    taken: list[tuple[_Place, dict[str, Json]]] = []
    for place in _objects(event):
        columns = place.value.get(_COLUMNS)
        if isinstance(columns, dict) and not _LINEAGE_FACETS.isdisjoint(place.path):
            made: dict[str, Json] = {
                column: entry for column, entry in columns.items() if isinstance(entry, dict)
            }
            place.value[_COLUMNS] = {column: columns[column] for column in columns.keys() - made.keys()}
            taken.append((place, made))
    return taken


def _put_columns(cleaned: Json, taken: list[tuple[_Place, dict[str, Json]]], pointers: set[str]) -> None:
    by_path = {place.path: place.value for place in _objects(cleaned)}
    for place, columns in taken:
        clean: dict[str, Json] = {}
        for column, entry in columns.items():
            shown = redact_text(column)
            redacted = redact_json(entry)
            clean[shown] = redacted.value
            at = f"{place.pointer}/{_COLUMNS}/{pointer_part(shown)}"
            pointers.update(f"{at}{pointer}" for pointer in redacted.pointers)
        container = by_path.get(place.path)
        others = None if container is None else container.get(_COLUMNS)
        if container is not None and isinstance(others, dict):
            container[_COLUMNS] = clean | others


def _objects(value: Json) -> Iterator[_Place]:
    """Yield every object in a value with its path, outer ones first; what is yielded may be changed."""
    waiting: list[tuple[tuple[str | int, ...], Json]] = [((), value)]
    while waiting:
        path, current = waiting.pop()
        if isinstance(current, dict):
            yield _Place(path, current)
            waiting.extend(((*path, key), item) for key, item in current.items())
        elif isinstance(current, list):
            waiting.extend(((*path, i), item) for i, item in enumerate(current))


def _without_values(variables: Json, place: str, pointers: set[str]) -> Json:
    """Return variables with their names only; what has another shape than a list of them goes whole."""
    if variables is None:
        return None
    if not isinstance(variables, list):
        pointers.add(place)
        return MARK
    kept: list[Json] = []
    for i, variable in enumerate(variables):
        if isinstance(variable, dict):
            pointers.update(f"{place}/{i}/{pointer_part(key)}" for key in variable if key != "name")
            kept.append({key: item if key == "name" else MARK for key, item in variable.items()})
        else:
            pointers.add(f"{place}/{i}")
            kept.append(MARK)
    return kept


def pointer_part(key: str) -> str:
    """Return a key as a part of a JSON pointer (RFC 6901, section 3)."""
    return key.replace("~", "~0").replace("/", "~1")
