"""Events on disk until the server has them: one file each, whole or not there, for its owner only."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

SUFFIX: Final = ".json"
REASON: Final = ".reason"
MOST_EVENTS: Final = 10_000
MOST_BYTES: Final = 256 * 1024 * 1024
_UNFINISHED: Final = ".unfinished"
_OLD: Final = 3600.0


class SpoolFull(Exception):
    """There is no room for another event; those that wait are kept."""


def spool_folder(given: Path | str | None, url: str, instance: str | None) -> Path:
    """Return the folder for one destination, so that no event is sent to another one.

    Raises:
        RuntimeError: where there is no home to have it in.
    """
    base = given or os.environ.get("HOLDFAST_SPOOL")
    destination = hashlib.sha256(f"{url}\n{instance or ''}".encode()).hexdigest()[:16]
    folder = Path(base).expanduser() if base else _state_folder() / "holdfast" / "spool"
    return folder.absolute() / destination


def _state_folder() -> Path:
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return Path(local) if local else Path.home() / "AppData" / "Local"
    state = os.environ.get("XDG_STATE_HOME")
    return Path(state) if state else Path.home() / ".local" / "state"


@dataclass
class Spool:
    """The files of one destination. Several processes may use one folder at the same time."""

    folder: Path
    most_events: int = MOST_EVENTS
    most_bytes: int = MOST_BYTES
    lock: FileLock = field(init=False)

    def __post_init__(self) -> None:
        self.lock = FileLock(self.folder / "lock")

    @property
    def refused(self) -> Path:
        """Return the folder for what the server refused."""
        return self.folder / "refused"

    def put(self, event: bytes) -> None:
        """Keep an event; once this returns it outlives the process and a loss of power.

        Raises:
            SpoolFull: where there is no room.
            OSError: where it cannot be written; nothing of it is left.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._check_room(len(event))
        # Names in the order of time; the end keeps two processes apart.
        path = self.folder / f"{time.time_ns():020d}-{os.urandom(6).hex()}{SUFFIX}"
        unfinished = path.with_suffix(_UNFINISHED)
        try:
            _write(unfinished, event)
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise

    def waiting(self) -> list[Path]:
        """Return what is to be sent, the oldest first."""
        try:
            return sorted(path for path in self.folder.iterdir() if path.suffix == SUFFIX)
        except FileNotFoundError:
            return []

    def set_aside(self, path: Path, reason: dict[str, Any]) -> None:
        """Keep an event that the server refused, with its reason beside it."""
        self.refused.mkdir(mode=0o700, exist_ok=True)
        said = self.refused / f"{path.stem}{REASON}"
        said.unlink(missing_ok=True)
        _write(said, json.dumps(reason, indent=2).encode())
        path.replace(self.refused / path.name)

    def take_back(self) -> int:
        """Let what was refused be sent again, and return how many events that is."""
        taken = 0
        for path in sorted(self.refused.glob(f"*{SUFFIX}")):
            path.replace(self.folder / path.name)
            (self.refused / f"{path.stem}{REASON}").unlink(missing_ok=True)
            taken += 1
        return taken

    def clean(self) -> None:
        """Delete what processes that were killed while they wrote have left; only with the lock."""
        for path in self.folder.glob(f"*{_UNFINISHED}"):
            # One that is gone by now was finished, in another thread or process.
            with suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime > _OLD:
                    path.unlink()

    def _check_room(self, size: int) -> None:
        count = total = 0
        for entry in (*_files(self.folder), *_files(self.refused)):
            count += entry.name.endswith(SUFFIX)
            total += entry.stat(follow_symlinks=False).st_size
        if count >= self.most_events or total + size > self.most_bytes:
            raise SpoolFull(f"{count} events in {total} bytes wait or were refused")


def _files(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return [entry for entry in entries if _is_there(entry)]
    except FileNotFoundError:
        return []


def _is_there(entry: os.DirEntry[str]) -> bool:
    """Return whether it is a file and still there; others send and delete at the same time."""
    try:
        entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return False
    return entry.is_file(follow_symlinks=False)


def _write(path: Path, content: bytes) -> None:
    """Write a new file for its owner only, and wait until it is on disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


class FileLock:
    """Keeps other processes from sending the same files at the same time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def take(self) -> bool:
        """Take it, and return whether nobody else had it."""
        if self._descriptor is None:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        return _locked(self._descriptor)

    def release(self) -> None:
        """Let others have it."""
        if self._descriptor is not None:
            _unlock(self._descriptor)

    def forget(self) -> None:
        """Close it without releasing it: in a process that was forked, it is the parent's."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


if sys.platform == "win32":
    import msvcrt

    def _locked(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _locked(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
