"""Equal fingerprints: secrets that have one value, wherever they are kept.

Fingerprints are keyed by the installation, so that equal ones mean equal values and nothing
else can be told from them. All that share a value are joined to the one of them with the
smallest uid, not each to each: a value that a thousand places share makes a thousand edges.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from graph.model import EdgeFacts, Uid
from graph.vocabulary import Kind
from ingest.derivers.conclusions import Conclusion, NodePremise, conclude
from ingest.derivers.rule import Edges

_ONE_OF_SEVERAL = "the value that they share is the one that matters, of several that one of them holds"


@dataclass
class SameValue:
    """Secrets with an equal fingerprint have the same value; possibly, where one holds several values."""

    name: str = "same-value"
    _holders: dict[str, dict[Uid, list[NodePremise]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )

    def take(self, node: NodePremise) -> None:
        """Take note of a secret under each of its fingerprints."""
        if node.facts.kind is Kind.SECRET:
            for fingerprint in _fingerprints(node):
                self._holders[fingerprint][node.uid].append(node)

    def conclusions(self, edges: Edges) -> Iterator[Conclusion]:  # noqa: ARG002 - a rule's
        """Yield that secrets have one value, each joined to the first of them."""
        for holders in self._holders.values():
            first, *others = sorted(holders)
            for other in others:
                for node in holders[other]:
                    for middle in holders[first]:
                        yield from _joined(node, middle)


def _joined(node: NodePremise, middle: NodePremise) -> Iterator[Conclusion]:
    several = max(len(_fingerprints(node)), len(_fingerprints(middle))) > 1
    edge = EdgeFacts("SAME_VALUE", node.uid, middle.uid)
    found = conclude(edge, (node.premise, middle.premise), _ONE_OF_SEVERAL if several else None)
    if found is not None:
        yield found


def _fingerprints(node: NodePremise) -> frozenset[str]:
    return frozenset({*node.texts("fingerprint"), *node.texts("fingerprints")})
