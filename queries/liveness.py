"""Whether somebody who owns something is still there to answer for it, at a date.

A person is there while active; a team while a living person is in it, through other
groups too (the rule of `graph.walk.liveness`, which knows here who reports all members); a
machine answers for nothing, unless a living person answers for the machine, who then counts
in its team too. What nobody has recorded is unknown, and so is what sources contradict each
other in, or what is only possible: none of it is ever taken for life, nor for death.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

import numpy as np

from graph.ledger.coverage import Coverage
from graph.ledger.standing import STATUS_PROPERTIES, UNKNOWN_STATUS, status_of
from graph.model import Edge, Instant, Node, Uid, as_text
from graph.topology.spells import STATUS_NUMBER, UNKNOWN
from graph.vocabulary import Certainty
from graph.walk.liveness import ALIVE, DEAD, UNCLEAR, Memberships, lives

PERSON_TYPES: Final = frozenset({"person"})
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

    @property
    def is_open(self) -> bool:
        """Return whether it may be there, and may not."""
        return self.life in {Life.UNKNOWN, Life.NEVER_DESCRIBED}


_LIFE_OF_STATUS: Final = {
    "active": Life.ALIVE,
    "suspended": Life.SUSPENDED,
    "departed": Life.DEPARTED,
    UNKNOWN_STATUS: Life.UNKNOWN,
}


def life_of_person(node: Node, at: Instant) -> LifeSign:
    """Return whether a described person is there at a date, by `graph.ledger.standing.status_of`.

    >>> from graph.model import NodeRef, Uid
    >>> from graph.vocabulary import Kind
    >>> nobody = Node(NodeRef(Uid("p"), Kind.IDENTITY), True, "person", None, {}, (), (), (), ())
    >>> life_of_person(nobody, Instant(0))
    LifeSign(life=<Life.UNKNOWN: 'unknown'>, because='no source says whether they are active')
    """
    life = _LIFE_OF_STATUS[status_of(node, at)]
    departed, suspended = _date(node, "departed_at"), _date(node, "suspended_at")
    if life is Life.DEPARTED:
        left = departed is not None and departed <= at
        return LifeSign(life, f"they left on {_day(departed)}" if left else "their status is departed")
    if life is Life.SUSPENDED:
        return LifeSign(life, "they are suspended")
    if life is Life.ALIVE:
        return LifeSign(life, "their status is active")
    return LifeSign(life, _what_is_open(node, at, departed, suspended))


def _what_is_open(node: Node, at: Instant, departed: Instant | None, suspended: Instant | None) -> str:
    """Return in words why it is not known whether a person is there."""
    status = node.text("status")
    if any(name in node.contested for name in STATUS_PROPERTIES):
        return "sources contradict each other on whether they are active"
    if status == "departed" and departed is not None:
        return f"their status is departed, but they leave on {_day(departed)} only"
    if status == "suspended" and suspended is not None:
        return f"their status is suspended, but only from {_day(suspended)}"
    if status == "active" and suspended is not None and suspended <= at:
        return f"their status is active, but they were suspended on {_day(suspended)}"
    return "no source says whether they are active"


def _date(node: Node, name: str) -> Instant | None:
    value = node.integer(name)
    return None if value is None else Instant(value)


def _day(moment: Instant | None) -> str:
    return "an unknown day" if moment is None else as_text(moment)[:10]


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
        self._owners: Final[dict[Uid, list[Edge]]] = defaultdict(list)
        for edge in owners:
            self._owners[edge.object.uid].append(edge)

    def sign(self, uid: Uid) -> LifeSign:
        """Return how it stands with an identity. Cost: what is below it, once."""
        if uid not in self._known:
            self._known[uid] = self._sign(uid)
        return self._known[uid]

    def _sign(self, uid: Uid) -> LifeSign:
        if self._is_group(uid):
            return self._sign_of_group(uid)
        node = self._nodes.get(uid)
        if node is None or not node.described:
            return LifeSign(Life.NEVER_DESCRIBED, "no source describes it")
        if self._is_machine(uid):
            return self._sign_of_machine(uid)
        if self._is_person(uid):
            return life_of_person(node, self._at)
        return LifeSign(Life.UNKNOWN, "no source says whether it is a person")

    # ---------------------------------------------------------------- what an identity is

    def _is_one_of(self, uid: Uid, types: frozenset[str]) -> bool:
        """Return whether all types that sources give an identity are among some."""
        node = self._nodes.get(uid)
        return node is not None and set(node.readings("type")) <= types

    def _is_person(self, uid: Uid) -> bool:
        return self._is_one_of(uid, PERSON_TYPES)

    def _is_group(self, uid: Uid) -> bool:
        """Return whether an identity is a group: by its type, or because something certainly is in it."""
        has_members = any(edge.certainty is Certainty.CERTAIN for edge in self._members.get(uid, ()))
        return self._is_one_of(uid, GROUP_TYPES) or (has_members and not self._is_person(uid))

    def _is_machine(self, uid: Uid) -> bool:
        return self._is_one_of(uid, MACHINE_TYPES) and not self._is_group(uid)

    # ---------------------------------------------------------------- groups

    @cached_property
    def _lives(self) -> Mapping[Uid, int]:
        """Return for every identity what `graph.walk.liveness` makes of it.

        Who answers for a machine counts as if in it: whatever the machine is in has that person too.
        """
        edges = [edge for found in self._members.values() for edge in found]
        edges += [e for uid, found in self._owners.items() if self._is_machine(uid) for e in found]
        uids = sorted({*self._nodes, *(end.uid for edge in edges for end in (edge.subject, edge.object))})
        numbers = {uid: number for number, uid in enumerate(uids)}
        found = lives(
            is_person=np.array([self._is_person(uid) for uid in uids], dtype=np.bool_),
            status=np.array([self._status(uid) for uid in uids], dtype=np.int8),
            is_open=np.array([self._may_hide_somebody(uid) for uid in uids], dtype=np.bool_),
            memberships=Memberships(
                np.array([numbers[edge.subject.uid] for edge in edges], dtype=np.int32),
                np.array([numbers[edge.object.uid] for edge in edges], dtype=np.int32),
                np.array([edge.certainty is Certainty.CERTAIN for edge in edges], dtype=np.bool_),
            ),
        )
        return dict(zip(uids, found.tolist(), strict=True))

    def _status(self, uid: Uid) -> int:
        node = self._nodes.get(uid)
        return UNKNOWN if node is None else STATUS_NUMBER.get(status_of(node, self._at), UNKNOWN)

    def _may_hide_somebody(self, uid: Uid) -> bool:
        """Return whether an identity that is no person may be one, or have members that nobody reports."""
        node = self._nodes.get(uid)
        if self._is_group(uid):
            return node is None or not node.described or not self._coverage.is_covered(node, "MEMBER_OF")
        if self._is_machine(uid):
            return not self._owners.get(uid) and self._may_have_owners(uid)
        return True

    def _sign_of_group(self, uid: Uid) -> LifeSign:
        life, node = self._lives[uid], self._nodes.get(uid)
        if life == ALIVE:
            return LifeSign(Life.ALIVE, self._who_lives_in(uid))
        if node is None or not node.described:
            return LifeSign(Life.NEVER_DESCRIBED, "no source describes it")
        inside = self._inside(uid)
        if life == UNCLEAR:
            return LifeSign(Life.UNKNOWN, self._what_is_unclear(inside))
        if not inside:
            return LifeSign(Life.TEAM_EMPTY, "nobody is in it")
        if all(certain and self._is_nobodys(member) for member, certain in inside.items()):
            return LifeSign(Life.NOT_HUMAN, "only machines are in it, for which nobody answers")
        return LifeSign(Life.TEAM_EMPTY, "nobody in it is still active")

    def _who_lives_in(self, group: Uid) -> str:
        people = (uid for uid, certain in self._inside(group).items() if certain and self._is_person(uid))
        if any(self._lives[uid] == ALIVE for uid in people):
            return "a living person is in it"
        return "a living person answers for a machine in it"

    def _is_nobodys(self, uid: Uid) -> bool:
        """Return whether an identity is a machine, and no chain of those who answer for it has a person."""
        return self._is_machine(uid) and all(self._is_group(owner) for owner in self._answering(uid)[0])

    def _what_is_unclear(self, inside: Iterable[Uid]) -> str:
        signs = [self.sign(member) for member in inside if not self._is_machine(member)]
        open_ = sorted((sign for sign in signs if sign.is_open), key=lambda sign: _ORDER[sign.life])
        if open_:
            return f"of somebody in it: {open_[0].because}"
        if any(sign.life is Life.ALIVE for sign in signs):
            return "of somebody in it: it is not certain that it belongs there"
        if any(self._is_machine(member) and self._lives[member] != DEAD for member in inside):
            return "it is open who answers for a machine in it"
        return "no source reports all of its members"

    def _inside(self, group: Uid) -> Mapping[Uid, bool]:
        """Return everything in a group that is no group itself, with whether it is there for certain."""
        found, _ = _ends(group, self._members, self._is_group)
        return found

    # ---------------------------------------------------------------- machines

    def _sign_of_machine(self, uid: Uid) -> LifeSign:
        """Return what the chain of those who answer for a machine ends in."""
        answering, machines = self._answering(uid)
        sure = [self.sign(owner) for owner, certain in answering.items() if certain]
        perhaps = [self.sign(owner) for owner, certain in answering.items() if not certain]
        best = min(sure, key=_most_alive, default=None)
        if best is not None and best.life is Life.ALIVE:
            return LifeSign(Life.ALIVE, f"of who answers for this machine: {best.because}")
        if any(sign.life is Life.ALIVE or sign.is_open for sign in perhaps) or (perhaps and best is None):
            return LifeSign(Life.UNKNOWN, "it is not certain who answers for this machine")
        if best is None and any(self._may_have_owners(machine) for machine in machines):
            return LifeSign(Life.UNKNOWN, "it is a machine, and no source reports who answers for it")
        if best is None:
            return LifeSign(Life.NOT_HUMAN, "it is a machine for which nobody answers")
        if best.life is Life.NEVER_DESCRIBED:
            return LifeSign(Life.UNKNOWN, "no source describes who answers for this machine")
        return LifeSign(best.life, f"of who answers for this machine: {best.because}")

    def _answering(self, machine: Uid) -> tuple[Mapping[Uid, bool], Iterable[Uid]]:
        """Return who answers for a machine, with whether for certain, and over which machines."""
        return _ends(machine, self._owners, self._is_machine)

    def _may_have_owners(self, uid: Uid) -> bool:
        node = self._nodes.get(uid)
        return node is None or not self._coverage.is_covered(node, "OWNS")


_ORDER: Final = {life: place for place, life in enumerate(Life)}


def _most_alive(sign: LifeSign) -> int:
    return _ORDER[sign.life]


def _ends(
    start: Uid, into: Mapping[Uid, Iterable[Edge]], is_between: Callable[[Uid], bool]
) -> tuple[Mapping[Uid, bool], Iterable[Uid]]:
    """Return where edges backwards from a node end, through what is between, and what is between.

    Each end, in order of uid, comes with whether some way to it is certain.
    """
    # A node is visited again where a surer way leads to it.
    between, waiting = {start: True}, [(start, True)]
    ends: dict[Uid, bool] = {}
    while waiting:
        inner, is_sure = waiting.pop()
        for edge in into.get(inner, ()):
            uid = edge.subject.uid
            certain = is_sure and edge.certainty is Certainty.CERTAIN
            if not is_between(uid):
                ends[uid] = ends.get(uid, False) or certain
            elif uid not in between or (certain and not between[uid]):
                between[uid] = certain
                waiting.append((uid, certain))
    return dict(sorted(ends.items())), between
