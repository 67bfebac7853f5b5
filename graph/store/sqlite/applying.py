"""Applying a commit's operations to the tables that are read.

Operations of one sort are applied together: first the rows that end, then those that
begin, so that no key ever stands twice.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

from graph.ledger.canonical import canonical_text, sha256_hex
from graph.ledger.findable import external_ids, search_texts
from graph.ledger.operations import (
    ClaimEnded,
    ClaimRecorded,
    ClaimRefuted,
    EdgeKey,
    NodesMerged,
    NodesUnmerged,
    Operation,
    PersonalErased,
    RefutationLifted,
    ScopeCovered,
)
from graph.ledger.personal import Commitment, PersonalValue, commitments_in
from graph.model import OPEN_RECORD, CommitNumber, Scope, Uid
from graph.store.sqlite import finding
from graph.store.sqlite.rows import json_list

_Sort = TypeVar("_Sort")
TEXT_SEPARATOR: Final = "\x00"
"""Between the plain texts of a row; no text holds it."""


def apply(
    connection: sqlite3.Connection,
    sequence: CommitNumber,
    operations: Sequence[Operation],
    personal: Sequence[PersonalValue],
) -> None:
    """Apply the operations of a commit, all inside the caller's transaction.

    Raises:
        ValueError: for an operation that ends or lifts what does not stand.
    """
    _keep_personal(connection, personal)
    recorded, ended = _only(operations, ClaimRecorded), _only(operations, ClaimEnded)
    _end(connection, sequence, [e for e in ended if e.recorded_from < sequence])
    _record(connection, sequence, recorded)
    _end(connection, sequence, [e for e in ended if e.recorded_from >= sequence])
    _cover(connection, sequence, _only(operations, ScopeCovered))
    for operation in operations:
        _decide(connection, sequence, operation)


def scope_numbers(connection: sqlite3.Connection, scopes: Iterable[Scope]) -> dict[Scope, int]:
    """Return the numbers of these scopes; new ones are given one."""
    numbers: dict[Scope, int] = {}
    for scope in dict.fromkeys(scopes):
        said = (scope.source.plugin, scope.source.instance, scope.name)
        connection.execute(
            "INSERT INTO scopes (plugin, instance, name) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", said
        )
        (numbers[scope],) = connection.execute(
            "SELECT id FROM scopes WHERE plugin = ? AND instance = ? AND name = ?", said
        ).fetchone()
    return numbers


def _only(operations: Sequence[Operation], sort: type[_Sort]) -> list[_Sort]:
    return [operation for operation in operations if isinstance(operation, sort)]


def _keep_personal(connection: sqlite3.Connection, personal: Sequence[PersonalValue]) -> None:
    connection.executemany(
        "INSERT INTO personal VALUES (?, ?, ?, ?, ?)",
        [(p.commitment, p.claim_id, p.field, p.salt, p.value) for p in personal],
    )


def _end(connection: sqlite3.Connection, sequence: CommitNumber, ended: Sequence[ClaimEnded]) -> None:
    if not ended:
        return
    changed = connection.executemany(
        f"""
        UPDATE claims SET recorded_to = ? WHERE key = ? AND recorded_from = ?
            AND recorded_to = {OPEN_RECORD}
        """,
        [(sequence, e.key, e.recorded_from) for e in ended],
    ).rowcount
    if changed != len(ended):
        raise ValueError(f"commit {sequence} ends {len(ended)} rows, of which {changed} stand")


def _record(
    connection: sqlite3.Connection, sequence: CommitNumber, recorded: Sequence[ClaimRecorded]
) -> None:
    uids = _uid_numbers(connection, (uid for operation in recorded for uid in _uids(operation)))
    scopes = scope_numbers(connection, (operation.scope for operation in recorded))
    (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM claims").fetchone()
    numbered = list(enumerate(recorded, start=last + 1))
    connection.executemany(
        f"INSERT INTO claims VALUES ({'?, ' * 19}{OPEN_RECORD})",
        [_claim_line(number, operation, sequence, uids, scopes) for number, operation in numbered],
    )
    nodes = [(n, operation) for n, operation in numbered if not isinstance(operation.about, EdgeKey)]
    _make_findable(connection, nodes, uids)


def _uids(operation: ClaimRecorded) -> tuple[Uid, ...]:
    about = operation.about
    return (about.subject, about.object) if isinstance(about, EdgeKey) else (about,)


def _uid_numbers(connection: sqlite3.Connection, uids: Iterable[Uid]) -> dict[Uid, int]:
    """Return the numbers of these uids; new ones are given one."""
    wanted = dict.fromkeys(uids)
    connection.executemany(
        "INSERT INTO uids (uid, folded) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(uid, None if (folded := uid.casefold()) == uid else folded) for uid in wanted],
    )
    found = connection.execute(
        "SELECT u.uid, u.id FROM json_each(?) j CROSS JOIN uids u ON u.uid = j.value", (json_list(wanted),)
    )
    return dict(found.fetchall())


def _claim_line(
    number: int,
    operation: ClaimRecorded,
    sequence: CommitNumber,
    uids: Mapping[Uid, int],
    scopes: Mapping[Scope, int],
) -> tuple[int | str | None, ...]:
    about, content = operation.about, canonical_text(operation.content)
    relation: str | None = None
    object_: int | None = None
    discriminator: str | None = None
    if isinstance(about, EdgeKey):
        relation, object_, discriminator = about.relation, uids[about.object], about.discriminator
    return (
        number,
        operation.key,
        operation.claim_id,
        scopes[operation.scope],
        relation,
        uids[_uids(operation)[0]],
        object_,
        discriminator,
        operation.content.get("kind" if relation is None else "subject_kind"),
        operation.content.get("object_kind"),
        operation.valid.start,
        operation.valid.end,
        operation.basis.value,
        content,
        sha256_hex(content.encode()),
        operation.locator,
        operation.read_at,
        operation.said_in or sequence,
        sequence,
    )


def _make_findable(
    connection: sqlite3.Connection,
    nodes: Sequence[tuple[int, ClaimRecorded]],
    uids: Mapping[Uid, int],
) -> None:
    """Write the external ids and the searchable texts of node rows."""
    values = finding.personal(
        connection, (c for _, operation in nodes for c in commitments_in(operation.content))
    )
    ids: list[tuple[Any, ...]] = []
    texts: list[tuple[Any, ...]] = []
    for number, operation in nodes:
        (uid,) = _uids(operation)
        opened = external_ids(operation.content, values)
        ids.extend((number, uids[uid], i.scheme, i.value, i.commitment) for i in opened)
        texts.extend((number, *line) for line in _text_lines(operation.content, values))
    connection.executemany("INSERT INTO external_ids VALUES (?, ?, ?, ?, ?)", ids)
    connection.executemany("INSERT INTO texts VALUES (?, ?, ?)", texts)


def _text_lines(
    content: Mapping[str, Any], values: Mapping[Commitment, str]
) -> list[tuple[str, Commitment | None]]:
    """Return one line with all plain texts (the uid has its own table), and one for each personal one."""
    found = search_texts(content, values)
    plain = TEXT_SEPARATOR.join(t.text for t in found if t.commitment is None)
    lines: list[tuple[str, Commitment | None]] = [(plain, None)] if plain else []
    lines.extend((t.text, t.commitment) for t in found if t.commitment is not None)
    return lines


def _cover(connection: sqlite3.Connection, sequence: CommitNumber, covered: Sequence[ScopeCovered]) -> None:
    numbers = scope_numbers(connection, (operation.scope for operation in covered))
    connection.executemany(
        """
        INSERT INTO coverage (scope, kinds, relations, read_at, recorded_from, restates)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        [
            (numbers[c.scope], json.dumps(c.kinds), json.dumps(c.relations), c.read_at, sequence, c.restates)
            for c in covered
        ],
    )


def _decide(connection: sqlite3.Connection, sequence: CommitNumber, operation: Operation) -> None:
    """Apply one decision of a person; other operations are passed over."""
    match operation:
        case NodesMerged(uids, reason) | NodesUnmerged(uids, reason):
            same = isinstance(operation, NodesMerged)
            connection.execute(
                "INSERT INTO same_as (first, second, same, recorded_from, reason) VALUES (?, ?, ?, ?, ?)",
                (*uids, same, sequence, reason),
            )
        case ClaimRefuted(claim_id, digest, reason):
            connection.execute(
                f"""
                INSERT INTO refutations (claim_id, content_digest, reason, recorded_from, recorded_to)
                VALUES (?, ?, ?, ?, {OPEN_RECORD})
                """,
                (claim_id, digest, reason, sequence),
            )
        case RefutationLifted():
            _lift(connection, sequence, operation)
        case PersonalErased(uids, commitments):
            _erase(connection, uids, commitments)
        case _:
            pass


def _lift(connection: sqlite3.Connection, sequence: CommitNumber, operation: RefutationLifted) -> None:
    lifted = connection.execute(
        f"""
        UPDATE refutations SET recorded_to = ?, lift_reason = ?
        WHERE claim_id = ? AND content_digest = ? AND recorded_to = {OPEN_RECORD}
        """,
        (sequence, operation.reason, operation.claim_id, operation.content_digest),
    ).rowcount
    if not lifted:
        raise ValueError(f"commit {sequence} lifts a refutation that does not stand")


def _erase(connection: sqlite3.Connection, uids: Sequence[Uid], commitments: Sequence[str]) -> None:
    """Delete values and salts, the texts and external ids that repeat them, and what is kept in passing."""
    for table in ("texts", "external_ids", "personal"):
        connection.execute(
            f"DELETE FROM {table} WHERE commitment IN (SELECT value FROM json_each(?))",
            (json_list(commitments),),
        )
    connection.execute(
        "DELETE FROM volatile WHERE uid IN (SELECT value FROM json_each(?))", (json_list(uids),)
    )
