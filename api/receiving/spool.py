"""The folder in which what was received waits: one server's at a time, and its owner's only."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Final

from api.rest.problems import Refused
from api.session import make_folder_of

_INCOMING: Final = "incoming"
_LINEAGE: Final = "lineage"
_TRY_AGAIN: Final = {"retry-after": "10"}


class Spool:
    """Makes the folder when it is first needed, and holds it until it is closed.

    Bodies that a server which was killed had not read in are deleted: they may hold
    secrets, and their senders have no answer. Events that were answered for stay.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._descriptor: int | None = None

    def incoming(self) -> Path:
        """Return the folder for bodies that are being read in.

        Raises:
            Refused: with 503, where the folder cannot be used, or another server does.
        """
        self._hold()
        return self._made(_INCOMING)

    def lineage(self) -> Path:
        """Return the folder for events; raises as `incoming`."""
        self._hold()
        return self._made(_LINEAGE)

    def clean(self) -> None:
        """Delete bodies that an earlier server left, where there are any and no other server is at work."""
        if (self._folder / _INCOMING).is_dir():
            with suppress(Refused):
                self._hold()

    def has_lineage(self) -> bool:
        """Return whether events may wait from an earlier time; makes nothing."""
        return (self._folder / _LINEAGE).is_dir()

    def close(self) -> None:
        """Let another server have the folder."""
        with self._lock:
            if self._descriptor is not None:
                os.close(self._descriptor)
                self._descriptor = None

    def _hold(self) -> None:
        with self._lock:
            if self._descriptor is not None:
                return
            try:
                self._descriptor = _locked(self._folder)
                shutil.rmtree(self._folder / _INCOMING, ignore_errors=True)
            except BlockingIOError:
                detail = "Another server uses the spool folder; only one can take what is written."
                raise Refused(503, "spool_taken", detail, headers=_TRY_AGAIN) from None
            except OSError:
                raise _unusable() from None

    def _made(self, name: str) -> Path:
        folder = self._folder / name
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
        except OSError:
            raise _unusable() from None
        return folder.absolute()


def _locked(folder: Path) -> int:
    """Make a folder where there is none, and return the descriptor that keeps others out of it."""
    import fcntl  # not on every system, and not needed to read

    make_folder_of(folder)
    folder.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _unusable() -> Refused:
    return Refused(503, "spool_unusable", "The spool folder cannot be used.", headers=_TRY_AGAIN)
