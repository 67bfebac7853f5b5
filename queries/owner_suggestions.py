"""Who might own what nobody answers for, why, and how strong the reason is.

Each clue names somebody and says in words what ties them to the node. Only people and teams
who are there for certain are suggested; nobody is suggested for lack of a better one. What
ties them only possibly is a weak reason, and says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from graph.model import Edge, Uid
from graph.vocabulary import Certainty
from queries.estate import EstateView
from queries.inheritance import Holding
from queries.liveness import Life
from queries.owners import OwnerBook

BUILT_FROM: Final = "BUILT_FROM"
IS, ANSWERS = "is", "answers"
_SAID: Final = {
    (IS, True): "is ",
    (IS, False): "is possibly ",
    (ANSWERS, True): "answers ",
    (ANSWERS, False): "possibly answers ",
}
"""How a reason begins, where it is certain and where it is only possible."""


class Strength(StrEnum):
    """How strong a reason is, the strongest first."""

    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody who might own a node; `because` gives every reason, the strongest first."""

    owner: Uid
    label: str
    strength: Strength
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clue:
    """One reason to suggest an owner: `verb` and `words`, which may name the node it rests on as {0}.

    `stated` is how strong it is where `is_certain`.
    """

    owner: Uid
    stated: Strength
    verb: str
    words: str
    about: Uid | None = None
    is_certain: bool = True

    @property
    def strength(self) -> Strength:
        """Return how strong it is."""
        return self.stated if self.is_certain else Strength.WEAK

    def text(self, label: str) -> str:
        """Return the reason in words, naming the node that it rests on by a label."""
        return _SAID[self.verb, self.is_certain] + self.words.format(label)


@dataclass(frozen=True)
class Hints:
    """What suggestions look at beside the owners: edges of building and of data, by both ends."""

    book: OwnerBook
    edges: Mapping[Uid, Sequence[Edge]]
    phrases: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Unowned:
    """A node to find an owner for, with the owners it has had so far, if any."""

    uid: Uid
    holdings: tuple[Holding, ...]


def hint_relations(view: EstateView) -> tuple[str, ...]:
    """Return the relations whose far ends' owners are suggested."""
    return (BUILT_FROM, *(relation.name for relation in view.rules.relations if relation.data_flow))


def hints_of(view: EstateView, book: OwnerBook, edges: Iterable[Edge]) -> Hints:
    """Return the hints that edges of ``hint_relations`` give."""
    by_end: dict[Uid, list[Edge]] = defaultdict(list)
    for edge in edges:
        by_end[edge.subject.uid].append(edge)
        by_end[edge.object.uid].append(edge)
    phrases = {relation.name: (relation.phrase, relation.inverse_phrase) for relation in view.rules.relations}
    return Hints(book, by_end, phrases)


def suggested_owners(
    view: EstateView, hints: Hints, unowned: Collection[Unowned]
) -> Mapping[Uid, tuple[Suggestion, ...]]:
    """Return for each node who might own it, the strongest suggestion first; perhaps nobody.

    Cost: the edges at these nodes, and one read of the store for names.
    """
    clues = {node.uid: _sound_clues(hints, node) for node in unowned}
    named = {clue.about for found in clues.values() for clue in found if clue.about is not None}
    labels = {uid: node.label for uid, node in view.nodes(named).items()}
    return {uid: _suggestions(hints.book, found, labels) for uid, found in clues.items()}


def _sound_clues(hints: Hints, node: Unowned) -> list[Clue]:
    """Return the clues that lead to somebody who is there."""
    clues = (clue for source in _SOURCES for clue in source(hints, node) if clue.owner != node.uid)
    return [clue for clue in clues if hints.book.life.sign(clue.owner).life is Life.ALIVE]


def _helpers(hints: Hints, node: Unowned) -> Iterator[Clue]:
    for edge in hints.book.helpers.get(node.uid, ()):
        role = "steward" if "steward" in edge.marks else "contact"
        strength = Strength.STRONG if role == "steward" else Strength.MEDIUM
        yield Clue(edge.subject.uid, strength, IS, f"its {role}", is_certain=_is_sure(edge))


_STRUCTURE_STRENGTH: Final = {"VERSION_OF": Strength.STRONG, "PART_OF": Strength.STRONG}


def _owners_above(hints: Hints, node: Unowned) -> Iterator[Clue]:
    """Yield the owners of what the node is a version of, a part of, or within."""
    for edge in hints.book.inheritance.steps_up(node.uid):
        phrase = hints.phrases[edge.relation][0]
        strength = _STRUCTURE_STRENGTH.get(edge.relation, Strength.MEDIUM)
        yield from _owners_there(hints, edge, edge.object.uid, strength, phrase)


def _owners_of_source(hints: Hints, node: Unowned) -> Iterator[Clue]:
    for edge in hints.edges.get(node.uid, ()):
        if edge.relation == BUILT_FROM and edge.subject.uid == node.uid:
            phrase = hints.phrases[edge.relation][0]
            yield from _owners_there(hints, edge, edge.object.uid, Strength.MEDIUM, phrase)


def _former_teams(hints: Hints, node: Unowned) -> Iterator[Clue]:
    """Yield the teams of the owners so far, where these are not there any more."""
    owners = dict.fromkeys(uid for holding in node.holdings for uid in holding.who)
    for owner in owners:
        if hints.book.life.sign(owner).life is not Life.ALIVE:
            for team in hints.book.teams.get(owner, ()):
                yield Clue(team, Strength.MEDIUM, IS, "the team of {0}, the owner so far", owner)


def _data_neighbours(hints: Hints, node: Unowned) -> Iterator[Clue]:
    for edge in hints.edges.get(node.uid, ()):
        if edge.relation == BUILT_FROM:
            continue
        is_subject = edge.subject.uid == node.uid
        far = edge.object.uid if is_subject else edge.subject.uid
        phrase = hints.phrases[edge.relation][0 if is_subject else 1]
        yield from _owners_there(hints, edge, far, Strength.WEAK, phrase)


_SOURCES: Final[tuple[Callable[[Hints, Unowned], Iterator[Clue]], ...]] = (
    _helpers,
    _owners_above,
    _owners_of_source,
    _former_teams,
    _data_neighbours,
)
"""Where clues are looked for, roughly from the strongest to the weakest."""


def _owners_there(hints: Hints, edge: Edge, far: Uid, strength: Strength, phrase: str) -> Iterator[Clue]:
    """Yield the owners of the other end of an edge, each as certain as the edge and the ownership are."""
    found = hints.book.inheritance.of(far)
    for holding in () if found is None else found.holdings:
        for owner in holding.who:
            certain = _is_sure(edge) and owner in holding.certain_owners
            yield Clue(owner, strength, ANSWERS, f"for {{0}}, which it {phrase}", far, certain)


def _is_sure(edge: Edge) -> bool:
    return edge.certainty is Certainty.CERTAIN


def _suggestions(book: OwnerBook, clues: Sequence[Clue], labels: Mapping[Uid, str]) -> tuple[Suggestion, ...]:
    """Return one suggestion for each owner, from all clues to them."""
    order = list(Strength)
    by_owner: dict[Uid, list[Clue]] = defaultdict(list)
    for clue in sorted(clues, key=lambda clue: order.index(clue.strength)):
        by_owner[clue.owner].append(clue)
    found = [
        Suggestion(
            owner,
            book.people[owner].label if owner in book.people else owner,
            clues[0].strength,
            tuple(
                dict.fromkeys(clue.text(labels.get(clue.about or owner, clue.about or "")) for clue in clues)
            ),
        )
        for owner, clues in by_owner.items()
    ]
    return tuple(sorted(found, key=lambda s: (order.index(s.strength), -len(s.because), s.label, s.owner)))
