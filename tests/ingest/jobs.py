"""Short ways to write an input, to run a job on it, and to see what the ledger holds afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graph.ledger.ledger import Ledger
from graph.ledger.operations import EdgeKey
from graph.ledger.port import Store
from graph.model import OPEN_END, Instant, Uid, as_text
from graph.store import open_store
from ingest.fingerprint import Fingerprinter
from ingest.job import run_job
from ingest.options import JobOptions
from ingest.record import ReadContext, Record, Source
from ingest.report import RunReport
from ingest.sources.records import SOURCE as RECORDS
from tests.support.saying import Clock, day

FINGERPRINTS = Fingerprinter(b"k" * 32)


def node(uid: str, kind: str = "Asset", **fields: Any) -> dict[str, Any]:
    return {"node": {"uid": uid, "kind": kind, **fields}}


def edge(subject: str, relation: str, object_: str, **fields: Any) -> dict[str, Any]:
    return {"edge": {"relation": relation, "subject": subject, "object": object_, **fields}}


def section(
    *lines: dict[str, Any], on: int = 1, name: str = "estate", end: bool = True, **scope: Any
) -> list[dict[str, Any]]:
    """The lines of one scope read on a day of January 2026, ended as a complete read unless said."""
    opened = {"scope": {"name": name, "read_at": day(on), **scope}}
    ended = [{"end": {"scope": name, "count": len(lines)}}] if end else []
    return [opened, *lines, *ended]


def d(number: int) -> str:
    """The start of a day of January 2026 as a source would write it."""
    return as_text(day(number))


@dataclass
class Desk:
    """A store, its ledger, and a folder for input."""

    folder: Path
    target: str = ":memory:"
    store: Store = field(init=False)
    ledger: Ledger = field(init=False)
    written: int = 0

    def __post_init__(self) -> None:
        self.use(open_store(self.target))

    def use(self, store: Store) -> None:
        self.store = store
        self.ledger = Ledger(store, clock=Clock())

    def file(self, *lines: dict[str, Any] | str) -> Path:
        """Write lines into a file of their own."""
        self.written += 1
        path = self.folder / f"input-{self.written}.jsonl"
        path.write_text(
            "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines),
            encoding="utf-8",
        )
        return path

    def read(self, *lines: dict[str, Any], on: int = 1, end: bool = True, **options: Any) -> RunReport:
        """Run a job on one section of the scope ``estate``."""
        return self.run(self.file(*section(*lines, on=on, end=end)), **options)

    def run(self, *paths: Path, source: Source = RECORDS, **options: Any) -> RunReport:
        return run_job(self.ledger, source, paths, job_options(**options))

    def told(self) -> list[tuple[str, str, str, str]]:
        """What stands at the head: about what, from, to, and what is said; in order."""
        return told(self.store)

    def spans(self, about: str) -> list[tuple[int, int | None, dict[str, Any]]]:
        """The stretches of a claim about a node (its uid) or an edge, in days of January; None is open."""
        return [
            (_day_of(start), None if end == "open" else _day_of(end), json.loads(content))
            for said, start, end, content in self.told()
            if said == about
        ]

    def when(self, about: str) -> list[tuple[int, int | None]]:
        return [(start, end) for start, end, _ in self.spans(about)]


def job_options(**options: Any) -> JobOptions:
    return JobOptions(**{"actor": "tests", "fingerprints": FINGERPRINTS, "clock": Clock(), **options})


def told(store: Store) -> list[tuple[str, str, str, str]]:
    known = store.head().sequence
    rows = [*store.all_node_rows(known), *store.all_edge_rows(known)]
    return sorted(
        (shown(row.about), as_text(row.valid.start), as_text(row.valid.end), row.content) for row in rows
    )


def shown(about: Uid | EdgeKey) -> str:
    return f"{about.subject} {about.relation} {about.object}" if isinstance(about, EdgeKey) else about


def _day_of(text: str) -> int:
    """The number of a day in January 2026 whose start this is."""
    assert text.endswith("T00:00:00.000Z"), text
    return int(text[8:10]) if text.startswith("2026-01") else -1


@dataclass
class Scripted:
    """A source that says what it was given: for what ``records`` cannot say."""

    records: Sequence[Record | BaseException]
    name: str = "scripted"
    summary: str = "what a test says"
    maps: Sequence[str] = ()
    does_not_map: Sequence[str] = ()
    contexts: list[ReadContext] = field(default_factory=list)

    def read(self, paths: Sequence[Path], context: ReadContext) -> Iterator[Record]:
        self.contexts.append(context)
        for record in self.records:
            if isinstance(record, BaseException):
                raise record
            yield record


OPEN = Instant(OPEN_END)
