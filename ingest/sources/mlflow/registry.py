"""Registered models and their versions: what each version was made from, and which one is deployed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from graph.model import EdgeFacts, NodeFacts, PropertyValue, Uid
from graph.vocabulary import Kind
from ingest.facts import Fact
from ingest.record import Skipped
from ingest.redaction import redact_text
from ingest.shapes import optional_text, text_at
from ingest.sources.mlflow.aliases import deployments
from ingest.sources.mlflow.fields import described, number_text
from ingest.sources.mlflow.people import contact
from ingest.sources.mlflow.places import placed
from ingest.sources.mlflow.reading import Desk, Item, edge

OTHER_REFERENCE: Final = "source of a version that leads to no version"

_REFERENCE: Final = "models:/"
_LOGGED: Final = re.compile(r"m-[0-9A-Za-z]+")
_RUN: Final = re.compile(r"runs:/{1,3}(?P<run>[0-9a-zA-Z]+)(?:/.*)?")
_STAGES: Final = {"production": "production", "staging": "staging"}
_ARCHIVED: Final = "archived"


def registered_model(item: Item, desk: Desk) -> Iterator[Fact | Skipped]:
    """Yield a registered model and the versions that its aliases name."""
    name = text_at(item.body, "name")
    uid = desk.server.uid("registered-model", name)
    properties = described(item.body, created="creation_timestamp")
    ids = (desk.server.external_id("registered-model", name),)
    yield Fact(NodeFacts(uid, Kind.ASSET, "model", redact_text(name), properties, ids), "")
    yield from contact(item.body.get("user_id"), uid, Kind.ASSET, desk.fingerprints)
    yield from deployments(item, desk, uid, name, "model-version")


def model_version(item: Item, desk: Desk) -> Iterator[Fact | Skipped]:
    """Yield a version of a registered model, with what it was made from."""
    body = item.body
    name, version = text_at(body, "name"), number_text(body, "version")
    uid = desk.server.uid("model-version", name, version)
    stage = (optional_text(body, "current_stage") or "").lower()
    properties: dict[str, PropertyValue] = described(body, created="creation_timestamp")
    properties |= _placed(optional_text(body, "source"))
    if stage == _ARCHIVED:
        properties["lifecycle"] = "retired"
    state = (optional_text(body, "status") or "").lower()
    if state not in ("", "ready"):
        properties["registration"] = state
    ids = (desk.server.external_id("model-version", name, version),)
    yield Fact(
        NodeFacts(uid, Kind.ASSET, "model_version", f"{redact_text(name)} {version}", properties, ids), ""
    )
    model = desk.server.uid("registered-model", name)
    yield edge("VERSION_OF", uid, model)
    yield from _origin(item, desk, uid)
    yield from contact(body.get("user_id"), uid, Kind.ASSET, desk.fingerprints)
    if stage in _STAGES:
        yield Fact(
            EdgeFacts(
                "DEPLOYED_AS",
                model,
                uid,
                environment=_STAGES[stage],
                properties={"stage": stage},
                subject_kind=Kind.ASSET,
                object_kind=Kind.ASSET,
            ),
            "/current_stage",
        )


def _origin(item: Item, desk: Desk, uid: Uid) -> Iterator[Fact | Skipped]:
    """Yield the model that a version was made from, else the run that made it."""
    source = optional_text(item.body, "source") or ""
    model_id = optional_text(item.body, "model_id")
    reference = source.removeprefix(_REFERENCE).strip("/") if source.startswith(_REFERENCE) else ""
    if model_id is not None or _LOGGED.fullmatch(reference):
        yield edge("DERIVED_FROM", uid, desk.server.uid("logged-model", model_id or reference), at="/source")
        return
    if reference:
        other, _, number = reference.rpartition("/")
        if other and number.isdigit():
            yield edge("DERIVED_FROM", uid, desk.server.uid("model-version", other, number), at="/source")
        else:
            yield Skipped(OTHER_REFERENCE)
    found = _RUN.fullmatch(source)
    run_id = optional_text(item.body, "run_id") or (found and found["run"])
    if run_id:
        yield edge("PRODUCES", desk.server.uid("run", run_id), uid, at="/run_id")


def _placed(source: str | None) -> dict[str, PropertyValue]:
    """Return where a version's files lie; references to other records are no places."""
    if source is None or source.startswith((_REFERENCE, "runs:/")):
        return {}
    return placed(source)
