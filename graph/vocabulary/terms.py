"""The value types that the vocabulary's tables are made of.

Every table of this package (kinds, harms, relations, properties, schemes, ownership) is a tuple
of these frozen values. They hold no behaviour beyond looking at themselves: how harm walks is
the business of `graph.walk`, which reads the rules declared here.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Kind(StrEnum):
    """What sort of thing a node is; `UNKNOWN` only for a node nobody has described yet."""

    ASSET = "Asset"
    IDENTITY = "Identity"
    SECRET = "Secret"  # noqa: S105 - the name of a kind
    DATASET = "Dataset"
    REGULATION = "Regulation"
    REQUIREMENT = "Requirement"
    EVIDENCE = "Evidence"
    DECISION = "Decision"
    UNKNOWN = "unknown"


class Harm(StrEnum):
    """What can happen to a node; the walk spreads these over the edges."""

    CONTROLLED = "CONTROLLED"
    DISCLOSED = "DISCLOSED"
    TAINTED = "TAINTED"
    UNAVAILABLE = "UNAVAILABLE"
    UNPROVEN = "UNPROVEN"
    ORPHANED = "ORPHANED"


class Certainty(StrEnum):
    """Whether something follows from what is recorded, or hangs on a fact that is not."""

    CERTAIN = "certain"
    POSSIBLE = "possible"


class Origin(StrEnum):
    """How a claim came about."""

    DECLARED = "declared"
    OBSERVED = "observed"
    DERIVED = "derived"
    ASSUMED = "assumed"


class End(StrEnum):
    """One of the two ends of an edge; the fact reads subject first."""

    SUBJECT = "subject"
    OBJECT = "object"

    @property
    def other(self) -> "End":
        """The opposite end.

        >>> End.SUBJECT.other
        <End.OBJECT: 'object'>
        """
        return End.OBJECT if self is End.SUBJECT else End.SUBJECT


class Discriminator(StrEnum):
    """What tells two facts apart that share relation, subject and object."""

    ROLE = "role"
    ENVIRONMENT = "environment"
    SLOT = "slot"


class MarkSupport(StrEnum):
    """How many of an edge's live claims must carry a mark before the edge has it."""

    ALL_CLAIMS = "all"
    ANY_CLAIM = "any"


ValueType = Literal[
    "bool",
    "integer",
    "float",
    "string",
    "json",
    "instant",
    "bools",
    "integers",
    "floats",
    "strings",
]


@dataclass(frozen=True, slots=True)
class KindTerm:
    """A kind with the types known so far and the harms that can happen to it.

    `types` is an open list: a node may carry a type that is not in it. Of an identity every type
    is taken for that of a human being which is not among `impersonal_types`.
    """

    name: Kind
    types: tuple[str, ...]
    harms: frozenset[Harm]
    description: str
    impersonal_types: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class HarmTerm:
    """A harm, what it means, and the kinds it can happen to.

    `travels` is false for a harm that stays where it arose.
    """

    name: Harm
    meaning: str
    applies_to: frozenset[Kind]
    travels: bool = True


@dataclass(frozen=True, slots=True)
class Mark:
    """A word that an edge of one of `relations` may carry and that rules ask for."""

    name: str
    relations: frozenset[str]
    meaning: str
    support: MarkSupport = MarkSupport.ANY_CLAIM


@dataclass(frozen=True, slots=True)
class Condition:
    """A question that a rule asks beyond its edge.

    A rule with a condition fires with its own certainty where the answer is yes, as possible
    where the fact that was asked for is not recorded, and as `when_false` says where the answer
    is no: None for not at all.
    """

    name: str
    asks: str
    when_false: Certainty | None


@dataclass(frozen=True, slots=True)
class HarmRule:
    """One way in which a harm at one end of an edge becomes a harm at the other.

    `subject_kinds` and `object_kinds` are always written out, and hold only kinds that the
    relation's pairs allow together and to which the harm at that end applies. An edge must carry
    every mark of `with_marks` and none of `without_marks`. `condition` names a `Condition`.
    """

    relation: str
    origin_end: End
    harm: Harm
    becomes: Harm
    certainty: Certainty
    subject_kinds: frozenset[Kind]
    object_kinds: frozenset[Kind]
    with_marks: frozenset[str] = frozenset()
    without_marks: frozenset[str] = frozenset()
    condition: str | None = None

    def kinds_at(self, end: End) -> frozenset[Kind]:
        """The kinds for which the rule fires at this end."""
        return self.subject_kinds if end is End.SUBJECT else self.object_kinds

    def on_marks(
        self, marks: frozenset[str], possible_marks: frozenset[str] = frozenset()
    ) -> Certainty | None:
        """How the rule fires on an edge that has some marks and possibly has others; None for not at all.

        It has to fire for certain with and without each possible mark.
        """
        if self.without_marks & marks or not self.with_marks <= marks | possible_marks:
            return None
        is_open = bool((self.with_marks - marks) | (self.without_marks & possible_marks))
        return Certainty.POSSIBLE if is_open else self.certainty


@dataclass(frozen=True, slots=True)
class Implication:
    """A harm that brings another one on the same node, without a hop.

    `types` restricts it to nodes of these types; None means every type of the kind.
    """

    kind: Kind
    types: frozenset[str] | None
    harm: Harm
    implies: Harm
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Relation:
    """A kind of fact, read as a sentence: subject, `phrase`, object.

    `pairs` lists every (subject kind, object kind) that the fact may join. `phrase` is how it
    reads with the subject first ("was trained on"), `inverse_phrase` with the object first ("was
    used to train"). `data_flow` names the end that data comes *from*, None where the fact moves
    no data; `data_flow_kinds` narrows that to edges whose two ends are both of these kinds, None
    for all. Ask `flows_from` rather than the two fields.
    """

    name: str
    pairs: tuple[tuple[Kind, Kind], ...]
    marks: tuple[str, ...]
    discriminator: Discriminator | None
    rules: tuple[HarmRule, ...]
    phrase: str
    inverse_phrase: str
    data_flow: End | None
    description: str
    data_flow_kinds: frozenset[Kind] | None = None

    def kinds_at(self, end: End) -> frozenset[Kind]:
        """The kinds that the pairs allow at this end."""
        position = 0 if end is End.SUBJECT else 1
        return frozenset(pair[position] for pair in self.pairs)

    def flows_from(self, subject_kind: Kind, object_kind: Kind) -> End | None:
        """The end that data comes from on an edge between these kinds; None if none flows.

        An end of kind `UNKNOWN` may be any kind, so it never rules the flow out.
        """
        if self.data_flow_kinds is None:
            return self.data_flow
        possible = self.data_flow_kinds | {Kind.UNKNOWN}
        return self.data_flow if {subject_kind, object_kind} <= possible else None


@dataclass(frozen=True, slots=True)
class Property:
    """A property that sources and questions agree on.

    The list of properties is open: data may carry others, which then have no precedence and are
    never volatile (and are personal on a person, since nobody has said that they are not).
    `personal_types` are the node types for which the value is personal data; `person` stands for
    every type of identity that may be a human being's. A `volatile` value
    goes to the run log and never makes a commit. `precedence` names source plug-ins, the strongest
    first; unnamed ones come after them. An "instant" is an integer, UTC milliseconds since 1970. A
    "json" value is canonical JSON text. `choices` are the values it may take, where they are few;
    `kind_choices` says it where they differ from kind to kind: ask `choices_for`. `bounds` are the
    least and the greatest value of a number.
    """

    name: str
    value: ValueType
    kinds: frozenset[Kind]
    description: str
    personal_types: frozenset[str] = frozenset()
    volatile: bool = False
    precedence: tuple[str, ...] = ()
    choices: tuple[str, ...] | None = None
    kind_choices: tuple[tuple[Kind, tuple[str, ...]], ...] = ()
    bounds: tuple[int, int] | None = None

    def choices_for(self, kind: Kind) -> tuple[str, ...] | None:
        """The values that the property may take on nodes of this kind; None means any."""
        return dict(self.kind_choices).get(kind, self.choices)


@dataclass(frozen=True, slots=True)
class Scheme:
    """A naming scheme for external ids.

    Two nodes of one kind that carry the same id of a scheme that `joins` are the same thing.
    With `one_per_node` a node has at most one id of the scheme, so that a join which would give
    it two is a conflict and is not made. `may_assert` are the source plug-ins whose ids of this
    scheme count; None means any. `personal` ids name a human being.
    """

    name: str
    kinds: frozenset[Kind]
    joins: bool
    one_per_node: bool
    may_assert: frozenset[str] | None
    description: str
    personal: bool = False


@dataclass(frozen=True, slots=True)
class OwnershipStep:
    """One place where the accountable owner of a node is looked for.

    `via` is None for the node's own edge, else the relation from the node (as subject) to the
    node whose owner it takes. `inherited_only` says that an owner found this way is a gap in
    production.
    """

    via: str | None
    inherited_only: bool
    description: str


@dataclass(frozen=True, slots=True)
class Ownable:
    """A kind whose nodes should have an accountable owner, with the exceptions.

    Not ownable are nodes of `except_types`, nodes that have one of `except_with_property`, and
    nodes that are the object of an edge (relation, mark) of `except_object_of`.
    """

    kind: Kind
    except_types: frozenset[str] = frozenset()
    except_with_property: frozenset[str] = frozenset()
    except_object_of: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class RulesEdition:
    """One entry of the history of rules versions: what changed and why, newest last."""

    rules_version: int
    changes: tuple[str, ...]
