"""Whether what a store shows of nodes to people is what their claims come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from graph.ledger.fold import described_kind, fold_node, mentioned_kind, ways_mentioned
from graph.ledger.port import Portrait, Store
from graph.ledger.reading import Picture
from graph.ledger.verifying.entry import Break, Table
from graph.model import AsOf, ClaimRow, CommitNumber, Head, Instant, NodeFacts, Uid
from graph.vocabulary import Kind

_PAGE: Final = 500


def check_portraits(store: Store, head: Head) -> Break | None:
    """Return the first node that is shown otherwise than its claims tell, as of the moment it states.

    Up to a head: a node that a later commit drew anew is left for the next time. Cost: the
    rows of all nodes, in a store that shows any; kind, type and name are compared.
    """
    after: Uid | None = None
    picture: Picture | None = None
    while page := store.portraits(after, _PAGE):
        picture = picture or Picture.at(store, head.sequence)
        fault = _fault_in(page, picture, head)
        if fault is not None:
            # Once more, as an erasure may have come between reading what is shown and what is told.
            fault = _fault_in(store.portraits(after, _PAGE), picture, head)
        if fault is not None:
            return fault
        after = page[-1].uid
    return None


def _fault_in(page: Sequence[Portrait], picture: Picture, head: Head) -> Break | None:
    newest = picture.store.head().recorded_at
    for portrait in page:
        if portrait.shown_at is None or portrait.shown_at > newest:
            return _wrong(portrait.uid, "is shown as of no commit's moment")
    settled = [portrait for portrait in page if (portrait.shown_at or 0) <= head.recorded_at]
    canonical = {portrait.uid: picture.identity.canonical(portrait.uid) for portrait in settled}
    told = _told({uid for uid in canonical if canonical[uid] == uid}, picture)
    kinds = _kinds(told, picture)
    for portrait in settled:
        uid = canonical[portrait.uid]
        if uid != portrait.uid:
            wanted = _alias(portrait, uid)
        else:
            wanted = _portrait(portrait, told[uid], kinds[uid], picture.known)
        if portrait != wanted:
            return _wrong(portrait.uid, "is not shown as its claims tell it")
    return None


def _told(uids: set[Uid], picture: Picture) -> dict[Uid, list[ClaimRow]]:
    told: dict[Uid, list[ClaimRow]] = {uid: [] for uid in uids}
    for row in picture.node_rows(uids):
        if isinstance(row.claim.about, NodeFacts):
            told[picture.identity.canonical(row.claim.about.uid)].append(row)
    return told


def _kinds(told: Mapping[Uid, Sequence[ClaimRow]], picture: Picture) -> dict[Uid, Kind]:
    undescribed = [uid for uid, rows in told.items() if not rows]
    ways = ways_mentioned(picture.edge_rows(undescribed), picture.identity) if undescribed else {}
    return {uid: described_kind(rows) or mentioned_kind(ways.get(uid, ())) for uid, rows in told.items()}


def _alias(shown: Portrait, canonical: Uid) -> Portrait:
    """Return what should be shown of a uid that another one stands for: only which."""
    return Portrait(
        shown.uid, canonical, Kind.UNKNOWN.value, None, None, described=False, shown_at=shown.shown_at
    )


def _portrait(shown: Portrait, rows: Sequence[ClaimRow], kind: Kind, known: CommitNumber) -> Portrait:
    """Return what should be shown of a node as of the moment that its portrait states."""
    at = AsOf(Instant(shown.shown_at or 0), known)
    node = fold_node(shown.uid, (shown.uid,), kind, [row for row in rows if row.holds(at)])
    return Portrait(node.uid, None, node.kind.value, node.type, node.name, node.described, shown.shown_at)


def _wrong(uid: Uid, what: str) -> Break:
    return Break(Table.PORTRAITS, None, f"the node {uid} {what}")
