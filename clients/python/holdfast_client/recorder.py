"""Takes the events of this process: on disk at once, then to the server, and never in anyone's way."""

from __future__ import annotations

import atexit
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from holdfast_client.connection import Token, token_from, url_from
from holdfast_client.delivery import Courier
from holdfast_client.sender import Sender
from holdfast_client.spool import MOST_BYTES, MOST_EVENTS, Spool, spool_folder
from holdfast_client.troubles import LOG, Troubles

NOT_RECORDED: Final = "an event was not recorded"
_FLUSH_SECONDS: Final = 5.0
_YES: Final = frozenset({"1", "true", "yes", "on"})


def is_disabled() -> bool:
    """Return whether HOLDFAST_DISABLED switches all recording off."""
    return os.environ.get("HOLDFAST_DISABLED", "").strip().lower() in _YES


@dataclass(frozen=True, slots=True)
class Status:
    """How far events came. ``sent`` and ``refused`` count this process, ``waiting`` all on this machine.

    ``not_recorded`` are events that are lost: the spool was full or could not be written, or they
    could not be made.
    """

    waiting: int
    sent: int
    refused: int
    not_recorded: int


class Recorder:
    """Where the events of changes go. Making one, and all it does, raises nothing.

    ``url``, ``token`` and ``spool`` are HOLDFAST_URL, HOLDFAST_TOKEN and HOLDFAST_SPOOL if absent.
    ``instance`` says whose events they are (HOLDFAST_INSTANCE); without it the token does.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        token: str | None = None,
        spool: Path | str | None = None,
        instance: str | None = None,
        most_events: int = MOST_EVENTS,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self.troubles = Troubles()
        self._most = (most_events, most_bytes)
        self._spool: Spool | None = None
        self._sender: Sender | None = None
        self._courier: tuple[str, Token | None, str | None] | None = None
        if is_disabled():
            return
        with self.troubles.kept_from_the_pipeline("nothing is recorded"):
            self._prepare(url, token, spool, instance)

    def __repr__(self) -> str:
        return f"<recorder for {self._courier[0] if self._courier else 'nothing'}>"

    def _prepare(
        self, url: str | None, token: str | None, spool: Path | str | None, instance: str | None
    ) -> None:
        address = url_from(url)
        speaks_as = instance or os.environ.get("HOLDFAST_INSTANCE") or None
        bearer: Token | None = None
        with self.troubles.kept_from_the_pipeline("the token cannot be used"):
            bearer = token_from(token)
        events, size = self._most
        self._spool = Spool(spool_folder(spool, address, speaks_as), events, size)
        self._courier = (address, bearer, speaks_as)
        _RECORDERS.add(self)
        self._begin()

    def _begin(self) -> None:
        if self._spool is not None and self._courier is not None:
            self._sender = Sender(self._spool, Courier(*self._courier), self.troubles)
            self._sender.start()

    def take(self, event: bytes) -> None:
        """Keep an event and have it sent; what cannot be kept is counted."""
        if is_disabled():
            return
        with self.troubles.kept_from_the_pipeline(NOT_RECORDED):
            self._kept().put(event)
        with self.troubles.kept_from_the_pipeline("events could not be sent"):
            if self._sender is not None:
                self._sender.start()
                self._sender.wake()

    def _kept(self) -> Spool:
        if self._spool is None:
            raise RuntimeError("it was not set up")
        return self._spool

    def flush(self, seconds: float = _FLUSH_SECONDS) -> bool:
        """Try to send all that waits, for at most so many seconds; return whether nothing waits any more."""
        if self._sender is None:
            return False
        with self.troubles.kept_from_the_pipeline("events could not be sent"):
            self._sender.flush(seconds)
        return not self.status().waiting

    def send_refused_again(self) -> int:
        """Let what the server refused be sent again, and return how many events that is."""
        taken = 0
        with self.troubles.kept_from_the_pipeline("what was refused could not be taken back"):
            if self._spool is not None and self._sender is not None:
                taken = self._spool.take_back()
                self._sender.wake()
        return taken

    def status(self) -> Status:
        """Return how far events came."""
        waiting = 0
        with self.troubles.kept_from_the_pipeline("the spool cannot be read"):
            waiting = 0 if self._spool is None else len(self._spool.waiting())
        sent, refused = (self._sender.sent, self._sender.refused) if self._sender else (0, 0)
        return Status(waiting, sent, refused, self.troubles.counts[NOT_RECORDED])

    def close(self) -> None:
        """Stop sending; what waits stays for the next process."""
        _RECORDERS.discard(self)
        if self._sender is not None:
            self._sender.stop()

    def after_fork(self) -> None:
        """Begin anew in a child: the thread, its connections and its lock are the parent's."""
        if self._spool is not None:
            self._spool.lock.forget()
        self._begin()


_RECORDERS: Final[set[Recorder]] = set()
"""Those that are not closed; each is flushed at exit, also where nobody holds it any more."""


def _at_exit() -> None:
    """Send what waits, within a few seconds for all together; say what was lost."""
    try:
        end = time.monotonic() + float(os.environ.get("HOLDFAST_FLUSH_SECONDS", _FLUSH_SECONDS))
    except ValueError:
        end = time.monotonic() + _FLUSH_SECONDS
    for recorder in list(_RECORDERS):
        if recorder.status().waiting:
            recorder.flush(max(0.0, end - time.monotonic()))
        lost = recorder.status().not_recorded
        if lost:
            LOG.warning("Holdfast: %d events of this process were not recorded", lost)


def _after_fork() -> None:
    for recorder in list(_RECORDERS):
        with recorder.troubles.kept_from_the_pipeline("a forked process records nothing"):
            recorder.after_fork()


atexit.register(_at_exit)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
