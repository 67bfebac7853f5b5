"""The owners of all subjects at a date, asked for once, as the question of ownership gives them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Final

from graph.model import Instant, Uid
from graph.vocabulary import Kind
from queries.estate import EstateView
from queries.evidence.dated import DatedFacts
from queries.evidence.facts import changes
from queries.owners import structure_relations
from queries.ownership import owners_at
from queries.ownership_rules import NodeOwnership
from queries.places import PLACING


class Owners:
    """Who answers for some nodes; nothing is read before it is asked for."""

    def __init__(self, view: EstateView, dated: DatedFacts, uids: Collection[Uid]) -> None:
        self._view: Final = view
        self._dated: Final = dated
        self._uids: Final = uids

    def of(self, uid: Uid) -> NodeOwnership | None:
        """Return how it stands with the owner of a node, None if it is not something that has one."""
        return self._found.get(uid)

    @cached_property
    def _found(self) -> Mapping[Uid, NodeOwnership]:
        self._note_changes()
        return owners_at(self._view, [self._dated.node(uid) for uid in self._uids])

    def _note_changes(self) -> None:
        """Note every date at which an owner may change: of anybody, as owners depend on one another."""
        dated = self._dated
        for relation in {"OWNS", "MEMBER_OF", *structure_relations(self._view), *PLACING}:
            dated.horizon.note(changes(dated.facts.edges_of(relation)))
        for uid in dated.facts.of_kind(Kind.IDENTITY):
            dated.horizon.note(dated.facts.boundaries(uid))
            node = dated.facts.node(uid, dated.facts.described(uid, dated.moment))
            moments = (m for name in ("departed_at", "suspended_at") for m in node.readings(name))
            dated.horizon.note(Instant(moment) for moment in moments if isinstance(moment, int))
        _ = dated.coverage  # whose dates are noted when it is first looked at
