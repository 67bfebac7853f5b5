"""Reads the fields of a YAML file that a person wrote: known words only, each fault with line and column.

A word that is none of those known is answered with the one that is spelled most like it. Where
one part cannot be read the others are still looked at, so that all faults are told at once.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

from graph.errors import Problem
from ingest.disallowed import nearest_to, other_text
from ingest.jsontext import shown
from ingest.yamltext import Document, Place, Plain

Parts: TypeAlias = Mapping[str, "Part"]


class Misread(Exception):
    """A part of the file that is not as it must be; caught by ``Faults.told``."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.reason)
        self.problem = problem


@dataclass(slots=True)
class Faults:
    """Collects what is wrong with one file."""

    found: list[Problem] = field(default_factory=list[Problem])

    @contextmanager
    def told(self) -> Generator[None]:
        """Take note of a fault within, and go on behind it."""
        try:
            yield
        except Misread as fault:
            self.found.append(fault.problem)


@dataclass(frozen=True, slots=True)
class Part:
    """A value of the file with its place. Documents are read with ``only_texts``."""

    file: str
    document: Document
    value: Plain
    place: Place = ()

    @property
    def name(self) -> str:
        """Return the name of the field that it stands under."""
        return str(self.place[-1]) if self.place else ""

    @property
    def is_text(self) -> bool:
        """Return whether a text stands here, also one that looks like a number."""
        return isinstance(self.value, str)

    @property
    def is_list(self) -> bool:
        """Return whether a list stands here."""
        return isinstance(self.value, list)

    def fault(self, reason: str, expected: str, *, of_name: bool = False) -> Misread:
        """Return the fault that this part is not as it must be, to be raised; it quotes no value."""
        mark = self.document.mark(self.place, of_name=of_name)
        return Misread(Problem(self.file, str(mark), field_path(self.place), reason, expected))

    def anything(self) -> dict[str, Part]:
        """Return the parts of an object by whatever names they have.

        Raises:
            Misread: for anything else.
        """
        if not isinstance(self.value, dict):
            raise self.fault(f"{_sort(self.value)} stands here", "an object with names and values")
        return {name: self._below(name, value) for name, value in self.value.items()}

    def parts(self, known: Collection[str], required: Collection[str] = ()) -> Parts:
        """Return the parts of an object by their names, without those that are empty.

        Raises:
            Misread: for anything else, a name that is not known, and a required one that is missing.
        """
        found = self.anything()
        for name, part in found.items():
            if name not in known:
                reason = f"{shown(name)} is no word here{nearest_to(name, known)}"
                raise part.fault(reason, f"one of {', '.join(known)}", of_name=True)
        there = {name: part for name, part in found.items() if part.value is not None}
        for name in required:
            if name not in there:
                raise self.fault(f"says no {name}", f"{name}: …")
        return there

    def items(self) -> list[Part]:
        """Return the items of a list; what is no list counts as a list of it alone."""
        if not isinstance(self.value, list):
            return [self]
        return [self._below(number, value) for number, value in enumerate(self.value)]

    def text(self) -> str:
        """Return the text that stands here.

        Raises:
            Misread: for anything else, and for an empty one.
        """
        if not isinstance(self.value, str) or not self.value:
            raise self.fault(f"{_sort(self.value)} stands here", "a text")
        return self.value

    def texts(self) -> tuple[str, ...]:
        """Return the texts of a list, or the one that stands here; raises Misread."""
        return tuple(item.text() for item in self.items())

    def word(self, known: Collection[str]) -> str:
        """Return a text that is one of some words.

        Raises:
            Misread: for anything else; it names the nearest of them.
        """
        said = self.text()
        if said not in known:
            raise self.fault(f"holds {other_text(said, known)}", f"one of {', '.join(known)}")
        return said

    def flag(self) -> bool:
        """Return whether ``true`` stands here; raises Misread for anything but that and ``false``."""
        return self.word(("true", "false")) == "true"

    def _below(self, step: str | int, value: Plain) -> Part:
        return Part(self.file, self.document, value, (*self.place, step))


def field_path(place: Place) -> str:
    """Return the way to a value as people write it.

    >>> field_path(("tables", "apps", "edges", 0, "to"))
    'tables.apps.edges[0].to'
    """
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return "".join(steps).removeprefix(".")


def _sort(value: Plain) -> str:
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    return "nothing" if value is None or value == "" else "a text"
