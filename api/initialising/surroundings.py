"""What can be seen from the current folder and the environment: names of things, and no values."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from ingest.registry import source_names


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where somebody stands. ``variables`` are the names of those that have a value; the values are not here.

    ``sources`` are the installed plug-ins; ``has_program`` and ``has_package`` tell whether
    something can be run or imported.
    """

    folder: Path
    home: Path
    variables: frozenset[str]
    sources: frozenset[str]
    has_program: Callable[[str], bool]
    has_package: Callable[[str], bool]

    def named(self, *names: str) -> list[str]:
        """Return which of these variables have a value, in this order."""
        return [name for name in names if name in self.variables]

    def files(self, *patterns: str) -> list[str]:
        """Return the files of these patterns below the current folder, by their paths from there, in order.

        Names that are no plain text are left out: they could not be written down.
        """
        found = {path for pattern in patterns for path in self.folder.glob(pattern) if _is_file(path)}
        names = sorted(path.relative_to(self.folder).as_posix() for path in found)
        return [name for name in names if name.isprintable()]

    def at_home(self, *names: str) -> list[str]:
        """Return which of these files are in the home folder, as ``~/name``."""
        return [f"~/{name}" for name in names if _is_file(self.home / name)]

    def lines_of(self, name: str) -> Iterator[str]:
        """Yield the lines of a small text file below the current folder; none where it cannot be read."""
        try:
            yield from (self.folder / name).read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return


def here() -> Surroundings:
    """Return the surroundings of this process."""
    return Surroundings(
        folder=Path.cwd(),
        home=Path(os.path.expanduser("~")),  # noqa: PTH111 - Path.home() raises where there is none
        variables=frozenset(name for name, value in os.environ.items() if value),
        sources=frozenset(source_names()),
        has_program=lambda name: shutil.which(name) is not None,
        has_package=lambda name: find_spec(name) is not None,
    )


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False
