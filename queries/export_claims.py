"""The claims of an export: under canonical uids, section by section, so that they fold as they do here.

Three things need care. Two uids of one node in one scope would become one claim, so the
second goes to a scope of its own. Values between which only the order of recording decides
lose that order, so the loser's value is left out. And external ids that would join what a
person has declared different are kept at one of the two only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace

from graph.ledger.claims import about_of, claim_id_of
from graph.ledger.fold import is_loop
from graph.ledger.identity import IdentityMap
from graph.ledger.operations import Subject
from graph.ledger.port import CoverageRow
from graph.ledger.reading import Picture
from graph.model import (
    Claim,
    ClaimId,
    ClaimRow,
    CommitNumber,
    EdgeFacts,
    ExternalId,
    Instant,
    NodeFacts,
    PropertyValue,
    Scope,
    Uid,
)
from graph.vocabulary import VOCABULARY
from queries.estate import EstateView


@dataclass(frozen=True, slots=True)
class Section:
    """What one scope says, or, without claims, that it had been read completely by some time."""

    scope: Scope
    read_at: Instant
    is_complete: bool
    kinds: tuple[str, ...]
    relations: tuple[str, ...]
    claims: tuple[Claim, ...] = ()


@dataclass(slots=True)
class _Line:
    """A claim on its way into a section; `order` is the section's place."""

    claim: Claim
    recorded_from: CommitNumber
    said_as: ClaimId
    order: int = 0

    @property
    def about(self) -> Subject:
        return about_of(self.claim)

    @property
    def claim_id(self) -> ClaimId:
        return claim_id_of(self.claim.scope, self.about)


def exported_sections(view: EstateView) -> tuple[tuple[Section, ...], tuple[str, ...]]:
    """Return the sections of a view's commit in the order to be read in, and notes on what is left out."""
    picture = view.ledger.picture(view.at.known)
    lines, notes = list(_lines(picture)), list[str]()
    parts = _part_collisions(lines)
    order = _order(lines)
    for line in lines:
        line.order = order[line.claim.scope]
    notes += _keep_apart(view, picture.identity, lines)
    notes += _settle_ties(lines)
    by_scope: dict[Scope, list[Claim]] = defaultdict(list)
    for line in sorted(lines, key=_place_in_section):
        by_scope[line.claim.scope].append(line.claim)
    coverage: dict[Scope, list[CoverageRow]] = defaultdict(list)
    for row in view.ledger.store.coverage(view.at.known):
        coverage[row.scope].append(row)
    sections: list[Section] = []
    for scope in sorted(by_scope.keys() | coverage.keys(), key=lambda s: (order.get(s, -1), s)):
        sections += _sections(scope, tuple(dict.fromkeys(by_scope[scope])), coverage[parts.get(scope, scope)])
    return tuple(sections), tuple(notes)


def _lines(picture: Picture) -> Iterator[_Line]:
    """Yield every standing claim under canonical uids; edges that merging made loops are left out."""
    identity = picture.identity
    for row in picture.all_node_rows():
        facts = row.claim.about
        if isinstance(facts, NodeFacts):
            yield _line(row, replace(facts, uid=identity.canonical(facts.uid)))
    for row in picture.all_edge_rows():
        facts = row.claim.about
        if isinstance(facts, EdgeFacts) and not is_loop(facts, identity):
            ends = identity.canonical(facts.subject), identity.canonical(facts.object)
            yield _line(row, replace(facts, subject=ends[0], object=ends[1]))


def _line(row: ClaimRow, facts: NodeFacts | EdgeFacts) -> _Line:
    return _Line(replace(row.claim, about=facts, locator=None), row.recorded_from, row.claim_id)


# ------------------------------------------------------------------ two uids of one node in one scope


def _part_collisions(lines: Sequence[_Line]) -> dict[Scope, Scope]:
    """Move what one scope says under a second uid of the same thing into a part of the scope.

    Returns each part's scope with the one that it is a part of.
    """
    said_as: dict[ClaimId, set[ClaimId]] = defaultdict(set)
    for line in lines:
        said_as[line.claim_id].add(line.said_as)
    taken = {line.claim.scope for line in lines}
    parts: dict[tuple[Scope, int], Scope] = {}
    for line in lines:
        ways = sorted(said_as[line.claim_id], key=lambda said: (said != line.claim_id, said))
        number = ways.index(line.said_as)
        if number:
            whole = line.claim.scope
            part = parts.setdefault((whole, number), _part(whole, number, taken))
            line.claim = replace(line.claim, scope=part)
    return {part: whole for (whole, _), part in parts.items()}


def _part(whole: Scope, number: int, taken: set[Scope]) -> Scope:
    """Return a scope for a part that no source has."""
    part = Scope(whole.source, f"{whole.name}#{number + 1}")
    while part in taken:
        part = Scope(whole.source, f"{part.name}+")
    return part


# ------------------------------------------------------------------ order


def _order(lines: Iterable[_Line]) -> dict[Scope, int]:
    """Return each scope's place: as here, whoever spoke last is read in last."""
    latest: dict[Scope, CommitNumber] = {}
    for line in lines:
        scope = line.claim.scope
        latest[scope] = max(latest.get(scope, CommitNumber(0)), line.recorded_from)
    return {scope: place for place, scope in enumerate(sorted(latest, key=lambda s: (latest[s], s)))}


def _place_in_section(line: _Line) -> tuple[bool, tuple[str, ...], Instant]:
    about = line.about
    words = (about,) if isinstance(about, str) else astuple(about)
    return len(words) > 1, words, line.claim.valid.start if line.claim.valid else Instant(0)


# ------------------------------------------------------------------ declared different


def _keep_apart(view: EstateView, identity: IdentityMap, lines: Sequence[_Line]) -> list[str]:
    """Leave out external ids that would join what a person has declared different."""
    latest = {row.uids: row.same for row in view.ledger.store.same_as(view.at.known)}
    different = [set(uids) for uids, same in latest.items() if not same]
    dropped: dict[Uid, set[ExternalId]] = defaultdict(set)
    notes: list[str] = []
    for conflict in identity.conflicts:
        if any(pair <= set(conflict.uids) for pair in different):
            keeper, *others = sorted({identity.canonical(uid) for uid in conflict.uids})
            for uid in others:
                dropped[uid] |= set(conflict.external_ids)
            notes.append(
                f"{', '.join(others)}: without the external ids shared with {keeper}, "
                "from which a person has declared some of them different"
            )
    for line in lines:
        facts = line.claim.about
        if isinstance(facts, NodeFacts) and facts.uid in dropped:
            kept = tuple(i for i in facts.external_ids if i not in dropped[facts.uid])
            line.claim = replace(line.claim, about=replace(facts, external_ids=kept))
    return notes


# ------------------------------------------------------------------ values decided by the order of recording


def _settle_ties(lines: Sequence[_Line]) -> list[str]:
    """Leave out values that lose here only by when they were recorded, and would win elsewhere."""
    by_thing: dict[Subject, list[_Line]] = defaultdict(list)
    for line in lines:
        by_thing[line.about].append(line)
    notes: list[str] = []
    for about, found in by_thing.items():
        if len(found) > 1:
            names = {name for line in found for name in _values(line)}
            notes += [note for name in sorted(names) for note in _settle(about, name, found)]
    return notes


def _settle(about: Subject, name: str, lines: Sequence[_Line]) -> Iterator[str]:
    declared = VOCABULARY.property(name)
    order = () if declared is None else declared.precedence
    tied: dict[tuple[int, Instant], list[_Line]] = defaultdict(list)
    for line in lines:
        if name in _values(line) and line.claim.valid is not None:
            plugin = line.claim.scope.source.plugin
            rank = order.index(plugin) if plugin in order else len(order)
            tied[rank, line.claim.valid.start].append(line)
    for group in tied.values():
        here = min(group, key=lambda one: (-one.recorded_from, str(one.claim.scope.source), one.said_as))
        there = min(group, key=lambda one: (-one.order, str(one.claim.scope.source), one.claim_id))
        if _values(here)[name] != _values(there)[name]:
            for line in group:
                if _values(line)[name] != _values(here)[name]:
                    yield from _drop(about, name, line, here)


def _drop(about: Subject, name: str, line: _Line, winner: _Line) -> Iterator[str]:
    """Take a losing value out of a claim, if the winning one holds as long."""
    ours, theirs = line.claim.valid, winner.claim.valid
    if ours is None or theirs is None or ours.end > theirs.end:
        yield f"{about}: the {name} of {line.claim.scope.source} may win elsewhere"
        return
    facts = line.claim.about
    if isinstance(facts, NodeFacts) and name == "type":
        facts = replace(facts, type=None)
    elif isinstance(facts, NodeFacts) and name == "name":
        facts = replace(facts, name=None)
    else:
        kept = {key: value for key, value in facts.properties.items() if key != name}
        facts = replace(facts, properties=kept)
    line.claim = replace(line.claim, about=facts)


def _values(line: _Line) -> dict[str, PropertyValue]:
    facts = line.claim.about
    values = dict(facts.properties)
    if isinstance(facts, NodeFacts):
        values |= {n: v for n, v in (("type", facts.type), ("name", facts.name)) if v is not None}
    return values


# ------------------------------------------------------------------ coverage


def _sections(scope: Scope, claims: tuple[Claim, ...], coverage: Sequence[CoverageRow]) -> Iterator[Section]:
    """Yield a scope's sections: one for each time at which it covered more, all claims in the last."""
    kinds: set[str] = set()
    relations: set[str] = set()
    times = sorted({row.read_at for row in coverage})
    for time in times:
        for row in coverage:
            if row.read_at == time:
                kinds |= set(row.kinds)
                relations |= set(row.relations)
        said = claims if time == times[-1] else ()
        yield Section(scope, time, True, tuple(sorted(kinds)), tuple(sorted(relations)), said)  # noqa: FBT003
    if not times and claims:
        read_at = Instant(max((claim.valid.start for claim in claims if claim.valid), default=0))
        yield Section(scope, read_at, False, (), (), claims)  # noqa: FBT003
