"""A folder of files for others: for their owner only, each whole or not at all, and last the manifest.

The manifest says of what the files are an export (commit, dates, rules) and has the SHA-256 and
the count of each. A folder without a manifest was not finished.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from graph.errors import InvalidQuestion

MANIFEST: Final = "manifest.json"


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written: its name, how many things it holds, its size and its digest."""

    name: str
    count: int
    size: int
    sha256: str


@dataclass
class Folder:
    """A folder in which files are made."""

    path: Path
    written: list[Written] = field(default_factory=list[Written])

    @classmethod
    def new(cls, path: Path) -> Folder:
        """Return a new folder, or an empty one that is there.

        Raises:
            InvalidQuestion: where something is in it already, or it cannot be made.
        """
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if any(path.iterdir()):
                raise InvalidQuestion("out", f"there is something in {path} already", "a new or empty folder")
        except OSError as error:
            raise InvalidQuestion("out", f"{path}: {error.strerror}", "a folder that can be made") from None
        return cls(path)

    def write(self, name: str, lines: Iterable[str], count: int) -> Written:
        """Write a file of lines and note it; under another name until it is whole.

        Cost: its lines are never all in memory.
        """
        digest, size = hashlib.sha256(), 0
        unfinished = self.path / f"{name}.unfinished"
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            for line in lines:
                piece = f"{line}\n".encode("utf-8", "surrogatepass")
                file.write(piece)
                digest.update(piece)
                size += len(piece)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self.path / name)
        written = Written(name, count, size, digest.hexdigest())
        self.written.append(written)
        return written

    def finish(self, said: dict[str, Any]) -> None:
        """Write the manifest: what is said of the export, and every file."""
        files = [
            {"name": w.name, "count": w.count, "bytes": w.size, "sha256": w.sha256} for w in self.written
        ]
        text = json.dumps({**said, "files": files}, indent=2, allow_nan=False)
        self.write(MANIFEST, [text], len(files))
