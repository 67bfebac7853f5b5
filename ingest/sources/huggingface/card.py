"""What a card says, whether it comes as a file or in an answer of the API: the same fields in both.

Sources: the hub's specification of model and dataset cards (huggingface/hub-docs, modelcard.md and
datasetcard.md, 2026) and its documentation of ``base_model``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from graph.model import PropertyValue
from ingest.jsontext import shown
from ingest.redaction import Json, redact_text
from ingest.shapes import (
    JsonObject,
    Misshapen,
    as_list,
    as_object,
    is_misshapen,
    objects_at,
    optional_text,
)
from ingest.sources.huggingface.names import DATASET, MODEL, Repository, is_commit, repository_of

RELATIONS: Final = ("finetune", "adapter", "merge", "quantized")
NOT_ON_HUB: Final = {
    MODEL: "base model that is no repository of the hub",
    DATASET: "dataset that is no repository of the hub",
}
METRIC: Final = "metric of a model card"
ORIGINAL: Final = "original"

_LISTS: Final = ("language", "license", "tags", "task_categories", "size_categories")
_TEXTS: Final = ("pipeline_tag", "library_name", "license_name", "license_link", "model_name", "quantized_by")
_READ: Final = frozenset(
    (
        *("base_model", "base_model_relation", "datasets", "source_datasets", "model-index", "pretty_name"),
        *_LISTS,
        *_TEXTS,
    )
)
_LOGIN: Final = re.compile(r"//[^/@\s]*@")


@dataclass(frozen=True, slots=True)
class Named:
    """A repository that a card names, and where. ``commit`` is the revision that it names, if it does."""

    repository: Repository
    position: str
    commit: str | None = None


@dataclass(slots=True)
class Card:
    """What a card says; ``faults`` are the fields that could not be read."""

    properties: dict[str, PropertyValue] = field(default_factory=dict[str, PropertyValue])
    name: str | None = None
    relation: str | None = None
    bases: list[Named] = field(default_factory=list[Named])
    trained: list[Named] = field(default_factory=list[Named])
    evaluated: list[Named] = field(default_factory=list[Named])
    sources: list[Named] = field(default_factory=list[Named])
    skipped: list[str] = field(default_factory=list[str])
    faults: list[Misshapen] = field(default_factory=list[Misshapen])


def read_card(body: JsonObject, sort: str, at: str = "") -> Card:
    """Return what the metadata of a card says; ``at`` is where it stands."""
    card = Card()
    readers: dict[str, Callable[[JsonObject, str, Card], None]] = dict(_READERS)
    if sort == DATASET:
        readers |= _OF_DATASETS
    else:
        readers |= _OF_MODELS
    for reader in readers.values():
        try:
            reader(body, at, card)
        except Misshapen as fault:
            card.faults.append(fault)
    card.skipped += [f"card's field {shown(key)}" for key in body if key not in _READ]
    return card


def texts_at(body: JsonObject, key: str, at: str) -> list[tuple[str, str]]:
    """Return the texts of a list, or the one that stands there alone, with their places.

    Raises:
        Misshapen: for objects and lists in it.
    """
    value = body.get(key)
    if value is None:
        return []
    listed = value if isinstance(value, list) else [value]
    found: list[tuple[str, str]] = []
    for number, one in enumerate(listed):
        place = f"{at}/{key}/{number}" if isinstance(value, list) else f"{at}/{key}"
        if isinstance(one, list | dict):
            raise is_misshapen(one, "a text", place)
        if one is not None and one != "":
            found.append((_text(one), place))
    return found


def _text(value: Json) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _words(body: JsonObject, at: str, card: Card) -> None:
    for key in _LISTS:
        try:
            texts = [redact_text(text) for text, _ in texts_at(body, key, at)]
        except Misshapen as fault:
            card.faults.append(fault)
            continue
        if texts:
            card.properties[key] = tuple(dict.fromkeys(texts))
    for key in _TEXTS:
        try:
            text = optional_text(body, key, at)
        except Misshapen as fault:
            card.faults.append(fault)
            continue
        if text is not None:
            card.properties[key] = redact_text(_LOGIN.sub("//", text.partition("?")[0]))


def _pretty(body: JsonObject, at: str, card: Card) -> None:
    card.name = optional_text(body, "pretty_name", at)


def _bases(body: JsonObject, at: str, card: Card) -> None:
    card.bases += _named(texts_at(body, "base_model", at), MODEL, card)


def _relation(body: JsonObject, at: str, card: Card) -> None:
    said = optional_text(body, "base_model_relation", at)
    if said is not None and said not in RELATIONS:
        raise Misshapen(
            f"{at}/base_model_relation", "another way to be made of a model", f"one of {', '.join(RELATIONS)}"
        )
    card.relation = said


def _datasets(body: JsonObject, at: str, card: Card) -> None:
    card.trained += _named(texts_at(body, "datasets", at), DATASET, card)


def _sources(body: JsonObject, at: str, card: Card) -> None:
    said = ((text.removeprefix("extended|"), place) for text, place in texts_at(body, "source_datasets", at))
    card.sources += _named([(t, place) for t, place in said if t not in (ORIGINAL, "other")], DATASET, card)


def _results(body: JsonObject, at: str, card: Card) -> None:
    """Take which data a model was evaluated on; what came out is counted only."""
    for index, entry in objects_at(body, "model-index", at):
        for place, result in objects_at(entry, "results", index):
            metrics = result.get("metrics")
            card.skipped += [METRIC] * len([] if metrics is None else as_list(metrics, f"{place}/metrics"))
            dataset = as_object(result.get("dataset") or {}, f"{place}/dataset")
            said = optional_text(dataset, "type", f"{place}/dataset")
            if said is None:
                continue
            revision = optional_text(dataset, "revision", f"{place}/dataset")
            commit = revision if revision and is_commit(revision) else None
            for one in _named([(said, f"{place}/dataset")], DATASET, card):
                card.evaluated.append(Named(one.repository, one.position, commit))


def _named(texts: list[tuple[str, str]], sort: str, card: Card) -> Iterator[Named]:
    for text, place in texts:
        repository = repository_of(text, sort)
        if repository is None:
            card.skipped.append(NOT_ON_HUB[sort])
        else:
            yield Named(repository, place)


_READERS: Final[dict[str, Callable[[JsonObject, str, Card], None]]] = {"words": _words, "pretty": _pretty}
_OF_MODELS: Final[dict[str, Callable[[JsonObject, str, Card], None]]] = {
    "bases": _bases,
    "relation": _relation,
    "datasets": _datasets,
    "results": _results,
}
_OF_DATASETS: Final[dict[str, Callable[[JsonObject, str, Card], None]]] = {"sources": _sources}
