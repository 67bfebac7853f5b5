"""The worker keeps what it cannot work out now, and goes on with the rest."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api import ingesting
from api.access.gate import Gate
from api.receiving import worker as module
from api.receiving.events import EventSpool, Sender
from api.receiving.spool import Spool
from api.receiving.worker import Worker
from api.session import Session, opened
from api.settings import load
from api.syncing.locks import reading
from graph.errors import StoreUnavailable
from graph.ledger.ledger import Ledger
from graph.model import now
from graph.store import open_store
from ingest.record import ReadContext
from ingest.sources.openlineage.arriving import prepared
from ingest.sources.openlineage.received import ReceivedEvents, spool_line
from tests.ingest.sources.openlineage.world import complete

PATIENCE = 30
SENDER = Sender("ci", "eu")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    open_store(str(tmp_path / "estate.db")).close()
    with opened(load(store=str(tmp_path / "estate.db"))) as session:
        yield session


@pytest.fixture
def waiting(session: Session, tmp_path: Path) -> Iterator[EventSpool]:
    """A spool with one event in it."""
    events = EventSpool(Spool(tmp_path / ".holdfast/spool"))
    put(events, session)
    yield events
    events.spool.close()


def put(events: EventSpool, session: Session, day: float = 1, sender: Sender = SENDER) -> None:
    context = ReadContext(sender.source, session.fingerprints(), now())
    line = spool_line(prepared(json.dumps(complete(day, ["a"], ["b"])), context), now())
    events.take(sender, line, 1)


def until(holds: Any) -> None:
    end, pause = time.monotonic() + PATIENCE, threading.Event()
    while not holds():
        assert time.monotonic() < end
        pause.wait(0.01)


def edges(session: Session) -> list[str]:
    ledger: Ledger = session.ledger
    rows = ledger.store.all_edge_rows(ledger.head().sequence)
    return sorted(row.about.relation for row in rows)  # type: ignore[union-attr]


def test_a_store_that_cannot_be_written_is_tried_again(
    session: Session, waiting: EventSpool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    attempts: list[int] = []
    read_in = ingesting.read_in

    def failing(*given: Any) -> Any:
        attempts.append(1)
        if len(attempts) < 3:
            raise StoreUnavailable("estate.db", "somebody else writes")
        return read_in(*given)

    monkeypatch.setattr(module, "read_in", failing)
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.01)
    worker = Worker(session, Gate(session), waiting)
    worker.start()
    until(lambda: not waiting.events)
    worker.stop(PATIENCE)
    assert len(attempts) == 3
    assert edges(session) == ["READS", "WRITES"]
    assert "what was received waits: StoreUnavailable" in caplog.text


def test_what_breaks_the_source_is_set_aside_and_later_events_go_in(
    session: Session, waiting: EventSpool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    broken = threading.Event()
    read = ReceivedEvents.read

    def breaking(*given: Any) -> Iterator[Any]:
        if not broken.is_set():
            broken.set()
            raise ZeroDivisionError
        yield from read(*given)

    monkeypatch.setattr(ReceivedEvents, "read", breaking)
    worker = Worker(session, Gate(session), waiting)
    worker.start()
    until(broken.is_set)
    until(lambda: not waiting.events)
    assert (edges(session), waiting.set_aside) == ([], 1)
    put(waiting, session, day=2)
    worker.tell()
    until(lambda: not waiting.events)
    worker.stop(PATIENCE)
    assert edges(session) == ["READS", "WRITES"]
    assert [path.suffix for path in (tmp_path / ".holdfast/spool/lineage").rglob("received-*")] == [".failed"]


def test_a_line_that_is_damaged_is_rejected_with_its_place_and_the_rest_goes_in(
    session: Session, waiting: EventSpool
):
    waiting.take(SENDER, b'{"digest": 5}\n', 1)
    put(waiting, session, day=2)
    worker = Worker(session, Gate(session), waiting)
    worker.start()
    until(lambda: not waiting.events)
    worker.stop(PATIENCE)
    report = next(
        found
        for run in session.store.runs(before=None, limit=10)
        if (found := json.loads(run.report))["source"] == "openlineage/eu"
    )
    assert [(one["position"], one["reason"]) for one in report["rejected"]] == [
        ("line 2", "a line that is broken")
    ]
    assert edges(session) == ["READS", "WRITES"]


def test_a_worker_that_ends_leaves_what_is_not_done(session: Session, waiting: EventSpool):
    with session.turn:  # as while something else is read in
        worker = Worker(session, Gate(session), waiting)
        worker.start()
        worker.stop(0.01)
    until(lambda: not worker.is_alive)
    assert waiting.events == 1


def test_what_another_process_reads_waits_until_it_is_done(
    session: Session, waiting: EventSpool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    other = Sender("ci", "us")
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.01)
    put(waiting, session, sender=other)
    worker = Worker(session, Gate(session), waiting)
    with reading(session.settings, SENDER.source):  # as `holdfast sync` does
        worker.start()
        until(lambda: waiting.events == 1)
        until(lambda: "openlineage/eu waits: it is being read by process" in caplog.text)
    until(lambda: not waiting.events)
    worker.stop(PATIENCE)
    assert edges(session) == ["READS", "READS", "WRITES", "WRITES"]
