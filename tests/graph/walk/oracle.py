"""A second walk, written from the definitions alone: dictionaries, fixpoints, no thought of speed.

It shares nothing with `graph.walk` but the vocabulary's tables. All steps of a world at a date are
written out first; hops are then whatever satisfies the definitions, found by repeating until
nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graph.ledger.timeline import EdgeSpell, EdgeTimeline, NodeSpell
from graph.model import Interval, Uid
from graph.vocabulary import VOCABULARY, Certainty, End, Kind
from tests.support.worlds import World

State = tuple[Uid, str]
"""A node and a harm; lineage walks with words of its own in place of harms."""

HARM_ORDER: dict[str, int] = {term.name: place for place, term in enumerate(VOCABULARY.harms)}
YES, UNKNOWN, NO = "yes", "unknown", "no"


class Step(NamedTuple):
    """From one state to another: over an edge (one hop), or on a node (edge is None, no hop)."""

    start: State
    end: State
    certain: bool
    edge: tuple[str, Uid, Uid, str] | None

    @property
    def weight(self) -> int:
        return 0 if self.edge is None else 1


@dataclass
class Oracle:
    """One world at one date, less what is taken away."""

    world: World
    as_of: int
    window: Interval | None = None
    since: int | None = None
    gone: frozenset[Uid] = frozenset()
    left_out: frozenset[tuple[str, Uid, Uid, str]] = frozenset()
    steps: list[Step] = field(init=False)

    def __post_init__(self) -> None:
        if self.since is None and self.window is not None:
            self.since = self.window.start
        self.steps = [*self._edge_steps(), *self._node_steps()]

    # ------------------------------------------------------------- what holds at the date

    def live_spells(self, edge: EdgeTimeline) -> list[EdgeSpell]:
        if key_of(edge) in self.left_out or self.gone & {edge.subject, edge.object}:
            return []
        if self.window is not None:
            return [spell for spell in edge.spells if spell.valid.overlaps(self.window)]
        return [spell for spell in edge.spells if spell.valid.start <= self.as_of < spell.valid.end]

    def live_edges(self, relation: str) -> list[tuple[EdgeTimeline, EdgeSpell]]:
        edges = [edge for edge in self.world.edges if edge.relation == relation]
        return [(edge, spell) for edge in edges for spell in self.live_spells(edge)]

    def spell(self, uid: Uid) -> NodeSpell | None:
        for spell in self.world.by_uid[uid].spells:
            if spell.valid.start <= self.as_of < spell.valid.end:
                return spell
        return None

    def said(self, uid: Uid, name: str) -> Any:
        spell = self.spell(uid)
        return None if spell is None else spell.properties.get(name)

    def type_of(self, uid: Uid) -> str | None:
        spell = self.spell(uid)
        return None if spell is None else spell.type

    def types_of(self, uid: Uid) -> set[str]:
        spell = self.spell(uid)
        if spell is None:
            return set()
        return {spell.type} if spell.type is not None else set(spell.contested_types)

    def kind(self, uid: Uid) -> Kind:
        return self.world.by_uid[uid].kind

    def exists(self, uid: Uid) -> bool:
        if self.spell(uid) is not None:
            return True
        bare = Oracle(World(self.world.nodes, ()), self.as_of, self.window)
        mentions = [edge for edge in self.world.edges if uid in (edge.subject, edge.object)]
        return any(bare.live_spells(edge) for edge in mentions)

    def criticality(self, uid: Uid) -> int | None:
        value = self.said(uid, "criticality")
        return value if isinstance(value, int) else None

    # ------------------------------------------------------------- conditions

    def answer(self, condition: str, subject: Uid, target: Uid) -> str:
        if condition == "version_not_revoked":
            return self._not_revoked(subject)
        if condition == "verified_after_since":
            verified_at = self.said(subject, "verified_at")
            if verified_at is None or self.since is None:
                return UNKNOWN
            return YES if verified_at >= self.since else NO
        assert condition == "no_other_living_owner"
        others = {
            (edge.subject, spell.certainty)
            for edge, spell in self.live_edges("OWNS")
            if edge.object == target and edge.subject != subject and "accountable" in spell.marks
        }
        answers = set()
        for owner, certainty in others:
            alive = self.alive(owner)
            answers.add(UNKNOWN if alive == YES and certainty is Certainty.POSSIBLE else alive)
        return NO if YES in answers else UNKNOWN if UNKNOWN in answers else YES

    def _not_revoked(self, uid: Uid) -> str:
        at = self.as_of if self.window is None else self.window.start
        revoked, revoked_at = self.said(uid, "revoked"), self.said(uid, "revoked_at")
        expires = self.said(uid, "expires")
        if expires is not None and expires <= at:
            return NO
        if revoked_at is not None:
            if revoked_at > at:
                return YES
            return UNKNOWN if revoked is False else NO
        if revoked is None:
            return UNKNOWN
        if revoked and self.window is not None:
            return UNKNOWN  # it may have been revoked only after the window began
        return NO if revoked else YES

    def is_group(self, uid: Uid) -> bool:
        if self.type_of(uid) == "person":
            return False
        has_members = any(edge.object == uid for edge, _ in self.live_edges("MEMBER_OF"))
        return has_members or self.type_of(uid) in {"team", "group", "role", "principal_set"}

    def alive(self, uid: Uid) -> str:
        """Yes, no or unknown: a person by the status; a group is alive by a living person, never dead."""
        if not self.is_group(uid):
            if self.type_of(uid) != "person":
                return UNKNOWN
            return {"active": YES, "suspended": NO, "departed": NO}.get(self.said(uid, "status"), UNKNOWN)
        # Everybody who is certainly in it, through groups that are certainly in it.
        todo, seen = [uid], set()
        while todo:
            group = todo.pop()
            if group in seen:
                continue
            seen.add(group)
            for edge, spell in self.live_edges("MEMBER_OF"):
                if edge.object != group or spell.certainty is not Certainty.CERTAIN:
                    continue
                if self.is_group(edge.subject):
                    todo.append(edge.subject)
                elif self.alive(edge.subject) == YES:
                    return YES
        return UNKNOWN

    # ------------------------------------------------------------- steps

    def _edge_steps(self) -> Iterable[Step]:
        for edge in self.world.edges:
            kinds = self.kind(edge.subject), self.kind(edge.object)
            for spell in self.live_spells(edge):
                for rule, certainty in VOCABULARY.rules_between(edge.relation, *kinds):
                    fires = self._with_and_without(rule, spell)
                    if not any(fires):
                        continue
                    sure = certainty is Certainty.CERTAIN and spell.certainty is Certainty.CERTAIN
                    sure = sure and all(fires)
                    if rule.condition is not None:
                        answer = self.answer(rule.condition, edge.subject, edge.object)
                        if answer == NO and VOCABULARY.condition(rule.condition).when_false is None:
                            continue
                        sure = sure and answer == YES
                    ends = [edge.subject, edge.object]
                    if rule.origin_end is End.OBJECT:
                        ends.reverse()
                    yield Step((ends[0], rule.harm), (ends[1], rule.becomes), sure, key_of(edge))

    def _with_and_without(self, rule, spell: EdgeSpell) -> list[bool]:
        """Whether a rule fires in every way in which the edge's open marks may turn out."""
        worlds = [spell.marks]
        for mark in spell.possible_marks:
            worlds += [marks | {mark} for marks in worlds]
        return [rule.with_marks <= marks and not rule.without_marks & marks for marks in worlds]

    def _node_steps(self) -> Iterable[Step]:
        for node in self.world.nodes:
            if node.uid in self.gone:
                continue
            for implication in VOCABULARY.implications:
                if node.kind not in (implication.kind, Kind.UNKNOWN):
                    continue
                sure = implication.certainty is Certainty.CERTAIN and node.kind is not Kind.UNKNOWN
                if implication.types is not None:
                    fitting = [name in implication.types for name in self.types_of(node.uid)]
                    if not any(fitting):
                        continue
                    sure = sure and all(fitting)
                yield Step((node.uid, implication.harm), (node.uid, implication.implies), sure, None)

    # ------------------------------------------------------------- reach

    def reach(self, seeds: Iterable[State], hops: int | None = None) -> dict[State, tuple[int, bool]]:
        """Every state within some hops: how many hops it shows, and whether it is certain."""
        return reach(self.steps, seeds, hops)

    def backward(self, seeds: Iterable[State], hops: int | None = None) -> dict[State, tuple[int, bool]]:
        turned = [Step(step.end, step.start, step.certain, step.edge) for step in self.steps]
        return reach(turned, seeds, hops)

    def cut(self, seeds: Sequence[State], hops: int | None, most: int):
        """What a bound on states leaves, and to which hops that is complete (None: nothing is cut)."""
        whole = self.reach(seeds, hops)
        if len(whole) <= most:
            return whole, None
        level = 0
        while len(self.reach(seeds, level)) <= most:
            level += 1
        found = self.reach(seeds, level)
        below = {state: shown for state, shown in found.items() if shown[0] < level}
        last = [state for state, shown in found.items() if shown[0] == level]

        def order(state: State):
            criticality = self.criticality(state[0])
            return (
                not found[state][1],
                5 if criticality is None else 4 - criticality,
                state[0],
                self.rank(state, found, seeds),
                HARM_ORDER[state[1]],
            )

        kept = sorted(last, key=order)[: most - len(below)]
        return below | {state: found[state] for state in kept}, level - 1

    def rank(self, state: State, found: dict[State, tuple[int, bool]], seeds: Sequence[State]) -> int:
        """How many implications on its node a state is away from one that stands by itself."""
        hops, certain = found[state]
        if state in seeds:
            return 0
        into = [step for step in self.steps if step.end == state and step.start in found]
        if certain:
            into = [step for step in into if step.certain and found[step.start][1]]
        if any(step.edge is not None and found[step.start][0] == hops - 1 for step in into):
            return 0
        before = [step.start for step in into if step.edge is None and found[step.start][0] == hops]
        if not certain and any(found[start][1] for start in before):
            return 0  # it follows from what is certain, which comes first anyway
        return 1 + min(self._rank_without(start, found, seeds, {state}) for start in before)

    def _rank_without(self, state, found, seeds, passed) -> int:
        hops, certain = found[state]
        if state in seeds:
            return 0
        into = [step for step in self.steps if step.end == state and step.start in found]
        if certain:
            into = [step for step in into if step.certain and found[step.start][1]]
        if any(step.edge is not None and found[step.start][0] == hops - 1 for step in into):
            return 0
        before = [step.start for step in into if step.edge is None and found[step.start][0] == hops]
        if not certain and any(found[start][1] for start in before):
            return 0
        fresh = [start for start in before if start not in passed]
        return 1 + min(
            (self._rank_without(start, found, seeds, passed | {state}) for start in fresh), default=99
        )


def reach(steps: list[Step], seeds: Iterable[State], hops: int | None) -> dict[State, tuple[int, bool]]:
    most = 10**9 if hops is None else hops
    certain = dict.fromkeys(seeds, 0)
    _settle(certain, [step for step in steps if step.certain], certain)
    certain = {state: count for state, count in certain.items() if count <= most}
    possible: dict[State, int] = {}
    _settle(possible, [step for step in steps if step.end not in certain], certain)
    shown = {state: (count, True) for state, count in certain.items()}
    return shown | {state: (count, False) for state, count in possible.items() if count <= most}


def _settle(hops: dict[State, int], steps: list[Step], given: dict[State, int]) -> None:
    """Lower hops to one more than the least of any state that leads there, until nothing changes."""
    changed = True
    while changed:
        changed = False
        for step in steps:
            before = hops.get(step.start, given.get(step.start))
            if before is None:
                continue
            if before + step.weight < hops.get(step.end, 10**9):
                hops[step.end] = before + step.weight
                changed = True


def key_of(edge: EdgeTimeline) -> tuple[str, Uid, Uid, str]:
    return edge.relation, edge.subject, edge.object, edge.discriminator
