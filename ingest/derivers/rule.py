"""The shape of a rule by which facts are derived, and what a rule may read besides descriptions."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final, Protocol

from graph.ledger.reading import Picture
from graph.model import ClaimRow, EdgeFacts, SourceInstance, Uid
from graph.vocabulary import End
from ingest.derivers.conclusions import Conclusion, NodePremise

SOURCE: Final = SourceInstance("derived")
"""Who speaks in derived claims."""


def is_derived(row: ClaimRow) -> bool:
    """Return whether a claim was derived here; nothing is derived from what was."""
    return row.claim.scope.source == SOURCE


class Rule(Protocol):
    """One rule, made anew for each derivation: it is shown every description, then asked for conclusions."""

    @property
    def name(self) -> str:
        """Return the rule's name; what it derives stands in the scope ``derived:<name>``."""
        ...

    @property
    def words(self) -> frozenset[str]:
        """Return properties, types and schemes of which each description that it takes note of has one.

        Descriptions without any of them need not be shown to it.
        """
        ...

    @property
    def reads(self) -> frozenset[tuple[str, End]]:
        """Return the relations that it asks for, and at which of their ends what it took note of stands."""
        ...

    def take(self, node: NodePremise) -> bool:
        """Take note of a description, if anything may follow from it; return whether it did."""
        ...

    def conclusions(self, edges: Edges) -> Iterator[Conclusion]:
        """Yield what follows; about one edge as often as there are reasons for it."""
        ...


class Edges:
    """The edges that stand, by what is at one of their ends, whichever uid of it their sources use."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture

    def canonical(self, uid: Uid) -> Uid:
        """Return the uid that stands for everything that is the same as this one."""
        return self._picture.identity.canonical(uid)

    def at(self, uids: Collection[Uid], relation: str, end: End) -> Iterator[tuple[ClaimRow, EdgeFacts]]:
        """Yield the rows of a relation that have one of these nodes at an end. One read of the store."""
        for row in self._picture.edge_rows(uids, end) if uids else ():
            facts = row.claim.about
            if isinstance(facts, EdgeFacts) and facts.relation == relation and not is_derived(row):
                yield row, facts
