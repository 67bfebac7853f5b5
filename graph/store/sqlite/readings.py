"""When scopes were read, and what the readings said that stood already: beside the chain.

A claim that reading after reading says again takes one row, from the number of the
first of them to that of the last.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence
from typing import Final

from graph.ledger.port import Mention
from graph.model import ClaimId, Instant, Scope
from graph.store.sqlite.applying import scope_numbers
from graph.store.sqlite.rows import json_list

_GO_ON: Final = """
    UPDATE mentions SET last = :number
    FROM (
        SELECT json_extract(value, '$[0]') AS claim_id, json_extract(value, '$[1]') AS start,
            json_extract(value, '$[2]') AS said
        FROM json_each(:said)
    ) AS now
    WHERE mentions.claim_id = now.claim_id AND mentions.start IS now.start AND mentions.said = now.said
        AND mentions.last = :number - 1
"""
_BEGIN: Final = """
    INSERT INTO mentions
    SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
        :number, :number
    FROM json_each(:said) j
    WHERE NOT EXISTS (
        SELECT 1 FROM mentions m
        WHERE m.claim_id = json_extract(j.value, '$[0]') AND m.start IS json_extract(j.value, '$[1]')
            AND m.said = json_extract(j.value, '$[2]') AND m.first <= :number AND m.last >= :number
    )
"""


def mark_complete(connection: sqlite3.Connection, scope: Scope, read_at: Instant) -> None:
    """Note that a scope was read completely."""
    number, _ = _numbered(connection, scope, read_at)
    connection.execute(
        "UPDATE readings SET complete = TRUE WHERE scope = ? AND read_at = ?", (number, read_at)
    )


def complete_reads_of(connection: sqlite3.Connection, scope: Scope) -> Sequence[Instant]:
    """Return the times of all complete reads of one scope, in order of time, none twice."""
    found = connection.execute(
        """
        WITH asked AS (SELECT id FROM scopes WHERE plugin = ? AND instance = ? AND name = ?)
        SELECT read_at FROM complete_reads WHERE scope IN (SELECT id FROM asked)
        UNION SELECT read_at FROM readings WHERE complete AND scope IN (SELECT id FROM asked)
        ORDER BY read_at
        """,
        (scope.source.plugin, scope.source.instance, scope.name),
    )
    return [read_at for (read_at,) in found.fetchall()]


def add_mentions(connection: sqlite3.Connection, scope: Scope, mentions: Collection[Mention]) -> None:
    """Keep that a reading said these again; each at its time."""
    for read_at in sorted({mention.read_at for mention in mentions}):
        _, number = _numbered(connection, scope, read_at)
        said = {(m.claim_id, m.start, m.said) for m in mentions if m.read_at == read_at}
        asked = {"said": json.dumps(list(said)), "number": number}
        connection.execute(_GO_ON, asked)
        connection.execute(_BEGIN, asked)


def mentions(
    connection: sqlite3.Connection, scope: Scope, claim_ids: Collection[ClaimId], after: Instant
) -> Sequence[Mention]:
    """Return the first mention after a time of each of these claims, starts and contents."""
    found = connection.execute(
        """
        SELECT m.claim_id, m.start, m.said, min(r.read_at)
        FROM scopes p JOIN readings r ON r.scope = p.id AND r.read_at > :after
        CROSS JOIN json_each(:asked) j
        JOIN mentions m ON m.claim_id = j.value AND m.first <= r.number AND m.last >= r.number
        WHERE p.plugin = :plugin AND p.instance = :instance AND p.name = :name
        GROUP BY m.claim_id, m.start, m.said
        """,
        {
            "after": after,
            "asked": json_list(set(claim_ids)),
            "plugin": scope.source.plugin,
            "instance": scope.source.instance,
            "name": scope.name,
        },
    )
    return [Mention(*line) for line in found.fetchall()]


def _numbered(connection: sqlite3.Connection, scope: Scope, read_at: Instant) -> tuple[int, int]:
    """Return the numbers of a scope and of its reading at a time; a new one is given the next."""
    (of_scope,) = scope_numbers(connection, [scope]).values()
    connection.execute(
        """
        INSERT INTO readings SELECT ?1, coalesce(max(number), 0) + 1, ?2, FALSE FROM readings WHERE scope = ?1
        ON CONFLICT DO NOTHING
        """,
        (of_scope, read_at),
    )
    (number,) = connection.execute(
        "SELECT number FROM readings WHERE scope = ? AND read_at = ?", (of_scope, read_at)
    ).fetchone()
    return of_scope, number
