"""Which nodes of an answer are shown: a filter never changes what was found, only what is listed."""

from __future__ import annotations

from collections.abc import Iterable
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
    unknown criticality do not pass a least criticality; answers count them apart.

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
        if not self.admits_but_for_criticality(node):
            return False
        if self.min_criticality is None:
            return True
        criticality = criticality_of(node)
        return criticality is not None and criticality >= self.min_criticality

    def admits_but_for_criticality(self, node: Node) -> bool:
        """Return whether a node's kind and environment are wanted."""
        return (not self.kinds or node.kind in self.kinds) and (
            not self.environments or environment_of(node) in self.environments
        )

    def hidden_for_unknown_criticality(self, nodes: Iterable[Node]) -> int:
        """Return how many nodes are left out only because no source says how critical they are."""
        if self.min_criticality is None:
            return 0
        unknown = (node for node in nodes if criticality_of(node) is None)
        return sum(self.admits_but_for_criticality(node) for node in unknown)


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
    """Return a node's environment, ``unknown`` where no source says one."""
    return node.text("environment") or UNKNOWN


def criticality_of(node: Node) -> int | None:
    """Return a node's criticality from 0 to 4, None where no source says a valid one."""
    value = node.integer("criticality")
    return value if value is not None and 0 <= value <= 4 else None
