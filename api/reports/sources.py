"""Which nodes a report is about: words such as ``kind=Secret type=api_key``, of which all must hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from graph.errors import InvalidQuestion
from graph.model import Node
from graph.vocabulary import Harm, Kind
from queries.filters import environment_of

_NAMES: Final = ("kind", "type", "environment", "uid")

HARM_OF: Final = {
    Kind.SECRET: Harm.DISCLOSED,
    Kind.IDENTITY: Harm.CONTROLLED,
    Kind.ASSET: Harm.CONTROLLED,
    Kind.DATASET: Harm.TAINTED,
    Kind.EVIDENCE: Harm.UNAVAILABLE,
    Kind.DECISION: Harm.UNAVAILABLE,
}
"""The harm that a report starts from at a node of a kind, where none is asked for."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The nodes that a report starts from; several values of one name are alternatives."""

    wanted: tuple[tuple[str, frozenset[str]], ...]

    @classmethod
    def parse(cls, texts: Iterable[str]) -> Sources:
        """Return what words such as ``kind=Secret`` ask for.

        Raises:
            InvalidQuestion: for a word that is none, or without any.

        >>> Sources.parse(["kind=Secret", "type=api_key"]).words
        'kind=Secret type=api_key'
        """
        found: dict[str, set[str]] = defaultdict(set)
        for text in texts:
            name, equals, value = text.partition("=")
            if name not in _NAMES or not equals or not value:
                expected = f"one of {', '.join(_NAMES)}, an equals sign and a value, such as kind=Secret"
                raise InvalidQuestion("sources", f"{text!r} is no condition", expected)
            if name == "kind" and value not in set(Kind):
                raise InvalidQuestion("sources", f"there is no kind {value!r}", ", ".join(HARM_OF))
            found[name].add(value)
        if not found:
            raise InvalidQuestion("sources", "none are named", "such as kind=Secret")
        return cls(tuple((name, frozenset(found[name])) for name in _NAMES if name in found))

    @property
    def words(self) -> str:
        """Return the same in one form."""
        return " ".join(f"{name}={value}" for name, values in self.wanted for value in sorted(values))

    def admit(self, node: Node) -> bool:
        """Return whether a node is among them."""
        return all(_value(node, name) in values for name, values in self.wanted)


def _value(node: Node, name: str) -> str:
    match name:
        case "kind":
            return node.kind.value
        case "type":
            return node.type or ""
        case "environment":
            return environment_of(node)
        case _:
            return node.uid
