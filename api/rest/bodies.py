"""Bodies of requests: streamed to a file within bounds, and unpacked there within bounds.

Nothing is kept in memory but a piece at a time. A body is looked at and unpacked before
anything is done with it, so that one that is refused has had no effect.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import IO, Final

from anyio import to_thread
from starlette.requests import ClientDisconnect, Request

from api.rest.problems import Refused

PIECE: Final = 1 << 20
"""Bytes that are written, or unpacked, at a time."""

UNSUSPICIOUS: Final = 64 * PIECE
"""A body may unpack to so many bytes, however small it is."""

MOST_TIMES: Final = 250
"""How many times larger a greater one may become: real input packs to a tenth or a fiftieth."""

MOST_LAYERS: Final = 2
"""A file that is gzip by itself, sent with Content-Encoding: gzip."""

_GZIP: Final = b"\x1f\x8b"
_FAULTS: Final = (EOFError, gzip.BadGzipFile, zlib.error)


def is_packed(request: Request) -> bool:
    """Return whether a request's body is said to be gzip.

    Raises:
        Refused: with 415, for any other encoding.
    """
    encoding = request.headers.get("content-encoding", "").strip().lower()
    if encoding in ("gzip", "x-gzip"):
        return True
    if encoding not in ("", "identity"):
        raise Refused(
            415, "unsupported_encoding", "The body may be plain or gzip.", headers={"accept-encoding": "gzip"}
        )
    return False


async def streamed(request: Request, most: int) -> AsyncIterator[bytes]:
    """Yield a request's body in pieces as they come.

    Raises:
        Refused: for a body of more bytes (413), or one that ends before its end (400).
    """
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > most:
        raise body_too_long(most)
    received = 0
    try:
        async for piece in request.stream():
            received += len(piece)
            if received > most:
                raise body_too_long(most)
            yield piece
    except ClientDisconnect:
        raise Refused(400, "body_cut_off", "The body ended early.") from None


async def receive(request: Request, path: Path, most: int) -> None:
    """Write a request's body to a new file.

    Raises:
        Refused: as `streamed`.
    """
    held = bytearray()
    with path.open("xb") as file:
        async for piece in streamed(request, most):
            held += piece
            if len(held) >= PIECE:
                await to_thread.run_sync(file.write, bytes(held))
                held.clear()
        await to_thread.run_sync(file.write, bytes(held))


def unpack(path: Path, most: int, *, packed: bool) -> None:
    """Unpack a file in its place, if it is gzip or is said to be.

    Raises:
        Refused: for what is no gzip and should be, ends early, has gzip within gzip within gzip (400),
            or unpacks to too much (413).
    """
    for layer in range(MOST_LAYERS + 1):
        with path.open("rb") as file:
            is_gzip = file.read(len(_GZIP)) == _GZIP
        if not is_gzip:
            if packed and layer == 0:
                raise _broken()
            return
        if layer == MOST_LAYERS:
            raise Refused(400, "gzip_in_gzip", f"The body is packed more than {MOST_LAYERS} times.")
        _unpack_once(path, most)


def unpacked(body: bytes, most: int, *, packed: bool) -> bytes:
    """Return a body that is held in memory, unpacked if it is gzip or is said to be.

    Raises:
        Refused: for what should be gzip and is not, or ends early (400), or unpacks to too much (413).
    """
    if not (packed or body.startswith(_GZIP)):
        return body
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as source:
            content = source.read(most + 1)
    except _FAULTS:
        raise _broken() from None
    if not body:
        raise _broken()
    if len(content) > most:
        raise body_too_long(most)
    return content


def _unpack_once(path: Path, most: int) -> None:
    beside = path.with_name(f"{path.name}.unpacking")
    allowed = min(most, max(UNSUSPICIOUS, MOST_TIMES * path.stat().st_size))
    try:
        with gzip.open(path, "rb") as source, beside.open("xb") as target:
            _copy(source, target, allowed, most)
    except _FAULTS:
        raise _broken() from None
    beside.replace(path)


def _copy(source: gzip.GzipFile, target: IO[bytes], allowed: int, most: int) -> None:
    made = 0
    for piece in iter(partial(source.read, PIECE), b""):
        made += len(piece)
        if made > allowed:
            raise body_too_long(most) if allowed == most else _bomb()
        target.write(piece)


def body_too_long(most: int) -> Refused:
    """Return the refusal of a body that is longer than it may be."""
    return Refused(413, "body_too_long", f"The body is longer than {most} bytes; nothing of it was read in.")


def _broken() -> Refused:
    return Refused(400, "broken_gzip", "The body is no gzip stream, or one that ends early.")


def _bomb() -> Refused:
    detail = f"The body unpacks to more than {MOST_TIMES} times its size; nothing of it was read in."
    return Refused(413, "gzip_bomb", detail)
