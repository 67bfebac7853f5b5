"""The sections of an export: each scope with what it covers, in the order in which they are read in."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from itertools import groupby

from graph.ledger.coverage import restates_at, says_complete
from graph.ledger.operations import Subject
from graph.ledger.port import CoverageRow
from graph.model import OPEN_END, AsOf, Claim, ClaimId, ExternalId, Instant, Scope, Uid
from queries.estate import EstateView
from queries.export_identity import kept_apart
from queries.export_order import read_late, scopes_in_order
from queries.export_said import Said, parted, said_at, seen_later_apart
from queries.readings import CommitTimes


@dataclass(frozen=True, slots=True)
class Section:
    """What one scope says, or, without claims, that it had been read completely by some time.

    `restates` says that each of its readings told the whole history of what it showed.
    """

    scope: Scope
    read_at: Instant
    is_complete: bool
    kinds: tuple[str, ...]
    relations: tuple[str, ...]
    restates: bool = False
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Exported:
    """The sections of an estate, and what had to be left out of them.

    `loops` counts claims whose edge merging has joined to itself, `derived` those that follow
    from others, `apart` holds the external ids by which nodes would be joined that are not one
    thing. `covered_later` counts the descriptions by which a node is covered since an earlier
    complete read than it will be.
    """

    sections: tuple[Section, ...]
    loops: int
    derived: int
    covered_later: int
    apart: Mapping[Uid, tuple[ExternalId, ...]]


def exported_sections(view: EstateView) -> Exported:
    """Return the sections of a view's commit.

    A scope that was read completely has a section for each time from which it covered more,
    or had a node say that its edges are all named, and one for its newest complete read,
    which has the claims. What was seen after that is in a scope of its own. A scope that was
    not read completely has a section for each time of looking, so that nothing seems to have
    been seen later than it was.
    """
    everything = said_at(view.ledger.picture(view.at.known), CommitTimes(view.ledger))
    said = everything.said
    looked = _looked(said)
    covered_later = _covered_later(
        view, {one.said_as: one.claim.scope for one in said if one.is_node}, looked
    )
    heads = {
        scope: sections for scope, sections in _heads(view).items() if scope not in everything.derived_scopes
    }
    newest = {scope: sections[-1].read_at for scope, sections in heads.items()}
    said, parts = parted(seen_later_apart(said, looked, newest))
    said, apart = kept_apart(said)
    heads |= {
        part: [replace(head, scope=part) for head in heads[whole]]
        for part, whole in parts.items()
        if whole in heads
    }
    late = read_late(said)
    sections = (*_by_scope(said, set(late), heads, looked), *_one_by_one(late, heads, looked))
    return Exported(sections, everything.loops, everything.derived, covered_later, apart)


def _heads(view: EstateView) -> dict[Scope, list[Section]]:
    """Return empty sections of the scopes that cover something, in order of time."""
    covered: dict[Scope, list[CoverageRow]] = defaultdict(list)
    for row in view.ledger.store.coverage(view.at.known):
        covered[row.scope].append(row)
    reads = view.ledger.complete_reads(view.at.known)
    return {scope: _sections_of(scope, rows, reads.get(scope, ())) for scope, rows in covered.items()}


def _sections_of(scope: Scope, covered: Sequence[CoverageRow], reads: Sequence[Instant]) -> list[Section]:
    times = {row.read_at for row in covered}
    times.add(max([*times, *reads]))
    sections: list[Section] = []
    for time in sorted(times):
        so_far = [row for row in covered if row.read_at <= time]
        kinds = tuple(sorted({kind for row in so_far for kind in row.kinds}))
        relations = tuple(sorted({relation for row in so_far for relation in row.relations}))
        sections.append(
            Section(
                scope,
                time,
                is_complete=True,
                kinds=kinds,
                relations=relations,
                restates=restates_at(so_far, time),
            )
        )
    return sections


def _covered_later(
    view: EstateView, descriptions: Mapping[ClaimId, Scope], looked: Mapping[ClaimId, Instant]
) -> int:
    """Return how many descriptions an earlier complete read covered than the one they are written in.

    A line cannot say which reading first showed it. Saying all of a scope again for each of its
    readings could, and would make a file of a year's readings hundreds of times as long.
    """
    coverage = view.ledger.coverage(AsOf(OPEN_END, view.at.known))
    later = 0
    for claim_id, scope in descriptions.items():
        seen, reads = looked[claim_id], coverage.reads.get(scope, ())
        if bisect_left(reads, seen) < len(reads) - 1:
            restating = coverage.scopes[scope].restating
            later += restating is None or not (restating.tells(seen) and restating.tells(reads[-1]))
    return later


def _looked(said: Iterable[Said]) -> Mapping[ClaimId, Instant]:
    """Return when each claim was seen at the earliest; all of it has to be read in at once.

    What one scope says of a node under several uids was all seen only with the last of them.
    """
    looked: dict[ClaimId, Instant] = {}
    for one in said:
        looked[one.said_as] = min(one.seen, looked.get(one.said_as, one.seen))
    all_seen: dict[tuple[Scope, Subject], Instant] = {}
    nodes = [one for one in said if one.is_node]
    for one in nodes:
        key, seen = (one.claim.scope, one.about), looked[one.said_as]
        all_seen[key] = max(seen, all_seen.get(key, seen))
    return looked | {one.said_as: all_seen[one.claim.scope, one.about] for one in nodes}


def _by_scope(
    said: Sequence[Said],
    late: set[Said],
    heads: Mapping[Scope, Sequence[Section]],
    looked: Mapping[ClaimId, Instant],
) -> Iterator[Section]:
    """Yield the sections of every scope, with what need not be read in late."""
    claims: dict[Scope, list[Said]] = defaultdict(list)
    for one in said:
        if one not in late:
            claims[one.claim.scope].append(one)
    place = scopes_in_order(said)
    for scope in sorted(place.keys() | heads.keys(), key=lambda s: (place.get(s, -1), s)):
        ordered = sorted(claims[scope], key=_nodes_first)
        if scope in heads:
            yield from _earlier(heads[scope], [one for one in ordered if says_complete(one.claim)])
            yield replace(heads[scope][-1], claims=tuple(one.claim for one in ordered))
        else:
            for time in sorted({looked[one.said_as] for one in ordered}):
                group = tuple(one.claim for one in ordered if looked[one.said_as] == time)
                yield _glimpse(scope, time, group)


def _earlier(heads: Sequence[Section], complete: Sequence[Said]) -> Iterator[Section]:
    """Yield a scope's sections before the last one.

    That a node's edges are all named counts from the reading that said so: such a claim is
    said then, and in all sections after, so that none of them ends it.
    """
    last = heads[-1].read_at
    times = {head.read_at for head in heads} | {one.seen for one in complete}
    for time in sorted(time for time in times if time < last):
        nothing = replace(heads[0], kinds=(), relations=(), restates=False)
        head = next((head for head in reversed(heads) if head.read_at <= time), nothing)
        yield replace(head, read_at=time, claims=tuple(one.claim for one in complete if one.seen <= time))


def _one_by_one(
    late: Sequence[Said], heads: Mapping[Scope, Sequence[Section]], looked: Mapping[ClaimId, Instant]
) -> Iterator[Section]:
    """Yield what must be read in late, a new section wherever another scope speaks, or at another time."""
    for (scope, time), group in groupby(late, key=lambda one: (one.claim.scope, looked[one.said_as])):
        claims = tuple(one.claim for one in group)
        yield replace(heads[scope][-1], claims=claims) if scope in heads else _glimpse(scope, time, claims)


def _glimpse(scope: Scope, time: Instant, claims: tuple[Claim, ...]) -> Section:
    """Return a section of a scope that was never read completely."""
    return Section(scope, time, is_complete=False, kinds=(), relations=(), claims=claims)


def _nodes_first(one: Said) -> tuple[bool, tuple[str, ...], Instant]:
    about = one.about
    words: tuple[str, ...] = (about,) if isinstance(about, str) else astuple(about)
    return not isinstance(about, str), words, one.start
