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
from typing import Final

from graph.model import ClaimRow, Instant, Node, Uid
from graph.vocabulary import Kind
from queries.evidence.certainty import conditions, is_certain, lasting_spell
from queries.evidence.facts import Facts


@dataclass(frozen=True, slots=True)
class Record:
    """A piece of evidence or a decision.

    ``at`` is when it was gathered or decided, None where no source says. ``fresh_from``
    is from when freshness counts: for a decision never later than its source says.
    ``disputed`` says in words what sources of equal precedence contradict each other on: such
    a record proves nothing, but it counts against something as soon as one of them has it so.
    Of several dates ``at`` is the earliest and ``at_latest`` the latest; of several sets of
    digests all are held, as are all ``types`` and ``aspects``.
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
    at_latest: Instant | None = None
    disputed: tuple[str, ...] = ()
    perhaps_failed: bool = False
    types: frozenset[str] = frozenset()
    aspects: frozenset[str] = frozenset()

    @property
    def surely_about(self) -> frozenset[Uid]:
        """Return what it is about for certain."""
        return self.about - self.possibly_about.keys()

    @property
    def failed(self) -> bool:
        """Return whether it found, by one source at least, that something is not as it should be."""
        return self.verdict == "fail" or self.perhaps_failed


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
    dates = [_decided_at(facts, rows)] if is_decision else _instants(node, "collected_at")
    at = _earliest(*dates)
    about, offered = (_possible(facts, relation, uid, moment) for relation in ("ABOUT", "SATISFIES"))
    stated = min((row.valid.start for row in rows), default=None)
    return Record(
        uid=uid,
        kind=node.kind,
        type=node.type,
        aspect=node.text("aspect"),
        verdict=_agreed_text(node, "verdict"),
        check=_agreed_text(node, "check"),
        digests=frozenset[str]().union(*_digest_sets(node)),
        environment=_agreed_text(node, "environment"),
        at=at,
        fresh_from=min(at, stated) if is_decision and at is not None and stated is not None else at,
        expires=_earliest(*_instants(node, "expires"), max((row.valid.end for row in rows), default=None)),
        period_from=_agreed_instant(node, "period_from"),
        period_to=_agreed_instant(node, "period_to"),
        actor_basis=_agreed_text(node, "actor_basis"),
        locator=node.text("locator") or next((r.claim.locator for r in rows if r.claim.locator), None),
        digest=node.text("digest"),
        about=frozenset(edge.object for edge in facts.edges.get(("ABOUT", uid), ())),
        satisfies=frozenset(
            (edge.object, edge.discriminator) for edge in facts.edges.get(("SATISFIES", uid), ())
        ),
        possibly_about={object_: condition for (object_, _), condition in about.items()},
        possibly_satisfies=offered,
        at_latest=max((date for date in dates if date is not None), default=None),
        disputed=_disputed(node),
        types=_texts(node, "type"),
        aspects=_texts(node, "aspect"),
        perhaps_failed="verdict" in node.contested and "fail" in node.readings("verdict"),
    )


DISPUTES: Final = {
    "verdict": "whether it passed",
    "collected_at": "when it was gathered",
    "check": "which check it is of",
    "type": "of what type it is",
    "aspect": "of what aspect it is",
}
"""What is in dispute, in words, where sources contradict each other on a property of a record."""


def _disputed(node: Node) -> tuple[str, ...]:
    found = [words for name, words in DISPUTES.items() if name in node.contested]
    return (*found, "which digests it is about") if len(set(_digest_sets(node))) > 1 else tuple(found)


def _digest_sets(node: Node) -> list[frozenset[str]]:
    """Return the digests by which a record names its subjects, as each source has them."""
    found = node.readings("subject_digests")
    listed = [(one,) if isinstance(one, str) else one for one in found if isinstance(one, str | tuple)]
    return [normal_digests([text for text in texts if isinstance(text, str)]) for texts in listed]


def _possible(facts: Facts, relation: str, uid: Uid, moment: Instant) -> Mapping[tuple[Uid, str], str]:
    """Return the edges of a record that are only possible, with what they depend on."""
    told = ((edge, lasting_spell(edge, moment)) for edge in facts.edges.get((relation, uid), ()))
    return {
        (edge.object, edge.discriminator): conditions(facts, [(edge, spell)])
        for edge, spell in told
        if not is_certain(spell)
    }


def _decided_at(facts: Facts, rows: Sequence[ClaimRow]) -> Instant | None:
    return min((facts.recorded(row.said_in) for row in rows), default=None)


def _texts(node: Node, name: str) -> frozenset[str]:
    return frozenset(value for value in node.readings(name) if isinstance(value, str))


def _agreed_text(node: Node, name: str) -> str | None:
    return None if name in node.contested else node.text(name)


def _agreed_instant(node: Node, name: str) -> Instant | None:
    found = _instants(node, name)
    return found[0] if len(found) == 1 else None


def _instants(node: Node, name: str) -> list[Instant]:
    """Return the dates that sources give: several where they contradict each other."""
    found = node.readings(name)
    return [Instant(value) for value in found if isinstance(value, int) and not isinstance(value, bool)]


def _earliest(*moments: Instant | None) -> Instant | None:
    return min((moment for moment in moments if moment is not None), default=None)
