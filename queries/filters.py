"""Which nodes of an answer are shown: a filter never changes what was found, only what is listed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from graph.errors import InvalidQuestion
from graph.model import Node
from graph.vocabulary import VOCABULARY, Kind

UNKNOWN: Final = "unknown"
"""The environment of a node of which no source says one."""


@dataclass(frozen=True, slots=True)
class NodeFilter:
    """Nodes of some kinds, in some environments, of a least criticality; empty lets all pass.

    Ask for the environment ``unknown`` to see nodes of which no source says one. Nodes of
    unknown kind, environment or criticality do not pass where another is asked for; answers
    count them apart.

    Raises:
        InvalidQuestion: for a criticality outside 0 to 4, or an environment that there is not.
    """

    kinds: frozenset[Kind] = frozenset()
    environments: frozenset[str] = frozenset()
    min_criticality: int | None = None

    def __post_init__(self) -> None:
        """Refuse what no node can have."""
        check_environments(self.environments)
        if self.min_criticality is not None and not 0 <= self.min_criticality <= 4:
            raise InvalidQuestion("min_criticality", f"{self.min_criticality} is no criticality", "0 to 4")

    def admits(self, node: Node) -> bool:
        """Return whether a node is listed."""
        return all(self._answers(node))

    def may_admit(self, node: Node) -> bool:
        """Return whether a node is listed, or would be if what is not known of it were as asked for."""
        return False not in self._answers(node)

    def hidden(self, nodes: Iterable[Node]) -> Hidden:
        """Return how many nodes are left out only because something is not known of them."""
        counts = [0, 0, 0]
        for node in nodes:
            answers = self._answers(node)
            if None in answers and False not in answers:
                counts[answers.index(None)] += 1
        return Hidden(*counts)

    def _answers(self, node: Node) -> tuple[bool | None, ...]:
        """Return whether kind, environment and criticality are as asked for; None where it is not known."""
        criticality = criticality_of(node)
        is_critical = None if criticality is None else criticality >= (self.min_criticality or 0)
        return (
            _is_among(node.kind, self.kinds, Kind.UNKNOWN),
            _is_among(environment_of(node), self.environments, UNKNOWN),
            self.min_criticality is None or is_critical,
        )


@dataclass(frozen=True, slots=True)
class Hidden:
    """How many nodes a filter leaves out only for what is not known, by what that is.

    A node of which several things are not known counts once, for the first of them.
    """

    kind: int
    environment: int
    criticality: int

    @property
    def total(self) -> int:
        """Return how many nodes these are together."""
        return self.kind + self.environment + self.criticality


def _is_among(value: str, wanted: Collection[str], unknown: str) -> bool | None:
    """Return whether a value is wanted; None for the unknown one, unless it was asked for."""
    if not wanted or value in wanted:
        return True
    return None if value == unknown else False


def check_environments(names: Iterable[str]) -> None:
    """Pass if the vocabulary has every one of these environments, letter by letter.

    Raises:
        InvalidQuestion: for one that it does not have: nothing would be found there, and
            nothing looks like a good answer.
    """
    declared = VOCABULARY.property("environment")
    known = (declared.choices if declared is not None else None) or ()
    for name in sorted(set(names) - set(known)):
        raise InvalidQuestion("environments", f"{name!r} is none", f"one of {', '.join(known)}")


EVERYTHING: Final = NodeFilter()


def environment_of(node: Node) -> str:
    """Return a node's environment, ``unknown`` where no source says one, or sources contradict each other."""
    return UNKNOWN if "environment" in node.contested else node.text("environment") or UNKNOWN


def criticality_of(node: Node) -> int | None:
    """Return a node's criticality from 0 to 4; None where no source says a valid one, or they contradict."""
    value = None if "criticality" in node.contested else node.integer("criticality")
    return value if value is not None and 0 <= value <= 4 else None
