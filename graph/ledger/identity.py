"""Which uids name one thing: decisions of people, and external ids that join by themselves.

Nothing is rewritten when uids become one: a class of uids is worked out when it is
read, for the commit that is asked about, so that taking a merge back is exact. The
canonical uid of a class is its smallest member in byte order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from types import MappingProxyType

from graph.ledger.kinds import Description, speaking
from graph.ledger.opening import open_rows
from graph.ledger.port import ExternalIdRow, SameAsRow, Store
from graph.model import ClaimId, CommitNumber, ExternalId, Interval, NodeFacts, Uid
from graph.vocabulary import VOCABULARY, Kind


@dataclass(frozen=True, slots=True)
class JoinConflict:
    """Uids that an external id would join, and why they are not joined."""

    uids: tuple[Uid, ...]
    external_ids: tuple[ExternalId, ...]
    reason: str


@dataclass(frozen=True)
class IdentityMap:
    """The classes of uids at one commit; only uids that share a class with others are held."""

    _canonical: Mapping[Uid, Uid] = field(default_factory=dict[Uid, Uid])
    _members: Mapping[Uid, tuple[Uid, ...]] = field(default_factory=dict[Uid, tuple[Uid, ...]])
    conflicts: tuple[JoinConflict, ...] = ()

    def canonical(self, uid: Uid) -> Uid:
        """Return the uid that stands for this one's class."""
        return self._canonical.get(uid, uid)

    def members(self, uid: Uid) -> tuple[Uid, ...]:
        """Return all uids of this one's class, in byte order: the canonical one first."""
        return self._members.get(self.canonical(uid), (uid,))

    def expand(self, uids: Iterable[Uid]) -> set[Uid]:
        """Return the members of the classes of all these uids."""
        return {member for uid in uids for member in self.members(uid)}

    def differences(self, other: IdentityMap) -> set[Uid]:
        """Return the uids whose class is not the same in the other map."""
        uids = self._canonical.keys() | other._canonical.keys()
        return {uid for uid in uids if self.members(uid) != other.members(uid)}


def identity_at(store: Store, known: CommitNumber) -> IdentityMap:
    """Return the classes of uids as of a commit; what a refuted claim asserts joins nothing.

    Cost: the decisions, and what describes the uids that share an external id with another.
    """
    decisions = store.same_as(known)
    shared = store.shared_external_ids(known)
    if not shared:
        return identity_of(decisions, (), ())
    uids = {row.uid for row in shared}
    held = store.external_ids_of(uids, known)
    refuted = {(row.claim_id, row.content_digest) for row in store.refutations(known)}
    if refuted:
        held = _asserted_by_others(refuted, uids, store, known)
        shared = _shared(held)
    return identity_of(decisions, shared, held, _kinds(refuted, uids, store, known))


def _kinds(
    refuted: Collection[tuple[ClaimId, str]], uids: Collection[Uid], store: Store, known: CommitNumber
) -> dict[Uid, Kind]:
    """Return the kinds that these uids are described as."""
    described: dict[Uid, list[Description]] = defaultdict(list)
    for description in store.descriptions(uids, known):
        if (description.claim_id, description.content_digest) not in refuted:
            described[description.uid].append(description)
    return {uid: speaking(found)[0].kind for uid, found in described.items()}


def _asserted_by_others(
    refuted: Collection[tuple[ClaimId, str]], uids: Collection[Uid], store: Store, known: CommitNumber
) -> list[ExternalIdRow]:
    """Return the external ids that these uids are given by claims which are not refuted."""
    rows = [r for r in store.node_rows(uids, known) if (r.claim_id, r.content_digest) not in refuted]
    return [
        ExternalIdRow(i.scheme, i.value, facts.uid, facts.kind, row.claim.scope.source.plugin, row.valid)
        for row in open_rows(store, rows)
        if isinstance(facts := row.claim.about, NodeFacts)
        for i in facts.external_ids
    ]


def _shared(held: Sequence[ExternalIdRow]) -> list[ExternalIdRow]:
    """Return the rows of ids that more than one uid asserts."""
    uids: dict[ExternalId, set[Uid]] = defaultdict(set)
    for row in held:
        uids[ExternalId(row.scheme, row.value)].add(row.uid)
    return [row for row in held if len(uids[ExternalId(row.scheme, row.value)]) > 1]


def identity_of(
    decisions: Sequence[SameAsRow],
    shared: Sequence[ExternalIdRow],
    held: Sequence[ExternalIdRow],
    kinds: Mapping[Uid, Kind] = MappingProxyType({}),
) -> IdentityMap:
    """Return the classes that decisions and external ids make.

    ``shared`` are the rows of ids that several uids assert, ``held`` all ids of those
    uids, ``kinds`` what the uids are described as. A person's decision outweighs an
    external id. An id that two uids were given at different times only may have passed
    from one thing to another: it joins nobody, also not through a third. A class that
    external ids would make is not made at all if it would hold two ids of a scheme of
    which a node has one, two kinds, or two uids that a person has declared different.
    The answer does not depend on the order of ``shared`` and ``held``.
    """
    latest = {row.uids: row.same for row in decisions}
    classes = _Classes()
    for uids, same in latest.items():
        if same:
            classes.join(*uids)
    different = [uids for uids, same in latest.items() if not same]
    by_uid: dict[Uid, set[ExternalId]] = defaultdict(set)
    for row in held:
        by_uid[row.uid].add(ExternalId(row.scheme, row.value))
    joins, passed_on = _joining(shared, classes)
    conflicts: list[JoinConflict] = []
    for component in _components(classes, joins):
        reason = _objection(component, by_uid, different, kinds)
        if reason is None:
            for uid in component[1:]:
                classes.join(component[0], uid)
        else:
            ids = {ExternalId(r.scheme, r.value) for r in shared if r.uid in set(component)}
            conflicts.append(JoinConflict(tuple(component), tuple(sorted(ids)), reason))
    conflicts += (c for c in passed_on if len({classes.find(uid) for uid in c.uids}) > 1)
    return _identity_map(classes, tuple(sorted(conflicts, key=lambda c: (c.uids, c.external_ids))))


def may_join(row: ExternalIdRow) -> bool:
    """Return whether this source's word on this id may join nodes of this kind."""
    scheme = VOCABULARY.scheme(row.scheme)
    return (
        scheme is not None
        and scheme.joins
        and row.kind in scheme.kinds
        and (scheme.may_assert is None or row.plugin in scheme.may_assert)
    )


class _Classes:
    """Disjoint sets of uids whose representative is the smallest member."""

    def __init__(self) -> None:
        self.parent: dict[Uid, Uid] = {}

    def find(self, uid: Uid) -> Uid:
        root = uid
        while (above := self.parent.get(root, root)) != root:
            root = above
        while (above := self.parent.get(uid, uid)) != root:
            self.parent[uid], uid = root, above
        return root

    def join(self, first: Uid, second: Uid) -> None:
        low, high = sorted((self.find(first), self.find(second)))
        self.parent[low] = self.parent[high] = low

    def members(self) -> dict[Uid, list[Uid]]:
        classes: dict[Uid, list[Uid]] = defaultdict(list)
        for uid in self.parent:
            classes[self.find(uid)].append(uid)
        return classes


def _joining(
    shared: Sequence[ExternalIdRow], classes: _Classes
) -> tuple[list[list[Uid]], list[JoinConflict]]:
    """Return the groups of uids that one external id joins, and the ids that may have been passed on.

    An id joins within one kind only.
    """
    groups: dict[tuple[str, str, Kind], dict[Uid, list[Interval]]] = defaultdict(lambda: defaultdict(list))
    for row in shared:
        if may_join(row):
            groups[row.scheme, row.value, row.kind][row.uid].append(row.valid)
    joins: list[list[Uid]] = []
    passed_on: list[JoinConflict] = []
    for (scheme, value, _), held in groups.items():
        if len(held) < 2:
            continue
        apart = _never_together(held, classes)
        if apart is None:
            joins.append(sorted(held))
        else:
            reason = f"{apart[0]} and {apart[1]} have this {scheme} at different times only"
            passed_on.append(JoinConflict(tuple(sorted(held)), (ExternalId(scheme, value),), reason))
    return joins, passed_on


def _never_together(held: Mapping[Uid, Sequence[Interval]], classes: _Classes) -> tuple[Uid, Uid] | None:
    """Return the first two uids, not yet one, that never hold an id at the same time.

    Cost: one step a uid where all hold it at one moment, as nearly always.
    """
    last_start = max(min(interval.start for interval in found) for found in held.values())
    if all(any(interval.holds_at(last_start) for interval in found) for found in held.values()):
        return None
    for first, second in combinations(sorted(held), 2):
        together = any(a.overlaps(b) for a in held[first] for b in held[second])
        if not together and classes.find(first) != classes.find(second):
            return first, second
    return None


def _components(classes: _Classes, joins: Sequence[Sequence[Uid]]) -> list[list[Uid]]:
    """Return the classes that all joins together would make, on top of the decided ones."""
    joined = _Classes()
    joined.parent = dict(classes.parent)
    touched: set[Uid] = set()
    for uids in joins:
        touched.update(uids)
        for uid in uids[1:]:
            joined.join(uids[0], uid)
    roots = {joined.find(uid) for uid in touched}
    members = joined.members()
    return [sorted(members[root]) for root in sorted(roots)]


def _objection(
    component: Sequence[Uid],
    held: Mapping[Uid, set[ExternalId]],
    different: Sequence[tuple[Uid, Uid]],
    kinds: Mapping[Uid, Kind],
) -> str | None:
    inside = set(component)
    found_kinds = sorted({kinds[uid] for uid in component if uid in kinds})
    if len(found_kinds) > 1:
        return f"one node would be {' and '.join(found_kinds)}"
    for first, second in different:
        if first in inside and second in inside:
            return f"a person has declared {first} and {second} different"
    values: dict[str, set[str]] = defaultdict(set)
    for uid in component:
        for external_id in held.get(uid, ()):
            values[external_id.scheme].add(external_id.value)
    for name, found in sorted(values.items()):
        scheme = VOCABULARY.scheme(name)
        if scheme is not None and scheme.one_per_node and len(found) > 1:
            return f"one node would have {len(found)} ids of scheme {name}"
    return None


def _identity_map(classes: _Classes, conflicts: tuple[JoinConflict, ...]) -> IdentityMap:
    members = {root: tuple(sorted(uids)) for root, uids in classes.members().items() if len(uids) > 1}
    canonical = {uid: root for root, uids in members.items() for uid in uids}
    return IdentityMap(canonical, members, conflicts)
