"""What an export says: every standing claim under canonical uids, each scope saying a thing once.

Two uids of one node in one scope would become one claim. What is said under the second goes
to a part of the scope, with a name of its own, so that both are still there and fold as before.
So does what was seen only after the scope's newest complete read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from graph.ledger.claims import about_of, claim_id_of
from graph.ledger.fold import is_loop
from graph.ledger.identity import IdentityMap
from graph.ledger.operations import Subject
from graph.ledger.reading import Picture
from graph.model import (
    OPEN_END,
    Claim,
    ClaimId,
    CommitNumber,
    EdgeFacts,
    Instant,
    NodeFacts,
    PropertyValue,
    Scope,
)
from graph.vocabulary import Origin
from queries.readings import CommitTimes, seen_at


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """A claim as it is to be exported, when it was seen and first said here, and as which claim."""

    claim: Claim
    seen: Instant
    said_in: CommitNumber
    said_as: ClaimId

    @property
    def about(self) -> Subject:
        """Return what it is about."""
        return about_of(self.claim)

    @property
    def is_node(self) -> bool:
        """Return whether it describes a node."""
        return isinstance(self.claim.about, NodeFacts)

    @property
    def claim_id(self) -> ClaimId:
        """Return the id that the claim will have where it is read in."""
        return claim_id_of(self.claim.scope, self.about)

    @property
    def start(self) -> Instant:
        """Return from when it holds."""
        return Instant(0) if self.claim.valid is None else self.claim.valid.start

    @property
    def values(self) -> Mapping[str, PropertyValue]:
        """Return the values that sources may disagree on, by name."""
        facts = self.claim.about
        if isinstance(facts, EdgeFacts):
            return facts.properties
        named = {"type": facts.type, "name": facts.name}
        return {**facts.properties, **{name: value for name, value in named.items() if value is not None}}


@dataclass(slots=True)
class AllSaid:
    """Every standing claim that an export says, and what is left out.

    `loops` counts edges that merging joined to themselves, `derived` claims that follow from
    others, which a copy derives anew from those; `derived_scopes` are theirs.
    """

    said: list[Said] = field(default_factory=list[Said])
    loops: int = 0
    derived: int = 0
    derived_scopes: set[Scope] = field(default_factory=set[Scope])


def said_at(picture: Picture, recorded: CommitTimes) -> AllSaid:
    """Return every standing claim under canonical uids."""
    identity, found = picture.identity, AllSaid()
    for rows in (picture.all_node_rows(), picture.all_edge_rows()):
        for row in rows:
            facts = row.claim.about
            if row.claim.origin is Origin.DERIVED and row.claim.supports:
                found.derived += 1
                found.derived_scopes.add(row.claim.scope)
            elif isinstance(facts, EdgeFacts) and is_loop(facts, identity):
                found.loops += 1
            else:
                claim = replace(row.claim, about=_canonical(facts, identity), locator=None)
                found.said.append(Said(claim, seen_at(row, recorded), row.said_in, row.claim_id))
    return found


def _canonical(facts: NodeFacts | EdgeFacts, identity: IdentityMap) -> NodeFacts | EdgeFacts:
    if isinstance(facts, NodeFacts):
        return replace(facts, uid=identity.canonical(facts.uid))
    subject, object_ = identity.canonical(facts.subject), identity.canonical(facts.object)
    return replace(facts, subject=subject, object=object_)


def seen_later_apart(
    said: Sequence[Said], looked: Mapping[ClaimId, Instant], newest: Mapping[Scope, Instant]
) -> list[Said]:
    """Return the same with what was seen only after its scope's newest complete read in a scope of its own.

    No complete read has shown it. In the section of one it would pass for covered, and in one
    after that the next reading of the file would end it. `looked` is when each claim was seen.
    """
    taken = {one.claim.scope for one in said}
    later: dict[Scope, Scope] = {}
    found: list[Said] = []
    for one in said:
        whole = one.claim.scope
        if looked[one.said_as] > newest.get(whole, OPEN_END):
            scope = later.setdefault(whole, _unused(whole, f"{whole.name}#later", taken))
            one = replace(one, claim=replace(one.claim, scope=scope))  # noqa: PLW2901
        found.append(one)
    return found


def parted(said: Sequence[Said]) -> tuple[list[Said], dict[Scope, Scope]]:
    """Return the same with nothing said twice in a scope, and of each part the scope it comes from."""
    ways: dict[ClaimId, set[ClaimId]] = defaultdict(set)
    for one in said:
        ways[one.claim_id].add(one.said_as)
    taken = {one.claim.scope for one in said}
    parts: dict[tuple[Scope, int], Scope] = {}
    found: list[Said] = []
    for one in said:
        # What is said under the canonical uid stays where it is.
        others = sorted(ways[one.claim_id] - {one.claim_id})
        order = [one.claim_id, *others] if one.claim_id in ways[one.claim_id] else others
        number, whole = order.index(one.said_as), one.claim.scope
        if number:
            part = parts.setdefault((whole, number), _unused(whole, f"{whole.name}#{number + 1}", taken))
            one = replace(one, claim=replace(one.claim, scope=part))  # noqa: PLW2901
        found.append(one)
    return found, {part: whole for (whole, _), part in parts.items()}


def _unused(whole: Scope, name: str, taken: set[Scope]) -> Scope:
    """Return a scope for a part of another, with a name that no source uses."""
    part = Scope(whole.source, name)
    while part in taken:
        part = Scope(whole.source, f"{part.name}+")
    return part
