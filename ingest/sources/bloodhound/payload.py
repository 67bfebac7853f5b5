"""One payload, read while it arrives: its nodes and edges one by one, each held to the published schema.

Schema: BloodHound documentation, "OpenGraph Nodes", "OpenGraph Edges", "OpenGraph Metadata", 2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ingest.files import pieces
from ingest.jsonstream import Entered, Given, pointer_of, stream_json
from ingest.jsonstream import Path as JsonPath
from ingest.redaction import Json
from ingest.shapes import (
    JsonObject,
    Misshapen,
    as_list,
    as_object,
    is_misshapen,
    object_at,
    optional_text,
    text_at,
)

WANTED: Final = ("name", "displayname", "login", "html_url", "tenantid", "enabled", "archived", "private")
"""The properties of nodes that are kept; all others may hold anything, and go no further than the parser."""

GRAPH: Final = "graph"
_DATA: Final = "data"
_LISTS: Final = ("nodes", "edges")
_OTHER_FORMAT: Final = "is a file of SharpHound or AzureHound, and no OpenGraph payload"
_NAME: Final = re.compile(r"[A-Za-z0-9_]+")
_MATCHES: Final = ("id", "name", "property")


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a payload, with its place."""

    id: str
    kinds: tuple[str, ...]
    properties: JsonObject
    position: str


@dataclass(frozen=True, slots=True)
class End:
    """Which node an edge begins or ends at; ``id`` is None where it is named in another way."""

    id: str | None
    kind: str | None


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge of a payload, with its place."""

    kind: str
    start: End
    end: End
    position: str


@dataclass(frozen=True, slots=True)
class SourceKind:
    """What a payload says that it was made by."""

    name: str | None


def elements(path: Path) -> Iterator[Node | Edge | SourceKind | Misshapen]:
    """Yield what a payload holds, in order, and what of it cannot be read.

    Raises:
        Unreadable, NotJson: where the file or its text breaks; what stands before was yielded.
        Misshapen: for what is no payload.
    """
    has_graph = False
    for step in stream_json((piece.text for piece in pieces(path)), _is_entered):
        match step:
            case Entered(path=place):
                _check_entered(place, is_list=step.is_list)
                has_graph = has_graph or place == (GRAPH,)
            case Given(path=(str(), str(name), int()) as place, value=value):
                yield _element(name, value, pointer_of(place))
            case Given(path=("metadata",), value=value):
                yield _metadata(value)
            case Given(path=place, value=value):
                if not place or place[0] in (GRAPH, _DATA, "meta"):
                    raise _no_payload(place, value)
                yield Misshapen(pointer_of(place), "is no field of a payload", "graph and metadata")
            case _:
                pass
    if not has_graph:
        raise Misshapen("/graph", "nothing stands here", "an object with nodes and edges")


def _check_entered(place: JsonPath, *, is_list: bool) -> None:
    if place == (_DATA,):
        raise _no_payload(place, None)
    wants_list = len(place) == 2
    if is_list != wants_list:
        raise is_misshapen([] if is_list else {}, "a list" if wants_list else "an object", pointer_of(place))


def _no_payload(place: JsonPath, value: Json) -> Misshapen:
    if place and place[0] in (_DATA, "meta"):
        return Misshapen(pointer_of(place), _OTHER_FORMAT, "graph with nodes and edges")
    if len(place) == 2 and place[1] not in _LISTS:
        return Misshapen(pointer_of(place), "is no list of a graph", "nodes and edges")
    return is_misshapen(value, "a list" if len(place) == 2 else "an object", pointer_of(place))


def _element(name: str, value: Json, position: str) -> Node | Edge | Misshapen:
    try:
        item = as_object(value)
        return _node(item, position) if name == "nodes" else _edge(item, position)
    except Misshapen as fault:
        return fault.below(position)


def _node(item: JsonObject, position: str) -> Node:
    kinds = as_list(item.get("kinds"), "/kinds")
    for i, kind in enumerate(kinds):
        if not isinstance(kind, str):
            raise is_misshapen(kind, "a text", f"/kinds/{i}")
    held = item.get("properties")
    properties: JsonObject = {} if held is None else as_object(held, "/properties")
    wanted = {name: properties[name] for name in WANTED if name in properties}
    return Node(text_at(item, "id"), tuple(str(kind) for kind in kinds), wanted, position)


def _edge(item: JsonObject, position: str) -> Edge:
    kind = text_at(item, "kind")
    if not _NAME.fullmatch(kind):
        raise Misshapen(
            "/kind", "a text with other characters stands here", "letters, digits and underscores"
        )
    return Edge(kind, _end(item, "start"), _end(item, "end"), position)


def _end(item: JsonObject, key: str) -> End:
    end = object_at(item, key)
    by = optional_text(end, "match_by", f"/{key}") or "id"
    if by not in _MATCHES:
        raise Misshapen(f"/{key}/match_by", "another word stands here", f"one of {', '.join(_MATCHES)}")
    kind = optional_text(end, "kind", f"/{key}")
    return End(text_at(end, "value", f"/{key}") if by == "id" else None, kind)


def _metadata(value: Json) -> SourceKind | Misshapen:
    try:
        return SourceKind(optional_text(as_object(value), "source_kind"))
    except Misshapen as fault:
        return fault.below("/metadata")


def _is_entered(place: JsonPath) -> bool:
    if len(place) < 2:
        return not place or place[0] in (GRAPH, _DATA)
    return len(place) == 2 and place[0] == GRAPH and place[1] in _LISTS
