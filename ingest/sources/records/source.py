"""The source ``records``: files in the documented interchange format, one JSON object a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from graph.errors import Problem
from graph.model import Instant
from ingest.files import Unreadable, file_name, lines, modified_at
from ingest.folders import expand
from ingest.jsontext import NotJson, parse_json
from ingest.record import Noted, ReadContext, Record
from ingest.sources.records.reader import RecordsReader

ENDINGS: Final = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
CUT_OFF: Final = "the file could not be read to its end"

_TELL_EVERY: Final = 256


class RecordsSource:
    """Reads ``.jsonl`` and ``.jsonl.gz``: scope lines, node and edge lines, end lines."""

    name = "records"
    summary = "the interchange format of Holdfast: JSON lines, plain or gzip (docs/records.schema.json)"
    maps = (
        "every kind of node and every relation of the vocabulary, as written",
        "several scopes in one file, each from its scope line to its end line",
        "complete reads: an end line whose count matches, with no line rejected",
    )
    does_not_map = (
        "--complete: only an end line says that a scope was read completely",
        "fields that the format does not have: their line is rejected",
    )

    def read(self, paths: Sequence[Path], context: ReadContext) -> Iterator[Record]:
        """Yield what the files say, file by file; a folder stands for those below it with our endings."""
        if context.complete:
            yield Noted("--complete says nothing to records: a scope is complete by its end line.")
        done = 0
        for path in expand(paths, lambda name: name.endswith(ENDINGS)):
            if not isinstance(path, Path):
                yield path
                continue
            yield from _read_file(path, context, done)
            done += _size(path)
            context.progress(done)


def _read_file(path: Path, context: ReadContext, before: int) -> Iterator[Record]:
    reader = RecordsReader(file_name(path), context, read_at=_modified(path))
    try:
        for line in lines(path):
            if line.problem is not None:
                yield from reader.unreadable(line.problem, line.text)
            elif line.text.strip():
                yield from _read_line(reader, file_name(path), line.number, line.text)
            if line.number % _TELL_EVERY == 0:
                context.progress(before + line.done)
    except Unreadable as error:
        yield reader.rejected(error.problem)
        yield from reader.finish(CUT_OFF)
    yield from reader.finish()


def _read_line(reader: RecordsReader, file: str, number: int, text: str) -> Iterator[Record]:
    position = f"line {number}"
    try:
        value = parse_json(text)
    except NotJson as error:
        place = f"{position}, column {error.column}" if error.column else position
        yield from reader.unreadable(Problem(file, place, "", error.reason, error.expected), text)
        return
    yield from reader.feed(value, position)


def _modified(path: Path) -> Instant | None:
    try:
        return Instant(modified_at(path))
    except OSError:
        return None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


SOURCE: Final = RecordsSource()
