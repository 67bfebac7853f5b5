"""How many things a file of an export says it holds, in its last line; a file that was cut off has none."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any, Final

_LONGEST_LINE: Final = 64 * 1024
_CSV: Final = re.compile(r"#end,(\d{1,18})\r?")
_GRAPHML: Final = re.compile(r"<!-- end: (\d{1,18}) nodes, (\d{1,18}) edges -->")


def count_in(path: Path) -> int | None:
    """Return the count that a file ends with; None where its end is missing or is of no known form."""
    last = _last_line(path)
    if last is None:
        return None
    if path.suffix == ".csv":
        found = _CSV.fullmatch(last)
        return None if found is None else int(found[1])
    if path.suffix == ".graphml":
        found = _GRAPHML.fullmatch(last)
        return None if found is None else int(found[1]) + int(found[2])
    return _of_json(last) if path.suffix == ".jsonl" else None


def _last_line(path: Path) -> str | None:
    """Return the last line; None where it was not written to its end, or is too long for one."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _LONGEST_LINE))
        ending = file.read()
    if not ending.endswith(b"\n"):
        return None
    before, _, last = ending[:-1].rpartition(b"\n")
    is_whole = bool(before) or size <= _LONGEST_LINE
    return last.decode("utf-8", "replace") if is_whole else None


def _of_json(line: str) -> int | None:
    """Return the count of a last line in JSON: an end of records, or an event that completes the export."""
    try:
        said: Any = json.loads(line)
    except ValueError:
        return None
    match said:
        case {"end": {"count": int(count)}}:
            return count
        case {"run": {"facets": {"holdfast_export": {"events": int(events)}}}}:
            return events
        case _:
            return None
