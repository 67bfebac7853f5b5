"""Editions and requirements as catalogs put them into the ledger, read back as typed values.

Catalogs are read at a commit of their own, at whatever valid time: a law that is not in
force yet is still known, and says so. What cannot be read makes a requirement not
assessable, with the reason, and is never left out.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass

from graph.model import ClaimRow, Instant, Node, Uid
from graph.predicate import Predicate, parse_predicate
from graph.slot import Slot, parse_slots
from graph.vocabulary import Kind
from graph.vocabulary.duties import Level
from queries.evidence.answer import RequirementRef
from queries.evidence.certainty import is_certain, lasting_spell
from queries.evidence.facts import Facts


@dataclass(frozen=True, slots=True)
class Period:
    """When something applies; ``start`` is None where no source says from when."""

    start: Instant | None
    end: Instant | None


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of a regulation.

    ``regulation`` is what it is a version of; ``is_certain_edition`` says whether for certain.
    """

    uid: Uid
    regulation: Uid | None
    is_certain_edition: bool
    title: str
    digest: str | None
    status: str | None
    voluntary: bool
    period: Period

    @property
    def names(self) -> frozenset[Uid]:
        """Return the uids under which a question or a decision may name it."""
        return frozenset({self.uid} if self.regulation is None else {self.uid, self.regulation})

    @property
    def certain_names(self) -> frozenset[Uid]:
        """Return the uids that mean this edition for certain."""
        return self.names if self.is_certain_edition else frozenset({self.uid})


@dataclass(frozen=True, slots=True)
class Requirement:
    """A requirement of an edition.

    ``predicate`` is None where the catalog states none: then nobody can say whom it
    concerns. ``unreadable`` says why it cannot be assessed, None where it can. ``doubt``
    says that it is only possibly one of that edition, None where it is.
    """

    ref: RequirementRef
    aliases: tuple[str, ...]
    period: Period
    predicate: Predicate | None
    slots: tuple[Slot, ...]
    unreadable: str | None
    doubt: str | None

    @property
    def names(self) -> frozenset[str]:
        """Return everything under which a question may name it."""
        return frozenset({self.ref.uid, self.ref.label, *self.aliases})


@dataclass(frozen=True, slots=True)
class Catalog:
    """An edition with its requirements in order of their labels."""

    edition: Edition
    requirements: tuple[Requirement, ...]


def read_catalogs(facts: Facts, law_at: Instant) -> list[Catalog]:
    """Return every edition that holds requirements, in order of uid."""
    catalogs = [_catalog(facts, uid, law_at) for uid in facts.of_kind(Kind.REGULATION)]
    return [catalog for catalog in catalogs if catalog.requirements]


def _catalog(facts: Facts, uid: Uid, law_at: Instant) -> Catalog:
    edition = _edition(facts, uid, law_at)
    requirements = [
        _requirement(facts, inner, edition, law_at, certain=certain)
        for inner, certain in sorted(_requirements_of(facts, uid, law_at).items())
    ]
    return Catalog(edition, tuple(sorted(requirements, key=_printed_order)))


def _printed_order(requirement: Requirement) -> tuple[list[tuple[int, str]], Uid]:
    """Return what sorts labels as people number them: 2 before 10."""
    parts = re.findall(r"[0-9]+|[^0-9]+", requirement.ref.label)
    return [(int(part), "") if part[0] in "0123456789" else (-1, part) for part in parts], requirement.ref.uid


def _requirements_of(facts: Facts, edition: Uid, law_at: Instant) -> dict[Uid, bool]:
    """Return the requirements of an edition and their parts, each with whether it is one for certain."""
    found: dict[Uid, bool] = {}
    waiting = [(e.object, e, True) for e in facts.edges.get(("REQUIRES", edition), ())]
    while waiting:
        uid, edge, above_is_certain = waiting.pop()
        certain = above_is_certain and is_certain(lasting_spell(edge, law_at))
        if uid not in found or (certain and not found[uid]):
            found[uid] = certain
            waiting += [(e.subject, e, certain) for e in facts.edges_into.get(("PART_OF", uid), ())]
    return found


def _edition(facts: Facts, uid: Uid, law_at: Instant) -> Edition:
    rows = facts.lasting_rows(uid, law_at)
    node = facts.node(uid, rows)
    of = facts.edges.get(("VERSION_OF", uid), ())
    return Edition(
        uid=uid,
        regulation=of[0].object if len(of) == 1 else None,
        is_certain_edition=all(is_certain(lasting_spell(edge, law_at)) for edge in of),
        title=node.label,
        digest=node.text("digest"),
        status=node.text("status"),
        voluntary=node.get("voluntary") is True,
        period=_period(node, rows),
    )


def _requirement(facts: Facts, uid: Uid, edition: Edition, law_at: Instant, *, certain: bool) -> Requirement:
    rows = facts.lasting_rows(uid, law_at)
    node = facts.node(uid, rows)
    predicate: Predicate | None = None
    slots: tuple[Slot, ...] = ()
    level: Level | None = None
    weight, faults = 1.0, list[str]()
    try:
        predicate = _predicate(node)
    except (ValueError, RecursionError):
        faults.append("its predicate cannot be read")
    try:
        slots = parse_slots(node.text("slots") or "[]")
    except (ValueError, RecursionError):
        faults.append("its slots cannot be read")
    try:
        level = Level(node.text("level") or "")
    except ValueError:
        faults.append("no level says what it is evaluated for")
    stated = node.get("weight")
    if isinstance(stated, int | float) and not isinstance(stated, bool):
        weight = float(stated)
    if not math.isfinite(weight) or weight <= 0:
        faults.append("its weight is not above 0")
    return Requirement(
        ref=RequirementRef(
            uid=uid,
            edition=edition.uid,
            label=node.text("label") or node.label,
            title=node.label,
            level=level,
            weight=weight,
            link=node.text("link"),
        ),
        aliases=node.texts("aliases"),
        period=_period(node, rows),
        predicate=predicate,
        slots=slots,
        unreadable="; ".join(faults) or None,
        doubt=None if certain else f"it is only possibly a requirement of {edition.title}",
    )


def _predicate(node: Node) -> Predicate | None:
    text = node.text("applicability")
    return None if text is None else parse_predicate(json.loads(text))


def _period(node: Node, rows: list[ClaimRow]) -> Period:
    """Return from when to when something applies; what a claim's own validity ends, ends it too."""
    start, end = node.integer("applies_from"), node.integer("applies_until")
    ends = [] if end is None else [Instant(end)]
    if rows:
        ends.append(max(row.valid.end for row in rows))
    return Period(None if start is None else Instant(start), min(ends, default=None))
