"""Findings of trufflehog, one JSON object a line (3.x), wherever it looked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from graph.model import Instant
from ingest.fingerprint import Fingerprinter
from ingest.redaction import Json
from ingest.shapes import JsonObject, Misshapen, as_object, is_misshapen, object_at, optional_text, text_at
from ingest.sources.leaks.finding import Finding, Liveness, Place, other_place, repository_at
from ingest.sources.leaks.matched import matched
from ingest.times import parse_time

TOOL: Final = "trufflehog"

_HOLDERS: Final[Mapping[str, tuple[str, str | None]]] = {
    "S3": ("bucket", "storage"),
    "GCS": ("bucket", "storage"),
    "Docker": ("image", "container_image"),
}
"""For places that are no repositories, under what their name stands, and of which type they are."""


def is_trufflehog(body: Json) -> bool:
    """Return whether a line is such a finding."""
    return isinstance(body, dict) and "DetectorName" in body and "SourceMetadata" in body


def trufflehog_finding(entry: Json, position: str, fingerprints: Fingerprinter) -> Finding:
    """Return one finding.

    Raises:
        Misshapen: where a field that it needs is missing or of another type.
    """
    item = as_object(entry)
    data = object_at(object_at(item, "SourceMetadata"), "Data", "/SourceMetadata")
    sort = next(iter(data), None)
    if sort is None:
        raise Misshapen("/SourceMetadata/Data", "nothing stands here", "where it was found")
    where = object_at(data, sort, "/SourceMetadata/Data")
    verified = item.get("Verified")
    if not isinstance(verified, bool):
        raise is_misshapen(verified, "true or false", "/Verified")
    return Finding(
        place=_place(sort, where, optional_text(item, "SourceName") or sort),
        rule=text_at(item, "DetectorName"),
        file=_text(where, "file") or _text(where, "path") or "",
        line=_line(where),
        commit=_text(where, "commit"),
        found_at=_time(_text(where, "timestamp")),
        # What is not verified may be dead, or could not be tried, or was not meant to be.
        liveness=Liveness.ACTIVE if verified else Liveness.UNKNOWN,
        matched=matched(optional_text(item, "RawV2") or optional_text(item, "Raw") or "", fingerprints),
        position=position,
        key_ids=_opened(item),
    )


def _place(sort: str, where: JsonObject, source: str) -> Place | None:
    address = _text(where, "repository")
    if address is not None:
        return repository_at(address) or other_place(None, address)
    key, type_ = _HOLDERS.get(sort, ("", None))
    name = _text(where, key)
    if name is not None:
        return other_place(type_, f"{sort.lower()} {name}")
    return None if sort == "Filesystem" else other_place(None, f"{sort} {source}")


def _opened(item: JsonObject) -> tuple[str, ...]:
    """Return the identity that a verified key was seen to open."""
    extra = item.get("ExtraData")
    arn = _text(extra, "arn") if isinstance(extra, dict) else None
    return (f"arn={arn}",) if arn is not None else ()


def _text(item: JsonObject, key: str) -> str | None:
    value = item.get(key)
    return value if isinstance(value, str) and value else None


def _line(where: JsonObject) -> int:
    value = where.get("line", 0)
    return value if isinstance(value, int) else 0


def _time(text: str | None) -> Instant | None:
    """Return when a commit was made, written as ``2022-06-16 10:17:40 -0700 PDT``."""
    words = (text or "").split()
    if len(words) < 2:
        return None
    zone = f"{words[2][:3]}:{words[2][3:5]}" if len(words) > 2 and len(words[2]) == 5 else "Z"
    try:
        return parse_time(f"{words[0]}T{words[1]}{zone}").moment
    except ValueError:
        return None
