"""Pieces of evidence and decisions as typed values, each with what it is about.

They are facts about the past: nothing about them depends on the date of the question
but whether they had been gathered by then. A decision's time is that of the commit that
recorded it, and cannot be dated back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from graph.model import ClaimRow, Instant, Node, Uid
from graph.vocabulary import Kind
from queries.evidence.certainty import conditions, is_certain, lasting_spell
from queries.evidence.facts import Facts


@dataclass(frozen=True, slots=True)
class Record:
    """A piece of evidence or a decision.

    ``at`` is when it was gathered or decided, None where no source says. ``fresh_from``
    is from when freshness counts: for a decision never later than its source says.
    ``satisfies`` holds (requirement, slot) pairs that it is offered for. Of both, what is
    only possible is in ``possibly_about`` and ``possibly_satisfies`` too, with its condition.
    """

    uid: Uid
    kind: Kind
    type: str | None
    aspect: str | None
    verdict: str | None
    check: str | None
    digests: frozenset[str]
    environment: str | None
    at: Instant | None
    fresh_from: Instant | None
    expires: Instant | None
    period_from: Instant | None
    period_to: Instant | None
    actor_basis: str | None
    locator: str | None
    digest: str | None
    about: frozenset[Uid]
    satisfies: frozenset[tuple[Uid, str]]
    possibly_about: Mapping[Uid, str] = field(default_factory=dict[Uid, str])
    possibly_satisfies: Mapping[tuple[Uid, str], str] = field(default_factory=dict[tuple[Uid, str], str])

    @property
    def surely_about(self) -> frozenset[Uid]:
        """Return what it is about for certain."""
        return self.about - self.possibly_about.keys()

    @property
    def failed(self) -> bool:
        """Return whether it found that something is not as it should be."""
        return self.verdict == "fail"


@dataclass(frozen=True)
class Records:
    """All evidence and decisions as known at a commit."""

    all: Sequence[Record]

    @classmethod
    def read(cls, facts: Facts, moment: Instant) -> Records:
        """Return what sources describe. Cost: the rows of evidence and decisions, and their edges."""
        uids = [*facts.of_kind(Kind.EVIDENCE), *facts.of_kind(Kind.DECISION)]
        return cls([_record(facts, uid, moment) for uid in uids if uid in facts.rows])

    @cached_property
    def by_subject(self) -> Mapping[Uid, Sequence[Record]]:
        """Return them by what they are about, in order of uid."""
        found: dict[Uid, list[Record]] = defaultdict(list)
        for record in self.all:
            for uid in sorted(record.about):
                found[uid].append(record)
        return dict(found)

    def about(self, uids: frozenset[Uid]) -> Iterator[Record]:
        """Yield what is about any of these nodes, each once, in order of uid."""
        found = {record.uid: record for uid in uids for record in self.by_subject.get(uid, ())}
        return (found[uid] for uid in sorted(found))

    def decisions(self, type_: str, uids: frozenset[Uid]) -> Iterator[Record]:
        """Yield the decisions of a type about any of these nodes."""
        return (r for r in self.about(uids) if r.kind is Kind.DECISION and r.type == type_)


def digests_in(node: Node) -> frozenset[str]:
    """Return the digests by which a node names itself; hexadecimal in lower case."""
    single = node.text("digest")
    return normal_digests((*node.texts("digests"), *((single,) if single else ())))


def normal_digests(said: Sequence[str]) -> frozenset[str]:
    """Return digests in lower case, as upper and lower case mean the same in hexadecimal.

    >>> sorted(normal_digests(["sha256:AB", "sha256:ab"]))
    ['sha256:ab']
    """
    return frozenset(text.lower() for text in said if ":" in text)


def _record(facts: Facts, uid: Uid, moment: Instant) -> Record:
    rows = facts.lasting_rows(uid, moment)
    node = facts.node(uid, rows)
    is_decision = node.kind is Kind.DECISION
    at = _decided_at(facts, rows) if is_decision else _instant(node, "collected_at")
    about, offered = (_possible(facts, relation, uid, moment) for relation in ("ABOUT", "SATISFIES"))
    stated = min((row.valid.start for row in rows), default=None)
    return Record(
        uid=uid,
        kind=node.kind,
        type=node.type,
        aspect=node.text("aspect"),
        verdict=node.text("verdict"),
        check=node.text("check"),
        digests=normal_digests(node.texts("subject_digests")),
        environment=node.text("environment"),
        at=at,
        fresh_from=min(at, stated) if is_decision and at is not None and stated is not None else at,
        expires=_earliest(_instant(node, "expires"), max((row.valid.end for row in rows), default=None)),
        period_from=_instant(node, "period_from"),
        period_to=_instant(node, "period_to"),
        actor_basis=node.text("actor_basis"),
        locator=node.text("locator") or next((r.claim.locator for r in rows if r.claim.locator), None),
        digest=node.text("digest"),
        about=frozenset(edge.object for edge in facts.edges.get(("ABOUT", uid), ())),
        satisfies=frozenset(
            (edge.object, edge.discriminator) for edge in facts.edges.get(("SATISFIES", uid), ())
        ),
        possibly_about={object_: condition for (object_, _), condition in about.items()},
        possibly_satisfies=offered,
    )


def _possible(facts: Facts, relation: str, uid: Uid, moment: Instant) -> Mapping[tuple[Uid, str], str]:
    """Return the edges of a record that are only possible, with what they depend on."""
    told = ((edge, lasting_spell(edge, moment)) for edge in facts.edges.get((relation, uid), ()))
    return {
        (edge.object, edge.discriminator): conditions(facts, [(edge, spell)])
        for edge, spell in told
        if not is_certain(spell)
    }


def _decided_at(facts: Facts, rows: Sequence[ClaimRow]) -> Instant | None:
    return min((facts.recorded(row.recorded_from) for row in rows), default=None)


def _instant(node: Node, name: str) -> Instant | None:
    value = node.integer(name)
    return None if value is None else Instant(value)


def _earliest(*moments: Instant | None) -> Instant | None:
    return min((moment for moment in moments if moment is not None), default=None)
