"""The run log, what was seen in passing, and retained payloads: kept beside the chain of commits."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from graph.errors import InvalidValue
from graph.ledger.canonical import short_digest
from graph.ledger.port import RawRecord, RunRecord, VolatileValue
from graph.model import OPEN_RECORD, Instant, Scope, SourceInstance, Uid
from graph.store.neo4j.applying import use_scopes
from graph.store.neo4j.database import Database, Line, Run
from graph.store.neo4j.rows import Rows, storable
from graph.store.neo4j.shape import is_storable, scope_id, sort_key

_PAGE: Final = 200
_BEFORE_ALL: Final = Instant(-(2**63))


def add_run(run: Run, record: RunRecord, volatile: Sequence[VolatileValue]) -> int:
    """Append a run under the lock on the head; return its position.

    Raises:
        InvalidValue: for a run that read a scope completely and does not say when.
    """
    if record.completed and record.read_at is None:
        raise InvalidValue("read_at", "nothing", "the time of reading, as scopes were read completely")
    ((position,),) = run("count_run")
    completed = [[s.source.plugin, s.source.instance, s.name] for s in record.completed]
    run(
        "add_run",
        position=position,
        run=record.run,
        source=record.source,
        read_at=record.read_at,
        started_at=record.started_at,
        finished_at=record.finished_at,
        completed=json.dumps(completed, ensure_ascii=False),
        report=record.report,
    )
    use_scopes(run, record.completed)
    run("add_complete_reads", position=position, scopes=[scope_id(s) for s in record.completed])
    run("keep_volatile", rows=[_volatile_row(value) for value in _in_order_of_time(volatile)])
    return int(position)


def runs(run: Run, before: int | None, limit: int) -> Sequence[RunRecord]:
    """Return the newest runs first."""
    newest = OPEN_RECORD if before is None else before
    return [
        RunRecord(
            position=position,
            run=run_id,
            source=source,
            read_at=read_at,
            started_at=started_at,
            finished_at=finished_at,
            completed=_scopes(completed),
            report=report,
        )
        for position, run_id, source, read_at, started_at, finished_at, completed, report in run(
            "runs", before=newest, limit=limit
        )
    ]


def complete_reads(rows: Rows) -> Mapping[Scope, Sequence[Instant]]:
    """Return the times of all complete reads by scope, in order of time."""
    lines = rows.run("complete_reads")
    scopes = rows.scopes.of(rows.run, (identifier for identifier, _ in lines))
    reads: dict[Scope, list[Instant]] = {}
    for identifier, read_at in lines:
        reads.setdefault(scopes[identifier], []).append(read_at)
    return reads


def volatile_of(run: Run, uids: Iterable[Uid]) -> Sequence[VolatileValue]:
    """Return the newest value of each volatile property of these uids."""
    found = [VolatileValue(*line) for line in run("volatile", uids=storable(uids))]
    return sorted(found, key=lambda value: (value.uid, value.name))


def add_raw(run: Run, records: Sequence[RawRecord]) -> Sequence[str]:
    """Keep the payloads that are not kept yet; return the digests that were new, in order."""
    by_id: dict[str, RawRecord] = {}
    for record in records:
        by_id.setdefault(short_digest([record.source, record.digest]), record)
    known = {identifier for (identifier,) in run("known_raw", ids=sorted(by_id))}
    new = {identifier: record for identifier, record in by_id.items() if identifier not in known}
    run("add_raw", rows=[_raw_row(identifier, record) for identifier, record in new.items()])
    return [record.digest for record in new.values()]


def raw(database: Database, source: str, group: str) -> Iterator[RawRecord]:
    """Yield a group's payloads by (occurred_at, digest), a page at a time."""
    if not (is_storable(source) and is_storable(group)):
        return
    asked: dict[str, object] = {"group": short_digest([source, group]), "limit": _PAGE}
    occurred_at, digest = _BEFORE_ALL, ""
    while True:
        page = database.read(_page_of_raw(asked | {"occurred_at": occurred_at, "digest": digest}))
        for source_, group_, digest_, occurred, arrived, payload, redacted in page:
            yield RawRecord(source_, group_, digest_, occurred, arrived, payload, tuple(redacted))
        if len(page) < _PAGE:
            return
        digest, occurred_at = sort_key(page[-1][2]), page[-1][3]


def _page_of_raw(asked: Mapping[str, object]) -> Callable[[Run], list[Line]]:
    return lambda run: run("raw", **asked)


def _in_order_of_time(volatile: Sequence[VolatileValue]) -> list[VolatileValue]:
    return sorted(volatile, key=lambda value: value.observed_at)


def _volatile_row(value: VolatileValue) -> dict[str, object]:
    return {
        "id": short_digest([value.uid, value.name]),
        "uid": value.uid,
        "name": value.name,
        "value": value.value,
        "observed_at": value.observed_at,
        "run": value.run,
    }


def _raw_row(identifier: str, record: RawRecord) -> dict[str, object]:
    return {
        "id": identifier,
        "source": record.source,
        "group": record.group,
        "group_id": short_digest([record.source, record.group]),
        "digest": record.digest,
        "sort_key": sort_key(record.digest),
        "occurred_at": record.occurred_at,
        "arrived_at": record.arrived_at,
        "payload": record.payload,
        "redacted": list(record.redacted),
    }


def _scopes(stored: str) -> tuple[Scope, ...]:
    return tuple(
        Scope(SourceInstance(plugin, instance), name) for plugin, instance, name in json.loads(stored)
    )
