"""Whether somebody who owns something is still there to answer for it, at a date.

A person is there while active; a team while a living person is in it, through other
groups too; a machine answers for nothing, unless a living person answers for the machine.
What nobody has recorded is unknown, and so is what two properties contradict each other in:
neither is ever taken for life, nor for death.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from typing import Final

from graph.ledger.coverage import Coverage
from graph.model import Edge, Instant, Node, Uid, as_text
from graph.vocabulary import Certainty

GROUP_TYPES: Final = frozenset({"team", "group", "role", "principal_set"})
MACHINE_TYPES: Final = frozenset({"service_account", "workload_identity", "oauth_app", "oidc_subject"})


class Life(StrEnum):
    """How it stands with an owner, the most alive first."""

    ALIVE = "alive"
    UNKNOWN = "unknown"
    NEVER_DESCRIBED = "never_described"
    DEPARTED = "departed"
    SUSPENDED = "suspended"
    TEAM_EMPTY = "team_empty"
    NOT_HUMAN = "not_human"


@dataclass(frozen=True, slots=True)
class LifeSign:
    """How it stands with one identity, and why, in words."""

    life: Life
    because: str


def life_of_person(node: Node, at: Instant) -> LifeSign:
    """Return whether a described person is there at a date.

    A leaving date that has passed outweighs every status, because status lists go stale
    and people seldom come back under the same record. A suspension can be lifted, so a
    past date of suspension beside the status active is a contradiction, as is a status
    that a later date has not yet reached; both are unknown.

    >>> from graph.model import NodeRef, Uid
    >>> from graph.vocabulary import Kind
    >>> nobody = Node(NodeRef(Uid("p"), Kind.IDENTITY), True, "person", None, {}, (), (), (), ())
    >>> life_of_person(nobody, Instant(0))
    LifeSign(life=<Life.UNKNOWN: 'unknown'>, because='no source says whether it is active')
    """
    status = node.text("status")
    departed, suspended = _date(node, "departed_at"), _date(node, "suspended_at")
    if departed is not None and departed <= at:
        return LifeSign(Life.DEPARTED, f"it left on {_day(departed)}")
    if status == "departed":
        if departed is None:
            return LifeSign(Life.DEPARTED, "its status is departed")
        return LifeSign(Life.UNKNOWN, f"its status is departed, but it leaves on {_day(departed)} only")
    past = suspended is not None and suspended <= at
    if status == "suspended" and suspended is not None and not past:
        return LifeSign(Life.UNKNOWN, f"its status is suspended, but only from {_day(suspended)}")
    if status == "active" and past and suspended is not None:
        return LifeSign(Life.UNKNOWN, f"its status is active, but it was suspended on {_day(suspended)}")
    if status == "suspended" or past:
        return LifeSign(Life.SUSPENDED, "it is suspended")
    if status == "active":
        return LifeSign(Life.ALIVE, "its status is active")
    return LifeSign(Life.UNKNOWN, "no source says whether it is active")


def _date(node: Node, name: str) -> Instant | None:
    value = node.integer(name)
    return None if value is None else Instant(value)


def _day(moment: Instant) -> str:
    return as_text(moment)[:10]


class LifeBook:
    """How it stands with identities at one date, from their nodes, memberships and owners.

    `nodes` holds every identity that may be asked about or is a member of one, by uid;
    `memberships` the MEMBER_OF edges, `owners` the accountable OWNS edges of machines.
    """

    def __init__(
        self,
        nodes: Mapping[Uid, Node],
        memberships: Iterable[Edge],
        owners: Iterable[Edge],
        coverage: Coverage,
        at: Instant,
    ) -> None:
        self._nodes: Final = nodes
        self._coverage: Final = coverage
        self._at: Final = at
        self._known: Final[dict[Uid, LifeSign]] = {}
        self._members: Final[dict[Uid, list[Edge]]] = defaultdict(list)
        for edge in memberships:
            self._members[edge.object.uid].append(edge)
        self._groups: Final = {
            uid
            for uid, edges in self._members.items()
            if any(edge.certainty is Certainty.CERTAIN for edge in edges)
        }
        self._owners: Final[dict[Uid, list[Edge]]] = defaultdict(list)
        for edge in owners:
            self._owners[edge.object.uid].append(edge)

    def sign(self, uid: Uid) -> LifeSign:
        """Return how it stands with an identity. Cost: what is below it, once."""
        if uid not in self._known:
            self._known[uid] = self._sign(uid)
        return self._known[uid]

    def _sign(self, uid: Uid) -> LifeSign:
        node = self._nodes.get(uid)
        if self._is_group(uid, node):
            return self._sign_of_group(uid, node)
        if node is None or not node.described:
            return LifeSign(Life.NEVER_DESCRIBED, "no source describes it")
        if node.type in MACHINE_TYPES:
            return self._sign_of_machine(uid)
        if node.type == "person":
            return life_of_person(node, self._at)
        return LifeSign(Life.UNKNOWN, "no source says whether it is a person")

    def _is_group(self, uid: Uid, node: Node | None) -> bool:
        """Return whether an identity is a group: by its type, or because something certainly is in it."""
        kind_of_group = node is not None and node.type in GROUP_TYPES
        is_person = node is not None and node.type == "person"
        return kind_of_group or (uid in self._groups and not is_person)

    def _sign_of_group(self, uid: Uid, node: Node | None) -> LifeSign:
        """Return the sign of a group from everybody who is in it, through any number of groups."""
        people, is_whole = self._everybody_in(uid)
        best = reduce(_more_alive, people, None)
        if best is not None and best.life is Life.ALIVE:
            return LifeSign(Life.ALIVE, "a living person is in it")
        if node is None or not node.described:
            return LifeSign(Life.NEVER_DESCRIBED, "no source describes it")
        if best is not None and best.life in {Life.UNKNOWN, Life.NEVER_DESCRIBED}:
            return LifeSign(Life.UNKNOWN, f"of somebody in it: {best.because}")
        if not is_whole:
            return LifeSign(Life.UNKNOWN, "no source reports all of its members")
        if best is None:
            return LifeSign(Life.TEAM_EMPTY, "nobody is in it")
        if best.life is Life.NOT_HUMAN:
            return LifeSign(Life.NOT_HUMAN, "only machines are in it")
        return LifeSign(Life.TEAM_EMPTY, "nobody in it is still active")

    def _everybody_in(self, group: Uid) -> tuple[list[LifeSign], bool]:
        """Return the signs of all members that are no groups, and whether all members are known."""
        # With the certainty of being in it: a group is visited again where a surer way leads to it.
        seen, waiting, signs = {group: True}, [(group, True)], list[LifeSign]()
        is_whole = True
        while waiting:
            inside, is_sure = waiting.pop()
            node = self._nodes.get(inside)
            is_whole &= node is not None and self._coverage.is_covered(node, "MEMBER_OF")
            for edge in self._members.get(inside, ()):
                uid = edge.subject.uid
                certain = is_sure and edge.certainty is Certainty.CERTAIN
                if self._is_group(uid, self._nodes.get(uid)):
                    if _is_news(seen, uid, certain=certain):
                        waiting.append((uid, certain))
                elif self._is_machine(uid):
                    signs.append(_A_MACHINE)
                else:
                    signs.append(self._weakened(self.sign(uid), certain=certain))
        return signs, is_whole

    def _is_machine(self, uid: Uid) -> bool:
        node = self._nodes.get(uid)
        return node is not None and node.type in MACHINE_TYPES and not self._is_group(uid, node)

    def _weakened(self, sign: LifeSign, *, certain: bool) -> LifeSign:
        if certain or sign.life is not Life.ALIVE:
            return sign
        return LifeSign(Life.UNKNOWN, "it is not certain that it belongs there")

    def _sign_of_machine(self, uid: Uid) -> LifeSign:
        """Return what the chain of those who answer for a machine ends in."""
        seen, waiting, signs = {uid: True}, [(uid, True)], list[LifeSign]()
        while waiting:
            machine, is_sure = waiting.pop()
            for edge in self._owners.get(machine, ()):
                owner = edge.subject.uid
                certain = is_sure and edge.certainty is Certainty.CERTAIN
                if not _is_news(seen, owner, certain=certain):
                    continue
                if self._is_machine(owner):
                    waiting.append((owner, certain))
                else:
                    signs.append(self._weakened(self.sign(owner), certain=certain))
        best = reduce(_more_alive, signs, None)
        if best is None:
            return LifeSign(Life.NOT_HUMAN, "it is a machine for which nobody answers")
        if best.life is Life.NEVER_DESCRIBED:
            return LifeSign(Life.UNKNOWN, "no source describes who answers for this machine")
        return LifeSign(best.life, f"of who answers for this machine: {best.because}")


_A_MACHINE: Final = LifeSign(Life.NOT_HUMAN, "it is a machine")
_ORDER: Final = {life: place for place, life in enumerate(Life)}


def _is_news(seen: dict[Uid, bool], uid: Uid, *, certain: bool) -> bool:
    """Return whether nothing as certain led here before, and remember that this does."""
    if seen.get(uid, False) or (uid in seen and not certain):
        return False
    seen[uid] = certain
    return True


def _more_alive(one: LifeSign | None, other: LifeSign) -> LifeSign:
    return other if one is None or _ORDER[other.life] < _ORDER[one.life] else one


def best_life(signs: Collection[LifeSign]) -> Life:
    """Return the most alive of some signs; of several owners one who is there is enough.

    Raises:
        ValueError: without any sign.
    """
    return min((sign.life for sign in signs), key=_ORDER.__getitem__)
