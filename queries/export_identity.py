"""Keeping apart, where an export is read in, what is not one thing here.

The format has no word for "these are two things": a person's decision to keep two nodes
apart, or a claim that is refuted here and would stand in the way of a join, is not in it.
So an external id that would join such nodes is written at one of them only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from graph.ledger.identity import identity_of
from graph.ledger.port import ExternalIdRow
from graph.model import ALWAYS, ExternalId, NodeFacts, Uid
from queries.export_said import Said


def kept_apart(said: Sequence[Said]) -> tuple[list[Said], Mapping[Uid, tuple[ExternalId, ...]]]:
    """Return the same without the external ids that would join nodes, and these ids by node, in order.

    Every uid must be canonical: any join that the ids would make is then one too many.
    """
    found, apart = list(said), defaultdict[Uid, set[ExternalId]](set)
    while dropped := _too_many(found):
        for uid, ids in dropped.items():
            apart[uid] |= ids
        found = [_without(one, dropped) for one in found]
    return found, {uid: tuple(sorted(apart[uid])) for uid in sorted(apart)}


def _too_many(said: Sequence[Said]) -> dict[Uid, set[ExternalId]]:
    """Return which ids to leave out at which nodes, so that one more round of joins is not made."""
    rows = _rows(said)
    uids_of: dict[tuple[str, str], set[Uid]] = defaultdict(set)
    for row in rows:
        uids_of[row.scheme, row.value].add(row.uid)
    shared = [row for row in rows if len(uids_of[row.scheme, row.value]) > 1]
    held = [row for row in rows if row.uid in {row.uid for row in shared}]
    identity = identity_of((), shared, held)
    dropped: dict[Uid, set[ExternalId]] = defaultdict(set)
    for row in shared:
        together = uids_of[row.scheme, row.value] & set(identity.members(row.uid))
        if len(together) > 1 and row.uid != min(together):
            dropped[row.uid].add(ExternalId(row.scheme, row.value))
    return dropped


def _rows(said: Sequence[Said]) -> list[ExternalIdRow]:
    return [
        ExternalIdRow(
            i.scheme, i.value, facts.uid, facts.kind, one.claim.scope.source.plugin, one.claim.valid or ALWAYS
        )
        for one in said
        if isinstance(facts := one.claim.about, NodeFacts)
        for i in facts.external_ids
    ]


def _without(one: Said, dropped: dict[Uid, set[ExternalId]]) -> Said:
    facts = one.claim.about
    if not isinstance(facts, NodeFacts) or facts.uid not in dropped:
        return one
    kept = tuple(i for i in facts.external_ids if i not in dropped[facts.uid])
    return replace(one, claim=replace(one.claim, about=replace(facts, external_ids=kept)))
