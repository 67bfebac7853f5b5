"""Files that are one JSON document each: read strictly, with the time of their reading beside them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph.errors import Problem
from graph.model import Instant
from ingest.files import Unreadable, document
from ingest.jsontext import NotJson, parse_json
from ingest.record import ReadContext, Record, Rejected
from ingest.redaction import Json
from ingest.shapes import Misshapen
from ingest.sidecar import InputFile, inputs, read_time

NOT_SAID: Final = "nobody says that it is whole (--complete, or a sidecar)"
"""Why a document that tells nothing of its own completeness ends nothing."""

_JSON: Final = (".json",)


@dataclass(frozen=True, slots=True)
class Document:
    """One file with the value that stands in it, and when it was read."""

    file: InputFile
    body: Json
    read_at: Instant

    def problem(self, fault: Misshapen, position: str = "") -> Problem:
        """Return what is wrong with a part of it, for the report."""
        return Problem(self.file.name, position, fault.pointer, fault.reason, fault.expected)

    def why_partial(self, context: ReadContext) -> str | None:
        """Return why it may not be the whole of what was asked for; None where somebody says that it is."""
        if self.file.sidecar is not None:
            return self.file.sidecar.why_partial
        return None if context.complete else NOT_SAID


def _json(file: InputFile, text: str) -> Json:  # noqa: ARG001 - JSON is read alike in every file
    return parse_json(text)


def documents(
    paths: Sequence[Path],
    context: ReadContext,
    suffixes: Collection[str] = _JSON,
    parse: Callable[[InputFile, str], Json] = _json,
) -> Iterator[Document | Record]:
    """Yield the documents that paths stand for, in order, and what is wrong with the others.

    ``parse`` makes a file's value of its text, and may raise NotJson. One of them is in memory
    at a time, unless the caller keeps it.
    """
    done = 0
    for found in inputs(paths, suffixes):
        if not isinstance(found, InputFile):
            yield found
            continue
        yield from _read(found, context, parse)
        done += found.path.stat().st_size if found.path.exists() else 0
        context.progress(done)


def _read(
    file: InputFile, context: ReadContext, parse: Callable[[InputFile, str], Json]
) -> Iterator[Document | Record]:
    try:
        body = parse(file, document(file.path))
        read_at, warning = read_time(file, context)
    except Unreadable as error:
        yield Rejected(error.problem)
    except NotJson as error:
        place = f"line {error.line}" if error.line else ""
        yield Rejected(Problem(file.name, place, "", error.reason, error.expected))
    else:
        if warning is not None:
            yield warning
        yield Document(file, body, read_at)
