"""An answer of the hub's API about one repository: what it is, at which commit, and who may have it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from graph.model import PropertyValue
from ingest.jsontext import shown
from ingest.shapes import JsonObject, Misshapen, as_object, is_misshapen, objects_at, optional_text, text_at
from ingest.sources.huggingface.card import RELATIONS, Card, read_card
from ingest.sources.huggingface.names import DATASET, MODEL, Repository, is_commit, repository_of
from ingest.times import EXPECTED, parse_time

SPACE: Final = "space"
_UNTOLD: Final = "nothing says whether this is a model or a dataset"
_SAY: Final = "the address that was asked in a sidecar's command, or its scope: models/OWNER/NAME"
_OF_SPACES: Final = ("sdk", "subdomain")
_OF_DATASETS: Final = ("citation", "description", "paperswithcode_id", "key", "mainSize")
_TAGS_OF_DATASETS: Final = ("size_categories:", "task_categories:", "source_datasets:", "library:datasets")
_READ: Final = frozenset(
    (
        *("id", "modelId", "_id", "sha", "cardData", "siblings", "gated", "private", "disabled", "tags"),
        *("createdAt", "lastModified"),
    )
)
_SHA_256: Final = re.compile(r"[0-9a-f]{64}")
_WEIGHTS: Final = frozenset(
    [
        "safetensors",
        "bin",
        "pt",
        "pth",
        "ckpt",
        "h5",
        "gguf",
        "ggml",
        "onnx",
        "pkl",
        "pickle",
        "joblib",
        "msgpack",
        "npz",
        "tflite",
    ]
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer says of a repository, and of the commit that it shows."""

    repository: Repository
    commit: str | None
    properties: dict[str, PropertyValue]
    of_commit: dict[str, PropertyValue]
    card: Card
    has_card: bool


def read_answer(body: JsonObject, asked: Repository | None, at: str) -> Answer | None:
    """Return what an answer says; None for that about a space.

    Raises:
        Misshapen: where it does not say which repository it is about, or of what sort that is.
    """
    if any(key in body for key in _OF_SPACES):
        return None
    native = text_at(body, "id" if "id" in body else "modelId", at)
    repository = repository_of(native, _sort(body, asked, at))
    if repository is None:
        raise Misshapen(f"{at}/id", "what is no id of a repository stands here", "OWNER/NAME")
    revision = asked.revision if asked is not None and asked.id == repository.id else None
    commit = optional_text(body, "sha", at)
    if commit is not None and not is_commit(commit):
        raise Misshapen(f"{at}/sha", "what is no commit stands here", "40 hexadecimal digits")
    data = body.get("cardData")
    metadata: JsonObject = {} if data is None else as_object(data, f"{at}/cardData")
    card = read_card(metadata, repository.sort, f"{at}/cardData")
    card.relation = card.relation or _relation_in_tags(body)
    card.skipped += [f"field {shown(key)} of an answer" for key in body if key not in _READ]
    return Answer(
        Repository(repository.sort, repository.id, revision),
        commit,
        _properties(body, at),
        _files(body, at),
        card,
        data is not None,
    )


def _sort(body: JsonObject, asked: Repository | None, at: str) -> str:
    if "modelId" in body:
        return MODEL
    if asked is not None:
        return asked.sort
    tags = body.get("tags")
    tagged = (tag for tag in (tags if isinstance(tags, list) else ()) if isinstance(tag, str))
    if any(key in body for key in _OF_DATASETS) or any(tag.startswith(_TAGS_OF_DATASETS) for tag in tagged):
        return DATASET
    raise Misshapen(at, _UNTOLD, _SAY)


def _properties(body: JsonObject, at: str) -> dict[str, PropertyValue]:
    properties: dict[str, PropertyValue] = {}
    gated = body.get("gated")
    if gated is not None:
        if gated is not False and gated not in ("auto", "manual"):
            raise Misshapen(f"{at}/gated", "another word", "false, auto or manual")
        properties["gated"] = str(gated) if gated else "no"
    for key in ("private", "disabled"):
        value = body.get(key)
        if value is None:
            continue
        if not isinstance(value, bool):
            raise is_misshapen(value, "true or false", f"{at}/{key}")
        properties[key] = value
    for key, name in (("createdAt", "created_at"), ("lastModified", "last_modified")):
        text = optional_text(body, key, at)
        if text is not None:
            properties[name] = _moment(text, f"{at}/{key}")
    return properties


def _moment(text: str, at: str) -> int:
    try:
        return parse_time(text).moment
    except ValueError as error:
        raise Misshapen(at, str(error), EXPECTED) from None


def _files(body: JsonObject, at: str) -> dict[str, PropertyValue]:
    """Return the formats of the weights, and the digests of large files where the answer shows them."""
    if "siblings" not in body:
        return {}
    formats: set[str] = set()
    digests: set[str] = set()
    files = objects_at(body, "siblings", at)
    for place, file in files:
        ending = PurePosixPath(text_at(file, "rfilename", place)).suffix.removeprefix(".").lower()
        if ending in _WEIGHTS:
            formats.add(ending)
        stored = file.get("lfs")
        digest = stored.get("sha256") if isinstance(stored, dict) else None
        if isinstance(digest, str) and _SHA_256.fullmatch(digest):
            digests.add(f"sha256:{digest}")
    properties: dict[str, PropertyValue] = {"files": len(files)}
    if formats:
        properties["weight_formats"] = tuple(sorted(formats))
    return properties | ({"digests": tuple(sorted(digests))} if digests else {})


def _relation_in_tags(body: JsonObject) -> str | None:
    """Return how the hub itself says that a model was made of its base models; None where tags differ."""
    tags = body.get("tags")
    found = {
        tag.split(":")[1]
        for tag in (tags if isinstance(tags, list) else ())
        if isinstance(tag, str) and tag.startswith("base_model:") and tag.count(":") > 1
    }
    known = sorted(found & set(RELATIONS))
    return known[0] if len(known) == 1 else None
