"""One reader at a time for each source of a store, across processes of one machine.

The lock is the operating system's own on an open file, so it goes with the process that holds
it, however that ends: what a dead process left behind is taken over by whoever comes next. The
file itself stays, and says who holds it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from api.errors import InvalidSetting
from api.session import make_folder_of
from api.settings import Settings, without_password
from graph.model import SourceInstance, as_text, now


class Busy(Exception):
    """Another process is reading this source; the text says which."""


@contextmanager
def reading(settings: Settings, source: SourceInstance) -> Generator[None]:
    """Hold the lock of a source.

    Raises:
        Busy: where another process holds it.
        InvalidSetting: where there can be no lock file.
    """
    path = lock_file(settings, source)
    try:
        make_folder_of(path.parent)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise InvalidSetting("locks_folder", f"cannot be used: {error.strerror}") from None
    try:
        _take(descriptor)
        yield
    finally:
        os.close(descriptor)  # which lets go of the lock, too


def lock_file(settings: Settings, source: SourceInstance) -> Path:
    """Return the lock file of a source on the store that is configured."""
    store = settings.store
    target = without_password(store) if "://" in store else str(Path(store).resolve())
    name = hashlib.sha256(f"{target}\n{settings.store_database or ''}\n{source}".encode()).hexdigest()
    return settings.locks_folder / f"{name[:32]}.lock"


def _take(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 200, 0).decode("ascii", "replace").strip()
        raise Busy(f"it is being read by {holder or 'another process'}") from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"process {os.getpid()} since {as_text(now())}\n".encode(), 0)
