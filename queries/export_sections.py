"""The sections of an export: each scope with what it covers, in the order in which they are read in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from itertools import groupby

from graph.ledger.port import CoverageRow
from graph.model import Claim, Instant, Scope
from queries.estate import EstateView
from queries.export_identity import kept_apart
from queries.export_order import read_late, scopes_in_order
from queries.export_said import Said, parted, said_at


@dataclass(frozen=True, slots=True)
class Section:
    """What one scope says, or, without claims, that it had been read completely by some time."""

    scope: Scope
    read_at: Instant
    is_complete: bool
    kinds: tuple[str, ...]
    relations: tuple[str, ...]
    claims: tuple[Claim, ...] = ()


def exported_sections(view: EstateView) -> tuple[tuple[Section, ...], tuple[str, ...]]:
    """Return the sections of a view's commit, and notes on what they cannot say.

    A scope may have several sections. Those that only say what it had covered earlier come
    first; all others bear the time of its newest coverage.
    """
    said, loops = said_at(view.ledger.picture(view.at.known))
    notes = [f"{loops} claims are left out: the two ends of their edge are one node"] if loops else []
    said, parts = parted(said)
    said, apart = kept_apart(said)
    covered: dict[Scope, list[CoverageRow]] = defaultdict(list)
    for row in view.ledger.store.coverage(view.at.known):
        covered[row.scope].append(row)
    covered |= {part: covered[whole] for part, whole in parts.items() if whole in covered}
    late = read_late(said)
    newest: dict[Scope, Instant] = {}
    for one in said:
        newest[one.claim.scope] = max(newest.get(one.claim.scope, one.start), one.start)
    heads = {
        scope: _heads(scope, covered.get(scope, ()), newest.get(scope, Instant(0)))
        for scope in newest.keys() | covered.keys()
    }
    return (*_by_scope(said, set(late), heads), *_one_by_one(late, heads)), (*notes, *apart)


def _by_scope(
    said: Sequence[Said], late: set[Said], heads: Mapping[Scope, Sequence[Section]]
) -> Iterator[Section]:
    """Yield the sections of every scope, with what need not be read in late."""
    claims: dict[Scope, list[Said]] = defaultdict(list)
    for one in said:
        if one not in late:
            claims[one.claim.scope].append(one)
    place = scopes_in_order(said)
    for scope in sorted(heads, key=lambda s: (place.get(s, -1), s)):
        *earlier, last = heads[scope]
        yield from earlier
        ordered = tuple(one.claim for one in sorted(claims[scope], key=_nodes_first))
        if ordered or last.is_complete:
            yield replace(last, claims=ordered)


def _one_by_one(late: Sequence[Said], heads: Mapping[Scope, Sequence[Section]]) -> Iterator[Section]:
    """Yield what must be read in late, a new section wherever another scope speaks."""
    for scope, group in groupby(late, key=lambda one: one.claim.scope):
        yield replace(heads[scope][-1], claims=tuple(one.claim for one in group))


def _heads(scope: Scope, covered: Sequence[CoverageRow], newest: Instant) -> list[Section]:
    """Return empty sections of a scope, one for each time from which on it covered more.

    All that say something bear one time, the last: sections of one time add up where they are
    read in, while a later one would take back what an earlier one said of the same thing.
    """
    if not covered:
        return [Section(scope, newest, is_complete=False, kinds=(), relations=())]
    heads: list[Section] = []
    for time in sorted({row.read_at for row in covered}):
        so_far = [row for row in covered if row.read_at <= time]
        kinds = tuple(sorted({kind for row in so_far for kind in row.kinds}))
        relations = tuple(sorted({relation for row in so_far for relation in row.relations}))
        heads.append(Section(scope, time, is_complete=True, kinds=kinds, relations=relations))
    return heads


def _nodes_first(one: Said) -> tuple[bool, tuple[str, ...], Instant]:
    about = one.about
    words: tuple[str, ...] = (about,) if isinstance(about, str) else astuple(about)
    return not isinstance(about, str), words, one.start
