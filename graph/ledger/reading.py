"""Rows of a store, opened and filtered for one commit: what every reading of the ledger begins with.

A ``Picture`` belongs to one commit number. It knows which uids are one thing there
and which claims are refuted, and gives rows with their personal values put back.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from graph.ledger.claims import facts_from_json
from graph.ledger.identity import IdentityMap, identity_at
from graph.ledger.operations import EdgeKey
from graph.ledger.personal import COMMITMENT_FIELD, Commitment, commitments_in, opened
from graph.ledger.port import Store, StoredRow
from graph.model import Claim, ClaimId, ClaimRow, CommitNumber, Uid
from graph.vocabulary import Certainty, End, Origin

_CHUNK: Final = 2_000
"""Rows opened together, so that personal values cost one read of the store a chunk."""


@dataclass(frozen=True)
class Picture:
    """The rows that stood at one commit, with identity and refutations as of that commit."""

    store: Store
    known: CommitNumber
    identity: IdentityMap
    refuted: frozenset[tuple[ClaimId, str]]

    @classmethod
    def at(cls, store: Store, known: CommitNumber) -> Picture:
        """Return the picture of a commit. Cost: the identity decisions and the refutations."""
        refuted = {(row.claim_id, row.content_digest) for row in store.refutations(known)}
        return cls(store, known, identity_at(store, known), frozenset(refuted))

    def node_rows(self, uids: Iterable[Uid]) -> list[ClaimRow]:
        """Return the rows that describe these nodes under any of their uids."""
        return self._standing(self.store.node_rows(self.identity.expand(uids), self.known))

    def edge_rows(self, uids: Iterable[Uid], end: End | None = None) -> list[ClaimRow]:
        """Return the rows of edges at these nodes under any of their uids."""
        return self._standing(self.store.edge_rows(self.identity.expand(uids), self.known, end))

    def edge_rows_between(self, keys: Collection[EdgeKey]) -> list[ClaimRow]:
        """Return the rows about these facts, whichever uids of the ends the sources use."""
        said = {
            EdgeKey(key.relation, subject, object_, key.discriminator)
            for key in keys
            for subject in self.identity.members(key.subject)
            for object_ in self.identity.members(key.object)
        }
        return self._standing(self.store.edge_rows_between(said, self.known))

    def all_node_rows(self) -> Iterator[ClaimRow]:
        """Yield every row that describes a node."""
        return self._stream(self.store.all_node_rows(self.known))

    def all_edge_rows(self) -> Iterator[ClaimRow]:
        """Yield every row of an edge."""
        return self._stream(self.store.all_edge_rows(self.known))

    def _stream(self, rows: Iterator[StoredRow]) -> Iterator[ClaimRow]:
        while chunk := list(islice(rows, _CHUNK)):
            yield from self._standing(chunk)

    def _standing(self, rows: Sequence[StoredRow]) -> list[ClaimRow]:
        if self.refuted:
            rows = [r for r in rows if (r.claim_id, r.content_digest) not in self.refuted]
        return open_rows(self.store, rows)


def open_rows(store: Store, rows: Sequence[StoredRow]) -> list[ClaimRow]:
    """Return rows as claims, with the personal values that have not been erased put back."""
    contents: list[dict[str, Any]] = [json.loads(row.content) for row in rows]
    # Edges hold no personal values: what looks like a commitment there is a text of the source's.
    sealed = [not isinstance(r.about, EdgeKey) and f'"{COMMITMENT_FIELD}"' in r.content for r in rows]
    wanted = {
        c
        for content, is_sealed in zip(contents, sealed, strict=True)
        if is_sealed
        for c in commitments_in(content)
    }
    values: dict[Commitment, Any] = {}
    if wanted:
        values = {c: json.loads(value) for c, value in store.personal(wanted).items()}
    claims: list[ClaimRow] = []
    for row, content, is_sealed in zip(rows, contents, sealed, strict=True):
        said, erased = opened(content, values) if is_sealed else (content, ())
        claims.append(_claim_row(row, said, erased))
    return claims


def _claim_row(row: StoredRow, content: dict[str, Any], erased: tuple[str, ...]) -> ClaimRow:
    claim = Claim(
        scope=row.scope,
        about=facts_from_json(row.about, content),
        valid=row.valid,
        origin=Origin(content.get("origin", Origin.DECLARED)),
        certainty=Certainty(content.get("certainty", Certainty.CERTAIN)),
        condition=content.get("condition"),
        locator=row.locator,
        supports=tuple(ClaimId(c) for c in content.get("supports", ())),
    )
    return ClaimRow(
        key=row.key,
        claim_id=row.claim_id,
        claim=claim,
        basis=row.basis,
        content_digest=row.content_digest,
        run=row.run,
        recorded_from=row.recorded_from,
        recorded_to=row.recorded_to,
        erased=erased,
    )
