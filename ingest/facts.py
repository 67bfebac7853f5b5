"""What a source makes of its input before it becomes claims: facts, and scopes made of them.

A source that works out a whole scope before it yields any of it says it with ``section``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from graph.ledger.claims import discriminator_of
from graph.model import Claim, EdgeFacts, Instant, Interval, NodeFacts, Scope
from graph.vocabulary import Certainty, Origin
from ingest.record import Record, Said, ScopeClosed, ScopeOpened


@dataclass(frozen=True, slots=True)
class Fact:
    """A node or an edge as one place of the input says it.

    ``position`` is that place within its file, such as a JSON pointer; ``condition`` says on
    what a possible one depends. ``valid`` is None where the input states no time: the fact then
    holds from when the input was read.
    """

    about: NodeFacts | EdgeFacts
    position: str
    certainty: Certainty = Certainty.CERTAIN
    condition: str | None = None
    origin: Origin = Origin.DECLARED
    valid: Interval | None = None


@dataclass(frozen=True, slots=True)
class Covered:
    """What a scope covers once it was read completely, and why this reading of it is not complete.

    ``kinds`` and ``relations`` are None for those that occur in it; ``why_partial`` is None
    where all that the scope holds has been said.
    """

    kinds: frozenset[str] | None = None
    relations: frozenset[str] | None = None
    why_partial: str | None = None


def section(
    scope: Scope, read_at: Instant, file: str, facts: Iterable[Fact], covered: Covered
) -> Iterator[Record]:
    """Yield one scope with its claims, nodes before edges, each with its place in the file.

    Of facts about one thing and time one is said; see ``merged``.
    """
    yield ScopeOpened(scope, read_at, kinds=covered.kinds, relations=covered.relations)
    for fact in merged(facts):
        yield said(fact, scope, file)
    yield ScopeClosed(scope, complete=covered.why_partial is None, reason=covered.why_partial)


def said(fact: Fact, scope: Scope, file: str) -> Said:
    """Return a fact as a claim of a scope, with its place in the file."""
    claim = Claim(
        scope,
        fact.about,
        valid=fact.valid,
        origin=fact.origin,
        certainty=fact.certainty,
        condition=fact.condition,
        locator=f"{file}: {fact.position}" if fact.position else file,
    )
    return Said(claim, file, fact.position)


def merged(facts: Iterable[Fact]) -> list[Fact]:
    """Return one fact for each thing and time that facts are about, nodes first, else in their order.

    The certain one, else the first by its text: what is said of a thing must not depend on
    which of two places comes first.
    """
    found: dict[object, list[Fact]] = {}
    for fact in facts:
        found.setdefault(_subject(fact), []).append(fact)
    chosen = [same[0] if len(same) == 1 else min(same, key=_rank) for same in found.values()]
    return sorted(chosen, key=lambda fact: not isinstance(fact.about, NodeFacts))


def _subject(fact: Fact) -> object:
    about = fact.about
    if isinstance(about, NodeFacts):
        return about.uid, fact.valid
    return about.relation, about.subject, about.object, discriminator_of(about), fact.valid


def _rank(fact: Fact) -> tuple[bool, str]:
    """Return what decides between facts about one thing; sets have no order of their own in ``repr``."""
    about = fact.about
    words: list[str] = []
    if isinstance(about, EdgeFacts) and about.marks:
        words, about = sorted(about.marks), replace(about, marks=frozenset[str]())
    return fact.certainty is Certainty.POSSIBLE, repr((words, about))
