"""Which files paths stand for: a folder for those below it, and for what is passed over there a count."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from graph.errors import Problem
from ingest.files import STANDARD_INPUT, file_name
from ingest.record import Record, Rejected, Skipped

HIDDEN: Final = "hidden file or folder"
OTHER_SORT: Final = "file of another sort in the folder"


def once(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield paths, standard input only where it is named first: it can be read but once."""
    for i, path in enumerate(paths):
        if path != STANDARD_INPUT or STANDARD_INPUT not in paths[:i]:
            yield path


def expand(paths: Sequence[Path], fits: Callable[[str], bool] = bool) -> Iterator[Path | Record]:
    """Yield the files that paths stand for, and what is passed over or cannot be looked into.

    A path to a file stands for itself. A folder stands for all files below it, in order,
    whose names fit; hidden ones are counted, and not looked into.
    """
    for path in once(paths):
        if path != STANDARD_INPUT and _is(path.is_dir, untold=False):
            yield from _below(path, fits)
        else:
            yield path


def size_of(paths: Sequence[Path]) -> int:
    """Return how many bytes the files that paths stand for have, as far as that can be told."""
    total = 0
    for found in expand(paths):
        if isinstance(found, Path):
            try:
                total += found.stat().st_size
            except OSError:
                continue  # whoever reads it tells
    return total


def _below(folder: Path, fits: Callable[[str], bool]) -> Iterator[Path | Record]:
    files: list[Path] = []
    closed: list[OSError] = []
    for place, folders, names in os.walk(folder, onerror=closed.append):
        for name in (*folders, *names):
            if name.startswith("."):
                yield Skipped(HIDDEN)
        folders[:] = [name for name in folders if not name.startswith(".")]
        files += [Path(place, name) for name in names if not name.startswith(".")]
    yield from (Rejected(_closed(error)) for error in closed)
    for path in sorted(path for path in files if _is(path.is_file, untold=True)):
        yield path if fits(path.name) else Skipped(OTHER_SORT)


def _is(check: Callable[[], bool], *, untold: bool) -> bool:
    """Return what a look at a path shows; of one that may not be looked at its reader tells."""
    try:
        return check()
    except OSError:
        return untold


def _closed(error: OSError) -> Problem:
    reason = (error.strerror or "it cannot be looked into").lower()
    return Problem(file_name(Path(str(error.filename))), "", "", reason, "a folder that can be read")
