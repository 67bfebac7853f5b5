"""The rules of one edition as tables: edge code times harm mask to harm mask.

A harm is a bit, in the vocabulary's order; bits 6 and 7 stand for data in motion (`FLOW`) and
data taken in but not passed on (`TAKEN`), so that lineage is a walk like any other. A table
answers for all harms of a node at once what reaches the far end of a slot. There are eight: for
both directions of an edge, both directions of the walk, and certain steps or all steps.

Where a rule asks a condition, an edge code has three lines in the tables, one for each answer;
the first (yes) lets through whatever the others do. What follows on the same node is not folded
into these tables, because it depends on the node's type, which changes with the date; it has
small tables of its own by the node's class (`Closures`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from itertools import combinations
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np

from graph.errors import UnknownRelation
from graph.topology.arrays import Bytes, Flags, Indices
from graph.topology.codes import KIND_ORDER, CodeBook, EdgeCode
from graph.vocabulary import Certainty, End, Harm, HarmRule, Implication, Kind, Vocabulary

MASKS: Final = 256
FLOW: Final = 6
TAKEN: Final = 7


class Answer(IntEnum):
    """What a condition comes to on one edge; also the line to use among an edge code's three."""

    YES = 0
    UNKNOWN = 1
    NO = 2


@dataclass(frozen=True, slots=True)
class Steps:
    """What one step does, for the two directions of an edge: `[line, mask at the near end]`.

    `out` is for slots from subjects to objects, `into` for those from objects to subjects.
    """

    out: Bytes
    into: Bytes


@dataclass(frozen=True, slots=True)
class Closures:
    """What one harm brings on the same node, one implication deep: `[node class, mask]`."""

    certain: Bytes
    every: Bytes


@dataclass(frozen=True, slots=True)
class Turned:
    """All tables for one direction of the walk: certain steps, all steps, and steps on a node."""

    certain: Steps
    every: Steps
    on_node: Closures


@dataclass(frozen=True, slots=True)
class CompiledRules:
    """The tables for the edge codes of one code book.

    `line_of` gives each code's first line; `condition_of` the number of the condition that its
    rules ask, -1 for none, into `conditions`.
    """

    line_of: Indices
    condition_of: Indices
    conditions: tuple[str, ...]
    forward: Turned
    backward: Turned


class RuleTables:
    """One edition's rules, compiled for any topology on demand and kept.

    Safe to share between threads. Compiling takes some milliseconds for each new code book.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary: Final = vocabulary
        self.harms: Final = tuple(term.name for term in vocabulary.harms)
        self.bit_of: Final = {harm: bit for bit, harm in enumerate(self.harms)}
        if len(self.harms) > FLOW:
            raise OverflowError("the tables have room for six harms")
        self._compiled: Final[WeakKeyDictionary[CodeBook, CompiledRules]] = WeakKeyDictionary()
        self._type_groups: Final = _type_groups(vocabulary.implications)
        self._on_node: Final = self._compile_implications()

    @property
    def rules_version(self) -> int:
        """Return the number of the edition."""
        return self.vocabulary.rules_version

    def compiled(self, codes: CodeBook) -> CompiledRules:
        """Return the tables for the codes of a book."""
        known = self._compiled.get(codes)
        if known is None:
            known = self._compiled[codes] = self._compile(codes)
        return known

    def node_classes(self, kinds: Bytes, type_number: Indices, types: tuple[frozenset[str], ...]) -> Indices:
        """Return the class of each node, by which `Closures` is asked.

        `type_number` is -1 where the type is not known; such a node is of no type that an
        implication names. Where `types` has several for it, it may be of any of them.
        """
        groups = [self._group_of(names) for names in types]
        by_type = np.array([*groups, 0], dtype=np.int32)
        return kinds.astype(np.int32) * len(self._type_groups) + by_type[type_number]

    def _group_of(self, names: frozenset[str]) -> int:
        every = {i.types for i in self.vocabulary.implications if i.types is not None}
        sure = frozenset(types for types in every if names <= types)
        return self._type_groups.index((sure, frozenset(types for types in every if names & types)))

    # ------------------------------------------------------------------ edges

    def _compile(self, codes: CodeBook) -> CompiledRules:
        conditions: list[str] = []
        line_of: list[int] = []
        condition_of: list[int] = []
        lines: list[tuple[EdgeCode, Answer]] = []
        for code in codes.codes:
            line_of.append(len(lines))
            asked = self._condition_asked(code)
            if asked is not None and asked not in conditions:
                conditions.append(asked)
            condition_of.append(-1 if asked is None else conditions.index(asked))
            lines.extend((code, answer) for answer in (Answer if asked is not None else (Answer.YES,)))
        certain, every = _Draft(len(lines)), _Draft(len(lines))
        for line, (code, answer) in enumerate(lines):
            for end, start, reached, certainty in self._steps(code, answer):
                every.add(line, end, start, reached)
                if certainty is Certainty.CERTAIN:
                    certain.add(line, end, start, reached)
        on_forward, on_backward = self._on_node
        return CompiledRules(
            line_of=np.array(line_of, dtype=np.int32),
            condition_of=np.array(condition_of, dtype=np.int32),
            conditions=tuple(conditions),
            forward=Turned(certain.forward(), every.forward(), on_forward),
            backward=Turned(certain.backward(), every.backward(), on_backward),
        )

    def _rules(self, code: EdgeCode) -> tuple[tuple[HarmRule, Certainty], ...]:
        try:
            rules = self.vocabulary.rules_between(code.relation, code.subject_kind, code.object_kind)
        except UnknownRelation:  # an edition older than the relation: its facts carried nothing then
            return ()
        on_marks = ((rule, certainty, _on_marks(rule, code)) for rule, certainty in rules)
        return tuple((rule, _weaker(certainty, fires)) for rule, certainty, fires in on_marks if fires)

    def _condition_asked(self, code: EdgeCode) -> str | None:
        asked = {rule.condition for rule, _ in self._rules(code) if rule.condition is not None}
        if len(asked) > 1:
            raise ValueError(f"{code.relation} asks several conditions of one edge: {sorted(asked)}")
        return next(iter(asked), None)

    def _steps(self, code: EdgeCode, answer: Answer) -> Iterable[tuple[End, int, int, Certainty]]:
        """The steps over an edge: from which end, which bit, to which bit, how certain."""
        for rule, certainty in self._rules(code):
            firing = self._firing(rule, certainty, answer)
            if firing is not None:
                sure = _weaker(firing, code.certainty)
                yield rule.origin_end, self.bit_of[rule.harm], self.bit_of[rule.becomes], sure
        for source, bit, certainty in self._flow(code):
            yield source, FLOW, bit, _weaker(certainty, code.certainty)

    def _firing(self, rule: HarmRule, certainty: Certainty, answer: Answer) -> Certainty | None:
        """How a rule fires when its condition has this answer; None for not at all."""
        if rule.condition is None or answer is Answer.YES:
            return certainty
        if answer is Answer.UNKNOWN:
            return Certainty.POSSIBLE
        when_false = self.vocabulary.condition(rule.condition).when_false
        return None if when_false is None else _weaker(when_false, certainty)

    def _flow(self, code: EdgeCode) -> Iterable[tuple[End, int, Certainty]]:
        """What data does on an edge: it is taken in at the far end, and passed on from there.

        Marks narrow the passing on exactly as they narrow the relation's rule for falsified data:
        a job whose finer lineage is known takes all its inputs in, but what comes from where is
        told by the finer edges.
        """
        try:
            relation = self.vocabulary.relation(code.relation)
        except UnknownRelation:
            return
        source = relation.flows_from(code.subject_kind, code.object_kind)
        if source is None:
            return
        kinds_matter = relation.data_flow_kinds is not None
        unknown = Kind.UNKNOWN in (code.subject_kind, code.object_kind)
        taken = Certainty.POSSIBLE if kinds_matter and unknown else Certainty.CERTAIN
        yield source, TAKEN, taken
        narrowing = [
            rule
            for rule in relation.rules
            if rule.origin_end is source and rule.harm is rule.becomes is Harm.TAINTED
        ]
        accepting = [fires for rule in narrowing if (fires := _on_marks(rule, code)) is not None]
        if not narrowing:
            yield source, FLOW, taken
        elif accepting:
            sure = Certainty.CERTAIN in accepting
            yield source, FLOW, _weaker(taken, Certainty.CERTAIN if sure else Certainty.POSSIBLE)

    # ------------------------------------------------------------------ on one node

    def _compile_implications(self) -> tuple[Closures, Closures]:
        classes = len(KIND_ORDER) * len(self._type_groups)
        certain, every = _Draft(classes), _Draft(classes)
        for kind_number, kind in enumerate(KIND_ORDER):
            for group_number, group in enumerate(self._type_groups):
                line = kind_number * len(self._type_groups) + group_number
                for implication in self.vocabulary.implications:
                    certainty = _implied(implication, kind, group)
                    if certainty is None:
                        continue
                    start, reached = self.bit_of[implication.harm], self.bit_of[implication.implies]
                    every.add(line, End.SUBJECT, start, reached)
                    if certainty is Certainty.CERTAIN:
                        certain.add(line, End.SUBJECT, start, reached)
        return (
            Closures(certain.forward().out, every.forward().out),
            Closures(certain.backward().into, every.backward().into),
        )


class _Draft:
    """Steps collected bit by bit, for both ends that they may begin at."""

    def __init__(self, lines: int) -> None:
        # [end the step begins at, line, bit it begins with, bit it reaches]
        self._steps: Flags = np.zeros((2, lines, 8, 8), dtype=np.bool_)

    def add(self, line: int, begins_at: End, start: int, reached: int) -> None:
        self._steps[0 if begins_at is End.SUBJECT else 1, line, start, reached] = True

    def forward(self) -> Steps:
        return Steps(_by_mask(self._steps[0]), _by_mask(self._steps[1]))

    def backward(self) -> Steps:
        """The same steps asked the other way round: what at the far end leads to this mask here."""
        turned = self._steps.transpose(0, 1, 3, 2)
        return Steps(_by_mask(turned[1]), _by_mask(turned[0]))


def _by_mask(steps: Flags) -> Bytes:
    """Return `[line, mask]` to mask for `[line, bit, bit]`: the union over the bits of the mask."""
    single = np.packbits(steps, axis=2, bitorder="little")[:, :, 0]
    table = np.zeros((len(steps), MASKS), dtype=np.uint8)
    for bit in range(8):
        low = 1 << bit
        table[:, low : 2 * low] = table[:, :low] | single[:, bit, None]
    return table


def _on_marks(rule: HarmRule, code: EdgeCode) -> Certainty | None:
    return rule.on_marks(code.marks, code.possible_marks)


def _weaker(one: Certainty, other: Certainty) -> Certainty:
    certain = one is Certainty.CERTAIN and other is Certainty.CERTAIN
    return Certainty.CERTAIN if certain else Certainty.POSSIBLE


TypeSets = frozenset[frozenset[str]]
TypeGroup = tuple[TypeSets, TypeSets]
"""The sets of types that implications name and that a node's type is in: for certain, and possibly."""


def _implied(implication: Implication, kind: Kind, group: TypeGroup) -> Certainty | None:
    """How an implication fires on a class of nodes; None for not at all.

    A node of unknown kind may be of the implication's kind, so it fires as possible, as it
    does on one that sources call this type and another; but some source must have said it.
    """
    sure, possible = group
    if kind not in (implication.kind, Kind.UNKNOWN):
        return None
    if implication.types is not None and implication.types not in possible:
        return None
    is_sure = kind is not Kind.UNKNOWN and (implication.types is None or implication.types in sure)
    return implication.certainty if is_sure else Certainty.POSSIBLE


def _type_groups(implications: Iterable[Implication]) -> tuple[TypeGroup, ...]:
    """The sorts of types, and of sets of types, that implications tell apart; the first is of none."""
    sets = {implication.types for implication in implications if implication.types is not None}
    ordered = sorted(sets, key=sorted)
    some = [frozenset(one) for size in range(len(sets) + 1) for one in combinations(ordered, size)]
    return tuple((sure, possible) for possible in some for sure in some if sure <= possible)
