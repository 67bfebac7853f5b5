"""From a document to an edition and its requirements; what is broken is left out and named by line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, cast

from graph.errors import Problem
from graph.model import Instant
from graph.slot import Slot, parse_freshness, slot_json
from graph.vocabulary.duties import Binding, Method
from ingest.sources.catalog.names import CONTROL_NAMES, DATES, DURATION, EDITION_NAMES, SLOT_NAMES
from ingest.sources.catalog.stated import NAMESPACE, Faults, Stated, read_props
from ingest.sources.catalog.structure import Control, Metadata, Part, checked
from ingest.times import parse_time
from ingest.yamltext import Document, Place

SLOT_PART: Final = "evidence-slot"


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of a regulation as its catalog states it; ``dates`` by their names in the catalog."""

    catalog_id: str
    regulation: str
    type: str
    name: str
    title: str
    voluntary: bool
    adopted: Instant
    dates: Mapping[str, Instant]
    date_sources: Mapping[str, str]
    status: str
    status_source: str
    checked_at: Instant
    link: str | None
    read_at: Instant
    line: int


@dataclass(frozen=True, slots=True)
class StatedRequirement:
    """One control of a catalog; ``within`` is the id of the control around it, if there is one."""

    id: str
    type: str
    title: str
    label: str
    aliases: tuple[str, ...]
    level: str
    weight: float
    applicability: str | None
    dates: Mapping[str, Instant]
    statement: str | None
    link: str | None
    group: str | None
    slots: tuple[Slot, ...]
    within: str | None
    line: int

    @property
    def slots_text(self) -> str:
        """Return the slots as the JSON text that a requirement node keeps."""
        said = [slot_json(slot) for slot in self.slots]
        return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class CatalogFile:
    """What one file holds. Without an edition nothing of it can be used."""

    edition: Edition | None
    requirements: tuple[StatedRequirement, ...]
    problems: tuple[Problem, ...]


def read_catalog(document: Document, file: str) -> CatalogFile:
    """Return the edition and requirements of a document, and every problem with it, in order of lines."""
    faults = Faults(file, document)
    top = document.value.get("catalog") if isinstance(document.value, dict) else None
    if not isinstance(top, dict):
        faults.add((), "is no OSCAL catalog", "an object with the field `catalog`")
        return CatalogFile(None, (), tuple(faults.found))
    edition = _edition(cast("dict[str, Any]", top), faults)
    reader = _Controls(faults)
    requirements = tuple(reader.read(cast("dict[str, Any]", top), ("catalog",), None))
    return CatalogFile(edition, requirements, tuple(faults.found))


def _edition(top: Mapping[str, Any], faults: Faults) -> Edition | None:
    place: Place = ("catalog", "metadata")
    metadata = checked(Metadata, top.get("metadata"), faults.document, place, faults.file)
    if isinstance(metadata, list):
        faults.found.extend(metadata)
        return None
    before = len(faults.found)
    if not metadata.oscal_version.startswith("1."):
        faults.add((*place, "oscal-version"), "is a version that is not known here", "OSCAL 1.x")
    stated = read_props(metadata.props, EDITION_NAMES, place, faults)
    try:
        read_at = parse_time(metadata.last_modified).moment
    except ValueError:
        faults.add((*place, "last-modified"), "is no time", "a time such as 2026-01-31T12:00:00Z")
        return None
    if len(faults.found) > before:
        return None
    return Edition(
        catalog_id=stated.one("catalog-id"),
        regulation=stated.one("regulation-name"),
        type=stated.one("regulation-type"),
        name=stated.one("edition"),
        title=metadata.title,
        voluntary=stated.one("voluntary"),
        adopted=stated.one("adopted"),
        dates={name: stated.one(name) for name in DATES if stated.one(name) is not None},
        date_sources={of or "all": text for of, text in stated.classes.get("date-source", ())},
        status=stated.one("status"),
        status_source=stated.one("status-source"),
        checked_at=stated.one("checked-at"),
        link=metadata.links[0].href if metadata.links else None,
        read_at=read_at,
        line=faults.document.line(place),
    )


class _Controls:
    """Reads the controls of a catalog, through groups and controls within controls."""

    def __init__(self, faults: Faults) -> None:
        self._faults: Final = faults
        self._seen: Final[set[str]] = set()

    def read(self, around: Mapping[str, Any], place: Place, group: str | None) -> Iterator[StatedRequirement]:
        """Yield the requirements of a catalog or a group, in the order of the file."""
        for number, control in enumerate(self._items(around, "controls", place)):
            at = (*place, "controls", number)
            shaped = checked(Control, control, self._faults.document, at, self._faults.file)
            if isinstance(shaped, list):
                self._faults.found.extend(shaped)
            else:
                yield from self._control(shaped, at, group, within=None)
        for number, inner in enumerate(self._items(around, "groups", place)):
            at = (*place, "groups", number)
            if isinstance(inner, dict):
                said = cast("dict[str, Any]", inner)
                title = said.get("title")
                yield from self.read(said, at, title if isinstance(title, str) else group)
            else:
                self._faults.add(at, "is not an object", "a group of controls")

    def _items(self, around: Mapping[str, Any], name: str, place: Place) -> list[object]:
        said = around.get(name, [])
        if not isinstance(said, list):
            self._faults.add((*place, name), "is not a list", "a list")
            return []
        return cast("list[object]", said)

    def _control(
        self, control: Control, place: Place, group: str | None, within: str | None
    ) -> Iterator[StatedRequirement]:
        faults = self._faults
        before = len(faults.found)
        if control.id in self._seen:
            faults.add((*place, "id"), "is the id of an earlier control", "an id of its own")
        self._seen.add(control.id)
        stated = read_props(control.props, CONTROL_NAMES, place, faults)
        labels = [prop.value for prop in control.props if prop.name == "label" and prop.ns is None]
        if not labels:
            faults.add((*place, "props"), "has no label", "a property `label` with the id as it is printed")
        slots = self._slots(control, place)
        if len(faults.found) == before:
            yield _requirement(control, stated, labels[0], slots, group, within, faults.document.line(place))
        for number, inner in enumerate(control.controls):
            yield from self._control(inner, (*place, "controls", number), group, control.id)

    def _slots(self, control: Control, place: Place) -> tuple[Slot, ...]:
        found = [
            (self._slot(control, part, (*place, "parts", number)), (*place, "parts", number))
            for number, part in enumerate(control.parts)
            if part.name == SLOT_PART and part.ns == NAMESPACE
        ]
        slots = [(slot, at) for slot, at in found if slot is not None]
        for _, same in groupby(sorted(slots, key=lambda pair: pair[0].key), key=lambda pair: pair[0].key):
            for _, at in list(same)[1:]:
                self._faults.add((*at, "id"), "is the id of an earlier slot", "an id of its own")
        return tuple(slot for slot, _ in slots)

    def _slot(self, control: Control, part: Part, place: Place) -> Slot | None:
        faults = self._faults
        before = len(faults.found)
        stated = read_props(part.props, SLOT_NAMES, place, faults)
        prefix = f"{control.id}."
        if part.id is None or not part.id.startswith(prefix) or part.id == prefix:
            faults.add((*place, "id"), "does not name a slot of this control", f"{prefix} and a name")
        if part.title is None:
            faults.add((*place, "title"), "is missing", "what the slot asks for, in words")
        if len(faults.found) > before or part.id is None or part.title is None:
            return None
        try:
            freshness = parse_freshness(stated.one("freshness"), stated.every("watch"))
        except ValueError:
            expected = f"{DURATION}, `until-change` with what is watched, or `none` without"
            number = next(i for i, prop in enumerate(part.props) if prop.name == "freshness")
            faults.add((*place, "props", number), "states a freshness that cannot be read", expected)
            return None
        optional = ("covers", "threshold", "independence", "trigger", "inherit", "group", "query")
        return Slot(
            key=part.id.removeprefix(prefix),
            title=part.title,
            types=stated.every("evidence-type"),
            aspect=stated.one("aspect"),
            binding=Binding(stated.one("binding")),
            freshness=freshness,
            minimum_assurance=stated.one("minimum-assurance"),
            method=Method(stated.one("method")),
            **{name: stated.one(name) for name in optional},
        )


def _requirement(
    control: Control,
    stated: Stated,
    label: str,
    slots: tuple[Slot, ...],
    group: str | None,
    within: str | None,
    line: int,
) -> StatedRequirement:
    statements = [part.prose for part in control.parts if part.name == "statement" and part.prose]
    return StatedRequirement(
        id=control.id,
        type=stated.one("requirement-type"),
        title=control.title,
        label=label,
        aliases=stated.every("alias"),
        level=stated.one("level"),
        weight=stated.one("weight"),
        applicability=stated.one("applicability"),
        dates={name: stated.one(name) for name in DATES if stated.one(name) is not None},
        statement=statements[0] if statements else None,
        link=control.links[0].href if control.links else None,
        group=group,
        slots=slots,
        within=within,
        line=line,
    )
