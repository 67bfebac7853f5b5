"""Finding uids: by page, by text, by external id; and the personal values that may be erased."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from graph.ledger.kinds import Description
from graph.ledger.personal import Commitment
from graph.ledger.port import ExternalIdRow
from graph.model import CommitNumber, Interval, SourceInstance, Uid
from graph.store.sqlite.rows import STANDING, is_storable, json_list
from graph.vocabulary import Kind

_MENTIONED: Final = f"""(
    EXISTS (SELECT 1 FROM claims c WHERE c.subject = u.id AND c.object IS NULL AND {STANDING})
    OR EXISTS (SELECT 1 FROM claims c WHERE c.subject = u.id AND c.object IS NOT NULL AND {STANDING})
    OR EXISTS (SELECT 1 FROM claims c WHERE c.object = u.id AND c.object IS NOT NULL AND {STANDING})
)"""
_FOUND: Final = f"""(
    instr(coalesce(u.folded, u.uid), :text) > 0 OR u.id IN (
        SELECT c.subject FROM texts t JOIN claims c ON c.id = t.claim
        WHERE instr(t.folded, :text) > 0 AND {STANDING}
    )
)"""
_EXTERNAL_IDS: Final = """
    SELECT e.scheme, e.value, u.uid, c.subject_kind, p.plugin, c.valid_from, c.valid_to
    FROM external_ids e
    JOIN claims c ON c.id = e.claim JOIN uids u ON u.id = e.subject JOIN scopes p ON p.id = c.scope
"""


def page_of_uids(
    connection: sqlite3.Connection,
    known: CommitNumber,
    *,
    after: Uid | None,
    limit: int,
    text: str | None,
) -> Sequence[Uid]:
    """Return the next uids in byte order that standing rows describe or mention."""
    if text is not None and not is_storable(text):
        return []
    # A page may begin after any text, also one that no uid can be.
    bound = (after or "").encode("utf-8", "surrogatepass")
    statement = f"""
        SELECT u.uid FROM uids u
        WHERE u.uid > CAST(:after AS TEXT) AND {_MENTIONED} {f"AND {_FOUND}" if text else ""}
        ORDER BY u.uid LIMIT :limit
    """
    parameters = {"known": known, "after": bound, "limit": limit, "text": text}
    return [Uid(uid) for (uid,) in connection.execute(statement, parameters).fetchall()]


def shared_external_ids(connection: sqlite3.Connection, known: CommitNumber) -> Sequence[ExternalIdRow]:
    """Return the rows of every external id that more than one uid asserts."""
    # The inner query goes along one index to the few values that were ever shared.
    statement = f"""
        {_EXTERNAL_IDS}
        JOIN (
            SELECT scheme, value FROM external_ids GROUP BY scheme, value
            HAVING min(subject) <> max(subject)
        ) shared ON shared.scheme = e.scheme AND shared.value = e.value
        WHERE {STANDING} ORDER BY e.scheme, e.value, u.uid, c.id
    """
    standing = _external_ids(connection, statement, {"known": known})
    asserted_by: dict[tuple[str, str], set[Uid]] = {}
    for row in standing:
        asserted_by.setdefault((row.scheme, row.value), set()).add(row.uid)
    return [row for row in standing if len(asserted_by[row.scheme, row.value]) > 1]


def external_ids_of(
    connection: sqlite3.Connection, uids: Iterable[Uid], known: CommitNumber
) -> Sequence[ExternalIdRow]:
    """Return every external id that these uids assert."""
    statement = f"""
        {_EXTERNAL_IDS}
        WHERE e.subject IN (SELECT id FROM uids WHERE uid IN (SELECT value FROM json_each(:asked)))
            AND {STANDING}
    """
    asked = {"asked": json_list(set(uids)), "known": known}
    return _external_ids(connection, statement, asked)


def find_external_id(
    connection: sqlite3.Connection, scheme: str, value: str, known: CommitNumber
) -> Sequence[ExternalIdRow]:
    """Return who asserts an external id."""
    if not (is_storable(scheme) and is_storable(value)):
        return []
    statement = f"{_EXTERNAL_IDS} WHERE e.scheme = :scheme AND e.value = :value AND {STANDING}"
    return _external_ids(connection, statement, {"scheme": scheme, "value": value, "known": known})


def descriptions(
    connection: sqlite3.Connection, uids: Iterable[Uid], known: CommitNumber
) -> Sequence[Description]:
    """Return what the node rows about these uids say of their kinds."""
    statement = f"""
        SELECT asked.uid, c.subject_kind, c.claim_id, c.content_digest, c.valid_from, c.valid_to,
            p.plugin, p.instance
        FROM json_each(:asked) j CROSS JOIN uids asked ON asked.uid = j.value
        CROSS JOIN claims c ON c.subject = asked.id AND c.object IS NULL AND {STANDING}
        JOIN scopes p ON p.id = c.scope
    """
    found = connection.execute(statement, {"asked": json_list(set(uids)), "known": known}).fetchall()
    return [
        Description(uid, Kind(kind), claim, digest, str(SourceInstance(*source)), Interval(start, end))
        for uid, kind, claim, digest, start, end, *source in found
    ]


def personal(connection: sqlite3.Connection, commitments: Iterable[Commitment]) -> Mapping[Commitment, str]:
    """Return the values behind these commitments that have not been erased."""
    statement = """
        SELECT commitment, value FROM personal
        WHERE commitment IN (SELECT value FROM json_each(?))
    """
    return dict(connection.execute(statement, (json_list(set(commitments)),)).fetchall())


def _external_ids(
    connection: sqlite3.Connection, statement: str, parameters: dict[str, Any]
) -> list[ExternalIdRow]:
    found = connection.execute(statement, parameters).fetchall()
    return [
        ExternalIdRow(scheme, value, Uid(uid), Kind(kind), plugin, Interval(start, end))
        for scheme, value, uid, kind, plugin, start, end in found
    ]
