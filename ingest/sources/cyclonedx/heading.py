"""What a BOM says of itself: its format, which BOM it is, which version, and of when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from graph.errors import Problem
from graph.model import Instant
from ingest.files import Unreadable
from ingest.jsontext import shown
from ingest.record import ReadContext, Record, Rejected
from ingest.redaction import Json
from ingest.sidecar import InputFile, read_time
from ingest.sources.cyclonedx.book import Thing
from ingest.sources.cyclonedx.names import Bom, is_serial
from ingest.sources.cyclonedx.reading import Header
from ingest.times import parse_time

VERSIONS: Final = ("1.4", "1.5", "1.6", "1.7")
_SERIAL_EXPECTED: Final = "a serial number such as urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79"
_NAME_EXPECTED: Final = "a serialNumber, or a metadata.component with a version, or --scope"
_NOT_REACHED: Final = "which BOM it is stands behind the place where the file breaks"


@dataclass(frozen=True, slots=True)
class Heading:
    """Which BOM a file is, in which version, of when; ``asides`` is what there is to tell of that."""

    bom: Bom
    version: int
    read_at: Instant
    why_partial: str | None
    asides: Sequence[Record]


def heading_of(header: Header, file: InputFile, context: ReadContext, *, broken: bool) -> Heading:
    """Return what a BOM is.

    Raises:
        Unreadable: for what is none of the versions that are read, and where nothing names it.
    """
    _check_format(header, file)
    asides: list[Record] = []
    why: str | None = None
    name = _serial(header, file, asides)
    if name is None and broken:
        raise Unreadable(Problem(file.name, "", "/serialNumber", _NOT_REACHED, _NAME_EXPECTED))
    if name is None:
        name = context.scope or _root_name(header.root)
    if name is None:
        raise Unreadable(
            Problem(file.name, "", "/serialNumber", "nothing that names the BOM", _NAME_EXPECTED)
        )
    version = header.values.get("version", 1)
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        asides.append(_refused(file, "/version", "no version of a BOM", "a whole number from 1 on"))
        version, why = 1, "its version could not be read"
    if asides:
        why = why or "what it says of itself could not all be read"
    read_at, told = _read_at(header.timestamp, file, context)
    return Heading(Bom(name), version, read_at, why, (*asides, *told))


def _check_format(header: Header, file: InputFile) -> None:
    if header.values.get("bomFormat") != "CycloneDX":
        problem = Problem(file.name, "", "/bomFormat", "no CycloneDX BOM", '"bomFormat": "CycloneDX"')
        raise Unreadable(problem)
    given = header.values.get("specVersion")
    if given not in VERSIONS:
        told = f"CycloneDX {shown(given)[1:-1]}" if isinstance(given, str) else "no version of the format"
        raise Unreadable(Problem(file.name, "", "/specVersion", told, ", ".join(VERSIONS)))


def _serial(header: Header, file: InputFile, asides: list[Record]) -> str | None:
    serial = header.values.get("serialNumber")
    if serial is None:
        return None
    if isinstance(serial, str) and is_serial(serial):
        return serial
    asides.append(_refused(file, "/serialNumber", "no serial number of a BOM", _SERIAL_EXPECTED))
    return None


def _root_name(root: Thing | None) -> str | None:
    """Return what names the root component: its package URL, else its name, both only with a version."""
    if root is None:
        return None
    if root.key[0] == "purl":
        return root.key[1]
    version = root.properties.get("version")
    return f"{root.properties.get('namespace', '')}/{root.name}@{version}" if version else None


def _read_at(timestamp: Json, file: InputFile, context: ReadContext) -> tuple[Instant, Sequence[Record]]:
    """Return of when a BOM is: what the person says who runs the job, else the BOM, else its file."""
    told: list[Record] = []
    if timestamp is not None:
        try:
            moment = parse_time(timestamp).moment
        except ValueError as error:
            told.append(
                _refused(file, "/metadata/timestamp", str(error), "a time such as 2026-01-31T12:00:00Z")
            )
        else:
            return (moment if context.read_at is None else context.read_at), told
    read_at, warning = read_time(file, context)
    return read_at, told if warning is None else (*told, warning)


def _refused(file: InputFile, field: str, reason: str, expected: str) -> Rejected:
    return Rejected(Problem(file.name, "", field, reason, expected))
