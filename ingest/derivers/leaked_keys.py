"""Keys that are known by a public id where they were found: which identity they open.

Whoever finds a key, or keeps one, may know its public id, or have seen whom it opens; who the
key belongs to, the cloud knows. Where both are told, the secret authenticates that identity.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from graph.model import EdgeFacts
from graph.vocabulary import End, Kind
from ingest.derivers.conclusions import Conclusion, NodePremise, Premise, conclude
from ingest.derivers.rule import Edges

_ID_ALONE: Final = "it holds the other half of the key, too: the id opens nothing"


@dataclass
class LeakedKey:
    """A secret that names a key's id authenticates whom that key does, or the identity it names itself."""

    name: str = "leaked-key"
    words: frozenset[str] = frozenset({"external_ids", "key_ids"})
    reads: frozenset[tuple[str, End]] = frozenset({("AUTHENTICATES", End.SUBJECT)})
    _holders: list[tuple[str, NodePremise]] = field(default_factory=list[tuple[str, NodePremise]])
    _named: dict[str, list[NodePremise]] = field(default_factory=lambda: defaultdict(list))

    def take(self, node: NodePremise) -> bool:
        """Take note of a secret that names ids, and of what bears an id."""
        if node.facts.kind not in (Kind.SECRET, Kind.IDENTITY):
            return False
        for external_id in node.facts.external_ids:
            self._named[str(external_id)].append(node)
        if node.facts.kind is Kind.SECRET:
            self._holders.extend((key_id, node) for key_id in node.texts("key_ids"))
        return bool(node.facts.external_ids or node.texts("key_ids"))

    def conclusions(self, edges: Edges) -> Iterator[Conclusion]:
        """Yield whom the secrets open."""
        for key_id, holder in self._holders:
            for named in self._named.get(key_id, ()):
                if named.facts.kind is Kind.IDENTITY:
                    yield from _opens(
                        holder, EdgeFacts("AUTHENTICATES", holder.uid, named.uid), named.premise
                    )
                elif edges.canonical(named.uid) != edges.canonical(holder.uid):
                    for row, facts in edges.at([named.uid], "AUTHENTICATES", End.SUBJECT):
                        edge = EdgeFacts("AUTHENTICATES", holder.uid, facts.object)
                        doubt = None if _holds_a_value(holder) else _ID_ALONE
                        yield from _opens(holder, edge, named.premise, Premise.of(row), doubt=doubt)


def _holds_a_value(holder: NodePremise) -> bool:
    return bool(holder.texts("fingerprint") or holder.texts("fingerprints"))


def _opens(
    holder: NodePremise, edge: EdgeFacts, *premises: Premise, doubt: str | None = None
) -> Iterator[Conclusion]:
    found = conclude(edge, (holder.premise, *premises), doubt)
    if found is not None:
        yield found
