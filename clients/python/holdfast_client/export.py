"""Exports saved to a folder: whole and as they were sent, or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final, Literal, TypeAlias, cast

from holdfast_client.asked import time_text
from holdfast_client.connection import Connection, refusal_of
from holdfast_client.counting import count_in
from holdfast_client.errors import BrokenExport
from holdfast_client.words import Kind

Form: TypeAlias = Literal["jsonl", "csv", "graphml", "openlineage"]
MANIFEST: Final = "manifest.json"
_PIECE: Final = 1 << 16
_MOST_FILES: Final = 100
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,99}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file of an export, checked: how many things it holds, its size and its digest."""

    path: Path
    count: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Export:
    """A whole export. ``manifest`` says of what: commit, dates, rules, filters, and what is left out."""

    folder: Path
    manifest: Mapping[str, Any]
    files: tuple[ExportedFile, ...]


@dataclass(frozen=True, slots=True)
class Exporting:
    """What is to be in it; as the filters of the questions."""

    kinds: Iterable[Kind] = ()
    environments: Iterable[str] = ()
    min_criticality: int | None = None
    as_of: datetime | None = None
    known_at: datetime | None = None

    def parameters(self) -> dict[str, Any]:
        """Return it as it stands in the address."""
        said: dict[str, Any] = {
            "kind": list(self.kinds),
            "environment": list(self.environments),
            "min_criticality": self.min_criticality,
            "as_of": None if self.as_of is None else time_text(self.as_of),
            "known_at": None if self.known_at is None else time_text(self.known_at),
        }
        return {name: value for name, value in said.items() if value not in (None, [])}


def save(connection: Connection, form: str, folder: Path, exporting: Exporting) -> Export:
    """Save an export to a new or an empty folder.

    Raises:
        FileExistsError: where something is in the folder already.
        Refused: where the server refused it.
        BrokenExport: where it did not arrive whole and as it was sent; nothing of it is kept.
        NotReached: where no answer came, or it broke off; nothing of it is kept.
    """
    folder = folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(f"{folder} is no empty folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Beside the folder, so that renaming makes it appear at once.
    unfinished = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        with tempfile.TemporaryFile(dir=unfinished) as archive:
            _download(connection, form, exporting, archive)
            _unpack(archive, form, unfinished)
        manifest = _manifest(unfinished / MANIFEST)
        files = tuple(_checked(unfinished, said) for said in _listed(manifest, unfinished))
        unfinished.replace(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    moved = (ExportedFile(folder / f.path.name, f.count, f.size, f.sha256) for f in files)
    return Export(folder, manifest, tuple(moved))


def _download(connection: Connection, form: str, exporting: Exporting, archive: IO[bytes]) -> None:
    if not _NAME.fullmatch(form):
        raise ValueError(f"{form!r} is no form of an export")
    with connection.download(f"/api/v1/export/{form}", exporting.parameters()) as response:
        if response.status_code != 200:
            response.read()
            raise refusal_of(response)
        for piece in response.iter_bytes(_PIECE):
            archive.write(piece)
        # Without a length a connection that broke off would look like the end.
        length = response.headers.get("content-length")
        if length is None or archive.tell() != int(length):
            raise BrokenExport("the archive", f"{archive.tell()} bytes of {length}")
    archive.seek(0)


def _unpack(archive: IO[bytes], form: str, folder: Path) -> None:
    """Write the files of an archive; any that could end up elsewhere refuses all."""
    written: set[str] = set()
    try:
        with tarfile.open(fileobj=archive, mode="r:") as packed:
            for entry in packed:
                top, _, name = entry.name.partition("/")
                if not entry.isreg() or top != form or not _NAME.fullmatch(name) or name in written:
                    raise BrokenExport("the archive", "something in it is no plain file of the export")
                written.add(name)
                if len(written) > _MOST_FILES:
                    raise BrokenExport("the archive", f"more than {_MOST_FILES} files")
                _write(folder / name, cast("IO[bytes]", packed.extractfile(entry)))
    except (tarfile.TarError, EOFError):
        raise BrokenExport("the archive", "it cannot be unpacked") from None


def _write(path: Path, content: IO[bytes]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        shutil.copyfileobj(content, file, _PIECE)


def _manifest(path: Path) -> Mapping[str, Any]:
    try:
        said: object = json.loads(path.read_bytes())
    except (OSError, ValueError):
        raise BrokenExport(MANIFEST, "it is missing or is no JSON, so the export was not finished") from None
    if not isinstance(said, dict):
        raise BrokenExport(MANIFEST, "not a JSON object")
    return cast("dict[str, Any]", said)


def _listed(manifest: Mapping[str, Any], folder: Path) -> list[ExportedFile]:
    """Return the files as the manifest has them; exactly those must be there."""
    files = [_said_of(one, folder) for one in cast("list[object]", manifest.get("files") or [])]
    there = {path.name for path in folder.iterdir()} - {MANIFEST}
    if sorted(file.path.name for file in files) != sorted(there):
        raise BrokenExport(MANIFEST, "it lists other files than there are")
    return files


def _said_of(said: object, folder: Path) -> ExportedFile:
    match said:
        case {"name": str(name), "count": int(count), "bytes": int(size), "sha256": str(digest)}:
            if _NAME.fullmatch(name) and _DIGEST.fullmatch(digest):
                return ExportedFile(folder / name, count, size, digest)
        case _:
            pass
    raise BrokenExport(MANIFEST, "a file without its name, count, bytes and sha256")


def _checked(folder: Path, said: ExportedFile) -> ExportedFile:
    """Return a file as it is said to be.

    Raises:
        BrokenExport: where it is not.
    """
    digest, size = hashlib.sha256(), 0
    with said.path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            size += len(piece)
    if (size, digest.hexdigest()) != (said.size, said.sha256):
        raise BrokenExport(said.path.name, "its content is not what the manifest says")
    count = count_in(folder / said.path.name)
    if count != said.count:
        raise BrokenExport(said.path.name, f"it ends with the count {count} in place of {said.count}")
    return said
