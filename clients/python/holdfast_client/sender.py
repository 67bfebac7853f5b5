"""The thread that sends what is in a spool, also what earlier processes left there."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Condition, Thread
from typing import Final, Literal

from holdfast_client.delivery import Courier, Delivered, Later, RefusedByServer
from holdfast_client.spool import Spool
from holdfast_client.troubles import Troubles, reason_of

FIRST_WAIT: Final = 0.5
LONGEST_WAIT: Final = 60.0
_LOOK_AGAIN: Final = 5.0
"""How often it looks for what other processes, such as forked ones, have left."""

_OTHERS_TURN: Final = 0.2
_LAST_WAIT: Final = 2.0

State = Literal["empty", "hindered", "others"]


@dataclass(frozen=True, slots=True)
class _Round:
    """How a round ended: nothing is left, something hinders, or another process is at it."""

    state: State
    after: float | None = None


class Sender:
    """Sends in the background. Safe to share between threads."""

    def __init__(self, spool: Spool, courier: Courier, troubles: Troubles) -> None:
        self.spool = spool
        self.sent = 0
        self.refused = 0
        self._courier = courier
        self._troubles = troubles
        self._changed = Condition()
        self._thread: Thread | None = None
        self._begun = self._ended = 0
        self._last = _Round("empty")
        self._failures = 0
        self._is_woken = self._is_urgent = self._is_stopping = False

    def start(self) -> None:
        """Start the thread, where it does not run yet."""
        with self._changed:
            if self._thread is None and not self._is_stopping:
                thread = Thread(target=self._run, name="holdfast-client", daemon=True)
                thread.start()
                self._thread = thread

    def wake(self) -> None:
        """Say that there is something new; while the server is in trouble that changes nothing."""
        with self._changed:
            self._is_woken = True
            self._changed.notify_all()

    def stop(self) -> None:
        """Let the thread end after the event that it is at, and wait a little for that."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(_LAST_WAIT)

    def flush(self, seconds: float) -> None:
        """Wait until all that waits is sent, an attempt fails or the time is up.

        An attempt is made at once, however long the thread meant to wait.
        """
        end = time.monotonic() + seconds
        with self._changed:
            wanted = self._begun + 1
            self._is_urgent = True
            self._changed.notify_all()
            while self._thread is not None and self._thread.is_alive():
                is_over = self._ended >= wanted and self._last.state != "others"
                left = end - time.monotonic()
                if is_over or left <= 0:
                    break
                self._changed.wait(left)

    def _run(self) -> None:
        while True:
            with self._changed:
                if self._is_stopping:
                    self._courier.close()
                    return
                self._begun += 1
                self._is_woken = self._is_urgent = False
            try:
                last = self._round()
            except Exception as error:  # noqa: BLE001 - the thread goes on, whatever it was
                self._troubles.tell("events could not be sent", reason_of(error))
                last = _Round("hindered")
            with self._changed:
                self._last, self._ended = last, self._ended + 1
                self._failures = self._failures + 1 if last.state == "hindered" else 0
                self._changed.notify_all()
                self._changed.wait_for(self._is_called, self._pause(last))

    def _is_called(self) -> bool:
        if self._is_stopping or (self._is_urgent and self._last.state != "others"):
            return True
        return self._is_woken and self._last.state == "empty"

    def _pause(self, last: _Round) -> float:
        if last.state == "others":
            return _OTHERS_TURN
        if last.state == "empty":
            return _LOOK_AGAIN
        if last.after is not None:
            return last.after
        longest = min(FIRST_WAIT * 2.0 ** min(self._failures, 10), LONGEST_WAIT)
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 - so that not all try at once

    def _round(self) -> _Round:
        """Send all that waits, until something hinders."""
        if not self.spool.waiting():
            return _Round("empty")
        if not self.spool.lock.take():
            return _Round("others")
        try:
            self.spool.clean()
            for path in self.spool.waiting():
                hindered = self._sent(path)
                if hindered is not None:
                    return _Round("hindered", hindered.after)
                if self._is_stopping:
                    break
        finally:
            self.spool.lock.release()
        return _Round("empty")

    def _sent(self, path: Path) -> Later | None:
        """Send one file; return what hinders, None where it is done with."""
        try:
            event = path.read_bytes()
        except FileNotFoundError:
            return None
        match self._courier.send(event):
            case Delivered():
                self.sent += 1
                path.unlink(missing_ok=True)
            case RefusedByServer(reason):
                self.refused += 1
                self.spool.set_aside(path, reason)
                why = f"{reason['status']} {reason['code']}, see {self.spool.refused}"
                self._troubles.tell("the server refused an event", why)
            case Later(why) as later:
                self._troubles.tell("events wait, as they could not be sent", why)
                return later
        return None
