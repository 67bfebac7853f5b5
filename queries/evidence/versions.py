"""Which versions of a subject run, which it ever had, and by which digests they are known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from graph.ledger.timeline import EdgeTimeline
from graph.model import Instant, NodeFacts, Uid
from queries.evidence.certainty import conditions, is_certain
from queries.evidence.dated import DatedFacts, spell_at
from queries.evidence.facts import Facts
from queries.evidence.records import normal_digests
from queries.places import places, stated_environment

Way = tuple[EdgeTimeline, ...]
"""Edges that together say that a version runs."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version that runs. Without digests nothing can be shown to be about it.

    ``disputed`` says that sources name different digests for it; it then has none.
    ``is_certain`` says whether it runs for certain, ``condition`` on what that depends if not.
    """

    uid: Uid
    digests: frozenset[str]
    disputed: bool = False
    is_certain: bool = True
    condition: str = ""

    @property
    def runs(self) -> str:
        """Return that it runs, in words."""
        return "runs" if self.is_certain else "possibly runs"


def current(dated: DatedFacts, subject: Uid, environments: Collection[str]) -> tuple[Version, ...]:
    """Return the versions of a subject that run in any of some environments, in order of uid.

    Those that it is deployed as, that it serves, and versions of it that something else
    serves; whether for certain or only possibly. Empty where no source says that any does.
    """
    dated.horizon.note(
        moment
        for timeline in _running(dated.facts, subject)
        for spell in timeline.spells
        for moment in (spell.valid.start, spell.valid.end)
    )
    ways: dict[Uid, list[Way]] = defaultdict(list)
    for way in _ways(dated.facts, subject, environments, dated.moment):
        ways[way[0].object].append(way)
    return tuple(_running_version(dated, uid, ways[uid]) for uid in sorted(ways))


def _running_version(dated: DatedFacts, uid: Uid, ways: Sequence[Way]) -> Version:
    found = version(dated, uid)
    told = [[(edge, spell_at(edge, dated.moment)) for edge in way] for way in ways]
    if any(all(is_certain(spell) for _, spell in way) for way in told):
        return found
    condition = conditions(dated.facts, chain.from_iterable(told))
    return replace(found, is_certain=False, condition=condition)


@dataclass(frozen=True, slots=True)
class RunningSet:
    """The versions that run at a moment: those that do for certain, and all that may."""

    certain: frozenset[Uid]
    possible: frozenset[Uid]

    def must_differ_from(self, other: RunningSet) -> bool:
        """Return whether no set of versions can be the one that runs at both moments."""
        return not (self.certain <= other.possible and other.certain <= self.possible)


def running_set(facts: Facts, subject: Uid, environments: Collection[str], moment: Instant) -> RunningSet:
    """Return the versions that run at a moment in any of some environments."""
    ways = list(_ways(facts, subject, environments, moment))
    sure = (way for way in ways if all(is_certain(spell_at(edge, moment)) for edge in way))
    return RunningSet(frozenset(way[0].object for way in sure), frozenset(way[0].object for way in ways))


def _ways(facts: Facts, subject: Uid, environments: Collection[str], moment: Instant) -> Iterator[Way]:
    """Yield the edges that together say that a version runs, the one that leads to it first."""
    versions_then = {
        edge.subject: edge
        for edge in facts.edges_into.get(("VERSION_OF", subject), ())
        if spell_at(edge, moment) is not None
    }
    for edge in _running(facts, subject):
        if (edge.discriminator or "unknown") not in environments or edge.relation == "VERSION_OF":
            continue
        if spell_at(edge, moment) is None:
            continue
        if edge.subject == subject:
            yield (edge,)
        elif edge.object in versions_then:
            yield (edge, versions_then[edge.object])


def version(dated: DatedFacts, uid: Uid) -> Version:
    """Return a version with its digests."""
    dated.node(uid)
    rows = dated.facts.described(uid, dated.moment)
    said = [
        normal_digests((*_texts(row.claim.about, "digests"), *_texts(row.claim.about, "digest")))
        for row in rows
        if isinstance(row.claim.about, NodeFacts)
    ]
    if _disputed([digests for digests in said if digests]):
        return Version(uid, frozenset(), disputed=True)
    return Version(uid, frozenset[str]().union(*said))


def ever(dated: DatedFacts, subject: Uid) -> frozenset[Uid]:
    """Return every version that a subject had up to the date, running or not, certain or possible."""
    found = dated.until_now(_running(dated.facts, subject))
    return frozenset(edge.subject if edge.relation == "VERSION_OF" else edge.object for edge in found) - {
        subject
    }


def certainly_ever(dated: DatedFacts, subject: Uid) -> frozenset[Uid]:
    """Return every version that a subject had for certain at some time up to the date."""
    sure = [
        edge
        for edge in dated.until_now(_running(dated.facts, subject))
        if any(is_certain(spell) and spell.valid.start <= dated.moment for spell in edge.spells)
    ]
    made = {edge.subject for edge in sure if edge.relation == "VERSION_OF"}
    return frozenset(made | {edge.object for edge in sure if edge.subject == subject})


def places_of(dated: DatedFacts, subject: Uid) -> Mapping[str, bool]:
    """Return where a subject is deployed, each with whether that is certain; see `queries.places`."""
    stated = stated_environment(dated.node(subject))
    return places(stated, ((one.environment, one.is_certain) for one in deployments(dated, subject)))


@dataclass(frozen=True, slots=True)
class Deployment:
    """That a subject runs somewhere; ``relation`` is what says it, at ``node``."""

    node: Uid
    relation: str
    environment: str
    is_certain: bool


def deployments(dated: DatedFacts, subject: Uid) -> Iterator[Deployment]:
    """Yield where edges say that a subject runs: deployed, serving, or with a version that is served."""
    for relation in ("DEPLOYED_AS", "SERVES"):
        for edge in dated.out(relation, subject):
            yield Deployment(subject, relation, edge.environment, edge.is_certain)
    for made in dated.into("VERSION_OF", subject):
        for edge in dated.into("SERVES", made.subject):
            certain = edge.is_certain and made.is_certain
            yield Deployment(made.subject, edge.relation, edge.environment, certain)


def changes_since(
    facts: Facts, subject: Uid, environments: Collection[str], since: Instant, until: Instant
) -> Iterator[tuple[Instant, bool]]:
    """Yield when another set of versions ran than at ``since``, up to ``until``; whether that is certain."""
    moments = sorted(
        moment
        for timeline in _running(facts, subject)
        for spell in timeline.spells
        for moment in (spell.valid.start, spell.valid.end)
        if since < moment <= until
    )
    before = running_set(facts, subject, environments, since)
    for moment in moments:
        after = running_set(facts, subject, environments, moment)
        if after != before:
            yield moment, after.must_differ_from(before)


def _running(facts: Facts, subject: Uid) -> Iterator[EdgeTimeline]:
    """Yield the edges that tell which versions a subject has and which run."""
    yield from facts.edges.get(("DEPLOYED_AS", subject), ())
    yield from facts.edges.get(("SERVES", subject), ())
    for made in facts.edges_into.get(("VERSION_OF", subject), ()):
        yield made
        yield from facts.edges_into.get(("SERVES", made.subject), ())


def _disputed(said: Collection[frozenset[str]]) -> bool:
    """Return whether two claims name digests of one algorithm and have none in common."""
    for one in said:
        for other in said:
            algorithms = {d.partition(":")[0] for d in one} & {d.partition(":")[0] for d in other}
            if algorithms and not one & other:
                return True
    return False


def _texts(facts: NodeFacts, name: str) -> tuple[str, ...]:
    value = facts.properties.get(name)
    if isinstance(value, str):
        return (value,)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, tuple) else ()
