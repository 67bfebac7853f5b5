"""Works out in the background what was received, and keeps trying where the ledger cannot be written."""

from __future__ import annotations

import time
from itertools import groupby
from threading import Event, Thread
from typing import Final

from api.access.gate import Gate
from api.access.tokens import actor_of
from api.errors import LOG, without_text
from api.ingesting import read_in
from api.receiving.events import EventSpool, Sender, Waiting
from api.rest.problems import Refused
from api.session import Session
from ingest.options import JobOptions, Progress
from ingest.report import RunState
from ingest.sources.openlineage.received import ReceivedEvents

FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 60.0
"""Seconds between two attempts; the pause doubles from the first to the longest."""

_SOURCE: Final = ReceivedEvents()


def rest_after(seconds: float) -> float:
    """Return how long to let events gather after working for so long: half of the time is enough.

    In a large ledger one event may cost as much as a thousand do together.

    >>> rest_after(0.2), rest_after(8.0), rest_after(900.0)
    (0.0, 8.0, 60.0)
    """
    return 0.0 if seconds < FIRST_PAUSE else min(seconds, LONGEST_PAUSE)


class Worker:
    """One thread that works out what waits, whenever it is told that something does."""

    def __init__(self, session: Session, gate: Gate, events: EventSpool) -> None:
        self._session = session
        self._gate = gate
        self._events = events
        self._something_waits = Event()
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="lineage", daemon=True)

    def start(self) -> None:
        """Begin, with what an earlier server left."""
        self._something_waits.set()
        self._thread.start()

    def tell(self) -> None:
        """Say that something waits."""
        self._something_waits.set()

    def stop(self, seconds: float) -> None:
        """End at the next step; what is not done by then stays for the next start."""
        self._stopping.set()
        self._something_waits.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    @property
    def is_alive(self) -> bool:
        """Return whether it has not ended yet."""
        return self._thread.is_alive()

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while True:
            self._something_waits.wait()
            if self._stopping.is_set():
                return
            self._something_waits.clear()
            began = time.monotonic()
            if self._all_done():
                pause = FIRST_PAUSE
                self._stopping.wait(rest_after(time.monotonic() - began))
                continue
            self._something_waits.set()
            self._stopping.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _all_done(self) -> bool:
        """Work out all that waits; return whether no attempt has to be repeated."""
        try:
            waiting = self._events.closed()
        except Refused as refused:
            LOG.warning("what was received waits: %s", refused.code)
            return False
        groups = groupby(waiting, key=lambda one: one.sender)
        done = [self._is_done(sender, list(files)) for sender, files in groups]
        return all(done)

    def _is_done(self, sender: Sender, files: list[Waiting]) -> bool:
        """Work out what waits of one sender, by itself: what keeps it waiting keeps no other."""
        from api.syncing.locks import Busy

        try:
            self._work_out(sender, files)
        except Busy as busy:
            LOG.warning("what was received of %s waits: %s", sender.source, busy)
        except Exception as error:  # noqa: BLE001 - one failure must not end the thread for good
            name = type(error).__name__
            LOG.error("what was received waits: %s", name, exc_info=without_text(error))
        else:
            return True
        return False

    def _work_out(self, sender: Sender, files: list[Waiting]) -> None:
        from api.syncing.locks import reading

        options = JobOptions(
            actor=actor_of(sender.token),
            fingerprints=self._gate.fingerprints,
            instance=sender.instance,
            progress=self._stop_if_asked,
        )
        try:
            with reading(self._session.settings, sender.source):
                report = read_in(self._session, _SOURCE, [one.path for one in files], options)
        except KeyboardInterrupt:
            return
        if report.state is RunState.INTERRUPTED:
            return
        for one in files:
            if report.state is RunState.FAILED:
                LOG.warning("run %s failed: its events are kept until the next start", report.run)
                self._events.put_aside(one)
            else:
                self._events.done(one)

    def _stop_if_asked(self, progress: Progress) -> None:  # noqa: ARG002 - how far it came does not matter
        if self._stopping.is_set():
            raise KeyboardInterrupt  # how a job is told to log what it did, and to end
