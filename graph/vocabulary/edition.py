"""One edition of the vocabulary: all its tables, and the questions that others ask of them.

An edition is a value. The one in force and the older ones stand in `graph.vocabulary`; nothing
outside this package decides what a kind is, what a relation joins or how harm travels.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from graph.errors import RelationNotAllowed, UnknownKind, UnknownRelation
from graph.vocabulary.terms import (
    Certainty,
    Condition,
    Harm,
    HarmRule,
    HarmTerm,
    Implication,
    Kind,
    KindTerm,
    Mark,
    Ownable,
    OwnershipStep,
    Property,
    Relation,
    RulesEdition,
    Scheme,
)


@dataclass(frozen=True)
class Vocabulary:
    """All tables of one rules version, each in the order in which it is published.

    `kinds` holds the real kinds; `unknown_kind` is the stand-in for nodes that nobody has
    described. Names compare byte for byte. Every lookup costs one dictionary access.
    """

    rules_version: int
    kinds: tuple[KindTerm, ...]
    unknown_kind: KindTerm
    harms: tuple[HarmTerm, ...]
    implications: tuple[Implication, ...]
    marks: tuple[Mark, ...]
    conditions: tuple[Condition, ...]
    relations: tuple[Relation, ...]
    properties: tuple[Property, ...]
    schemes: tuple[Scheme, ...]
    ownership_steps: tuple[OwnershipStep, ...]
    ownable: tuple[Ownable, ...]
    history: tuple[RulesEdition, ...]
    allowed_pairs: frozenset[tuple[str, Kind, Kind]] = field(init=False, repr=False, compare=False)
    """Every (relation, subject kind, object kind) that a fact may have."""
    _kinds: Mapping[str, KindTerm] = field(init=False, repr=False, compare=False)
    _relations: Mapping[str, Relation] = field(init=False, repr=False, compare=False)
    _marks: Mapping[str, Mark] = field(init=False, repr=False, compare=False)
    _conditions: Mapping[str, Condition] = field(init=False, repr=False, compare=False)
    _properties: Mapping[str, Property] = field(init=False, repr=False, compare=False)
    _schemes: Mapping[str, Scheme] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the tables by name."""
        kinds = {term.name.value: term for term in (*self.kinds, self.unknown_kind)}
        pairs = frozenset((term.name, *pair) for term in self.relations for pair in term.pairs)
        indexes = {
            "allowed_pairs": pairs,
            "_kinds": MappingProxyType(kinds),
            "_relations": MappingProxyType({term.name: term for term in self.relations}),
            "_marks": MappingProxyType({term.name: term for term in self.marks}),
            "_conditions": MappingProxyType({term.name: term for term in self.conditions}),
            "_properties": MappingProxyType({term.name: term for term in self.properties}),
            "_schemes": MappingProxyType({term.name: term for term in self.schemes}),
        }
        for name, index in indexes.items():
            object.__setattr__(self, name, index)

    def kind(self, name: str) -> KindTerm:
        """Returns the kind of this name, the stand-in `unknown` included.

        Raises:
            UnknownKind: if there is none of this name.
        """
        try:
            return self._kinds[name]
        except KeyError:
            raise UnknownKind(name, [term.name.value for term in self.kinds]) from None

    def harms_of(self, kind: str) -> frozenset[Harm]:
        """Returns the harms that can happen to nodes of a kind; for `unknown` all of them.

        Raises:
            UnknownKind: if there is no such kind.
        """
        return self.kind(kind).harms

    def relation(self, name: str) -> Relation:
        """Returns the relation of this name.

        Raises:
            UnknownRelation: if there is none of this name.
        """
        try:
            return self._relations[name]
        except KeyError:
            raise UnknownRelation(name, [term.name for term in self.relations]) from None

    def check_pair(self, relation: str, subject_kind: Kind, object_kind: Kind) -> None:
        """Passes if the relation may join these kinds; an `unknown` end may be any kind.

        Raises:
            UnknownRelation: if there is no such relation.
            RelationNotAllowed: if no pair of the relation fits.
        """
        pairs = self.relation(relation).pairs
        if not any(_fits(pair, subject_kind, object_kind) for pair in pairs):
            raise RelationNotAllowed(relation, subject_kind, object_kind, pairs)

    def rules_between(
        self, relation: str, subject_kind: Kind, object_kind: Kind
    ) -> tuple[tuple[HarmRule, Certainty], ...]:
        """Returns the rules that fire between two kinds, each with its certainty there.

        In the order of the relation's table, marks and conditions not yet looked at; empty if
        none fires. Every rule that fires at an end of unknown kind is possible.

        Raises:
            UnknownRelation: if there is no such relation.
        """
        term = self.relation(relation)
        weakened = Kind.UNKNOWN in (subject_kind, object_kind)
        return tuple(
            (rule, Certainty.POSSIBLE if weakened else rule.certainty)
            for rule in term.rules
            if any(
                _fits(pair, subject_kind, object_kind)
                and pair[0] in rule.subject_kinds
                and pair[1] in rule.object_kinds
                for pair in term.pairs
            )
        )

    def mark(self, name: str) -> Mark | None:
        """Returns the mark of this name, None if it is not declared."""
        return self._marks.get(name)

    def condition(self, name: str) -> Condition:
        """Returns the condition that a rule names.

        Raises:
            KeyError: if no rule can have named it.
        """
        return self._conditions[name]

    def property(self, name: str) -> Property | None:
        """Returns the declared property, None for one that only the data knows."""
        return self._properties.get(name)

    def scheme(self, name: str) -> Scheme | None:
        """Returns the declared scheme, None for any other, which never joins nodes."""
        return self._schemes.get(name)


def _fits(pair: tuple[Kind, Kind], subject_kind: Kind, object_kind: Kind) -> bool:
    """Whether a pair allows these ends, where an unknown end may be anything."""
    return subject_kind in (pair[0], Kind.UNKNOWN) and object_kind in (pair[1], Kind.UNKNOWN)
