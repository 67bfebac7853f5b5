"""Several files in one body: a tar archive, unpacked into a folder without trusting anything in it.

Only plain files with relative names are taken. Links, devices and names that lead elsewhere
refuse the whole archive, as does what is larger unpacked than a body may be.
"""

from __future__ import annotations

import os
import tarfile
from pathlib import Path, PurePosixPath
from typing import IO, Final, cast

from api.rest.bodies import body_too_long, unpack
from api.rest.problems import Refused
from ingest.jsontext import ascii_safe

MEDIA_TYPES: Final = frozenset({"application/x-tar", "application/tar", "application/x-gtar"})
MOST_FILES: Final = 10_000
_PIECE: Final = 1 << 16
_LONGEST_PART: Final = 200
_DEEPEST: Final = 20


def untar(path: Path, folder: Path, most: int) -> None:
    """Unpack an archive into a folder that is made for it.

    Raises:
        Refused: with 400 for what is no such archive, with 413 where it holds too much.
    """
    folder.mkdir(mode=0o700)
    left, number = most, 0
    try:
        with (
            path.open("rb") as raw,
            tarfile.open(fileobj=cast("IO[bytes]", _Measured(raw)), mode="r:") as archive,
        ):
            while (member := archive.next()) is not None:
                vars(archive)["members"].clear()  # kept for links only; they would add up
                number += 1
                if number > MOST_FILES:
                    raise _broken(f"it holds more than {MOST_FILES} files")
                if not member.isdir():
                    left -= _unpacked(archive, member, folder, left, most)
    except (tarfile.TarError, EOFError):
        raise _broken("it is no tar archive, or one that ends early") from None


class _Measured:
    """A file of which only so much can be read at once: what describes a member must not fill memory."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= 2 * _PIECE:
            raise _broken("what describes a file is too long")
        return self._raw.read(size)

    def seek(self, position: int) -> int:
        return self._raw.seek(position)

    def tell(self) -> int:
        return self._raw.tell()


def _unpacked(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path, left: int, most: int) -> int:
    """Write one file, dated as its archive says; return how many bytes it has."""
    source = archive.extractfile(member) if member.isreg() else None
    if source is None:
        raise _broken(f"{ascii_safe(member.name[:80])} is no plain file")
    target = folder.joinpath(*_parts(member.name))
    made = 0
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with target.open("xb") as file:
            while piece := source.read(_PIECE):
                made += len(piece)
                if made > left:
                    raise body_too_long(most)
                file.write(piece)
        unpack(target, left, packed=False)  # whoever reads it would, without a bound
        os.utime(target, (0, max(0, int(member.mtime))))
    except (FileExistsError, NotADirectoryError):
        raise _broken(f"{ascii_safe(member.name[:80])} stands in it twice") from None
    except OverflowError:
        raise _broken(f"{ascii_safe(member.name[:80])} has a date that is none") from None
    return target.stat().st_size


def _parts(name: str) -> tuple[str, ...]:
    path = PurePosixPath(name)
    parts = path.parts
    fits = all(part.isprintable() and len(os.fsencode(part)) <= _LONGEST_PART for part in parts)
    if path.is_absolute() or ".." in parts or not fits or "\\" in name or not 0 < len(parts) <= _DEEPEST:
        raise _broken(f"{ascii_safe(name[:80])} is no name that a file may have")
    return parts


def _broken(why: str) -> Refused:
    return Refused(400, "broken_archive", f"The archive cannot be used: {why}. Nothing of it was read in.")
