"""What one transaction sees, in the words of the store's port, so that the ledger's own rules run on it.

Identity and folding are written once, against a store. Inside a write they have to
see what the transaction has written so far: this is that view.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from graph.ledger.kinds import Description
from graph.ledger.personal import Commitment
from graph.ledger.port import ExternalIdRow, RefutationRow, SameAsRow, StoredRow
from graph.model import CommitNumber, Uid
from graph.store.neo4j import decisions, finding
from graph.store.neo4j.database import Run
from graph.store.neo4j.rows import Rows


@dataclass(frozen=True)
class Sight:
    """The part of ``graph.ledger.port.Store`` that identity and folding read."""

    rows: Rows

    @property
    def run(self) -> Run:
        """Return the statement runner of the transaction."""
        return self.rows.run

    def node_rows(self, uids: Collection[Uid], known: CommitNumber) -> Sequence[StoredRow]:
        """Return the node rows about exactly these uids."""
        return self.rows.node_rows(uids, known)

    def personal(self, commitments: Collection[Commitment]) -> Mapping[Commitment, str]:
        """Return the values behind commitments."""
        return finding.personal(self.run, commitments)

    def same_as(self, known: CommitNumber) -> Sequence[SameAsRow]:
        """Return the decisions about identity."""
        return decisions.same_as(self.rows, known)

    def refutations(self, known: CommitNumber) -> Sequence[RefutationRow]:
        """Return the refutations that stood."""
        return decisions.refutations(self.rows, known)

    def descriptions(self, uids: Collection[Uid], known: CommitNumber) -> Sequence[Description]:
        """Return what the node rows about these uids say of their kinds."""
        return finding.descriptions(self.rows, uids, known)

    def shared_external_ids(self, known: CommitNumber) -> Sequence[ExternalIdRow]:
        """Return the rows of every external id that more than one uid asserts."""
        return finding.shared_external_ids(self.rows, known)

    def external_ids_of(self, uids: Collection[Uid], known: CommitNumber) -> Sequence[ExternalIdRow]:
        """Return every external id that these uids assert."""
        return finding.external_ids_of(self.rows, uids, known)
