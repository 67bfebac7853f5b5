"""What all generators write with: files of each format, and names that look like real ones."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

Json: TypeAlias = dict[str, Any]

READ_AT: Final = "2026-11-19T06:00:00Z"
TEAMS: Final = 20
"""How many teams, groups or namespaces the larger estates are divided into."""


def write_text(path: Path, text: str) -> None:
    """Write a file, and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def write_json(path: Path, body: object) -> None:
    """Write a JSON file, indented as command lines print it."""
    write_text(path, json.dumps(body, indent=1))


def write_lines(path: Path, lines: Iterable[Json]) -> None:
    """Write JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(line)}\n" for line in lines)


def hexadecimal(text: str, length: int = 40) -> str:
    """Return digits that look like chance and are the same for the same text."""
    return hashlib.sha512(text.encode()).hexdigest()[:length]


def guid(text: str) -> str:
    """Return a GUID that is the same for the same text."""
    digits = hexadecimal(text, 32)
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"


def pages(items: Sequence[Json], size: int) -> list[list[Json]]:
    """Return items in pages."""
    return [list(items[start : start + size]) for start in range(0, len(items), size)]
