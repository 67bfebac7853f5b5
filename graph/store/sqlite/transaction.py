"""One write under the lock: what the plan reads, and the appending of the commit it makes."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from graph.errors import WriteConflict
from graph.ledger.kinds import Description
from graph.ledger.operations import Operation
from graph.ledger.personal import PersonalValue
from graph.ledger.port import CoverageRow, EndKind, Mention, RefutationRow, SameAsRow, StoredRow
from graph.model import (
    OPEN_RECORD,
    ClaimId,
    Commit,
    Head,
    Instant,
    RowKey,
    Scope,
    SourceInstance,
    Uid,
)
from graph.store.sqlite import applying, decisions, finding, log, readings
from graph.store.sqlite.decisions import NEWEST
from graph.store.sqlite.rows import json_list, select_rows
from graph.vocabulary import End, Kind

_STANDS_NOW: Final = f"c.recorded_to = {OPEN_RECORD}"
_COUNTS: Final = f"""{_STANDS_NOW} AND NOT EXISTS (
        SELECT 1 FROM refutations f WHERE f.claim_id = c.claim_id
            AND f.content_digest = c.content_digest AND f.recorded_to = {OPEN_RECORD}
    )"""
_END_KINDS: Final = f"""
    SELECT asked.uid, 'subject', c.relation, c.subject_kind, p.plugin, p.instance
    FROM json_each(:asked) j CROSS JOIN uids asked ON asked.uid = j.value
    CROSS JOIN claims c ON c.subject = asked.id AND c.object IS NOT NULL AND {_COUNTS}
    JOIN scopes p ON p.id = c.scope
    UNION
    SELECT asked.uid, 'object', c.relation, c.object_kind, p.plugin, p.instance
    FROM json_each(:asked) j CROSS JOIN uids asked ON asked.uid = j.value
    CROSS JOIN claims c ON c.object = asked.id AND c.object IS NOT NULL AND {_COUNTS}
    JOIN scopes p ON p.id = c.scope
"""


class SqliteTransaction:
    """A write that has begun; it implements ``graph.ledger.port.Transaction``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @property
    def head(self) -> Head:
        """Return the head under the lock."""
        return log.head(self._connection)

    def rows(self, claim_ids: Collection[ClaimId]) -> Sequence[StoredRow]:
        """Return all standing rows of these claims."""
        where = f"c.claim_id IN (SELECT value FROM json_each(:asked)) AND {_STANDS_NOW}"
        return select_rows(self._connection, where, {"asked": json_list(set(claim_ids))})

    def rows_by_key(self, keys: Collection[RowKey]) -> Sequence[StoredRow]:
        """Return the standing rows with these keys."""
        where = f"c.key IN (SELECT value FROM json_each(:asked)) AND {_STANDS_NOW}"
        return select_rows(self._connection, where, {"asked": json_list(set(keys))})

    def descriptions(self, uids: Collection[Uid]) -> Sequence[Description]:
        """Return what every standing node row of these uids says of their kinds."""
        return finding.descriptions(self._connection, uids, NEWEST)

    def end_kinds(self, uids: Collection[Uid]) -> Mapping[Uid, Sequence[EndKind]]:
        """Return, for each uid that standing edge rows mention, the distinct ways those not refuted do."""
        found = self._connection.execute(_END_KINDS, {"asked": json_list(set(uids))})
        mentioned: dict[Uid, list[EndKind]] = {}
        for uid, end, relation, said, plugin, instance in found.fetchall():
            kind = None if said is None else Kind(said)
            way = EndKind(relation, End(end), kind, str(SourceInstance(plugin, instance)))
            mentioned.setdefault(uid, []).append(way)
        return mentioned

    def complete_reads(self, scope: Scope) -> Sequence[Instant]:
        """Return ``read_at`` of every complete read of a scope, in order of time."""
        return readings.complete_reads_of(self._connection, scope)

    def mark_complete(self, scope: Scope, read_at: Instant) -> None:
        """Note beside the chain that a scope was read completely."""
        readings.mark_complete(self._connection, scope, read_at)

    def mentions(self, scope: Scope, claim_ids: Collection[ClaimId], after: Instant) -> Sequence[Mention]:
        """Return the first mention after a time of each of these claims of a scope, start and content."""
        return readings.mentions(self._connection, scope, claim_ids, after)

    def coverage_of(self, scope: Scope) -> Sequence[CoverageRow]:
        """Return what the scope covers so far."""
        return decisions.coverage(self._connection, NEWEST, scope)

    def personal_values(self, claim_ids: Collection[ClaimId]) -> Sequence[PersonalValue]:
        """Return the values behind the commitments of these claims that have not been erased."""
        found = self._connection.execute(
            """
            SELECT commitment, claim_id, field, salt, value FROM personal
            WHERE claim_id IN (SELECT value FROM json_each(?))
            """,
            (json_list(set(claim_ids)),),
        )
        return [PersonalValue(*line) for line in found.fetchall()]

    def same_as(self) -> Sequence[SameAsRow]:
        """Return all decisions about identity, oldest first."""
        return decisions.same_as(self._connection, NEWEST)

    def refutations(self, claim_ids: Collection[ClaimId]) -> Sequence[RefutationRow]:
        """Return the standing refutations of these claims."""
        return decisions.refutations(self._connection, NEWEST, claim_ids)

    def append(
        self,
        commit: Commit,
        operations: Sequence[Operation],
        personal: Sequence[PersonalValue],
    ) -> None:
        """Write a commit and apply its operations.

        Raises:
            WriteConflict: for a commit that does not follow the head.
            ValueError: for an operation that ends or lifts what does not stand.
        """
        head = self.head
        if (commit.sequence, commit.previous) != (head.sequence + 1, head.hash):
            raise WriteConflict(commit.sequence - 1, head.sequence)
        log.write_commit(self._connection, commit, operations)
        applying.apply(self._connection, commit.sequence, operations, personal)
