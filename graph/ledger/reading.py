"""Rows of a store, opened and filtered for one commit: what every reading of the ledger begins with.

A ``Picture`` belongs to one commit number. It knows which uids are one thing there
and which claims are refuted, and gives rows with their personal values put back.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from graph.ledger.canonical import canonical_text
from graph.ledger.identity import IdentityMap, identity_at
from graph.ledger.opening import open_rows
from graph.ledger.operations import EdgeKey
from graph.ledger.port import Store, StoredRow
from graph.model import ClaimId, ClaimRow, CommitNumber, Uid
from graph.vocabulary import End

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

    def all_node_rows(self, words: Collection[str] = ()) -> Iterator[ClaimRow]:
        """Yield every row that describes a node; with words, those in whose content one stands by itself.

        A word is the name of a property, a whole text, a scheme. Rows without any are not even
        opened, which is most of the cost of a row.
        """
        rows = self.store.all_node_rows(self.known)
        if words:
            quoted = re.compile("|".join(re.escape(canonical_text(word)) for word in sorted(words)))
            rows = (row for row in rows if quoted.search(row.content))
        return self._stream(rows)

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
