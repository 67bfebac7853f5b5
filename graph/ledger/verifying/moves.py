"""Whether a store that keeps refuted and ended edges apart keeps apart exactly those, all at their nodes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias, cast

from graph.ledger.identity import IdentityMap, identity_at
from graph.ledger.operations import EdgeKey
from graph.ledger.port import KeptEdge, RefutationRow, Store
from graph.ledger.verifying.entry import Break, Table, row_named
from graph.model import OPEN_RECORD, ClaimId, CommitNumber, Instant

_Judged: TypeAlias = Mapping[tuple[ClaimId, str], Sequence[RefutationRow]]


def check_moves(store: Store, recorded_at: Mapping[CommitNumber, Instant]) -> Break | None:
    """Return the first edge that is not where its ends, its refutations and its own end put it.

    ``recorded_at`` are the times of the commits up to which the log was gone through; what
    later ones recorded, refuted, merged or parted is left for the next time. Cost: all edge
    rows ever recorded, in a store that keeps them apart.
    """
    known = max(recorded_at, default=CommitNumber(0))
    identity, judged = identity_at(store, known), _judged(store)
    for kept in store.kept_edges():
        if not _is_right(kept, judged, recorded_at):
            # Once more, as it may have been refuted after the refutations were read.
            judged = _judged(store)
        if not _is_right(kept, judged, recorded_at) or not _hangs_right(kept, identity, store):
            row = kept.row
            named = row_named(row.key, row.recorded_from)
            return Break(Table.MOVES, row.recorded_from, f"{named} is not kept where it belongs")
    return None


def _hangs_right(kept: KeptEdge, identity: IdentityMap, store: Store) -> bool:
    """Return whether an edge joins the nodes that stand for its ends, or may since a later commit."""
    about = cast("EdgeKey", kept.row.about)
    said = about.subject, about.object
    if kept.ends == (identity.canonical(said[0]), identity.canonical(said[1])):
        return True
    changed = identity_at(store, store.head().sequence).differences(identity)
    return not changed.isdisjoint(said)


def _judged(store: Store) -> _Judged:
    """Return every refutation ever made by what it refutes, oldest first."""
    judged: dict[tuple[ClaimId, str], list[RefutationRow]] = defaultdict(list)
    for row in store.refutations(None):
        judged[row.claim_id, row.content_digest].append(row)
    return judged


def _is_right(kept: KeptEdge, judged: _Judged, recorded_at: Mapping[CommitNumber, Instant]) -> bool:
    row = kept.row
    refutations = judged.get((row.claim_id, row.content_digest), ())
    made = {row.recorded_from, *(refutation.recorded_from for refutation in refutations)}
    lifted = {refutation.recorded_to for refutation in refutations} - {OPEN_RECORD}
    if not made | lifted <= recorded_at.keys():
        return True
    return kept == _expected(kept, refutations, recorded_at[row.recorded_from])


def _expected(kept: KeptEdge, refutations: Sequence[RefutationRow], recorded_at: Instant) -> KeptEdge:
    row = kept.row
    is_belated = row.valid.end <= recorded_at or row.recorded_to == row.recorded_from
    is_refuted = any(refutation.recorded_to == OPEN_RECORD for refutation in refutations)
    return replace(
        kept,
        is_aside=is_belated or is_refuted or row.recorded_to != OPEN_RECORD,
        is_belated=is_belated,
        is_refuted=is_refuted,
        moves=() if is_belated else tuple(_moves(kept, refutations)),
    )


def _moves(kept: KeptEdge, refutations: Sequence[RefutationRow]) -> Iterator[CommitNumber]:
    """Yield the commits that set a row aside and brought it back, while it stood."""
    row = kept.row
    for start, end in _spells(refutations):
        aside_from = max(start, row.recorded_from)
        if aside_from < min(end, row.recorded_to):
            yield aside_from
            if end < row.recorded_to:
                yield end


def _spells(refutations: Sequence[RefutationRow]) -> list[tuple[CommitNumber, CommitNumber]]:
    """Return from which commit to which one something was refuted; lifted and refuted at once, it goes on."""
    spells: list[tuple[CommitNumber, CommitNumber]] = []
    for refutation in refutations:
        start = refutation.recorded_from
        if spells and start <= spells[-1][1]:
            start = spells.pop()[0]
        spells.append((start, refutation.recorded_to))
    return spells
