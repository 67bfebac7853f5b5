"""What properties of our own namespace state: read by a table of names, with every fault by line.

OSCAL holds everything as text, so each name comes with the way its text is read. A name
that is not in the table is a fault, as it would be without effect.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from graph.errors import Problem
from ingest.sources.catalog.structure import Prop, field_name
from ingest.yamltext import Document, Place

NAMESPACE: Final = "urn:holdfast:catalog:1"
"""The namespace of the properties in which catalogs say what OSCAL has no word for."""


@dataclass(frozen=True, slots=True)
class Name:
    """A property: whether it must be there, may be there several times, and how it is read.

    ``read`` raises ValueError for text that means nothing; ``expected`` says what would.
    """

    read: Callable[[str], Any]
    expected: str
    required: bool = False
    many: bool = False


@dataclass(frozen=True, slots=True)
class Stated:
    """The values that properties state, by name; a name that may occur often has all of them."""

    values: Mapping[str, tuple[Any, ...]]
    classes: Mapping[str, tuple[tuple[str | None, Any], ...]]

    def one(self, name: str) -> Any:  # noqa: ANN401 - the table says of what type each name is
        """Return the value of a name, None where it is not stated."""
        return self.values[name][0] if self.values.get(name) else None

    def every(self, name: str) -> tuple[Any, ...]:
        """Return all values of a name in the order of the file."""
        return self.values.get(name, ())


@dataclass(slots=True)
class Faults:
    """Collects problems of one file."""

    file: str
    document: Document
    found: list[Problem] = field(default_factory=list[Problem])

    def add(self, place: Place, reason: str, expected: str) -> None:
        """Remember a problem with the value at a place."""
        position = f"line {self.document.line(place)}"
        self.found.append(Problem(self.file, position, field_name(place), reason, expected))


def read_props(props: Sequence[Prop], names: Mapping[str, Name], place: Place, faults: Faults) -> Stated:
    """Return what the properties of our namespace in a list state; ``place`` is what the list belongs to."""
    values: dict[str, list[Any]] = {}
    classes: dict[str, list[tuple[str | None, Any]]] = {}
    for number, prop in enumerate(props):
        if prop.ns != NAMESPACE:
            continue
        at = (*place, "props", number)
        name = names.get(prop.name)
        if name is None:
            faults.add((*at, "name"), "is no property of this namespace here", f"one of {', '.join(names)}")
        elif values.get(prop.name) and not name.many:
            faults.add(at, f"states {prop.name} a second time", "the property once")
        else:
            _read(prop, name, at, faults, values, classes)
    _missing(props, values, names, place, faults)
    return Stated(
        {name: tuple(found) for name, found in values.items()},
        {name: tuple(found) for name, found in classes.items()},
    )


def _read(
    prop: Prop,
    name: Name,
    at: Place,
    faults: Faults,
    values: dict[str, list[Any]],
    classes: dict[str, list[tuple[str | None, Any]]],
) -> None:
    try:
        value = name.read(prop.value)
    except ValueError:
        faults.add((*at, "value"), f"is no {prop.name} that can be read", name.expected)
        values.setdefault(prop.name, [])
        return
    values.setdefault(prop.name, []).append(value)
    classes.setdefault(prop.name, []).append((prop.class_, value))


def _missing(
    props: Sequence[Prop],
    values: Mapping[str, object],
    names: Mapping[str, Name],
    place: Place,
    faults: Faults,
) -> None:
    for wanted, name in names.items():
        if name.required and wanted not in values:
            at = (*place, "props") if props else place
            faults.add(at, f"does not state {wanted}", f"a property {wanted} of {NAMESPACE}: {name.expected}")
