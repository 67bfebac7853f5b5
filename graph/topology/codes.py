"""What a slot says about its edge, as a 16-bit number: relation, kinds of both ends, marks, certainty.

A few hundred combinations are in use in any estate, so rules are looked up by number in
tables instead of being tested edge by edge. Code books only ever grow by appending: a
number keeps its meaning from one topology to the next one spliced from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from graph.vocabulary import Certainty, Kind

KIND_ORDER: Final = tuple(Kind)
"""Kinds by their number in the arrays."""

KIND_NUMBER: Final = {kind: number for number, kind in enumerate(KIND_ORDER)}

MOST_CODES: Final = 2**16


@dataclass(frozen=True, slots=True)
class EdgeCode:
    """Everything that harm rules ask of an edge itself, at one stretch of time."""

    relation: str
    subject_kind: Kind
    object_kind: Kind
    marks: frozenset[str]
    certainty: Certainty
    possible_marks: frozenset[str] = frozenset()


class CodeBook:
    """Numbers for edge codes; a value that is never changed, compared by identity."""

    __slots__ = ("__weakref__", "_numbers", "codes")

    def __init__(self, codes: Iterable[EdgeCode] = ()) -> None:
        self.codes: Final[tuple[EdgeCode, ...]] = tuple(codes)
        self._numbers: Final = {code: number for number, code in enumerate(self.codes)}
        if len(self.codes) > MOST_CODES:
            raise OverflowError(f"{len(self.codes)} sorts of edges do not fit into 16 bits")

    def __len__(self) -> int:
        return len(self.codes)

    def number(self, code: EdgeCode) -> int:
        """Return the number of a code; KeyError if the book does not have it."""
        return self._numbers[code]

    def extended(self, codes: Iterable[EdgeCode]) -> CodeBook:
        """Return a book that has these codes too: this very one if nothing is missing."""
        missing = [code for code in dict.fromkeys(codes) if code not in self._numbers]
        return CodeBook((*self.codes, *missing)) if missing else self
