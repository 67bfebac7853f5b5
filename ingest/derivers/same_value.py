"""Equal fingerprints: secrets that have one value, wherever they are kept.

Fingerprints are keyed by the installation, so that equal ones mean equal values and nothing
else can be told from them. All that share a value at a time are joined to one of them, not each
to each: a value that a thousand places share makes a thousand edges. That one is the surest, of
those the one with the smallest uid; when it goes, the next takes its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from graph.model import EdgeFacts, Interval, Uid
from graph.vocabulary import End, Kind
from ingest.derivers.conclusions import Conclusion, NodePremise, conclude, narrowed
from ingest.derivers.rule import Edges

_ONE_OF_SEVERAL = "the value that they share is the one that matters, of several that one of them holds"


@dataclass
class SameValue:
    """Secrets with an equal fingerprint have the same value; possibly, where one holds several values."""

    name: str = "same-value"
    words: frozenset[str] = frozenset({"fingerprint", "fingerprints"})
    reads: frozenset[tuple[str, End]] = frozenset()
    _holders: dict[str, list[NodePremise]] = field(default_factory=lambda: defaultdict(list))

    def take(self, node: NodePremise) -> bool:
        """Take note of a secret under each of its fingerprints."""
        fingerprints = _fingerprints(node) if node.facts.kind is Kind.SECRET else ()
        for fingerprint in fingerprints:
            self._holders[fingerprint].append(node)
        return bool(fingerprints)

    def conclusions(self, edges: Edges) -> Iterator[Conclusion]:  # noqa: ARG002 - a rule's
        """Yield that secrets have one value, each joined to one of them at a time."""
        for holders in self._holders.values():
            if len({node.uid for node in holders}) > 1:
                for middle, during in _middles(holders):
                    for node in holders:
                        if node.uid != middle.uid:
                            yield from _joined(node, middle, during)


def _middles(holders: Sequence[NodePremise]) -> Iterator[tuple[NodePremise, Interval]]:
    """Yield which of them the others are joined to, and how long: one at a time, while any holds."""
    ranked = sorted(holders, key=_rank)
    moments = sorted({moment for h in holders for moment in (h.premise.valid.start, h.premise.valid.end)})
    middle, since = None, moments[0]
    for start, end in pairwise(moments):
        first = next((node for node in ranked if node.premise.valid.holds_at(start)), None)
        if first is not middle:
            if middle is not None:
                yield middle, Interval(since, start)
            middle, since = first, start
        if middle is not None and end == moments[-1]:
            yield middle, Interval(since, end)


def _rank(node: NodePremise) -> tuple[bool, Uid, str]:
    """Return what puts the one first that leaves the least open."""
    is_open = not node.premise.certain or len(_fingerprints(node)) > 1
    return is_open, node.uid, node.premise.claim_id


def _joined(node: NodePremise, middle: NodePremise, during: Interval) -> Iterator[Conclusion]:
    several = max(len(_fingerprints(node)), len(_fingerprints(middle))) > 1
    # Equality has no direction; one is chosen by the uids, so that it is one edge whoever is the middle.
    edge = EdgeFacts("SAME_VALUE", max(node.uid, middle.uid), min(node.uid, middle.uid))
    found = conclude(edge, (node.premise, middle.premise), _ONE_OF_SEVERAL if several else None)
    if found is not None:
        yield from narrowed(found, during)


def _fingerprints(node: NodePremise) -> frozenset[str]:
    return frozenset({*node.texts("fingerprint"), *node.texts("fingerprints")})
