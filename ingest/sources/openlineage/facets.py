"""The facets that have a meaning in the graph, each with the function that reads it.

A reader returns a typed value or says what is wrong; an invalid facet never costs the
event. All other facets stay in the retained event and are counted. Facet schemas:
OpenLineage 2-0-2, spec/facets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from ingest.redaction import MARK
from ingest.shapes import (
    JsonObject,
    Misshapen,
    as_object,
    object_at,
    objects_at,
    optional_text,
    text_at,
)
from ingest.sources.openlineage.names import Name

FacetValue: TypeAlias = object
Reader: TypeAlias = Callable[[JsonObject], FacetValue]


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody named as an owner; nothing says who that is."""

    name: str
    type: str | None


@dataclass(frozen=True, slots=True)
class Owners:
    """An ownership facet; ``masked`` counts the owners of which only asterisks are left."""

    named: tuple[Owner, ...]
    masked: int


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """What happened to a dataset as a whole; ``previous`` is its former name, if it was renamed."""

    change: str
    previous: Name | None

    @property
    def former(self) -> Name | None:
        """Return the name that a renaming took away, None for any other change."""
        return self.previous if self.change == "RENAME" else None

    @property
    def is_drop(self) -> bool:
        """Return whether the dataset was removed."""
        return self.change == "DROP"


@dataclass(frozen=True, slots=True)
class DataSource:
    """Where a dataset lies, as its producer connects to it."""

    uri: str | None


@dataclass(frozen=True, slots=True)
class JobType:
    """What sort of job the producer holds it to be."""

    processing: str
    integration: str | None
    job_type: str | None


@dataclass(frozen=True, slots=True)
class CodeLocation:
    """The repository that a job's code is kept in, and the revision that ran."""

    repository: str | None
    version: str | None


@dataclass(frozen=True, slots=True)
class Upstream:
    """Something that data came from; a job without a name is the event's own."""

    is_job: bool
    name: Name | None


@dataclass(frozen=True, slots=True)
class LineageEntry:
    """What feeds one target; no sources means that there are none, and that this is known."""

    target: Upstream
    sources: tuple[Upstream, ...]


def name_of(item: JsonObject, pointer: str = "") -> Name:
    """Return the name under ``namespace`` and ``name``.

    Raises:
        Misshapen: where one of them is absent, empty or no text.
    """
    return Name(text_at(item, "namespace", pointer), text_at(item, "name", pointer))


def _schema(facet: JsonObject) -> tuple[str, ...]:
    columns: list[str] = []
    for place, column in objects_at(facet, "fields"):
        name, kind = text_at(column, "name", place), optional_text(column, "type", place)
        columns.append(f"{name}: {kind}" if kind else name)
    return tuple(columns)


def _dataset_type(facet: JsonObject) -> str:
    return text_at(facet, "datasetType")


def _documentation(facet: JsonObject) -> str:
    return text_at(facet, "description")


def _ownership(facet: JsonObject) -> Owners:
    named: list[Owner] = []
    masked = 0
    for place, owner in objects_at(facet, "owners"):
        name = text_at(owner, "name", place)
        if name == MARK or not name.strip("*"):
            masked += 1
        else:
            named.append(Owner(name, optional_text(owner, "type", place)))
    return Owners(tuple(named), masked)


def _symlinks(facet: JsonObject) -> tuple[Name, ...]:
    return tuple(name_of(item, place) for place, item in objects_at(facet, "identifiers"))


def _lifecycle(facet: JsonObject) -> Lifecycle:
    previous = facet.get("previousIdentifier")
    former = None if previous is None else name_of(as_object(previous, "/previousIdentifier"))
    return Lifecycle(text_at(facet, "lifecycleStateChange").upper(), former)


def _data_source(facet: JsonObject) -> DataSource:
    return DataSource(optional_text(facet, "uri"))


def _job_type(facet: JsonObject) -> JobType:
    return JobType(
        text_at(facet, "processingType"), optional_text(facet, "integration"), optional_text(facet, "jobType")
    )


def _code_location(facet: JsonObject) -> CodeLocation:
    is_git = text_at(facet, "type").lower() == "git"
    repository = optional_text(facet, "repoUrl")
    return CodeLocation(repository if is_git else None, optional_text(facet, "version"))


def _parent(facet: JsonObject) -> Name:
    return name_of(object_at(facet, "job"), "/job")


def _column_lineage(facet: JsonObject) -> tuple[Name, ...]:
    """Return the datasets whose columns made the dataset; those that only filtered or joined count too."""
    found: dict[Name, None] = {}
    fields = object_at(facet, "fields")
    places = [
        (f"/fields/{column}", as_object(entry, f"/fields/{column}")) for column, entry in fields.items()
    ]
    for place, entry in places:
        found |= {name_of(item, at): None for at, item in objects_at(entry, "inputFields", place)}
    found |= {name_of(item, at): None for at, item in objects_at(facet, "dataset")}
    return tuple(found)


def _upstream(item: JsonObject, place: str) -> Upstream:
    kind = text_at(item, "type", place).upper()
    if kind not in ("DATASET", "JOB"):
        raise Misshapen(f"{place}/type", "an entity of another type", "DATASET or JOB")
    own = kind == "JOB" and item.get("namespace") is None and item.get("name") is None
    return Upstream(kind == "JOB", None if own else name_of(item, place))


def _sources(entry: JsonObject, place: str) -> tuple[Upstream, ...]:
    found = {_upstream(item, at): None for at, item in objects_at(entry, "inputs", place)}
    fields = entry.get("fields")
    columns: JsonObject = {} if fields is None else as_object(fields, f"{place}/fields")
    for column, field in columns.items():
        at = f"{place}/fields/{column}"
        found |= {_upstream(i, p): None for p, i in objects_at(as_object(field, at), "inputs", at)}
    return tuple(found)


def _job_lineage(facet: JsonObject) -> tuple[LineageEntry, ...]:
    entries = [(at, item) for at, item in objects_at(facet, "entries") if _says_sources(item)]
    return tuple(LineageEntry(_upstream(item, at), _sources(item, at)) for at, item in entries)


def _dataset_lineage(facet: JsonObject) -> tuple[Upstream, ...] | None:
    return _sources(facet, "") if _says_sources(facet) else None


def _says_sources(entry: JsonObject) -> bool:
    """Return whether an entry says where its target comes from; an empty list of inputs does."""
    return entry.get("inputs") is not None or bool(entry.get("fields"))


RUN_FACETS: Final[Mapping[str, Reader]] = {"parent": _parent}
JOB_FACETS: Final[Mapping[str, Reader]] = {
    "documentation": _documentation,
    "jobType": _job_type,
    "lineage": _job_lineage,
    "ownership": _ownership,
    "sourceCodeLocation": _code_location,
}
DATASET_FACETS: Final[Mapping[str, Reader]] = {
    "columnLineage": _column_lineage,
    "dataSource": _data_source,
    "datasetType": _dataset_type,
    "documentation": _documentation,
    "lifecycleStateChange": _lifecycle,
    "lineage": _dataset_lineage,
    "ownership": _ownership,
    "schema": _schema,
    "symlinks": _symlinks,
}

KNOWN_UNMAPPED: Final = frozenset(
    {
        *("catalog", "dataQualityAssertions", "dataQualityMetrics", "environmentVariables", "errorMessage"),
        *("executionParameters", "externalQuery", "extractionError", "gcp_lineage", "hierarchy"),
        *("inputStatistics", "jobDependencies", "nominalTime", "outputStatistics", "processing_engine"),
        *("sourceCode", "sql", "storage", "subset", "tags", "test", "version"),
    }
)
"""Facets of the specification that are knowingly not mapped; counted by name."""


def is_deleted(facet: JsonObject) -> bool:
    """Return whether a facet takes back the one of its name."""
    return facet.get("_deleted") is True


def read_facet(readers: Mapping[str, Reader], name: str, facet: JsonObject) -> FacetValue | None:
    """Return what a facet says; None where it is not mapped or cannot be read (reported on arrival)."""
    reader = readers.get(name)
    if reader is None:
        return None
    try:
        return reader(facet)
    except Misshapen:
        return None
