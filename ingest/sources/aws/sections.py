"""Scopes made of facts from one file or several, and how one thing said twice becomes one fact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from graph.ledger.claims import discriminator_of
from graph.model import EdgeFacts, Instant, NodeFacts, Scope
from graph.vocabulary import Certainty
from ingest.facts import Covered, Fact, merged, said
from ingest.record import Record, ScopeClosed, ScopeOpened
from ingest.sources.aws.policies.wording import either


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact and the file that it stands in."""

    fact: Fact
    file: str


def scope_records(
    scope: Scope, read_at: Instant, stated: Iterable[Stated], covered: Covered
) -> Iterator[Record]:
    """Yield one scope with its claims, nodes before edges, each with its place in its own file."""
    facts = list(stated)
    files = {id(one.fact): one.file for one in facts}
    yield ScopeOpened(scope, read_at, kinds=covered.kinds, relations=covered.relations)
    for fact in merged(one.fact for one in facts):
        yield said(fact, scope, files[id(fact)])
    yield ScopeClosed(scope, complete=covered.why_partial is None, reason=covered.why_partial)


def piecewise(
    scope: Scope, read_at: Instant, pieces: Iterable[list[Stated]], covered: Covered
) -> Iterator[Record]:
    """Yield one scope piece by piece, so that no more than one of them is held.

    Nodes and places may be told of in several pieces, always alike, and are said once; every other
    edge is of one piece alone.
    """
    done: set[object] = set()
    yield ScopeOpened(scope, read_at, kinds=covered.kinds, relations=covered.relations)
    for piece in pieces:
        stated = list(joined(piece))
        files = {id(one.fact): one.file for one in stated}
        for fact in merged(one.fact for one in stated):
            told = _shared(fact)
            if told is None or told not in done:
                done.add(told)
                yield said(fact, scope, files[id(fact)])
    yield ScopeClosed(scope, complete=covered.why_partial is None, reason=covered.why_partial)


def _shared(fact: Fact) -> object | None:
    """Return what several pieces may tell of; None for what only one does."""
    about = fact.about
    if isinstance(about, NodeFacts):
        return about.uid
    return (about.subject, about.object) if about.relation == "WITHIN" else None


def joined(stated: Iterable[Stated]) -> Iterator[Stated]:
    """Yield the facts with those about one edge made one: any of them may be what makes it hold.

    A certain one makes it certain; of possible ones every condition by itself is enough.
    """
    edges: dict[object, Stated] = {}
    for one in stated:
        about = one.fact.about
        if not isinstance(about, EdgeFacts):
            yield one
            continue
        key = (about.relation, about.subject, about.object, discriminator_of(about))
        edges[key] = _both(edges[key], one) if key in edges else one
    yield from edges.values()


def _both(first: Stated, second: Stated) -> Stated:
    about, other = first.fact.about, second.fact.about
    if not (isinstance(about, EdgeFacts) and isinstance(other, EdgeFacts)):
        return first
    properties = {**other.properties, **about.properties}
    labels = {*_texts(about, "granted_by"), *_texts(other, "granted_by")}
    if labels:
        properties["granted_by"] = tuple(sorted(labels))
    kept = second.fact if second.fact.certainty is Certainty.CERTAIN else first.fact
    condition = None
    if kept.certainty is not Certainty.CERTAIN:
        condition = either(first.fact.condition, second.fact.condition)
    about = replace(about, properties=properties, marks=about.marks | other.marks)
    return Stated(replace(kept, about=about, condition=condition), first.file)


def _texts(about: EdgeFacts, name: str) -> tuple[str, ...]:
    value = about.properties.get(name, ())
    return tuple(str(item) for item in value) if isinstance(value, tuple) else ()
