"""Events that were answered for and are not in the ledger yet: one line each, on disk before the answer.

Taking an event waits for the disk and for nothing else, so that it is answered for in time
while a long read holds the ledger. Lines are put to the end of a file; whoever works
them out has the file closed first, and deletes it when all is in the ledger. A line that
was not written to its end was never answered for, and is cut off at the next start.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Final
from urllib.parse import unquote

from api.receiving.spool import Spool
from api.rest.problems import Refused
from graph.model import SourceInstance, as_datetime, now
from ingest.uids import escaped

SOURCE: Final = "openlineage"

MOST_BYTES: Final = 4 * 1024**3
"""How much may wait; then senders are told to come back later."""

SUFFIX: Final = ".jsonl"
_ASIDE: Final = ".failed"
_LONGEST_FOLDER: Final = 200
_TRY_AGAIN: Final = {"retry-after": "10"}


@dataclass(frozen=True, slots=True, order=True)
class Sender:
    """Whose events are kept together: the token that they came with, and the instance they are of."""

    token: str
    instance: str

    @property
    def folder(self) -> str:
        """Return the name of the folder for their files.

        >>> Sender("ci", "eu/1").folder
        'ci@eu%2F1'
        """
        return f"{self.token}@{escaped(self.instance)}"

    @property
    def source(self) -> SourceInstance:
        """Return what they speak as."""
        return SourceInstance(SOURCE, self.instance)

    @property
    def is_storable(self) -> bool:
        """Return whether a folder can bear that name."""
        return len(self.folder) <= _LONGEST_FOLDER

    @classmethod
    def of_folder(cls, name: str) -> Sender:
        """Return the sender whose folder has a name."""
        token, _, instance = name.partition("@")
        return cls(token, unquote(instance, errors="surrogatepass"))


@dataclass
class _Open:
    """A file that lines are put to; ``size`` is what of it is on disk."""

    path: Path
    descriptor: int
    size: int = 0
    events: int = 0

    def append(self, lines: bytes) -> None:
        """Put lines to the end, on disk; where that fails, none of them."""
        left = memoryview(lines)
        try:
            while left:
                left = left[os.write(self.descriptor, left) :]
            os.fsync(self.descriptor)
        except OSError:
            os.ftruncate(self.descriptor, self.size)
            raise
        self.size += len(lines)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A closed file with events of one sender."""

    sender: Sender
    path: Path
    events: int
    size: int


@dataclass
class EventSpool:
    """Takes events, and gives them to whoever works them out. Safe to share between threads."""

    spool: Spool
    _lock: Lock = field(default_factory=Lock)
    _open: dict[Sender, _Open] = field(default_factory=dict[Sender, _Open])
    _closed: list[Waiting] = field(default_factory=list[Waiting])
    _folder: Path | None = None
    _set_aside: int = 0

    @property
    def events(self) -> int:
        """Return how many events wait, as far as is known; those of an earlier time once it was looked."""
        with self._lock:
            return sum(one.events for one in self._open.values()) + sum(one.events for one in self._closed)

    @property
    def set_aside(self) -> int:
        """Return how many events could not be worked out since the start, and are kept for the next one."""
        with self._lock:
            return self._set_aside

    def take(self, sender: Sender, lines: bytes, count: int) -> None:
        """Put events on disk; once this returns, no crash loses them.

        Raises:
            Refused: with 503, where they could not be put there; then none of them was.
        """
        with self._lock:
            folder = self._found()
            if self._size() + len(lines) > MOST_BYTES:
                raise Refused(503, "spool_full", "Too much waits to be worked out.", headers=_TRY_AGAIN)
            try:
                target = self._open.get(sender) or self._begun(folder, sender)
                target.append(lines)
            except OSError:
                self._given_up(sender)
                raise _unusable() from None
            target.events += count

    def closed(self) -> list[Waiting]:
        """Return all that waits; nothing is put to these files any more.

        Raises:
            Refused: where the spool cannot be used.
        """
        with self._lock:
            if self._folder is None and not self.spool.has_lineage():
                return []
            self._found()
            for sender in list(self._open):
                self._close(sender)
            return sorted(self._closed, key=lambda one: (one.sender, one.path.name))

    def done(self, waiting: Waiting) -> None:
        """Delete a file whose events are in the ledger."""
        with self._lock:
            waiting.path.unlink(missing_ok=True)
            self._closed.remove(waiting)

    def put_aside(self, waiting: Waiting) -> None:
        """Keep a file that cannot be worked out until the next start, when it is tried again."""
        with self._lock:
            waiting.path.rename(waiting.path.with_suffix(_ASIDE))
            self._closed.remove(waiting)
            self._set_aside += waiting.events

    def _found(self) -> Path:
        """Return the folder; at the first time what is in it from before is taken up."""
        if self._folder is None:
            folder = self.spool.lineage()
            try:
                self._closed += list(_left(folder))
            except OSError:
                raise _unusable() from None
            self._folder = folder
        return self._folder

    def _size(self) -> int:
        return sum(one.size for one in self._open.values()) + sum(one.size for one in self._closed)

    def _begun(self, folder: Path, sender: Sender) -> _Open:
        place = folder / sender.folder
        if not place.exists():
            place.mkdir(mode=0o700)
            _sync_folder(folder)
        path = place / f"received-{as_datetime(now()):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}{SUFFIX}"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._open[sender] = _Open(path, descriptor)
        _sync_folder(place)
        return self._open[sender]

    def _given_up(self, sender: Sender) -> None:
        """Put nothing more to a file that failed; what is in it was answered for."""
        if sender in self._open:
            self._close(sender)

    def _close(self, sender: Sender) -> None:
        one = self._open.pop(sender)
        os.close(one.descriptor)
        self._closed.append(Waiting(sender, one.path, one.events, one.size))


def _unusable() -> Refused:
    return Refused(503, "spool_unusable", "The event could not be kept.", headers=_TRY_AGAIN)


def _left(folder: Path) -> Iterator[Waiting]:
    """Yield what an earlier server left, without lines that were not written to their end."""
    for place in sorted(folder.iterdir()):
        for path in sorted(place.iterdir()) if place.is_dir() else ():
            if path.suffix == _ASIDE:
                path = path.rename(path.with_suffix(SUFFIX))  # noqa: PLW2901 - the same file
            size, events = _whole_lines(path)
            yield Waiting(Sender.of_folder(place.name), path, events, size)


def _whole_lines(path: Path) -> tuple[int, int]:
    """Cut off what follows the last end of a line, and return how many bytes and lines are left."""
    size = events = 0
    with path.open("r+b") as file:
        for line in file:
            if line.endswith(b"\n"):
                size += len(line)
                events += 1
        file.truncate(size)
    return size, events


def _sync_folder(folder: Path) -> None:
    """Put a folder's list of files on disk, so that a new file is found after a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
