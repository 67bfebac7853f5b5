"""One write under the lock: what the plan reads, and the appending of the commit it makes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from graph.errors import WriteConflict
from graph.ledger.kinds import Description
from graph.ledger.operations import ClaimRecorded, EdgeKey, Operation
from graph.ledger.personal import PersonalValue
from graph.ledger.port import CoverageRow, EndKind, Mention, RefutationRow, SameAsRow, StoredRow
from graph.model import AsOf, ClaimId, Commit, Head, Instant, RowKey, Scope, Uid
from graph.store.neo4j import applying, decisions, finding, hanging, log, portraits, readings, refuting
from graph.store.neo4j.decisions import NEWEST
from graph.store.neo4j.relationships import NotPrepared
from graph.store.neo4j.rows import Rows
from graph.store.neo4j.sight import Sight
from graph.store.neo4j.statements import FORMERLY


class Neo4jTransaction:
    """A write that has taken the lock; it implements ``graph.ledger.port.Transaction``."""

    def __init__(self, rows: Rows, prepared: frozenset[str]) -> None:
        self._rows = rows
        self._prepared = prepared
        self._tip = log.tip(rows.run)

    @property
    def head(self) -> Head:
        """Return the head under the lock."""
        return self._tip.head

    def rows(self, claim_ids: Collection[ClaimId]) -> Sequence[StoredRow]:
        """Return all standing rows of these claims."""
        return self._rows.of_claims(claim_ids, self._types(), standing=True)

    def rows_by_key(self, keys: Collection[RowKey]) -> Sequence[StoredRow]:
        """Return the standing rows with these keys."""
        return self._rows.of_keys(keys, self._types())

    def descriptions(self, uids: Collection[Uid]) -> Sequence[Description]:
        """Return what every standing node row of these uids says of their kinds."""
        return finding.descriptions(self._rows, uids, NEWEST)

    def end_kinds(self, uids: Collection[Uid]) -> Mapping[Uid, Sequence[EndKind]]:
        """Return, for each uid that standing edge rows mention, the distinct ways those not refuted do."""
        return finding.end_kinds(self._rows, uids)

    def complete_reads(self, scope: Scope) -> Sequence[Instant]:
        """Return the times of every complete read of a scope, in order of time."""
        return readings.complete_reads_of(self._rows.run, scope)

    def mark_complete(self, scope: Scope, read_at: Instant) -> None:
        """Note beside the chain that a scope was read completely."""
        readings.mark_complete(self._rows.run, scope, read_at)

    def mentions(self, scope: Scope, claim_ids: Collection[ClaimId], after: Instant) -> Sequence[Mention]:
        """Return the first mention after a time of each of these claims of a scope, start and content."""
        return readings.mentions(self._rows.run, scope, claim_ids, after)

    def coverage_of(self, scope: Scope) -> Sequence[CoverageRow]:
        """Return what the scope covers so far."""
        return decisions.coverage_of(self._rows, scope)

    def personal_values(self, claim_ids: Collection[ClaimId]) -> Sequence[PersonalValue]:
        """Return the values behind the commitments of these claims that have not been erased."""
        return finding.personal_values(self._rows.run, claim_ids)

    def same_as(self) -> Sequence[SameAsRow]:
        """Return all decisions about identity, oldest first."""
        return decisions.same_as(self._rows, NEWEST)

    def refutations(self, claim_ids: Collection[ClaimId]) -> Sequence[RefutationRow]:
        """Return the standing refutations of these claims."""
        return decisions.standing_refutations(self._rows, claim_ids)

    def append(
        self,
        commit: Commit,
        operations: Sequence[Operation],
        personal: Sequence[PersonalValue],
    ) -> None:
        """Write a commit and apply its operations.

        Raises:
            WriteConflict: where the commit does not follow the head.
            ValueError: for an operation that ends or lifts what does not stand.
            NotPrepared: where relations are used for the first time; the store sees to it.
        """
        if commit.sequence != self.head.sequence + 1:
            raise WriteConflict(commit.sequence - 1, self.head.sequence)
        relations = self._relations_with(operations)
        run, sight = self._rows.run, Sight(self._rows)
        applying.apply(run, commit, operations, personal)
        refuting.move_refuted(self._rows, commit.sequence, operations, (*relations, FORMERLY))
        changed = hanging.rehang_after(sight, commit.sequence, operations)
        at = AsOf(commit.recorded_at, commit.sequence)
        portraits.draw(sight, portraits.touched_by(sight, operations) | changed, at)
        log.write_commit(run, commit, operations, relations)
        self._tip = log.tip(run)

    def _types(self) -> tuple[str, ...]:
        return (*self._tip.relations, FORMERLY)

    def _relations_with(self, operations: Sequence[Operation]) -> tuple[str, ...]:
        """Return the relations in use once these operations are applied."""
        used = {
            o.about.relation
            for o in operations
            if isinstance(o, ClaimRecorded) and isinstance(o.about, EdgeKey)
        }
        new = used - set(self._tip.relations)
        if new - self._prepared:
            raise NotPrepared(frozenset(new))
        return tuple(sorted({*self._tip.relations, *new}))
