"""Datasets as runs log them: a name, a digest of the content, and where it was read.

One name and one digest are one node, whichever run or experiment logged it. Where it was read from
several places, it is not known which of them it came from: each is a dataset of its own then,
from which it is possibly derived.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from graph.model import EdgeFacts, NodeFacts, PropertyValue, Uid
from graph.vocabulary import Certainty, Kind
from ingest.facts import Fact
from ingest.jsontext import NotJson, parse_json
from ingest.redaction import MARK, redact_text
from ingest.shapes import JsonObject, optional_text, text_at
from ingest.sources.mlflow.names import Server
from ingest.sources.mlflow.places import placed

SEVERAL_PLACES: Final = "what has this name and digest was logged from several places"

_PLACES: Final = ("uri", "url", "path")
_TABLES: Final = ("delta_table_name", "table_name")
_TYPES: Final = {"local": "file", "http": "file", "delta_table": "table"}
_HUB: Final = "hugging_face"


@dataclass(frozen=True, slots=True)
class _Logged:
    """One way in which a dataset was logged."""

    source_type: str | None
    place: tuple[tuple[str, PropertyValue], ...]


@dataclass
class Datasets:
    """The datasets that runs of one server have logged, each with all the ways in which they did."""

    server: Server
    _found: dict[tuple[str, str], dict[_Logged, str]] = field(
        default_factory=dict[tuple[str, str], dict["_Logged", str]]
    )

    def take(self, dataset: JsonObject, pointer: str, position: str) -> Uid:
        """Take note of a dataset as a run has it, and return its uid.

        Raises:
            Misshapen: where it has no name or no digest.
        """
        name, digest = redact_text(text_at(dataset, "name", pointer)), text_at(dataset, "digest", pointer)
        source = optional_text(dataset, "source", pointer)
        sort = optional_text(dataset, "source_type", pointer)
        logged = _Logged(sort and redact_text(sort), tuple(sorted(_place(source, sort).items())))
        self._found.setdefault((name, digest), {}).setdefault(logged, position)
        return self.server.dataset_uid(name, digest)

    def facts(self) -> Iterator[Fact]:
        """Yield the datasets, in order."""
        for (name, digest), logged in sorted(self._found.items()):
            yield from self._facts(name, digest, sorted(logged.items(), key=repr))

    def _facts(self, name: str, digest: str, logged: list[tuple[_Logged, str]]) -> Iterator[Fact]:
        uid = self.server.dataset_uid(name, digest)
        places = {one.place: position for one, position in logged if one.place}
        sorts = sorted({one.source_type for one, _ in logged if one.source_type})
        properties: dict[str, PropertyValue] = {"digest": f"mlflow:{digest}"}
        if len(sorts) == 1:
            properties["source_type"] = sorts[0]
        if len(places) == 1:
            properties |= dict(next(iter(places)))
        position = logged[0][1]
        yield Fact(
            NodeFacts(
                uid,
                Kind.DATASET,
                type=_TYPES.get(sorts[0]) if len(sorts) == 1 else None,
                name=name,
                properties=properties,
                external_ids=(self.server.external_id("dataset", name, digest),),
            ),
            position,
        )
        if len(places) > 1:
            for place, found in places.items():
                yield from self._place_facts(uid, dict(place), found)

    def _place_facts(self, uid: Uid, place: dict[str, PropertyValue], position: str) -> Iterator[Fact]:
        name = str(next(iter(place.values())))
        place_uid = self.server.place_uid(name)
        yield Fact(NodeFacts(place_uid, Kind.DATASET, name=name, properties=place), position)
        edge = EdgeFacts("DERIVED_FROM", uid, place_uid, subject_kind=Kind.DATASET, object_kind=Kind.DATASET)
        yield Fact(edge, position, Certainty.POSSIBLE, SEVERAL_PLACES)


def _place(source: str | None, sort: str | None) -> dict[str, PropertyValue]:
    """Return where a dataset was read; nothing of a source that is no JSON object or has no place in it."""
    try:
        body = parse_json(source or "")
    except NotJson:
        return {}
    if not isinstance(body, dict):
        return {}
    named, place = _first(body, _TABLES), _first(body, _PLACES)
    if sort == _HUB and place:
        return _text("repository", place)
    found = placed(place)
    return found | _text("table", named) if named else found


def _first(body: JsonObject, keys: Iterable[str]) -> str | None:
    """Return the first text that stands under one of some keys."""
    texts = (body.get(key) for key in keys)
    return next((text for text in texts if isinstance(text, str) and text), None)


def _text(name: str, text: str) -> dict[str, PropertyValue]:
    clean = redact_text(text)
    return {} if MARK in clean else {name: clean}
