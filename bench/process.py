"""One command as a process of its own: how long it took and how much memory it held at most.

Both come from the operating system, by ``wait4``. On Linux a process inherits the peak of the one
that started it, so whoever measures must stay small: the input is written by processes of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]

_KIB: Final = 1 if sys.platform == "darwin" else 1024
"""What ``ru_maxrss`` counts in: bytes on macOS, KiB on Linux."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a command took: time by the clock, time of a processor, memory at most."""

    seconds: float
    processor_seconds: float
    peak_bytes: int


class CommandFailed(Exception):
    """A command that was to be measured did not end well."""


def measured(command: Sequence[str], folder: Path, output: Path) -> Taken:
    """Run a command in a folder, its output into a file, and return what it took.

    Raises:
        CommandFailed: where it ends with anything but 0; nothing of that kind is a measurement.
    """
    errors = output.with_suffix(".errors")
    with output.open("wb") as out, errors.open("wb") as err:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=err, env=_environment(folder))
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        said = errors.read_text(encoding="utf-8", errors="replace")[-2_000:]
        raise CommandFailed(f"{' '.join(command)} ended with {process.returncode}:\n{said}")
    return Taken(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * _KIB)


def _environment(folder: Path) -> dict[str, str]:
    """Return an environment in which no setting of whoever measures counts."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOLDFAST_")}
    return {**kept, "HOLDFAST_KEY_FILE": str(folder / "key"), "PYTHONPATH": str(ROOT)}
