"""What an Entity shows: labels and resolved properties, for people with a Cypher prompt.

Nothing of ours reads them. They are folded by the ledger's own rules, as of the moment
of the commit that touched the node.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final, cast

from graph.ledger.fold import described_kind, fold_node, mentioned_kind, ways_mentioned
from graph.ledger.identity import IdentityMap
from graph.ledger.opening import open_rows
from graph.ledger.operations import (
    ClaimEnded,
    ClaimRecorded,
    ClaimRefuted,
    EdgeKey,
    Operation,
    PersonalErased,
    RefutationLifted,
)
from graph.ledger.port import EndKind, Store, StoredRow
from graph.model import AsOf, ClaimId, ClaimRow, NodeFacts, Uid
from graph.store.neo4j import finding, log
from graph.store.neo4j.applying import in_batches, uids_of
from graph.store.neo4j.rows import by_uid, storable
from graph.store.neo4j.shape import ENTITY_PROPERTIES, labels_of, shown_properties
from graph.store.neo4j.sight import Sight
from graph.store.neo4j.statements import FORMERLY

_KEPT_LABELS: Final = frozenset({"Entity", "Alias"})
_ALIAS: Final[Mapping[str, Any]] = {"kind": "unknown", "described": False, "type": None, "name": None}


def touched_by(sight: Sight, operations: Sequence[Operation]) -> set[Uid]:
    """Return the uids whose portrait these operations may change.

    An edge changes nothing about a described node; one that nobody has described may
    get a kind from it.
    """
    described: set[Uid] = set()
    mentioned: set[Uid] = set()
    for operation in operations:
        if isinstance(operation, ClaimRecorded | ClaimEnded):
            uids = mentioned if isinstance(operation.about, EdgeKey) else described
            uids.update(uids_of(operation.about))
        elif isinstance(operation, PersonalErased):
            described.update(operation.uids)
    undescribed = sight.run("undescribed_among", uids=storable(mentioned - described))
    return described | {uid for (uid,) in undescribed} | _refuted(sight, operations)


def draw(sight: Sight, uids: Iterable[Uid], at: AsOf) -> None:
    """Fold these nodes anew and let their Entities show the outcome."""
    asked = storable(uids)
    aliases = by_uid(sight.run("aliases_among", uids=asked))
    members = _members(sight, {aliases.get(uid, uid) for uid in asked})
    shown: dict[Uid, tuple[list[str], dict[str, Any]]] = _folded(sight, members, at)
    shown |= {uid: ([], {**_ALIAS, "shown_at": at.valid}) for uid in aliases}
    in_batches(sight.run, "draw", _changes(sight, shown))


def _refuted(sight: Sight, operations: Sequence[Operation]) -> set[Uid]:
    """Return the nodes of claims that were refuted or not any longer; an edge may have given them a kind."""
    ids = {o.claim_id for o in operations if isinstance(o, ClaimRefuted | RefutationLifted)}
    types = (*log.tip(sight.run).relations, FORMERLY) if ids else ()
    return {uid for row in sight.rows.of_claims(ids, types, standing=True) for uid in uids_of(row.about)}


def _members(sight: Sight, canonical: Collection[Uid]) -> dict[Uid, tuple[Uid, ...]]:
    """Return the members of these classes by canonical uid, as things hang."""
    members: dict[Uid, list[Uid]] = {uid: [uid] for uid in canonical}
    for uid, root in sight.run("aliases_of", uids=storable(canonical)):
        members[root].append(uid)
    return {root: tuple(sorted(uids)) for root, uids in members.items()}


def _folded(
    sight: Sight, members: Mapping[Uid, tuple[Uid, ...]], at: AsOf
) -> dict[Uid, tuple[list[str], dict[str, Any]]]:
    root_of = {uid: root for root, uids in members.items() for uid in uids}
    refuted = {(row.claim_id, row.content_digest) for row in sight.refutations(at.known)}
    told: dict[Uid, list[ClaimRow]] = {root: [] for root in members}
    for row in _standing(sight, sight.node_rows(list(root_of), at.known), refuted):
        if isinstance(row.claim.about, NodeFacts):
            told[root_of[row.claim.about.uid]].append(row)
    only_mentioned = [uid for root, rows in told.items() if not rows for uid in members[root]]
    ways: dict[Uid, list[EndKind]] = {}
    for uid, found in _ways(sight, only_mentioned, refuted, at).items():
        ways.setdefault(root_of[uid], []).extend(found)
    shown: dict[Uid, tuple[list[str], dict[str, Any]]] = {}
    for root, rows in told.items():
        kind = described_kind(rows) or mentioned_kind(ways.get(root, ()))
        node = fold_node(root, members[root], kind, [row for row in rows if row.holds(at)])
        shown[root] = (labels_of(node.kind, node.type), shown_properties(node, at.valid))
    return shown


def _standing(
    sight: Sight, rows: Iterable[StoredRow], refuted: Collection[tuple[ClaimId, str]]
) -> list[ClaimRow]:
    kept = [row for row in rows if (row.claim_id, row.content_digest) not in refuted]
    return open_rows(cast("Store", sight), kept)


def _ways(
    sight: Sight, uids: Sequence[Uid], refuted: Collection[tuple[ClaimId, str]], at: AsOf
) -> Mapping[Uid, Collection[EndKind]]:
    """Return how edges mention these nodes, under the uids that their sources use."""
    if not refuted:
        return finding.end_kinds(sight.rows, uids)  # the server looks at edges faster than we could
    asked = set(uids)
    ways = ways_mentioned(_standing(sight, sight.rows.edge_rows(uids, at.known), refuted), IdentityMap())
    return {uid: found for uid, found in ways.items() if uid in asked}


def _changes(sight: Sight, shown: Mapping[Uid, tuple[list[str], dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return what has to change on each Entity; what it showed and no longer shows is taken away."""
    changes: list[dict[str, Any]] = []
    for uid, labels, keys in sight.run("portraits", uids=sorted(shown)):
        wanted, properties = shown[uid]
        gone = set(keys) - ENTITY_PROPERTIES - properties.keys()
        changes.append(
            {
                "uid": uid,
                "labels": wanted,
                "labels_gone": sorted(set(labels) - _KEPT_LABELS - set(wanted)),
                "properties": dict.fromkeys(sorted(gone)) | properties,
            }
        )
    return changes
