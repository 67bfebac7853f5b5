"""For what a requirement of each level is evaluated: which nodes, and in which environments."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from graph.model import Node, PropertyValue, Uid
from graph.vocabulary.duties import LEVEL, LEVELS, Level, LevelTerm
from graph.vocabulary.known_types import is_known_type, nearest_type
from queries.evidence.answer import Untyped
from queries.evidence.dated import DatedFacts
from queries.evidence.versions import places_of

CONTESTED_TYPE: Final = "sources contradict each other on what type it is of"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a cell is about; ``environment`` is set where the level is deployments.

    ``doubts`` say why it may be none: a deployment may be possible only, a type contested.
    """

    uid: Uid
    environment: str | None = None
    doubts: tuple[str, ...] = ()


class Subjects:
    """The subjects of every level at a date, optionally among some nodes only."""

    def __init__(self, dated: DatedFacts, only: Collection[Uid], environments: Collection[str]) -> None:
        self._dated = dated
        self._only = frozenset(only)
        self._environments = environments
        self._levels: dict[Level, tuple[Subject, ...]] = {}

    def at(self, level: Level) -> tuple[Subject, ...]:
        """Return the subjects of a level, in order of uid and environment."""
        if level not in self._levels:
            self._levels[level] = tuple(self._found(level))
        return self._levels[level]

    def untyped(self) -> Iterator[Untyped]:
        """Yield nodes that may be subjects, and nobody can tell: of no type, or of one that nobody knows."""
        kinds = {term.kind for term in LEVELS if term.types is not None or term.except_types}
        for uid in self._candidates(kinds):
            node = self._dated.node(uid)
            if node.type is None and self._dated.exists(uid):
                yield Untyped(node.ref, None, None)
            elif node.type is not None and not self._is_version(uid) and _is_strange(node):
                yield Untyped(node.ref, node.type, nearest_type(node.kind, node.type))

    def _found(self, level: Level) -> Iterator[Subject]:
        term = LEVEL[level]
        for uid in self._candidates({term.kind}):
            node = self._dated.node(uid)
            if not node.described or self._is_version(uid):
                continue
            admitted = {_admits(term, type_) for type_ in node.readings("type")}
            if True not in admitted:
                continue
            doubts = (CONTESTED_TYPE,) if False in admitted else ()
            if level is not Level.DEPLOYMENT:
                yield Subject(uid, doubts=doubts)
                continue
            for environment, is_certain in places_of(self._dated, uid).items():
                if environment in self._environments:
                    perhaps = () if is_certain else (f"it is only possibly deployed in {environment}",)
                    yield Subject(uid, environment, (*doubts, *perhaps))

    def _candidates(self, kinds: Collection[str]) -> Iterator[Uid]:
        facts = self._dated.facts
        uids = self._only or facts.kinds.keys()
        return (uid for uid in sorted(uids) if facts.kinds.get(uid) in kinds)

    def _is_version(self, uid: Uid) -> bool:
        """Return whether it is a version for certain; what may be none is not left out."""
        return any(edge.is_certain for edge in self._dated.out("VERSION_OF", uid))


def _is_strange(node: Node) -> bool:
    """Return whether neither the vocabulary nor any level knows a type that sources give a node."""
    types = [type_ for type_ in node.readings("type") if isinstance(type_, str)]
    admitted = any(_admits(term, type_) for term in LEVELS if term.kind is node.kind for type_ in types)
    return not admitted and not any(is_known_type(node.kind, type_) for type_ in types)


def _admits(term: LevelTerm, type_: PropertyValue | None) -> bool:
    """Return whether nodes of a type are subjects; of an unknown one only where every node is."""
    if term.types is None and not term.except_types:
        return True
    return isinstance(type_, str) and term.admits(type_)
