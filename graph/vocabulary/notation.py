"""A small notation in which the relations' harm rules are written, and its reading.

A rule is written from one end's harm to the other's: `to_object(CONTROLLED, DISCLOSED)` says that a
controlled subject discloses the object. `only` narrows the kinds at the end that is reached. The
kinds for which a rule fires are worked out here, once, from the relation's pairs and from the harms
that can happen to each kind. A rule that could never fire is refused when the tables are loaded.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from graph.vocabulary.harms import APPLIES_TO, MARKS
from graph.vocabulary.terms import Certainty, Discriminator, End, Harm, HarmRule, Kind, Relation

Pair = tuple[Kind, Kind]

REAL_KINDS: Final = tuple(kind for kind in Kind if kind is not Kind.UNKNOWN)
"""Every kind but the stand-in for nodes that nobody has described."""


@dataclass(frozen=True, slots=True)
class WrittenRule:
    """A harm rule as the tables write it; its kinds follow once its relation is known."""

    origin_end: End
    harm: Harm
    becomes: Harm
    reached_kinds: frozenset[Kind]
    certainty: Certainty
    with_marks: frozenset[str]
    without_marks: frozenset[str]
    condition: str | None

    def fires_between(self, subject_kind: Kind, object_kind: Kind) -> bool:
        """Whether both harms can happen to these kinds, and the reached one is wanted."""
        ends = (subject_kind, object_kind)
        origin_kind, reached_kind = ends if self.origin_end is End.SUBJECT else ends[::-1]
        return (
            origin_kind in APPLIES_TO[self.harm]
            and reached_kind in APPLIES_TO[self.becomes]
            and reached_kind in self.reached_kinds
        )

    def complete(self, relation_name: str, allowed: tuple[Pair, ...]) -> HarmRule:
        """The rule with its kinds written out; ValueError if no allowed pair lets it fire."""
        firing = [pair for pair in allowed if self.fires_between(*pair)]
        if not firing:
            raise ValueError(f"a rule of {relation_name} can never fire: {self.harm} to {self.becomes}")
        return HarmRule(
            relation=relation_name,
            origin_end=self.origin_end,
            harm=self.harm,
            becomes=self.becomes,
            certainty=self.certainty,
            subject_kinds=frozenset(subject_kind for subject_kind, _ in firing),
            object_kinds=frozenset(object_kind for _, object_kind in firing),
            with_marks=self.with_marks,
            without_marks=self.without_marks,
            condition=self.condition,
        )


def pairs(subject_kinds: Iterable[Kind], object_kinds: Iterable[Kind]) -> tuple[Pair, ...]:
    """Every pair of a subject kind with an object kind, the subjects varying slowest.

    >>> [f"{subject} to {target}" for subject, target in pairs([Kind.ASSET], [Kind.SECRET])]
    ['Asset to Secret']
    """
    targets = tuple(object_kinds)
    return tuple((subject_kind, target) for subject_kind in subject_kinds for target in targets)


def same_kind(*kinds: Kind) -> tuple[Pair, ...]:
    """The pairs that join each of these kinds with itself."""
    return tuple((kind, kind) for kind in kinds)


def to_object(
    harm: Harm,
    becomes: Harm,
    *,
    only: Iterable[Kind] = REAL_KINDS,
    possible: bool = False,
    having: Iterable[str] = (),
    lacking: Iterable[str] = (),
    condition: str | None = None,
) -> WrittenRule:
    """A rule by which what happens to the subject reaches the object.

    Args:
        harm: what has happened to the subject.
        becomes: what then happens to the object.
        only: the object kinds that it is meant for.
        possible: whether it hangs on something that is not recorded.
        having: marks that the edge must carry.
        lacking: marks that the edge must not carry.
        condition: the name of a condition beyond the edge.
    """
    return WrittenRule(
        origin_end=End.SUBJECT,
        harm=harm,
        becomes=becomes,
        reached_kinds=frozenset(only),
        certainty=Certainty.POSSIBLE if possible else Certainty.CERTAIN,
        with_marks=frozenset(having),
        without_marks=frozenset(lacking),
        condition=condition,
    )


def to_subject(
    harm: Harm,
    becomes: Harm,
    *,
    only: Iterable[Kind] = REAL_KINDS,
    possible: bool = False,
    having: Iterable[str] = (),
    lacking: Iterable[str] = (),
    condition: str | None = None,
) -> WrittenRule:
    """A rule by which what happens to the object reaches the subject; see `to_object`."""
    return WrittenRule(
        origin_end=End.OBJECT,
        harm=harm,
        becomes=becomes,
        reached_kinds=frozenset(only),
        certainty=Certainty.POSSIBLE if possible else Certainty.CERTAIN,
        with_marks=frozenset(having),
        without_marks=frozenset(lacking),
        condition=condition,
    )


def relation(
    name: str,
    allowed: tuple[Pair, ...],
    *rules: WrittenRule,
    reads: tuple[str, str],
    description: str,
    discriminator: Discriminator | None = None,
    data_flow: End | None = None,
    data_flow_kinds: frozenset[Kind] | None = None,
) -> Relation:
    """A relation with its rules completed and its marks looked up.

    `reads` is how the fact is said with the subject first, and with the object first.

    Raises:
        ValueError: if a rule is dead or asks for a mark that the relation does not have.
    """
    marks = tuple(mark.name for mark in MARKS if name in mark.relations)
    for rule in rules:
        undeclared = (rule.with_marks | rule.without_marks).difference(marks)
        if undeclared:
            raise ValueError(f"a rule of {name} asks for undeclared marks: {sorted(undeclared)}")
    phrase, inverse_phrase = reads
    return Relation(
        name=name,
        pairs=allowed,
        marks=marks,
        discriminator=discriminator,
        rules=tuple(rule.complete(name, allowed) for rule in rules),
        phrase=phrase,
        inverse_phrase=inverse_phrase,
        data_flow=data_flow,
        description=description,
        data_flow_kinds=data_flow_kinds,
    )
