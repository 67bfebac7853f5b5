"""Who holds which policies: roles of ways to log in, entities, groups, and tokens.

What a holder may do is decided over all its policies together, as one of them may take away what
another gives. So an entity holds those of its groups itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graph.model import Uid
from ingest.facts import Fact

ROOT = "root"
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Holder:
    """One that holds policies, by their names, with the place that says so.

    ``condition`` says on what it depends that it holds all of them and no others.
    """

    uid: Uid
    policies: tuple[str, ...]
    position: str
    file: str
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A fact with the file that says it."""

    file: str
    fact: Fact


@dataclass(frozen=True, slots=True)
class Login:
    """All that one list of holders comes to; ``partial`` says why not all of them were read."""

    scope: str
    placed: Sequence[Placed]
    holders: Sequence[Holder]
    files: Sequence[object]
    partial: str | None


def with_default(policies: Sequence[str], *, without: bool = False) -> tuple[str, ...]:
    """Return policies with the one that every token has unless it was made without.

    >>> with_default(["trainer"]), with_default(["root"])
    (('default', 'trainer'), ('root',))
    """
    if ROOT in policies:
        return (ROOT,)
    return tuple(sorted({*policies, *(() if without else (DEFAULT,))}))


def placed(file: str, facts: Iterator[Fact]) -> Iterator[Placed]:
    """Yield facts with their file."""
    yield from (Placed(file, fact) for fact in facts)
