"""Where claims and relationships hang: at the canonical Entity of their class, and back when it is undone.

The classes are those of ``graph.ledger.identity``. What a source said stays on each
claim and relationship, so that taking a merge back puts everything where it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, cast

from graph.ledger.identity import IdentityMap, identity_at
from graph.ledger.operations import (
    ClaimEnded,
    ClaimRecorded,
    ClaimRefuted,
    EdgeKey,
    NodesMerged,
    NodesUnmerged,
    Operation,
    PersonalErased,
    RefutationLifted,
)
from graph.ledger.port import Store
from graph.model import CommitNumber, Uid
from graph.store.neo4j.applying import ends_of, in_batches, uids_of, use_entities
from graph.store.neo4j.database import Line
from graph.store.neo4j.rows import by_uid, storable
from graph.store.neo4j.sight import Sight


def rehang_after(sight: Sight, sequence: CommitNumber, operations: Sequence[Operation]) -> set[Uid]:
    """Do what ``rehang`` does, where a commit's operations can have changed a class at all."""
    return rehang(sight, sequence) if _may_change_classes(sight, operations) else set()


def rehang(sight: Sight, known: CommitNumber) -> set[Uid]:
    """Hang everything where it belongs as of a commit; return the uids of classes that changed.

    Cost: the classes of the whole store, and the claims and relationships of the uids
    that moved.
    """
    before = _hung(sight)
    after = identity_at(cast("Store", sight), known)
    changed = after.differences(before)
    moved = {uid for uid in changed if after.canonical(uid) != before.canonical(uid)}
    if moved:
        use_entities(sight.run, changed)  # a merge may name a uid that no source has said yet
        _move(sight, moved, after)
    return changed | {before.canonical(uid) for uid in changed}


def _may_change_classes(sight: Sight, operations: Sequence[Operation]) -> bool:
    decided = NodesMerged | NodesUnmerged | ClaimRefuted | RefutationLifted | PersonalErased
    if any(isinstance(o, decided) for o in operations):
        return True
    described = {
        uid
        for o in operations
        if isinstance(o, ClaimRecorded | ClaimEnded) and not isinstance(o.about, EdgeKey)
        for uid in uids_of(o.about)
    }
    return bool(described and sight.run("uids_sharing_external_ids", uids=storable(described)))


def _hung(sight: Sight) -> IdentityMap:
    """Return the classes as things hang now."""
    canonical = by_uid(sight.run("aliases"))
    members: dict[Uid, list[Uid]] = defaultdict(list)
    for uid, root in canonical.items():
        members[root].append(uid)
    canonical |= {root: root for root in members}
    return IdentityMap(canonical, {root: tuple(sorted([root, *uids])) for root, uids in members.items()})


def _move(sight: Sight, moved: Collection[Uid], after: IdentityMap) -> None:
    lines = sight.rows.edge_lines(moved, None)
    claims = [{"uid": uid, "canonical": after.canonical(uid)} for uid in sorted(moved)]
    in_batches(sight.run, "rehang_claims", claims)
    _rehang_edges(sight, lines, after)
    in_batches(sight.run, "make_aliases", [c for c in claims if c["uid"] != c["canonical"]])
    sight.run("unmake_aliases", uids=[c["uid"] for c in claims if c["uid"] == c["canonical"]])


def _rehang_edges(sight: Sight, lines: Sequence[Line], after: IdentityMap) -> None:
    by_type: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in lines:
        key, kind, relation, subject, object_, discriminator = line[0], *line[3:8]
        about = EdgeKey(relation or kind, subject, object_, discriminator or "")
        canonical = {uid: after.canonical(uid) for uid in (subject, object_)}
        by_type[kind].append({"key": key} | ends_of(about, canonical))
    for kind, rows in sorted(by_type.items()):
        rows.sort(key=lambda row: (row["subject"], row["object"]))
        in_batches(sight.run, "rehang_edges", rows, kind)
