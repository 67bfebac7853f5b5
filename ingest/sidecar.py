"""How a file says that it is a whole reading: a second file beside it that names how it was made.

``pods.json`` may have ``pods.json.read.json``:

    {"command": "kubectl get pods -A -o json", "filters": [], "scope": "eu-1",
     "read_at": "2026-11-16T06:00:00Z"}

A reading with filters (a namespace, a label, a limit) is never complete, not even of the
narrower part: what a filter leaves out cannot be told from what is gone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph.errors import Problem
from graph.model import Instant
from ingest.files import STANDARD_INPUT, Unreadable, document, file_name, modified_at
from ingest.folders import expand
from ingest.jsontext import NotJson, parse_json
from ingest.record import Noted, ReadContext, Record, Rejected, Skipped
from ingest.shapes import JsonObject, Misshapen, as_list, as_object, is_misshapen, text_at
from ingest.times import EXPECTED, parse_time

SUFFIX: Final = ".read.json"
_LIMIT: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sidecar:
    """How a file was made: the command, what it filtered by, what it read, and when."""

    command: str
    filters: tuple[str, ...]
    scope: str
    read_at: Instant

    @property
    def why_partial(self) -> str | None:
        """Return why the reading may not be whole; None where nothing was filtered."""
        if not self.filters:
            return None
        return f"it was read with the filters {', '.join(self.filters)}"


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to be read, with what stands beside it."""

    path: Path
    sidecar: Sidecar | None = None

    @property
    def name(self) -> str:
        """Return how the file is called in problems and locators."""
        return file_name(self.path)


def inputs(paths: Sequence[Path], suffixes: Collection[str]) -> Iterator[InputFile | Record]:
    """Yield the files that paths stand for with their sidecars, in order, and what is wrong with those.

    A file that is named is read whatever it is called; of a folder only those with one of
    the suffixes (also with ``.gz`` after it), the others are counted as skipped.
    """
    endings = (*suffixes, *(f"{suffix}.gz" for suffix in suffixes), SUFFIX)
    for found in expand(paths, lambda name: name.endswith(endings)):
        if not isinstance(found, Path):
            yield found
        elif not found.name.endswith(SUFFIX):
            yield from _with_sidecar(found)
        elif not found.with_name(found.name.removesuffix(SUFFIX)).exists():
            yield Skipped("sidecar without its file")


def read_time(file: InputFile, context: ReadContext) -> tuple[Instant, Noted | None]:
    """Return when a file that bears no time of its own was read, and a warning where that is a guess.

    The person who runs the job decides; else the sidecar; else when the file was changed.

    Raises:
        Unreadable: without that person's word, for what has no time of its own, such as standard input.
    """
    if context.read_at is not None:
        return context.read_at, None
    if file.sidecar is not None:
        return file.sidecar.read_at, None
    try:
        changed = modified_at(file.path)
    except OSError:
        problem = Problem(file.name, "", "read_at", "no time at which it was read", "--read-at")
        raise Unreadable(problem) from None
    warning = Noted(
        f"{file.name} does not say when it was read; the time of its last change was taken. "
        f"Give --read-at, or a sidecar {file.name}{SUFFIX}."
    )
    return Instant(changed), warning


def _with_sidecar(path: Path) -> Iterator[InputFile | Record]:
    beside = path.with_name(path.name + SUFFIX)
    if path == STANDARD_INPUT or not beside.exists():
        yield InputFile(path)
        return
    name = file_name(beside)
    try:
        sidecar = _sidecar(as_object(parse_json(document(beside, limit=_LIMIT))))
    except Unreadable as error:
        yield Rejected(error.problem)
    except NotJson as error:
        yield Rejected(Problem(name, f"line {error.line}", "", error.reason, error.expected))
    except Misshapen as fault:
        yield Rejected(Problem(name, "", fault.pointer, fault.reason, fault.expected))
    else:
        yield InputFile(path, sidecar)
        return
    yield InputFile(path)


def _sidecar(body: JsonObject) -> Sidecar:
    time = text_at(body, "read_at")
    try:
        read_at = parse_time(time).moment
    except ValueError as error:
        raise Misshapen("/read_at", str(error), EXPECTED) from None
    if "filters" not in body:
        raise Misshapen(
            "/filters", "nothing stands here", "a list of texts, empty where nothing was filtered"
        )
    filters: list[str] = []
    for i, item in enumerate(as_list(body["filters"], "/filters")):
        if not isinstance(item, str):
            raise is_misshapen(item, "a text", f"/filters/{i}")
        filters.append(item)
    return Sidecar(text_at(body, "command"), tuple(filters), text_at(body, "scope"), read_at)
