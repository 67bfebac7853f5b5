"""Events of OpenLineage that tell of one run: that it began, and how it ended, with what it used."""

from __future__ import annotations

import json
import os
import re
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import urlsplit

from holdfast_client.asked import UTC
from holdfast_client.version import __version__

PRODUCER: Final = f"https://holdfast.invalid/client/python/{__version__}"
MOST_BYTES: Final = 1024 * 1024
"""The longest event that is kept."""

_LOGIN: Final = re.compile(r"://[^/@\s]*:[^/@\s]*@")
"""A name and a password in an address."""

EventType: TypeAlias = Literal["START", "COMPLETE", "FAIL"]
Facets: TypeAlias = Mapping[str, Mapping[str, Any]]

_SPEC: Final = "https://openlineage.io/spec"
_RUN_EVENT: Final = f"{_SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent"
_OWN_FACET: Final = f"{_SPEC}/2-0-2/OpenLineage.json#/$defs/BaseFacet"
_TYPE_FACET: Final = f"{_SPEC}/facets/1-0-0/DatasetTypeDatasetFacet.json#/$defs/DatasetTypeDatasetFacet"
_VERSION_FACET: Final = (
    f"{_SPEC}/facets/1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet"
)
_PARENT_FACET: Final = f"{_SPEC}/facets/1-1-0/ParentRunFacet.json#/$defs/ParentRunFacet"
_ERROR_FACET: Final = f"{_SPEC}/facets/1-0-1/ErrorMessageRunFacet.json#/$defs/ErrorMessageRunFacet"


class BadName(ValueError):
    """A name, or something beside it, that cannot stand in an event; its text holds no value."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """Data under the name that OpenLineage gives it, with what is said of it.

    ``dataset_type`` is a word such as TABLE, FILE, TOPIC or MODEL.
    """

    namespace: str
    name: str
    dataset_type: str | None = None
    version: str | None = None
    facets: Facets = field(default_factory=dict[str, Mapping[str, Any]])

    def document(self) -> dict[str, Any]:
        """Return it as it stands in an event.

        Raises:
            BadName: for a name that is none, or facets that are no JSON.
        """
        said: dict[str, Any] = {name: _facet(facet) for name, facet in self.facets.items()}
        if self.dataset_type is not None:
            said["datasetType"] = _stated(_TYPE_FACET, datasetType=named(self.dataset_type, "dataset_type"))
        if self.version is not None:
            said["version"] = _stated(_VERSION_FACET, datasetVersion=named(self.version, "version"))
        names = {
            "namespace": _LOGIN.sub("://", named(self.namespace, "namespace")),
            "name": _LOGIN.sub("://", named(self.name, "name")),
        }
        return {**names, "facets": said} if said else names


@dataclass(frozen=True, slots=True)
class Parent:
    """The run that a run is a part of."""

    namespace: str
    job: str
    run_id: str


@dataclass(frozen=True, slots=True)
class Job:
    """A job by name, with facets of it and of its run."""

    namespace: str
    name: str
    parent: Parent | None = None
    job_facets: Facets = field(default_factory=dict[str, Mapping[str, Any]])
    run_facets: Facets = field(default_factory=dict[str, Mapping[str, Any]])


def dataset_of(named_so: object, namespace: str) -> Dataset:
    """Return what a text names: a URI has its namespace in it, any other name is of the given one.

    A login in a URI and what follows a question mark are left out, as they may be secret.

    Raises:
        BadName: for what is no name.

    >>> dataset_of("s3://features/loans/2026-11.parquet", "ours")
    Dataset(namespace='s3://features', name='loans/2026-11.parquet', ...)
    >>> dataset_of("loans", "ours").namespace
    'ours'
    """
    if isinstance(named_so, Dataset):
        return named_so
    text = named(named_so, "dataset")
    if "://" not in text:
        return Dataset(namespace, text)
    try:
        parts = urlsplit(text)
    except ValueError:
        raise BadName("dataset: a URI that cannot be read") from None
    login, _, host = parts.netloc.rpartition("@")
    place = f"{login}@{host}" if login and ":" not in login else host
    if parts.scheme == "file" and parts.path.strip("/"):
        return Dataset(f"file://{place}" if place else "file", parts.path)
    if not place or not parts.path.strip("/"):
        raise BadName("dataset: a URI without a path, or without a host; give a Dataset instead")
    return Dataset(f"{parts.scheme}://{place}", parts.path[1:])


def named(value: object, what: str) -> str:
    """Return a text that may be a name.

    Raises:
        BadName: for anything else, without the value.
    """
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise BadName(f"{what}: not a printable text, but {type(value).__name__}")
    return value


def event_of(
    job: Job,
    run_id: str,
    what: EventType,
    *,
    inputs: Sequence[Mapping[str, Any]],
    outputs: Sequence[Mapping[str, Any]],
    error: str | None = None,
) -> bytes:
    """Return an event as it is sent.

    Raises:
        BadName: where it would be no event, or too long.
    """
    run: dict[str, Any] = {name: _facet(facet) for name, facet in job.run_facets.items()}
    if job.parent is not None:
        parent = {"namespace": job.parent.namespace, "name": job.parent.job}
        run["parent"] = _stated(_PARENT_FACET, run={"runId": job.parent.run_id}, job=parent)
    if error is not None:
        run["errorMessage"] = _stated(_ERROR_FACET, message=error, programmingLanguage="PYTHON")
    document = {
        "eventType": what,
        "eventTime": datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "producer": PRODUCER,
        "schemaURL": _RUN_EVENT,
        "run": {"runId": run_id, "facets": run},
        "job": {
            "namespace": named(job.namespace, "namespace"),
            "name": named(job.name, "job"),
            "facets": {name: _facet(facet) for name, facet in job.job_facets.items()},
        },
        "inputs": list(inputs),
        "outputs": list(outputs),
    }
    event = json.dumps(document, allow_nan=False, separators=(",", ":")).encode()
    if len(event) > MOST_BYTES:
        raise BadName(f"event: {len(event)} bytes, and at most {MOST_BYTES} are kept")
    return event


def new_run_id() -> str:
    """Return a UUID of version 7 (RFC 9562): the time in milliseconds, then chance.

    >>> uuid.UUID(new_run_id()).version
    7
    """
    milliseconds = time.time_ns() // 1_000_000
    number = milliseconds << 80 | int.from_bytes(os.urandom(10), "big")
    number = number & ~(0xF << 76) | 7 << 76
    return str(uuid.UUID(int=number & ~(0b11 << 62) | 0b10 << 62))


def _stated(schema: str, **said: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"_producer": PRODUCER, "_schemaURL": schema, **said}


def _facet(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return a facet of the caller's as the specification wants it.

    Raises:
        BadName: for one that is no JSON object.
    """
    try:
        facet = dict(said)
        json.dumps(facet, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise BadName("facets: not a JSON object each") from None
    return {"_producer": PRODUCER, "_schemaURL": _OWN_FACET, **facet}
