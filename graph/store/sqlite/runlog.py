"""Beside the chain: the run log, values that change at every look, and retained payloads."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from graph.errors import InvalidValue
from graph.ledger.port import RawRecord, RunRecord, VolatileValue
from graph.model import Instant, Scope, SourceInstance, Uid
from graph.store.sqlite.applying import scope_numbers
from graph.store.sqlite.rows import Lend, is_storable, json_list

_PAGE: Final = 500


def add_run(connection: sqlite3.Connection, record: RunRecord, volatile: Sequence[VolatileValue]) -> int:
    """Append a run with what it read completely and what it saw in passing; return its position.

    Raises:
        InvalidValue: for a run that read a scope completely and does not say when.
    """
    if record.completed and record.read_at is None:
        raise InvalidValue("read_at", "nothing", "the time of reading, as scopes were read completely")
    completed = [[s.source.plugin, s.source.instance, s.name] for s in record.completed]
    (position,) = connection.execute(
        """
        INSERT INTO runs (run, source, read_at, started_at, finished_at, completed, report)
        VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING position
        """,
        (
            record.run,
            record.source,
            record.read_at,
            record.started_at,
            record.finished_at,
            json.dumps(completed, ensure_ascii=False),
            record.report,
        ),
    ).fetchone()
    numbers = scope_numbers(connection, record.completed)
    connection.executemany(
        "INSERT INTO complete_reads VALUES (?, ?)",
        [(numbers[scope], record.read_at) for scope in record.completed],
    )
    _keep_newest(connection, volatile)
    return int(position)


def runs(connection: sqlite3.Connection, before: int | None, limit: int) -> Sequence[RunRecord]:
    """Return the newest runs first."""
    found = connection.execute(
        """
        SELECT position, run, source, read_at, started_at, finished_at, completed, report
        FROM runs WHERE ?1 IS NULL OR position < ?1 ORDER BY position DESC LIMIT ?2
        """,
        (before, limit),
    )
    return [
        RunRecord(
            position=position,
            run=run,
            source=source,
            read_at=read_at,
            started_at=started_at,
            finished_at=finished_at,
            completed=_scopes(completed),
            report=report,
        )
        for position, run, source, read_at, started_at, finished_at, completed, report in found.fetchall()
    ]


def complete_reads(connection: sqlite3.Connection) -> Mapping[Scope, Sequence[Instant]]:
    """Return the times of all complete reads by scope, in order of time."""
    found = connection.execute(
        """
        SELECT p.plugin, p.instance, p.name, r.read_at
        FROM complete_reads r JOIN scopes p ON p.id = r.scope ORDER BY r.scope, r.read_at
        """
    )
    reads: dict[Scope, list[Instant]] = {}
    for plugin, instance, name, read_at in found.fetchall():
        reads.setdefault(Scope(SourceInstance(plugin, instance), name), []).append(read_at)
    return reads


def volatile_of(connection: sqlite3.Connection, uids: Iterable[Uid]) -> Sequence[VolatileValue]:
    """Return the newest value of each volatile property of these uids."""
    found = connection.execute(
        """
        SELECT uid, name, value, observed_at, run FROM volatile
        WHERE uid IN (SELECT value FROM json_each(?)) ORDER BY uid, name
        """,
        (json_list(set(uids)),),
    )
    return [VolatileValue(*line) for line in found.fetchall()]


def add_raw(connection: sqlite3.Connection, records: Sequence[RawRecord]) -> Sequence[str]:
    """Keep the payloads that are not kept yet; return the digests that were new, in order."""
    statement = """
        INSERT INTO raw (source, group_name, digest, occurred_at, arrived_at, payload, redacted)
        VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, digest) DO NOTHING
    """
    return [r.digest for r in records if connection.execute(statement, _raw_line(r)).rowcount]


def raw(lend: Lend, source: str, group: str) -> Iterator[RawRecord]:
    """Yield a group's payloads by (occurred_at, digest), a page at a time."""
    if not (is_storable(source) and is_storable(group)):
        return
    statement = f"""
        SELECT source, group_name, digest, occurred_at, arrived_at, payload, redacted FROM raw
        WHERE source = :source AND group_name = :group AND (occurred_at, digest) > (:occurred_at, :digest)
        ORDER BY occurred_at, digest LIMIT {_PAGE}
    """
    after: dict[str, Any] = {"source": source, "group": group, "occurred_at": -(2**63), "digest": ""}
    while True:
        with lend() as connection:
            page = connection.execute(statement, after).fetchall()
        yield from map(_raw_record, page)
        if len(page) < _PAGE:
            return
        after |= {"digest": page[-1][2], "occurred_at": page[-1][3]}


def _keep_newest(connection: sqlite3.Connection, volatile: Sequence[VolatileValue]) -> None:
    connection.executemany(
        """
        INSERT INTO volatile VALUES (?, ?, ?, ?, ?) ON CONFLICT (uid, name) DO UPDATE
        SET value = excluded.value, observed_at = excluded.observed_at, run = excluded.run
        WHERE excluded.observed_at >= volatile.observed_at
        """,
        [(v.uid, v.name, v.value, v.observed_at, v.run) for v in volatile],
    )


def _raw_line(record: RawRecord) -> tuple[str | int | bytes, ...]:
    return (
        record.source,
        record.group,
        record.digest,
        record.occurred_at,
        record.arrived_at,
        zlib.compress(record.payload.encode()),
        json.dumps(record.redacted, ensure_ascii=False),
    )


def _raw_record(line: Sequence[Any]) -> RawRecord:
    source, group, digest, occurred_at, arrived_at, payload, redacted = line
    return RawRecord(
        source=source,
        group=group,
        digest=digest,
        occurred_at=occurred_at,
        arrived_at=arrived_at,
        payload=zlib.decompress(payload).decode(),
        redacted=tuple(json.loads(redacted)),
    )


def _scopes(stored: str) -> tuple[Scope, ...]:
    return tuple(
        Scope(SourceInstance(plugin, instance), name) for plugin, instance, name in json.loads(stored)
    )
