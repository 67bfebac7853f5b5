"""What is told besides claims while a BOM is read: what cannot be read, and what is not mapped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NoReturn, TypeVar

from graph.errors import Problem
from graph.model import Instant
from ingest.record import Record, Rejected, Skipped
from ingest.redaction import Json
from ingest.shapes import JsonObject, Misshapen, is_misshapen, objects_at, optional_text
from ingest.times import parse_time

T = TypeVar("T")


@dataclass
class Asides:
    """What there is to tell since it was last asked for. ``rejected`` counts what could not be read."""

    file: str
    rejected: int = 0
    _waiting: list[Record] = field(default_factory=list[Record])
    _skipped: Counter[str] = field(default_factory=Counter[str])

    @property
    def has_any(self) -> bool:
        """Return whether there is anything to tell."""
        return bool(self._waiting or self._skipped)

    def taken(self) -> Iterator[Record]:
        """Yield what there is to tell, once."""
        waiting, self._waiting = self._waiting, []
        skipped, self._skipped = self._skipped, Counter()
        yield from waiting
        yield from (Skipped(what) for what in skipped.elements())

    def reject(self, fault: Misshapen, position: str) -> None:
        """Tell that something at a place cannot be read."""
        self.rejected += 1
        problem = Problem(self.file, position, fault.pointer, fault.reason, fault.expected)
        self._waiting.append(Rejected(problem))

    def skip(self, what: str, count: int = 1) -> None:
        """Count something that is knowingly not mapped."""
        self._skipped[what] += count

    def tried(self, read: Callable[[], T], position: str, otherwise: T) -> T:
        """Return what reading a field gives; where it has another shape, tell so and go on without it."""
        try:
            return read()
        except Misshapen as fault:
            self.reject(fault, position)
            return otherwise


@dataclass(frozen=True, slots=True)
class Fields:
    """An object of the BOM with its place; a field of another shape is told of, and counts as absent."""

    item: JsonObject
    position: str
    asides: Asides

    def text(self, key: str) -> str | None:
        """Return a text; None where it is absent or empty."""
        return self.asides.tried(lambda: optional_text(self.item, key), self.position, None)

    def flag(self, key: str) -> bool | None:
        """Return whether something is so; None where nothing is said of it."""
        value = self.item.get(key)
        if value is None or isinstance(value, bool):
            return value
        return self.asides.tried(lambda: _refuse(value, f"/{key}", "true or false"), self.position, None)

    def time(self, key: str) -> Instant | None:
        """Return a time; None where it is absent."""
        text = self.text(key)
        if text is None:
            return None
        try:
            return parse_time(text).moment
        except ValueError as error:
            fault = Misshapen(f"/{key}", str(error), "a time such as 2026-01-31T12:00:00Z")
            self.asides.reject(fault, self.position)
            return None

    def object(self, key: str) -> Fields | None:
        """Return an object that stands under a key; None where it is absent."""
        value = self.item.get(key)
        if value is None:
            return None
        if isinstance(value, dict):
            return Fields(value, f"{self.position}/{key}", self.asides)
        return self.asides.tried(lambda: _refuse(value, f"/{key}", "an object"), self.position, None)

    def objects(self, key: str) -> list[Fields]:
        """Return the objects of the list under a key; empty where it is absent."""
        none: list[tuple[str, JsonObject]] = []
        found = self.asides.tried(lambda: objects_at(self.item, key), self.position, none)
        return [Fields(item, self.position + pointer, self.asides) for pointer, item in found]

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the texts of the list under a key; empty where it is absent."""
        value = self.item.get(key)
        if value is None:
            return ()
        if isinstance(value, list):
            texts = tuple(text for text in value if isinstance(text, str))
            if len(texts) == len(value):
                return texts
        return self.asides.tried(lambda: _refuse(value, f"/{key}", "a list of texts"), self.position, ())

    def skip_others(self, names: dict[str, str]) -> None:
        """Count the fields that are there and not mapped, in the words given for each."""
        for key, what in names.items():
            if self.item.get(key):
                self.asides.skip(what)


def _refuse(value: Json, pointer: str, expected: str) -> NoReturn:
    raise is_misshapen(value, expected, pointer)
