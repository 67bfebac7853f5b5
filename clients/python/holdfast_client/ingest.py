"""Sending what is to be read in: a file, a folder, bytes or records, streamed."""

from __future__ import annotations

import json
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final, TypeAlias
from urllib.parse import quote

import httpx

from holdfast_client.asked import time_text
from holdfast_client.connection import PATIENCE, Connection, json_of, refusal_of
from holdfast_client.errors import NotAllIn, Refused
from holdfast_client.reading import read
from holdfast_client.report import IngestReport

Record: TypeAlias = Mapping[str, Any]
Content: TypeAlias = "Path | bytes | IO[bytes] | Iterable[Record]"
"""A file or a folder, a file that is open for reading, its bytes, or records that become JSON lines."""

_PIECE: Final = 1 << 16
_ARCHIVE: Final = {"content-type": "application/x-tar"}


@dataclass(frozen=True, slots=True)
class Sending:
    """What is said beside the content; as the options of ``holdfast ingest``."""

    instance: str | None = None
    scope: str | None = None
    read_at: datetime | None = None
    complete: bool = False
    allow_closing: bool = False
    file: str | None = None

    def parameters(self) -> dict[str, str]:
        """Return it as it stands in the address."""
        said = {
            "instance": self.instance,
            "scope": self.scope,
            "read_at": None if self.read_at is None else time_text(self.read_at),
            "complete": "true" if self.complete else None,
            "allow_closing": "true" if self.allow_closing else None,
            "file": self.file,
        }
        return {name: value for name, value in said.items() if value is not None}


def send(connection: Connection, source: str, content: Content, sending: Sending) -> IngestReport:
    """Send content to be read in by a source, and return the run's report.

    Raises:
        NotAllIn: where some of it did not go in; the error has the report.
        Refused: where none of it was read.
        NotReached: where no answer came. Sending the same again changes nothing.
    """
    parameters = sending.parameters()
    headers: dict[str, str] = {}
    with ExitStack() as opened:
        if isinstance(content, Path) and content.is_dir():
            body: Iterable[bytes] = _pieces(opened.enter_context(_archive_of(content)))
            headers = _ARCHIVE
        elif isinstance(content, Path):
            parameters.setdefault("file", content.name)
            body = _pieces(opened.enter_context(content.open("rb")))
        else:
            body = _body_of(content)
        path = f"/api/v1/ingest/{quote(source, safe='')}"
        response = connection.send(
            "PUT", path, is_write=True, params=parameters, content=body, headers=headers, timeout=PATIENCE
        )
    if response.status_code == 200:
        return _report(json_of(response))
    raise _refused(refusal_of(response), response)


def _refused(refused: Refused, response: httpx.Response) -> Refused:
    if refused.code == "not_of_holdfast":
        return refused
    report = json_of(response).get("report")
    if report is None:
        return refused
    return NotAllIn(refused.status, refused.code, refused.detail, refused.request_id, _report(report))


def _report(said: object) -> IngestReport:
    return read(IngestReport, said, follow=_no_pages, naming=str)


def _no_pages(place: object) -> Any:  # noqa: ANN401
    raise TypeError(f"a report has no pages ({place})")


def _body_of(content: bytes | IO[bytes] | Iterable[Record]) -> Iterator[bytes]:
    if isinstance(content, bytes | bytearray | memoryview):
        return iter([bytes(content)])
    if isinstance(content, Mapping | str):
        raise TypeError("content is a Path, bytes, an open binary file or several records")
    return _pieces(content) if hasattr(content, "read") else _lines(content)  # type: ignore[arg-type]


def _pieces(file: IO[Any]) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        if not isinstance(piece, bytes):
            raise TypeError("the file is open for text; open it with mode 'rb'")
        yield piece


def _lines(records: Iterable[Any]) -> Iterator[bytes]:
    for record in records:
        if not isinstance(record, Mapping):
            raise TypeError(f"a record is a mapping, not {type(record).__name__}")
        yield json.dumps(record, allow_nan=False, separators=(",", ":")).encode() + b"\n"


def _archive_of(folder: Path) -> IO[bytes]:
    """Return the files of a folder as an archive, in a file that is gone when it is closed."""
    packed = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    try:
        with tarfile.open(fileobj=packed, mode="w") as archive:
            for path in sorted(folder.rglob("*")):
                if path.is_symlink() or not (path.is_file() or path.is_dir()):
                    raise ValueError(f"{path.name} is a link or no file; a folder is sent with plain files")
                if path.is_file():
                    archive.add(path, arcname=path.relative_to(folder).as_posix(), filter=_anonymous)
        packed.seek(0)
    except BaseException:
        packed.close()
        raise
    return packed


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Return an entry without the names of this machine's users."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry
