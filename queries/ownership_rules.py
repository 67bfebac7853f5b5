"""The rules of ownership: what the owners found come to for one node, and for which reasons.

An owner counts while a living person stands behind it; of several own owners one is enough.
Only what sources have said makes a gap: where nobody has looked, or nobody has said whether
an owner is still there, the node neither passes nor fails. Nor does it over an edge that is
only possible: it has an owner, or a gap, if it would have it without that edge too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations
from typing import Final

from graph.model import Node, Uid
from graph.vocabulary import Certainty, End, Vocabulary
from queries.estate import EstateView
from queries.filters import UNKNOWN
from queries.inheritance import Found, Holding
from queries.liveness import Life, LifeSign
from queries.owners import OWNS, OwnerBook, structure_relations
from queries.places import PRODUCTION, Places


class Reason(StrEnum):
    """Why a node is not simply owned, the gravest first."""

    NO_OWNER = "NO_OWNER"
    OWNER_DEPARTED = "OWNER_DEPARTED"
    OWNER_SUSPENDED = "OWNER_SUSPENDED"
    OWNER_UNKNOWN = "OWNER_UNKNOWN"
    TEAM_EMPTY = "TEAM_EMPTY"
    NOT_HUMAN = "NOT_HUMAN"
    CONFLICT = "CONFLICT"
    INHERITED_ONLY = "INHERITED_ONLY"
    UNCERTAIN = "UNCERTAIN"
    LIVENESS_UNKNOWN = "LIVENESS_UNKNOWN"
    NOT_ASSESSED = "NOT_ASSESSED"


class Standing(StrEnum):
    """What the reasons come to."""

    OWNED = "owned"
    """A living person answers for it."""

    INHERITED = "inherited"
    """As owned, through what it is part of or within: worth knowing, and no gap outside production."""

    GAP = "gap"
    """Nobody answers for it, or it is not clear who."""

    UNKNOWN = "unknown"
    """It depends on what is only possible or no source says: who owns it, who is there, where it runs."""

    NOT_ASSESSED = "not_assessed"
    """No owner was found, and no source that reports owners covers it, or what it is a version of."""


OWNED: Final = (Standing.OWNED, Standing.INHERITED)
"""Somebody answers for it."""

OPEN: Final = (Standing.UNKNOWN, Standing.NOT_ASSESSED)
"""It is not known whether anybody does."""

GAP_REASONS: Final = (
    Reason.NO_OWNER,
    Reason.OWNER_DEPARTED,
    Reason.OWNER_SUSPENDED,
    Reason.OWNER_UNKNOWN,
    Reason.TEAM_EMPTY,
    Reason.NOT_HUMAN,
    Reason.CONFLICT,
)
"""Reasons that make a gap wherever they occur; INHERITED_ONLY does in production."""

OPEN_REASONS: Final = (Reason.UNCERTAIN, Reason.LIVENESS_UNKNOWN)
"""Reasons for which nobody can say whether it is a gap."""

PERHAPS_IN_PRODUCTION: Final = (
    "it is not known whether it runs in production, where it needs an owner of its own"
)
"""Why it is unknown how it stands with a node whose owner is only inherited."""

NOT_KNOWN: Final = frozenset({*OPEN_REASONS, Reason.NOT_ASSESSED})
"""Reasons that say only that something is not known, whatever the node's standing."""

_REASON_OF_LIFE: Final = {
    Life.UNKNOWN: Reason.LIVENESS_UNKNOWN,
    Life.NEVER_DESCRIBED: Reason.OWNER_UNKNOWN,
    Life.DEPARTED: Reason.OWNER_DEPARTED,
    Life.SUSPENDED: Reason.OWNER_SUSPENDED,
    Life.TEAM_EMPTY: Reason.TEAM_EMPTY,
    Life.NOT_HUMAN: Reason.NOT_HUMAN,
}


@dataclass(frozen=True, slots=True)
class Owner:
    """An accountable owner, for certain or possibly, whether it is there, and why that is thought."""

    uid: Uid
    node: Node | None
    sign: LifeSign
    certainty: Certainty

    @property
    def label(self) -> str:
        """Return what a person would call the owner."""
        return self.uid if self.node is None else self.node.label

    @property
    def is_certain(self) -> bool:
        """Return whether it is the owner for certain."""
        return self.certainty is Certainty.CERTAIN

    @property
    def because(self) -> str:
        """Return why it is thought to be there or not, and that it may not be the owner."""
        doubt = "" if self.is_certain else ", but it is not certain that they own it"
        return f"{self.sign.because}{doubt}"


@dataclass(frozen=True, slots=True)
class NodeOwnership:
    """How it stands with one node.

    `owners` are all accountable owners found, of all `holdings`; each holding is a proof:
    the OWNS edges and the way to the node that has them. Several holdings are a conflict, or,
    where one is only possible, what holds if it is not so. `because` says it in words.
    `certainty` is that of the best proof. `uncovered` are the relations over which an owner of
    the node may have been missed: no source reports all of them for it.
    """

    node: Node
    standing: Standing
    reasons: tuple[Reason, ...]
    owners: tuple[Owner, ...]
    holdings: tuple[Holding, ...]
    because: str
    uncovered: tuple[str, ...] = ()

    @property
    def certainty(self) -> Certainty:
        """Return certain if some proof of ownership is."""
        certain = any(holding.is_certain for holding in self.holdings)
        return Certainty.CERTAIN if certain else Certainty.POSSIBLE


Exemption = tuple[str, str, Uid]
"""A relation, a mark, and a node that is the object of such an edge: it needs no owner."""


@dataclass(frozen=True, slots=True)
class Exemptions:
    """What exempts nodes from having an owner: for certain, and at all."""

    certain: frozenset[Exemption]
    every: frozenset[Exemption]


def is_ownable(rules: Vocabulary, node: Node, exempt: Collection[Exemption], *, in_doubt: bool) -> bool:
    """Return whether a node should have an accountable owner; False where its kind is unknown.

    `in_doubt` where that depends on its type, and sources contradict each other on that.
    """
    needs = any if in_doubt else all
    return any(
        node.kind is entry.kind
        and needs(type_ not in entry.except_types for type_ in node.readings("type"))
        and not any(name in node.properties for name in entry.except_with_property)
        and not any((*edge, node.uid) in exempt for edge in entry.except_object_of)
        for entry in rules.ownable
    )


def ownership_relations(rules: Vocabulary, node: Node) -> tuple[str, ...]:
    """Return the relations that tell who owns a node: its own owners, then what it may belong to."""
    steps = [step.via for step in rules.ownership_steps if step.via is not None]
    return (OWNS, *(via for via in steps if node.kind in rules.relation(via).kinds_at(End.SUBJECT)))


@dataclass(frozen=True)
class Judge:
    """Judges nodes from the owners of a book.

    `above` holds the nodes from which they inherit owners, or might have inherited one;
    `exempting` what only possibly exempts nodes from having one, `places` where they run.
    """

    view: EstateView
    book: OwnerBook
    above: Mapping[Uid, Node]
    exempting: Collection[Exemption]
    places: Mapping[Uid, Places]

    @classmethod
    def over(
        cls,
        view: EstateView,
        book: OwnerBook,
        nodes: Collection[Node],
        exempting: Collection[Exemption],
        places: Mapping[Uid, Places],
    ) -> Judge:
        """Return a judge of these nodes. Cost: one read of the store."""
        relations = structure_relations(view)
        above: set[Uid] = set()
        for node in nodes:
            found = book.inheritance.of(node.uid)
            if found is None:
                above.update(book.inheritance.above(node.uid, relations))
            for one in (found, book.certain_inheritance.of(node.uid)):
                holdings = () if one is None else one.holdings
                above.update(edge.object.uid for holding in holdings for edge in holding.via)
        return cls(view, book, view.nodes(above), exempting, places)

    def judge(self, node: Node) -> NodeOwnership:
        """Return how it stands with one node."""
        told = ownership_relations(self.view.rules, node)
        uncovered = tuple(name for name in told if not self.view.coverage.is_covered(node, name))
        judged = replace(self._judged(node), uncovered=uncovered)
        if judged.standing is not Standing.GAP or self._needs_owner(node):
            return judged
        because = f"it may be something that needs no owner; {judged.because}"
        return replace(judged, standing=Standing.UNKNOWN, reasons=(Reason.UNCERTAIN,), because=because)

    def _needs_owner(self, node: Node) -> bool:
        return is_ownable(self.view.rules, node, self.exempting, in_doubt=False)

    def _judged(self, node: Node) -> NodeOwnership:
        found = self.book.inheritance.of(node.uid)
        if found is None:
            return self._unowned(node)
        owners = self._owners(found.holdings)
        reasons = sorted(set(self._reasons(found, owners)), key=_REASON_ORDER.index)
        otherwise = self._without_the_possible(node, found)
        holdings = (*found.holdings, *(() if otherwise is None else otherwise.holdings))
        standing = standing_of(reasons, self.places[node.uid])
        is_open_where = standing is Standing.UNKNOWN and reasons == [Reason.INHERITED_ONLY]
        because = self._in_words(found, owners) + self._otherwise_in_words(otherwise)
        return NodeOwnership(
            node=node,
            standing=standing,
            reasons=tuple(reasons),
            owners=self._owners(holdings),
            holdings=holdings,
            because=f"{because}; {PERHAPS_IN_PRODUCTION}" if is_open_where else because,
        )

    def _without_the_possible(self, node: Node, found: Found) -> Found | None:
        """Return who owns a node for certain if those do not who only possibly come before them."""
        if any(holding.is_certain for holding in found.holdings):
            return None
        return self.book.certain_inheritance.of(node.uid)

    def _owners(self, holdings: Collection[Holding]) -> tuple[Owner, ...]:
        """Return the owners of some holdings, each once, in order of uid."""
        sure = frozenset[Uid]().union(*(holding.certain_owners for holding in holdings))
        who = {uid for holding in holdings for uid in holding.who}
        return tuple(
            Owner(
                uid,
                self.book.people.get(uid),
                self.book.life.sign(uid),
                Certainty.CERTAIN if uid in sure else Certainty.POSSIBLE,
            )
            for uid in sorted(who)
        )

    def _reasons(self, found: Found, owners: Collection[Owner]) -> Iterator[Reason]:
        if not any(holding.is_certain for holding in found.holdings):
            # Without what is only possible, others would own it, or nobody.
            yield Reason.UNCERTAIN
            return
        if len(found.holdings) > 1:
            yield Reason.CONFLICT if self._is_conflict(found) else Reason.UNCERTAIN
        if all(self._is_weakly_inherited(holding) for holding in found.holdings):
            yield Reason.INHERITED_ONLY
        lives = {owner.sign.life for owner in owners if owner.is_certain}
        perhaps = {owner.sign.life for owner in owners if not owner.is_certain}
        if Life.ALIVE in lives:
            return
        if Life.ALIVE in perhaps:
            yield Reason.UNCERTAIN
        elif Life.UNKNOWN in lives | perhaps:
            # Whether anybody is there is open, so nothing is said of those who are not.
            yield Reason.LIVENESS_UNKNOWN
        else:
            yield from (_REASON_OF_LIFE[life] for life in lives)

    def _is_conflict(self, found: Found) -> bool:
        """Return whether owners differ for certain, whatever of the possible is so."""
        return any(one.must_differ_from(other) for one, other in combinations(found.holdings, 2))

    def _is_weakly_inherited(self, holding: Holding) -> bool:
        weak = {step.via for step in self.view.rules.ownership_steps if step.inherited_only}
        return any(edge.relation in weak for edge in holding.via)

    def _in_words(self, found: Found, owners: Collection[Owner]) -> str:
        nearest, *others = found.holdings
        if others:
            # By name: people's uids are in another order in every installation.
            names = " and ".join(sorted(" with ".join(self._names(holding)) for holding in found.holdings))
            inherits = "would inherit" if self._is_conflict(found) else "may inherit"
            return f"it {inherits} different owners from equally near: {names}{_conditions(found)}"
        said = "; ".join(sorted(f"{owner.label}: {owner.because}" for owner in owners))
        if not nearest.via:
            return f"{said}{_conditions(found)}"
        words = {relation.name: relation.phrase for relation in self.view.rules.relations}
        steps = [f"{words[edge.relation]} {self._label(edge.object.uid)}" for edge in nearest.via]
        return f"{said}; it {', which '.join(steps)}, which they own{_conditions(found)}"

    def _otherwise_in_words(self, found: Found | None) -> str:
        if found is None:
            return ""
        return f"; if that is not so, {self._in_words(found, self._owners(found.holdings))}"

    def _label(self, uid: Uid) -> str:
        return self.above[uid].label if uid in self.above else uid

    def _names(self, holding: Holding) -> list[str]:
        people = self.book.people
        return sorted(people[uid].label if uid in people else uid for uid in holding.who)

    def _unowned(self, node: Node) -> NodeOwnership:
        """Return that a node has no owner, or, where nobody has looked, that this is not known."""
        covered = self.view.coverage.is_covered
        as_good_as_own = [s.via for s in self.view.rules.ownership_steps if s.via and not s.inherited_only]
        models = self.book.inheritance.above(node.uid, as_good_as_own)
        for uid in (node.uid, *sorted(models)):
            asked = node if uid == node.uid else self.above.get(uid)
            if asked is None or not covered(asked, OWNS):
                said = f"no source that reports owners covers {uid if asked is None else asked.label}"
                return NodeOwnership(node, Standing.NOT_ASSESSED, (Reason.NOT_ASSESSED,), (), (), said)
        said = "nobody owns it, nor anything that it belongs to"
        above = list(self.book.inheritance.above(node.uid, structure_relations(self.view)))
        blind = sorted(uid for uid in above if uid not in self.above or not covered(self.above[uid], OWNS))
        unseen = "" if blind else self._not_looked_into([node, *(self.above[uid] for uid in above)])
        if blind:
            said = f"nobody owns it; it is not known who owns {self._label(blind[0])}, to which it belongs"
        elif unseen:
            said = f"nobody owns it, nor anything that it is known to belong to; {unseen}"
        if (blind or unseen) and not self.places[node.uid].get(PRODUCTION, False):
            # An owner whom it only inherits would be no gap there, and nobody has looked for one.
            return NodeOwnership(node, Standing.UNKNOWN, (Reason.NOT_ASSESSED,), (), (), said)
        return NodeOwnership(node, Standing.GAP, (Reason.NO_OWNER,), (), (), said)

    def _not_looked_into(self, nodes: Collection[Node]) -> str:
        """Return what no source says of how these nodes belong to others; empty where all is said."""
        pairs = self.view.rules.allowed_pairs
        missing: dict[str, set[str]] = {}
        for relation in structure_relations(self.view):
            may_have = {subject for name, subject, _ in pairs if name == relation}
            for node in nodes:
                if node.kind in may_have and not self.view.coverage.is_covered(node, relation):
                    missing.setdefault(relation, set()).add(node.label)
        if not missing:
            return ""
        labels = sorted({label for found in missing.values() for label in found})
        return f"no source reports all of {', '.join(missing)} for {', '.join(labels)}"


def _conditions(found: Found) -> str:
    """Return on what possible edges depend, as the end of a sentence; empty where no source says."""
    edges = (edge for holding in found.holdings for edge in (*holding.via, *holding.owners))
    said = {condition for edge in edges for condition in edge.conditions}
    return f" (if {' and '.join(sorted(said))})" if said else ""


_REASON_ORDER: Final = list(Reason)


def standing_of(reasons: Collection[Reason], places: Places) -> Standing:
    """Return what reasons come to for a node with an owner that runs in some environments.

    That an owner is only inherited is a gap in production and none elsewhere; where it is open
    whether it runs in production, it is unknown.

    >>> standing_of([Reason.INHERITED_ONLY], {"production": True})
    <Standing.GAP: 'gap'>
    """
    if any(reason in GAP_REASONS for reason in reasons):
        return Standing.GAP
    if Reason.INHERITED_ONLY in reasons and places.get(PRODUCTION, False):
        return Standing.GAP
    if any(reason in OPEN_REASONS for reason in reasons):
        return Standing.UNKNOWN
    if Reason.INHERITED_ONLY in reasons:
        return Standing.UNKNOWN if {PRODUCTION, UNKNOWN} & places.keys() else Standing.INHERITED
    return Standing.OWNED
