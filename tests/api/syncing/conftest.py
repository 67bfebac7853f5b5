"""A folder with a settings file, a clock that stands still until it is moved, and syncs in this process."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.session import Session, opened
from api.settings import load
from api.syncing.outcomes import Synced
from api.syncing.sync import SyncOptions, chosen, sync
from graph.ledger.ledger import Ledger
from graph.model import Instant, as_text, instant
from queries.estate import Estate

MORNING = instant(datetime(2026, 11, 19, 6, tzinfo=UTC))
HOUR = 3_600_000


def lines(*nodes: str, read_at: Instant = MORNING, scope: str = "estate", count: bool = True) -> str:
    """A file of records with these assets in it, read completely."""
    head = {"scope": {"name": scope, "source": "records/default", "read_at": as_text(read_at)}}
    said = [{"node": {"uid": uid, "kind": "Asset", "type": "service"}} for uid in nodes]
    end = {"end": {"scope": scope, "count": len(said)}}
    return "".join(json.dumps(line) + "\n" for line in (head, *said, *([end] if count else [])))


@dataclass
class Syncs:
    """Syncs of one folder at times that a test sets."""

    folder: Path
    now: Instant = MORNING

    def configure(self, text: str) -> None:
        (self.folder / "holdfast.toml").write_text(text, encoding="utf-8")

    def write(self, name: str, *nodes: str, read_at: Instant | None = None) -> None:
        (self.folder / name).write_text(lines(*nodes, read_at=read_at or self.now), encoding="utf-8")

    def run(self, *names: str, options: SyncOptions | None = None) -> list[Synced]:
        configuration = load()
        with opened(configuration, begins=True) as found:
            ledger = Ledger(found.store, clock=lambda: self.now)
            session = Session(found.settings, found.store, Estate(ledger, found.estate.cadences))
            wanted = chosen(configuration.sources, names)
            return list(sync(session, wanted, options or SyncOptions(always=bool(names))))

    def states(self, *names: str) -> list[str]:
        return [synced.state.value for synced in self.run(*names)]


@pytest.fixture
def syncs(tmp_path: Path) -> Syncs:
    return Syncs(tmp_path)
