"""Experiments, runs and the models that they log: what was trained and evaluated, by what, on what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from graph.model import EdgeFacts, NodeFacts, PropertyValue, Uid
from graph.vocabulary import Certainty, Kind
from ingest.facts import Fact
from ingest.record import Skipped
from ingest.redaction import redact_text
from ingest.repositories import repository_uid
from ingest.shapes import JsonObject, object_at, objects_at, optional_text, text_at
from ingest.sources.mlflow.fields import moment_at, part_at, tags_of
from ingest.sources.mlflow.people import contact
from ingest.sources.mlflow.places import placed
from ingest.sources.mlflow.prompts import linked_prompts
from ingest.sources.mlflow.reading import Desk, Item, edge

TRAINING: Final = frozenset({"train", "training", "fit", "fine-tuning", "finetuning"})
EVALUATION: Final = frozenset({"eval", "evaluation", "validation", "val", "test", "testing"})
NO_CONTEXT: Final = "the run does not say that it read the dataset for training"
OTHER_CONTEXT: Final = "the run names another context than training or evaluation for the dataset"
AT_A_COMMIT: Final = "the commit that the run had checked out is among those that were changed"
THROUGH_A_RUN: Final = "one run took the one model in and put the other out"

_CONTEXT: Final = "mlflow.data.context"
_PARENT: Final = "mlflow.parentRunId"
_REPOSITORY: Final = "mlflow.source.git.repoURL"
_COMMIT: Final = "mlflow.source.git.commit"
_RETIRED: Final = "deleted"
_ID_SHOWN: Final = 10


def experiment(item: Item, desk: Desk) -> Iterator[Fact | Skipped]:
    """Yield an experiment: the place that its runs and models stand in."""
    body = item.body
    native = text_at(body, "experiment_id")
    properties: dict[str, PropertyValue] = {"scope_type": "experiment"}
    created = moment_at(body, "creation_time")
    if created is not None:
        properties["created_at"] = created
    properties |= placed(optional_text(body, "artifact_location"))
    properties |= _lifecycle(body)
    yield Fact(
        NodeFacts(
            desk.server.uid("experiment", native),
            Kind.ASSET,
            type="scope",
            name=redact_text(optional_text(body, "name") or native),
            properties=properties,
            external_ids=(desk.server.external_id("experiment", native),),
        ),
        "",
    )


@dataclass(frozen=True, slots=True)
class _Input:
    """A dataset that a run read, and what for, as it says."""

    dataset: Uid
    context: str | None
    position: str


def run(item: Item, desk: Desk) -> Iterator[Fact | Skipped]:
    """Yield a run: what it read and logged, and what that makes of the models it took in and put out."""
    info = object_at(item.body, "info")
    native = optional_text(info, "run_id", "/info") or text_at(info, "run_uuid", "/info")
    uid = desk.server.uid("run", native)
    data = part_at(item.body, "data")
    tags = tags_of(data, "/data")
    read = _inputs(item, desk)
    put_out = _models(item, "outputs", "model_outputs", desk)
    taken_in = _models(item, "inputs", "model_inputs", desk)
    yield Fact(_run_node(uid, native, info, tags, desk), "/info")
    yield edge(
        "WITHIN", uid, desk.server.uid("experiment", text_at(info, "experiment_id", "/info")), at="/info"
    )
    if tags.get(_PARENT):
        yield edge("PART_OF", uid, desk.server.uid("run", tags[_PARENT]), at="/data/tags")
    if tags.get(_REPOSITORY):
        repository = repository_uid(tags[_REPOSITORY])
        yield edge("BUILT_FROM", uid, repository, condition=AT_A_COMMIT, at="/data/tags")
    yield from linked_prompts(tags, uid, desk, "/data/tags")
    yield from contact(optional_text(info, "user_id", "/info"), uid, Kind.ASSET, desk.fingerprints)
    for given in read:
        yield edge("READS", uid, given.dataset, to=Kind.DATASET, at=given.position)
    for model, place in put_out:
        yield edge("PRODUCES", uid, model, at=place)
    yield from _lineage(read, taken_in, put_out)


def logged_model(item: Item, desk: Desk) -> Iterator[Fact | Skipped]:
    """Yield a model that was logged: where its files lie, what made it, what its metrics are of."""
    info = object_at(item.body, "info")
    native = text_at(info, "model_id", "/info")
    uid = desk.server.uid("logged-model", native)
    tags = tags_of(info, "/info")
    properties = placed(optional_text(info, "artifact_uri", "/info"))
    created = moment_at(info, "creation_timestamp_ms", "/info")
    if created is not None:
        properties["created_at"] = created
    sort = optional_text(info, "model_type", "/info")
    if sort is not None:
        properties["model_type"] = redact_text(sort)
    yield Fact(
        NodeFacts(
            uid,
            Kind.ASSET,
            type="model_version",
            name=_shown(optional_text(info, "name", "/info"), native),
            properties=properties,
            external_ids=(desk.server.external_id("logged-model", native),),
        ),
        "/info",
    )
    experiment_id = optional_text(info, "experiment_id", "/info")
    if experiment_id is not None:
        yield edge("WITHIN", uid, desk.server.uid("experiment", experiment_id), at="/info")
    source_run = optional_text(info, "source_run_id", "/info")
    if source_run is not None:
        yield edge("PRODUCES", desk.server.uid("run", source_run), uid, at="/info")
    yield from linked_prompts(tags, uid, desk, "/info/tags")
    yield from contact(tags.get("mlflow.user"), uid, Kind.ASSET, desk.fingerprints)
    yield from _measured(item, uid, desk)


def _shown(name: str | None, native: str) -> str:
    """Return how a logged model is called; all models of one script have one name."""
    return f"{redact_text(name)} {native[:_ID_SHOWN]}" if name else native


def _run_node(uid: Uid, native: str, info: JsonObject, tags: dict[str, str], desk: Desk) -> NodeFacts:
    properties: dict[str, PropertyValue] = {"ephemeral": True, **_lifecycle(info)}
    for name, key in (("started_at", "start_time"), ("ended_at", "end_time")):
        moment = moment_at(info, key, "/info")
        if moment is not None:
            properties[name] = moment
    state = optional_text(info, "status", "/info")
    if state is not None:
        properties["run_state"] = state.lower()
    if tags.get(_COMMIT):
        properties["commit"] = redact_text(tags[_COMMIT])
    return NodeFacts(
        uid,
        Kind.ASSET,
        type="run",
        name=redact_text(optional_text(info, "run_name", "/info") or native),
        properties=properties,
        external_ids=(desk.server.external_id("run", native),),
    )


def _inputs(item: Item, desk: Desk) -> list[_Input]:
    inputs = part_at(item.body, "inputs")
    found: list[_Input] = []
    for place, given in objects_at(inputs, "dataset_inputs", "/inputs"):
        dataset = object_at(given, "dataset", place)
        uid = desk.datasets.take(dataset, f"{place}/dataset", f"{item.position}{place}/dataset")
        context = tags_of(given, place).get(_CONTEXT)
        found.append(_Input(uid, context and context.strip().lower(), place))
    return found


def _models(item: Item, side: str, key: str, desk: Desk) -> list[tuple[Uid, str]]:
    given = part_at(item.body, side)
    return [
        (desk.server.uid("logged-model", text_at(model, "model_id", place)), place)
        for place, model in objects_at(given, key, f"/{side}")
    ]


def _lineage(
    read: list[_Input], taken_in: list[tuple[Uid, str]], put_out: list[tuple[Uid, str]]
) -> Iterator[Fact]:
    """Yield what a run's inputs and outputs say of the models themselves."""
    for given in read:
        if given.context in EVALUATION:
            for model, _ in (*taken_in, *put_out):
                yield edge("EVALUATED_ON", model, given.dataset, to=Kind.DATASET, at=given.position)
            continue
        trained = given.context in TRAINING
        condition = None if trained else OTHER_CONTEXT if given.context else NO_CONTEXT
        for model, _ in put_out:
            yield edge(
                "TRAINED_ON", model, given.dataset, condition=condition, to=Kind.DATASET, at=given.position
            )
    for base, _ in taken_in:
        for model, place in put_out:
            if model != base:
                yield edge("DERIVED_FROM", model, base, condition=THROUGH_A_RUN, at=place)


def _measured(item: Item, uid: Uid, desk: Desk) -> Iterator[Fact]:
    """Yield the datasets that metrics of a model were taken on."""
    data = part_at(item.body, "data")
    seen: set[Uid] = set()
    for place, metric in objects_at(data, "metrics", "/data"):
        name = optional_text(metric, "dataset_name", place)
        digest = optional_text(metric, "dataset_digest", place)
        if name is None or digest is None:
            continue
        dataset = desk.server.dataset_uid(redact_text(name), digest)
        if dataset not in seen:
            seen.add(dataset)
            facts = EdgeFacts("EVALUATED_ON", uid, dataset, subject_kind=Kind.ASSET, object_kind=Kind.DATASET)
            yield Fact(facts, place, Certainty.CERTAIN)


def _lifecycle(body: JsonObject) -> dict[str, PropertyValue]:
    """Return that something is retired where MLflow has marked it as deleted; it can still be restored."""
    return {"lifecycle": "retired"} if optional_text(body, "lifecycle_stage") == _RETIRED else {}
