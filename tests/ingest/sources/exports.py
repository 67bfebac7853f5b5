"""Short ways to write the files of an export, to read them, and to see what they say.

In expectations an edge is ``subject RELATION object``, with ``?`` and its condition behind it where
it is only possible, and marks in brackets; ends go by the last part of their uids.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from graph.ledger.ledger import Ledger
from graph.model import EdgeFacts, ExternalId, NodeFacts, SourceInstance
from graph.store import open_store
from ingest.fingerprint import Fingerprinter
from ingest.job import run_job
from ingest.options import JobOptions
from ingest.record import ReadContext, Record, Said, ScopeClosed, Source
from ingest.report import RunReport
from ingest.times import parse_time

KEYS = Fingerprinter(b"k" * 32)
READ_AT = parse_time("2026-11-19T06:00:00Z").moment


@dataclass
class Export:
    """A folder of files that are read by one source."""

    source: Source
    folder: Path
    ledger: Ledger = field(init=False)

    def __post_init__(self) -> None:
        self.ledger = Ledger(open_store(":memory:"))

    def put(self, name: str, body: Any, sidecar: Mapping[str, Any] | None = None) -> Path:
        """Write a file, as JSON unless it is a text, and perhaps what stands beside it."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body if isinstance(body, str) else json.dumps(body), encoding="utf-8")
        if sidecar is not None:
            given = {
                "command": "gh api",
                "filters": [],
                "scope": "",
                "read_at": "2026-11-19T06:00:00Z",
                **sidecar,
            }
            path.with_name(f"{path.name}.read.json").write_text(json.dumps(given), encoding="utf-8")
        return path

    def records(self, *paths: Path, complete: bool = True, scope: str | None = None) -> list[Record]:
        """What the source says of the folder, or of some files."""
        context = ReadContext(
            SourceInstance(self.source.name), KEYS, READ_AT, read_at=READ_AT, complete=complete, scope=scope
        )
        return list(self.source.read(paths or [self.folder], context))

    def read(self, *paths: Path, complete: bool = True, **options: Any) -> RunReport:
        """Run a job on the folder, or on some files."""
        given = {"read_at": READ_AT, **options}
        return run_job(
            self.ledger,
            self.source,
            paths or [self.folder],
            JobOptions(actor="tests", fingerprints=KEYS, complete=complete, **given),
        )


def edges(records: list[Record]) -> set[str]:
    """The edges that are said, in words."""
    return {_edge(r) for r in records if isinstance(r, Said) and isinstance(r.claim.about, EdgeFacts)}


def nodes(records: list[Record]) -> dict[str, NodeFacts]:
    """What is said of nodes, by the last part of their uids."""
    said = [r.claim.about for r in records if isinstance(r, Said)]
    return {short(about.uid): about for about in said if isinstance(about, NodeFacts)}


def ids(records: list[Record]) -> list[ExternalId]:
    """The external ids that are given."""
    said = [r.claim.about for r in records if isinstance(r, Said)]
    return [given for about in said if isinstance(about, NodeFacts) for given in about.external_ids]


def partial(records: list[Record]) -> dict[str, str | None]:
    """Why scopes were not read completely; None where they were."""
    return {r.scope.name: r.reason for r in records if isinstance(r, ScopeClosed)}


def short(uid: str) -> str:
    """A uid without its prefix and host, unescaped."""
    named = unquote(uid.split(":", 3)[3])
    return named.replace("https://token.actions.githubusercontent.com/", "").removeprefix("github.com/")


def _edge(said: Said) -> str:
    about = said.claim.about
    assert isinstance(about, EdgeFacts)
    words = f"{short(about.subject)} {about.relation} {short(about.object)}"
    if about.marks:
        words += f" [{', '.join(sorted(about.marks))}]"
    return f"{words} ? {said.claim.condition}" if said.claim.condition else words
