"""Reads dbt's artifacts while they arrive, and keeps of each node what is used: never its code.

The code of a project makes up nearly all of a manifest; what is kept are names, so that
memory grows with their number only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from graph.errors import Problem
from ingest.disallowed import other_text
from ingest.files import Unreadable, pieces
from ingest.jsonstream import Entered, Given, Path, pointer_of, stream_json
from ingest.jsontext import NotJson, shown
from ingest.redaction import Json
from ingest.shapes import JsonObject, Misshapen, as_list, as_object, is_misshapen, text_at
from ingest.sidecar import InputFile
from ingest.sources.dbt.nodes import KEPT, Exposure, Group, Node, exposure, group, node

MANIFESTS: Final = (10, 11, 12)
RESULTS: Final = (4, 5, 6)

_EXPECTED: Final = (
    f"a manifest of v{MANIFESTS[0]} to v{MANIFESTS[-1]}, or run results of v{RESULTS[0]} to v{RESULTS[-1]}"
)
_SCHEMA: Final = re.compile(r"https://schemas\.getdbt\.com/dbt/([a-z-]+)/v(\d+)(?:\.json|/index\.html)?")
_COUNTED: Final[Mapping[str, str]] = {
    "macros": "macro",
    "docs": "doc block",
    "disabled": "disabled node",
    "selectors": "selector",
    "functions": "function",
}
_IGNORED: Final = frozenset({"child_map", "group_map", "args", "elapsed_time"})
"""What says nothing that does not stand elsewhere."""


@dataclass
class Artifact:
    """One file of dbt: a manifest, or the results of a run; ``kind`` and ``version`` say which."""

    file: InputFile
    kind: str = ""
    version: int = 0
    metadata: JsonObject = field(default_factory=dict[str, Json])
    nodes: dict[str, Node] = field(default_factory=dict[str, Node])
    exposures: dict[str, Exposure] = field(default_factory=dict[str, Exposure])
    groups: dict[str, Group] = field(default_factory=dict[str, Group])
    parents: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    results: list[tuple[str, JsonObject]] = field(default_factory=list[tuple[str, JsonObject]])
    problems: list[Problem] = field(default_factory=list[Problem])
    skipped: list[str] = field(default_factory=list[str])

    def text(self, key: str) -> str | None:
        """Return a text of the metadata; None where it is absent."""
        value = self.metadata.get(key)
        return value if isinstance(value, str) and value else None

    def reject(self, fault: Misshapen, position: str) -> None:
        """Note that something cannot be read."""
        self.problems.append(Problem(self.file.name, position, fault.pointer, fault.reason, fault.expected))


def read_artifact(file: InputFile, progress: Callable[[int], None]) -> Artifact:
    """Return what a file holds.

    Raises:
        Unreadable: where it cannot be read to its end, and for what is no manifest and no
            results of a version that is read.
    """
    made = Artifact(file)
    try:
        for step in stream_json(_texts(file, progress), _is_entered):
            match step:
                case Entered(path, is_list):
                    _check(made, path, is_list=is_list)
                case Given(path, value):
                    _take(made, path, value)
                case _:
                    pass
    except NotJson as error:
        place = f"line {error.line}, column {error.column}"
        raise Unreadable(Problem(file.name, place, "", error.reason, error.expected)) from None
    _identify(made)
    return made


def _texts(file: InputFile, progress: Callable[[int], None]) -> Iterator[str]:
    for piece in pieces(file.path):
        progress(piece.done)
        yield piece.text


def _is_entered(path: Path) -> bool:
    return len(path) < 2 and path != ("metadata",)


def _check(made: Artifact, path: Path, *, is_list: bool) -> None:
    """Note a list where an object has to stand, or the reverse; its members are then left out."""
    wants_list = path == ("results",)
    known = not path or str(path[0]) in _TAKE or wants_list
    if known and wants_list != is_list:
        made.reject(
            is_misshapen([] if is_list else {}, "a list" if wants_list else "an object"), pointer_of(path)
        )


def _take(made: Artifact, path: Path, value: Json) -> None:
    if path == ("metadata",):
        made.metadata = value if isinstance(value, dict) else {}
        return
    if len(path) < 2:
        if not path or (value is not None and str(path[0]) in (*_TAKE, "results")):
            made.reject(is_misshapen(value, "an object"), pointer_of(path))
        return
    top, key = str(path[0]), path[1]
    try:
        if top == "results":
            made.results.append((pointer_of(path), _result(as_object(value))))
        elif top in _TAKE and isinstance(key, str):
            _TAKE[top](made, key, value, pointer_of(path))
        elif top in _COUNTED:
            made.skipped.append(_COUNTED[top])
        elif top not in _IGNORED:
            made.skipped.append("other content of the manifest")
    except Misshapen as fault:
        made.reject(fault, pointer_of(path))


def _result(value: JsonObject) -> JsonObject:
    """Return what is kept of a result; its message and its code may quote data."""
    return {key: value[key] for key in ("unique_id", "status", "failures", "timing") if key in value}


def _node(made: Artifact, key: str, value: Json, position: str) -> None:
    item = as_object(value)
    kind = text_at(item, "resource_type")
    if kind not in KEPT:
        made.skipped.append(
            "analysis" if kind == "analysis" else "hook" if kind == "operation" else "other node"
        )
        return
    made.nodes[key] = node(key, item, position)


def _exposure(made: Artifact, key: str, value: Json, position: str) -> None:
    made.exposures[key] = exposure(key, as_object(value), position)


def _group(made: Artifact, key: str, value: Json, position: str) -> None:
    made.groups[key] = group(as_object(value), position)


def _parents(made: Artifact, key: str, value: Json, _position: str) -> None:
    parents = as_list(value)
    if not all(isinstance(parent, str) for parent in parents):
        raise Misshapen("", "something that is no text stands here", "a list of unique ids")
    made.parents[key] = tuple(str(parent) for parent in parents)


_TAKE: Final[Mapping[str, Callable[[Artifact, str, Json, str], None]]] = {
    "nodes": _node,
    "sources": _node,
    "metrics": _node,
    "semantic_models": _node,
    "saved_queries": _node,
    "unit_tests": _node,
    "exposures": _exposure,
    "groups": _group,
    "parent_map": _parents,
}


def _identify(made: Artifact) -> None:
    """Say of an artifact what it is.

    Raises:
        Unreadable: for what is not read.
    """
    name, field_ = made.file.name, "/metadata/dbt_schema_version"
    found = _SCHEMA.fullmatch(made.text("dbt_schema_version") or "")
    if found is None:
        raise Unreadable(Problem(name, "", field_, "no artifact of dbt", _EXPECTED))
    kind, version = found.group(1), int(found.group(2)[:6])
    known = {"manifest": MANIFESTS, "run-results": RESULTS}
    if kind not in known:
        raise Unreadable(Problem(name, "", field_, other_text(kind, known), _EXPECTED))
    if version not in known[kind]:
        raise Unreadable(Problem(name, "", field_, shown(f"{kind} v{version}")[1:-1], _EXPECTED))
    made.kind, made.version = kind, version
