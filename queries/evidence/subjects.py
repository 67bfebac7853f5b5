"""For what a requirement of each level is evaluated: which nodes, and in which environments."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from graph.model import Uid
from graph.vocabulary.duties import LEVEL, LEVELS, Level
from queries.evidence.dated import DatedFacts
from queries.evidence.versions import places_of


@dataclass(frozen=True, slots=True)
class Subject:
    """What a cell is about; ``environment`` is set where the level is deployments.

    ``is_certain`` says whether there is such a subject for certain: a deployment may be
    possible only.
    """

    uid: Uid
    environment: str | None = None
    is_certain: bool = True


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

    def untyped(self) -> Iterator[Uid]:
        """Yield nodes of which no source says the type: they may be subjects, and nobody can tell."""
        kinds = {term.kind for term in LEVELS if term.types is not None or term.except_types}
        for uid in self._candidates(kinds):
            if self._dated.node(uid).type is None and self._dated.exists(uid):
                yield uid

    def _found(self, level: Level) -> Iterator[Subject]:
        term = LEVEL[level]
        for uid in self._candidates({term.kind}):
            node = self._dated.node(uid)
            everything = term.types is None and not term.except_types
            if not node.described or self._is_version(uid):
                continue
            if not (everything or (node.type is not None and term.admits(node.type))):
                continue
            if level is not Level.DEPLOYMENT:
                yield Subject(uid)
                continue
            for environment, is_certain in places_of(self._dated, uid).items():
                if environment in self._environments:
                    yield Subject(uid, environment, is_certain)

    def _candidates(self, kinds: Collection[str]) -> Iterator[Uid]:
        facts = self._dated.facts
        uids = self._only or facts.kinds.keys()
        return (uid for uid in sorted(uids) if facts.kinds.get(uid) in kinds)

    def _is_version(self, uid: Uid) -> bool:
        """Return whether it is a version for certain; what may be none is not left out."""
        return any(edge.is_certain for edge in self._dated.out("VERSION_OF", uid))
