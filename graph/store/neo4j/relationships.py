"""The constraint and the indexes of a type of relationship, made when it is first used.

A vocabulary has dozens of relations and most databases use a few. The types in use
stand on the head, under whose lock they are added, so that a look-up by claim or key,
which has to go through them one by one, goes through no others.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from graph.store.neo4j.statements import FORMERLY, RELATIONS

_INDEXED: Final = (("claim",), ("scope", "key"))
"""The properties by which relationships are looked up, beside their unique key."""


class NotPrepared(Exception):
    """A commit uses relations whose constraints do not exist yet; it is to be run again with them."""

    def __init__(self, relations: frozenset[str]) -> None:
        super().__init__(", ".join(sorted(relations)))
        self.relations = relations


def schema_of(relationship: str) -> Iterable[tuple[str, str]]:
    """Yield the names of a type's constraint and indexes, each with the statement that makes it.

    Raises:
        ValueError: for a type that is neither a relation of the vocabulary nor FORMERLY.
    """
    if relationship != FORMERLY and relationship not in RELATIONS:
        raise ValueError(f"{relationship!r} is not a relation of the vocabulary")
    name = f"holdfast_{relationship.lower()}"
    pattern = f"FOR ()-[r:`{relationship}`]-()"
    key = f"{name}_key"
    yield key, f"CREATE CONSTRAINT {key} IF NOT EXISTS {pattern} REQUIRE r.key IS UNIQUE"
    for properties in _INDEXED:
        listed = ", ".join(f"r.{p}" for p in properties)
        index = "_".join((name, *properties, "index"))
        yield index, f"CREATE INDEX {index} IF NOT EXISTS {pattern} ON ({listed})"
