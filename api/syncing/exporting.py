"""Running the commands that make the files to be read; of what they print only its length is told.

An export may hold secrets, and what a failing tool prints may, too: neither is ever logged or
shown. The file changes only when the command has succeeded, so that half an export is never
read as a whole one.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from api.syncing.configured import Export
from graph.duration import Duration
from graph.model import Instant

_GRACE: Final = 5.0
"""Seconds that a command has to end once it is asked to."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What came of a command. ``why`` says why there is no new file; None where there is one."""

    program: str
    began_at: Instant
    exit_code: int | None
    stdout_bytes: int
    stderr_bytes: int
    why: str | None = None


def export(wanted: Export, clock: Callable[[], Instant]) -> Exported:
    """Run a command to its end and put what it printed into its file, dated as of its beginning.

    The command gets the environment without Holdfast's own variables, which may hold the
    store's password. It is ended, with all that it started, when its time is up.
    """
    began = clock()
    program = Path(wanted.command[0]).name
    folder = None if wanted.output is None else wanted.output.parent
    try:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".export-", delete=False) as file:
            made = Path(file.name)
            try:
                return _run(wanted, program, began, file, made)
            finally:
                made.unlink(missing_ok=True)
    except OSError as error:
        reason = (error.strerror or "it cannot be run").lower()
        return Exported(program, began, None, 0, 0, f"{program} cannot be run: {reason}")


def seconds_of(length: Duration, start: Instant) -> float:
    """Return how many seconds a length of time has from a moment on."""
    return (length.after(start) - start) / 1000


def _run(wanted: Export, program: str, began: Instant, file: IO[bytes], made: Path) -> Exported:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HOLDFAST_")}
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(  # noqa: S603 - who configures the command runs it
            wanted.command,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=complaints,
            env=environment,
            start_new_session=True,
        )
        code: int | None = None
        try:
            code = process.wait(seconds_of(wanted.timeout, began))
        except subprocess.TimeoutExpired:
            pass
        finally:
            if code is None:
                _end(process)
        out, err = made.stat().st_size, os.fstat(complaints.fileno()).st_size
    why = _why_not(program, code, out, err)
    if why is None and wanted.output is not None:
        os.utime(made, (began / 1000, began / 1000))
        made.replace(wanted.output)
    return Exported(program, began, code, out, err, why)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a command with all that it started: politely, and what does not listen for good."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE)


def _why_not(program: str, code: int | None, out: int, err: int) -> str | None:
    printed = f"{out} bytes on standard output, {err} on standard error"
    if code is None:
        return f"{program} was ended when its time was up ({printed})"
    if code != 0:
        return f"{program} ended with exit code {code} ({printed})"
    return None
