"""Reading rows of claims: one list of columns, one way to make a ``StoredRow`` of them.

Collections of any size are passed as one JSON array, so that no limit on the number
of parameters is ever met.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final, TypeAlias

from graph.ledger.operations import EdgeKey, Subject
from graph.ledger.port import StoredRow
from graph.model import Basis, ClaimId, CommitNumber, Interval, RowKey, Scope, SourceInstance, Uid
from graph.vocabulary import End

Lend: TypeAlias = Callable[[], AbstractContextManager[sqlite3.Connection]]
"""Lends a connection; iterators borrow one for each page, never across a yield."""

_SELECT: Final = """
    SELECT c.id, c.key, c.claim_id, p.plugin, p.instance, p.name,
           c.relation, s.uid, o.uid, c.discriminator, c.valid_from, c.valid_to, c.basis,
           c.content, c.content_digest, c.locator, m.run, c.read_at, c.said_in,
           c.recorded_from, c.recorded_to
"""
_CLAIMS: Final = "claims c JOIN uids s ON s.id = c.subject"
_JOINS: Final = """
    LEFT JOIN uids o ON o.id = c.object
    JOIN scopes p ON p.id = c.scope
    LEFT JOIN commits m ON m.sequence = c.said_in
"""
STANDING: Final = "c.recorded_from <= :known AND c.recorded_to > :known"
"""Holds for the rows ``c`` that stood at the commit ``:known``."""

_SUBJECT, _OBJECT = "c.subject = asked.id AND c.object IS NOT NULL", "c.object = asked.id"
_NOT_STORABLE: Final = re.compile("[\x00\ud800-\udfff]")
_PAGE: Final = 2_000


def json_list(texts: Iterable[str]) -> str:
    """Return the texts as a JSON array, without those that no store can hold.

    SQLite would cut a text at a NUL and so find another one.
    """
    return json.dumps([text for text in texts if is_storable(text)], ensure_ascii=False)


def is_storable(text: str) -> bool:
    """Return whether a text could be in the store at all: no NUL, no half surrogate pair."""
    return _NOT_STORABLE.search(text) is None


def select_rows(
    connection: sqlite3.Connection, where: str, parameters: dict[str, Any], *, tables: str = _CLAIMS
) -> list[StoredRow]:
    """Return the rows of ``tables`` (``c`` are claims, ``s`` their subjects) that meet a condition."""
    found = connection.execute(f"{_SELECT} FROM {tables} {_JOINS} WHERE {where}", parameters)
    return [_stored_row(line) for line in found.fetchall()]


def node_rows(
    connection: sqlite3.Connection, uids: Iterable[Uid], known: CommitNumber
) -> Sequence[StoredRow]:
    """Return the standing node rows about exactly these uids."""
    return select_rows(
        connection,
        f"c.object IS NULL AND {STANDING}",
        {"asked": json_list(set(uids)), "known": known},
        tables=_asked("c.subject = asked.id"),
    )


def edge_rows(
    connection: sqlite3.Connection, uids: Iterable[Uid], known: CommitNumber, end: End | None
) -> Sequence[StoredRow]:
    """Return the standing edge rows that name these uids; a row that names two comes once."""
    asked = {"asked": json_list(set(uids)), "known": known}
    found: dict[tuple[str, int], StoredRow] = {}
    for side, condition in ((End.SUBJECT, _SUBJECT), (End.OBJECT, _OBJECT)):
        if end in (None, side):
            rows = select_rows(connection, STANDING, asked, tables=_asked(condition))
            found |= {(row.key, row.recorded_from): row for row in rows}
    return list(found.values())


def edge_rows_between(
    connection: sqlite3.Connection, keys: Iterable[EdgeKey], known: CommitNumber
) -> Sequence[StoredRow]:
    """Return the standing edge rows about exactly these facts."""
    asked = [
        (key.relation, key.subject, key.object, key.discriminator)
        for key in set(keys)
        if all(map(is_storable, (key.relation, key.subject, key.object, key.discriminator)))
    ]
    tables = """
        json_each(:asked) a
        CROSS JOIN uids s ON s.uid = json_extract(a.value, '$[1]')
        CROSS JOIN uids other ON other.uid = json_extract(a.value, '$[2]')
        CROSS JOIN claims c ON c.subject = s.id AND c.object IS NOT NULL AND c.object = other.id
            AND c.relation = json_extract(a.value, '$[0]')
            AND c.discriminator = json_extract(a.value, '$[3]')
    """
    parameters = {"asked": json.dumps(asked, ensure_ascii=False), "known": known}
    return select_rows(connection, STANDING, parameters, tables=tables)


def history(connection: sqlite3.Connection, uid: Uid) -> Sequence[StoredRow]:
    """Return every row about a uid or naming it, oldest first."""
    if not is_storable(uid):
        return []
    wanted = "(SELECT id FROM uids WHERE uid = :uid)"
    where = f"""c.id IN (
        SELECT id FROM claims WHERE object IS NULL AND subject = {wanted}
        UNION SELECT id FROM claims WHERE object IS NOT NULL AND subject = {wanted}
        UNION SELECT id FROM claims WHERE object IS NOT NULL AND object = {wanted}
    ) ORDER BY c.id"""
    return select_rows(connection, where, {"uid": uid})


def claim_history(connection: sqlite3.Connection, claim_id: ClaimId) -> Sequence[StoredRow]:
    """Return every row of a claim, oldest first."""
    if not is_storable(claim_id):
        return []
    return select_rows(connection, "c.claim_id = :claim ORDER BY c.id", {"claim": claim_id})


def scope_rows(
    connection: sqlite3.Connection,
    scope: Scope,
    known: CommitNumber,
    *,
    after: RowKey | None,
    limit: int,
) -> Sequence[StoredRow]:
    """Return the next standing rows of a scope, ordered by key."""
    where = f"""
        c.scope = (SELECT id FROM scopes WHERE plugin = :plugin AND instance = :instance AND name = :name)
        AND c.key > :after AND {STANDING} ORDER BY c.key LIMIT :limit
    """
    parameters = {
        "plugin": scope.source.plugin,
        "instance": scope.source.instance,
        "name": scope.name,
        "known": known,
        "after": after or "",
        "limit": limit,
    }
    return select_rows(connection, where, parameters)


def all_node_rows(lend: Lend, known: CommitNumber | None) -> Iterator[StoredRow]:
    """Yield all standing node rows, or for None all ever recorded, in byte order of the uid."""
    where = f"""
        c.object IS NULL AND {_standing(known)} AND s.uid >= :uid AND (s.uid > :uid OR c.id > :id)
        ORDER BY s.uid, c.id LIMIT {_PAGE}
    """
    # CROSS JOIN fixes the order, so that a page reads along the index of uids and stops.
    yield from _paged(lend, "uids s CROSS JOIN claims c ON c.subject = s.id", where, known)


def all_edge_rows(lend: Lend, known: CommitNumber | None) -> Iterator[StoredRow]:
    """Yield all standing edge rows, or for None all ever recorded, in the order of their recording."""
    where = f"c.object IS NOT NULL AND {_standing(known)} AND c.id > :id ORDER BY c.id LIMIT {_PAGE}"
    yield from _paged(lend, _CLAIMS, where, known)


def _standing(known: CommitNumber | None) -> str:
    return "TRUE" if known is None else STANDING


def _paged(lend: Lend, tables: str, where: str, known: CommitNumber | None) -> Iterator[StoredRow]:
    statement = f"{_SELECT} FROM {tables} {_JOINS} WHERE {where}"
    after: dict[str, Any] = {"known": known, "id": 0, "uid": ""}
    while True:
        with lend() as connection:
            page = connection.execute(statement, after).fetchall()
        yield from map(_stored_row, page)
        if len(page) < _PAGE:
            return
        after |= {"id": page[-1][0], "uid": page[-1][7]}


def _asked(condition: str) -> str:
    """Return tables that join the uids of ``:asked``, by number, to the claims they touch."""
    # CROSS JOIN fixes the order: from the few that were asked for to the many claims.
    return f"""
        json_each(:asked) j
        CROSS JOIN uids asked ON asked.uid = j.value
        CROSS JOIN claims c ON {condition}
        JOIN uids s ON s.id = c.subject
    """


def _stored_row(line: Sequence[Any]) -> StoredRow:
    (_, key, claim_id, plugin, instance, name, relation, subject, object_, discriminator) = line[:10]
    start, end, basis, content, digest, locator, run, read_at, said_in = line[10:19]
    recorded_from, recorded_to = line[19:]
    about: Subject = subject if relation is None else EdgeKey(relation, subject, object_, discriminator)
    return StoredRow(
        key=key,
        claim_id=claim_id,
        scope=Scope(SourceInstance(plugin, instance), name),
        about=about,
        valid=Interval(start, end),
        basis=Basis(basis),
        content=content,
        content_digest=digest,
        locator=locator,
        run=run,
        read_at=read_at,
        said_in=said_in,
        recorded_from=recorded_from,
        recorded_to=recorded_to,
    )
