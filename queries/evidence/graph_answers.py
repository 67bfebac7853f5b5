"""Slots that the graph answers itself: what an answer is, and which questions there are.

An answer is judged like a piece of evidence: it has a verdict and a date. Where nothing
is on record, or no source covers what would have to be seen, there is no answer, and the
slot is MISSING with that reason. A question that this release does not know is MISSING too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from graph.model import Instant, Uid
from graph.vocabulary import Kind
from queries.evidence.answer import FactUsed
from queries.evidence.dated import DatedFacts
from queries.evidence.owners import Owners
from queries.evidence.records import Record
from queries.evidence.subjects import Subject


@dataclass(frozen=True, slots=True)
class Seen:
    """What the graph shows; ``verdict`` is pass, fail, or none where something is open.

    ``at`` is the date of what it rests on. ``because`` says it in words.
    """

    verdict: str
    at: Instant
    because: str
    facts: tuple[FactUsed, ...] = ()

    def as_record(self, subject: Uid) -> Record:
        """Return it in the shape in which evidence is judged."""
        return Record(
            uid=Uid(""),
            kind=Kind.EVIDENCE,
            type=None,
            aspect=None,
            verdict=self.verdict,
            check=None,
            digests=frozenset(),
            environment=None,
            at=self.at,
            fresh_from=self.at,
            expires=None,
            period_from=None,
            period_to=None,
            actor_basis=None,
            locator=None,
            digest=None,
            about=frozenset({subject}),
            satisfies=frozenset(),
        )


@dataclass(frozen=True, slots=True)
class NotSeen:
    """That nothing is on record, or (``is_covered`` False) that nobody has looked; what would change that."""

    because: str
    repair: str
    is_covered: bool = True


@dataclass(frozen=True, slots=True)
class Open:
    """That the graph shows one thing if what is only possible is so, and another if it is not.

    Where both come to the same, that is the answer. ``because`` says what is only possible.
    """

    one: Seen | NotSeen
    other: Seen | NotSeen
    because: str


GraphAnswer = Seen | NotSeen | Open


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question to the graph may look at."""

    dated: DatedFacts
    owners: Owners
    subject: Subject


GraphQuery = Callable[[Asked], GraphAnswer]


def ask(name: str, asked: Asked, queries: Mapping[str, GraphQuery]) -> GraphAnswer:
    """Return what the graph answers to a question by name."""
    query = queries.get(name)
    if query is None:
        known = ", ".join(sorted(queries))
        return NotSeen(
            f"this release does not know the question {name}", f"Use a catalog that asks one of: {known}."
        )
    return query(asked)


NOT_COVERED: Final = "Read a source that reports {relations} for it, completely."


def not_covered(asked: Asked, uids: Mapping[Uid, tuple[str, ...]]) -> NotSeen | None:
    """Return that relations are not covered for some nodes; None where finding nothing means something."""
    for uid, relations in uids.items():
        node = asked.dated.node(uid)
        open_ = [name for name in relations if not asked.dated.coverage.is_covered(node, name)]
        if open_:
            return NotSeen(
                f"not covered: no source reports {' and '.join(open_)} for {node.label} completely",
                NOT_COVERED.format(relations=" and ".join(open_)),
                is_covered=False,
            )
    return None


def oldest_read(asked: Asked, uids: Mapping[Uid, tuple[str, ...]]) -> Instant:
    """Return the oldest of the newest complete reads that coverage of these relations rests on."""
    dated = asked.dated
    found: list[Instant] = []
    for uid, relations in uids.items():
        for relation in relations:
            covering = dated.coverage.covering(dated.node(uid), relation)
            reads = [
                # A scope that was never read completely may still have named all of one node's edges.
                dated.facts.last_read(scope, dated.moment) or since
                for scope, since in covering.items()
            ]
            if reads:
                found.append(max(reads))
    return min(found, default=dated.moment)
