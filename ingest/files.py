"""Input files and standard input: plain or gzip, read line by line within bounds.

What cannot be read has a problem that says why. Memory does not grow with a file that is
read by lines, however long the file or one of its lines; a compressed file that unpacks
to far more than it is cannot fill it either.
"""

from __future__ import annotations

import codecs
import errno
import gzip
import io
import os
import sys
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

from graph.errors import Problem
from ingest.jsontext import ascii_safe

LINE_LIMIT: Final = 8 * 1024 * 1024
"""Bytes of the longest line that is read; what a line may say is far shorter."""

DOCUMENT_LIMIT: Final = 1024 * 1024 * 1024
"""Bytes of the largest file that is read as one document, after unpacking."""

STANDARD_INPUT: Final = Path("-")
"""What is piped in. A file of that name is read by another spelling: its absolute path."""

_GZIP: Final = b"\x1f\x8b"
_CHUNK: Final = 1 << 16
_UTF_8_MARK: Final = b"\xef\xbb\xbf"
_UTF_16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_STREAM_FAULTS: Final = (EOFError, gzip.BadGzipFile, zlib.error)


@dataclass
class Unreadable(Exception):
    """A file that cannot be read, or not to its end."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file, from 1. Either its text or the problem that keeps it out is there.

    ``done`` is how many bytes of the file (as it lies there) have been read.
    """

    number: int
    text: str
    problem: Problem | None
    done: int


def modified_at(path: Path) -> int:
    """Return when a file was last changed, in milliseconds since 1970 in UTC.

    Raises:
        OSError: where it cannot be told: of standard input, and of a file dated 1970, as archives
            that leave dates out unpack them, and as what came over the network has it.
    """
    if path == STANDARD_INPUT:
        raise OSError(errno.ESPIPE, "standard input has no time of its own")
    changed = path.stat().st_mtime_ns // 1_000_000
    if changed == 0:
        raise OSError(errno.ENODATA, "the file has no time of its own")
    return changed


def file_name(path: Path) -> str:
    """Return how a file is called in problems and locators: its name without folders, printable."""
    return "standard input" if path == STANDARD_INPUT else ascii_safe(path.name)


def lines(path: Path, *, limit: int = LINE_LIMIT) -> Iterator[Line]:
    """Yield the lines of a UTF-8 file without their ends; a line that cannot be read has a problem.

    A byte order mark at the beginning is passed over, as is nothing else: blank lines
    are lines.

    Raises:
        Unreadable: where the file is not there, may not be read, is UTF-16, or where a
            gzip stream ends early or is broken; the lines before were yielded.
    """
    number = 0
    try:
        with _opened(path) as (stream, raw):
            for number, chunk in enumerate(_chunks(stream, limit), start=1):
                body = chunk.removeprefix(_UTF_8_MARK) if number == 1 else chunk
                if number == 1 and body.startswith(_UTF_16_MARKS):
                    raise Unreadable(_problem(path, "line 1", "text in UTF-16", "UTF-8"))
                yield _line(path, number, body, limit, raw.done)
    except _STREAM_FAULTS:
        place = f"after line {number}" if number else "line 1"
        raise Unreadable(_broken_gzip(path, place)) from None
    except OSError as error:
        raise Unreadable(_problem(path, "", _why(error), "a file that can be read")) from None


def document(path: Path, *, limit: int = DOCUMENT_LIMIT) -> str:
    """Return a whole UTF-8 file as one text, without a byte order mark.

    Raises:
        Unreadable: as ``lines``; also for bytes that are not UTF-8, with the line they
            stand in, and for a file of more than ``limit`` bytes once unpacked.
    """
    try:
        with _opened(path) as (stream, _):
            content = stream.read(limit + 1)
    except _STREAM_FAULTS:
        raise Unreadable(_broken_gzip(path, "")) from None
    except OSError as error:
        raise Unreadable(_problem(path, "", _why(error), "a file that can be read")) from None
    if len(content) > limit:
        raise Unreadable(_problem(path, "", "a document that is too large", f"at most {limit} bytes"))
    if content.startswith(_UTF_16_MARKS):
        raise Unreadable(_problem(path, "line 1", "text in UTF-16", "UTF-8"))
    try:
        return content.removeprefix(_UTF_8_MARK).decode("utf-8")
    except UnicodeDecodeError as error:
        number = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(_problem(path, f"line {number}", "bytes that are not UTF-8", "UTF-8")) from None


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a file's text. ``done`` is how many bytes of the file (as it lies there) have been read."""

    text: str
    done: int


def pieces(path: Path) -> Iterator[Piece]:
    """Yield a UTF-8 file as text in pieces, without a byte order mark; one is in memory at a time.

    Raises:
        Unreadable: as ``document``, but for the size; what stands before was yielded.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    line, first = 1, True
    try:
        with _opened(path) as (stream, raw):
            while chunk := stream.read(_CHUNK):
                if first and chunk.startswith(_UTF_16_MARKS):
                    raise Unreadable(_problem(path, "line 1", "text in UTF-16", "UTF-8"))
                body = chunk.removeprefix(_UTF_8_MARK) if first else chunk
                first = False
                text = _decoded(path, decoder, body, line)
                line += text.count("\n")
                yield Piece(text, raw.done)
            _decoded(path, decoder, b"", line, final=True)
    except _STREAM_FAULTS:
        raise Unreadable(_broken_gzip(path, f"line {line}")) from None
    except OSError as error:
        raise Unreadable(_problem(path, "", _why(error), "a file that can be read")) from None


def _decoded(
    path: Path, decoder: codecs.IncrementalDecoder, chunk: bytes, line: int, *, final: bool = False
) -> str:
    try:
        return decoder.decode(chunk, final)
    except UnicodeDecodeError as error:
        number = line + chunk.count(b"\n", 0, error.start)
        raise Unreadable(_problem(path, f"line {number}", "bytes that are not UTF-8", "UTF-8")) from None


@contextmanager
def _opened(path: Path) -> Generator[tuple[IO[bytes], _Counted]]:
    """Give the stream of a file's content, unpacked where it is gzip, and how much of the file was read."""
    with _raw(path) as raw:
        counted = _Counted(raw)
        buffered = io.BufferedReader(counted, _CHUNK)
        if not counted.is_gzip:
            yield buffered, counted
            return
        with gzip.GzipFile(fileobj=buffered) as unpacked:
            yield cast("IO[bytes]", unpacked), counted


@contextmanager
def _raw(path: Path) -> Generator[IO[bytes]]:
    """Give a file's bytes; standard input is left open, as others may want to read on."""
    if path != STANDARD_INPUT:
        with path.open("rb") as raw:
            yield raw
    elif sys.stdin is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    else:
        yield sys.stdin.buffer


class _Counted(io.RawIOBase):
    """The bytes of a stream that need not be one to go back in, counted; the first ones tell what it is."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self._first = raw.read(len(_GZIP))
        self.is_gzip = self._first == _GZIP
        self.done = 0

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # as it is called
        """Fill a buffer with the next bytes, and return how many there were."""
        piece = self._first or self._raw.read(len(buffer))
        self._first = b""
        buffer[: len(piece)] = piece
        self.done += len(piece)
        return len(piece)


def _chunks(stream: IO[bytes], limit: int) -> Iterator[bytes]:
    """Yield lines without their ends; of one that is too long only its beginning, one byte over."""
    while line := stream.readline(limit + 1):
        rest = line
        while len(rest) > limit and not rest.endswith(b"\n"):
            rest = stream.readline(limit + 1)
        yield line.removesuffix(b"\n").removesuffix(b"\r")


def _line(path: Path, number: int, body: bytes, limit: int, done: int) -> Line:
    if len(body) > limit:
        problem = _problem(path, f"line {number}", "a line that is too long", f"at most {limit} bytes")
        return Line(number, "", problem, done)
    try:
        return Line(number, body.decode("utf-8"), None, done)
    except UnicodeDecodeError as error:
        place = f"line {number}, byte {error.start + 1}"
        return Line(number, "", _problem(path, place, "bytes that are not UTF-8", "UTF-8"), done)


def _broken_gzip(path: Path, place: str) -> Problem:
    return _problem(path, place, "a gzip stream that ends early or is broken", "a whole gzip file")


def _problem(path: Path, place: str, reason: str, expected: str) -> Problem:
    return Problem(file_name(path), place, "", reason, expected)


def _why(error: OSError) -> str:
    """Return why a file could not be opened, without its folders."""
    return (error.strerror or "it cannot be read").lower()
