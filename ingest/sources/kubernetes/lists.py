"""Files of ``kubectl get -o json``: which objects stand in them, and whether they are whole lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from graph.errors import Problem
from ingest.files import Unreadable, document
from ingest.fingerprint import Fingerprinter
from ingest.jsontext import NotJson, parse_json, shown
from ingest.redaction import Json
from ingest.shapes import JsonObject, Misshapen, as_list, as_object, is_misshapen, optional_text, text_at
from ingest.sidecar import InputFile
from ingest.sources.kubernetes.commands import why_partial
from ingest.sources.kubernetes.objects import KubeObject, group_of, kube_object
from ingest.sources.kubernetes.resources import BY_KIND, MAPPED, ResourceType

_DISCOVERY: Final = frozenset({"issuer", "jwks_uri"})
"""What tells a document of OpenID Connect Discovery 1.0 from a list of objects."""

_KIND: Final = re.compile(r"[A-Z][A-Za-z0-9]{0,62}")


@dataclass
class FileReading:
    """What one file holds. ``types`` are the types that it is a list of, also where none is in it.

    ``partial`` says why the list is not whole, as far as the file itself shows;
    ``unread`` are the types of which an object could not be read. ``issuer`` is who issues the
    tokens of service accounts, where the file tells that instead of objects.
    """

    file: InputFile
    objects: list[KubeObject] = field(default_factory=list[KubeObject])
    types: set[ResourceType] = field(default_factory=set[ResourceType])
    problems: list[tuple[Problem, ResourceType | None]] = field(
        default_factory=list[tuple[Problem, "ResourceType | None"]]
    )
    skipped: list[str] = field(default_factory=list[str])
    partial: str | None = None
    issuer: str | None = None

    def why_partial(self, sort: ResourceType) -> str | None:
        """Return why the file is not a whole list of a type; None where nothing speaks against it."""
        if any(found is None or found == sort for _, found in self.problems):
            return "not all of its objects could be read"
        if self.partial is not None:
            return self.partial
        sidecar = self.file.sidecar
        if sidecar is None:
            return None
        return sidecar.why_partial or why_partial(sidecar.command, namespaced=sort.namespaced)


def read_file(file: InputFile, fingerprints: Fingerprinter) -> FileReading:
    """Return what a file holds; what cannot be read is among its problems."""
    reading = FileReading(file)
    try:
        body = as_object(parse_json(document(file.path)))
        if body.keys() >= _DISCOVERY:
            reading.issuer = text_at(body, "issuer")
            return reading
        for position, item, sort in _items(body, reading):
            _take(reading, position, item, sort, fingerprints)
    except Unreadable as error:
        reading.problems.append((error.problem, None))
    except NotJson as error:
        place = f"line {error.line}" if error.line else ""
        reading.problems.append((Problem(file.name, place, "", error.reason, error.expected), None))
    except Misshapen as fault:
        reading.problems.append((_problem(file, fault, ""), None))
    return reading


def _items(body: JsonObject, reading: FileReading) -> Iterator[tuple[str, Json, ResourceType | None]]:
    """Yield the items of a document with the type that the list gives them, if it is a typed one."""
    kind = text_at(body, "kind")
    group = group_of(optional_text(body, "apiVersion") or "")
    if kind == "Status":
        reason = "the server's refusal stands here, and not what was asked of it"
        raise Misshapen("/kind", reason, "a list of objects")
    if "items" not in body:
        reading.partial = "it is a single object and no list"
        yield "", dict(body), None
        return
    listed = BY_KIND.get((group, kind.removesuffix("List")))
    if listed is not None:
        reading.types.add(listed)
    elif kind != "List":
        yield from _of_other_kind(body, kind, reading)
        return
    metadata = body.get("metadata")
    if isinstance(metadata, dict) and metadata.get("continue"):
        reading.partial = "it is one part of a list that goes on"
    for i, item in enumerate(as_list(body["items"], "/items")):
        yield f"/items/{i}", item, listed


def _of_other_kind(
    body: JsonObject, kind: str, reading: FileReading
) -> Iterator[tuple[str, Json, ResourceType | None]]:
    """Count the items of a list whose type is not mapped; they need not bear a kind of their own."""
    if not kind.endswith("List"):
        raise Misshapen("/kind", f"a document of kind {shown(kind)} with items", "a List, or one of a type")
    reading.skipped.extend(_kind_shown(kind.removesuffix("List")) for _ in as_list(body["items"], "/items"))
    yield from ()


def _take(
    reading: FileReading, position: str, item: Json, listed: ResourceType | None, fingerprints: Fingerprinter
) -> None:
    sort = listed
    try:
        if not isinstance(item, dict):
            raise is_misshapen(item, "an object of the API")
        sort = _type_of(item, listed)
        if sort is None:
            reading.skipped.append(_kind_shown(text_at(item, "kind")))
            return
        reading.types.add(sort)
        reading.objects.append(kube_object(item, sort, reading.file.name, position, fingerprints))
    except Misshapen as fault:
        reading.problems.append((_problem(reading.file, fault, position), sort))


def _type_of(item: JsonObject, listed: ResourceType | None) -> ResourceType | None:
    """Return an item's type, the list's where it bears none; None for one that is not mapped."""
    if listed is not None and "kind" not in item:
        return listed if listed in MAPPED else None
    kind = text_at(item, "kind")
    found = BY_KIND.get((group_of(optional_text(item, "apiVersion") or ""), kind))
    return found if found in MAPPED else None


def _problem(file: InputFile, fault: Misshapen, position: str) -> Problem:
    return Problem(file.name, position, fault.pointer, fault.reason, fault.expected)


def _kind_shown(kind: str) -> str:
    """Return a kind as it is counted under; one that cannot be a kind is quoted."""
    return kind if _KIND.fullmatch(kind) else shown(kind)
