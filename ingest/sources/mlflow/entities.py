"""The client's entities in the form of the REST API, so that there is one form to map."""

from __future__ import annotations

import json
from collections.abc import Iterable
from enum import Enum
from typing import Any, cast

from ingest.redaction import Json
from ingest.shapes import JsonObject
from ingest.sources.mlflow.modules import module


def record_of(entity: Any) -> JsonObject:  # noqa: ANN401 - the client's types are not ours to name
    """Return an entity as the REST API writes it."""
    to_message = getattr(entity, "to_proto", None)
    if to_message is None:
        return _of_fields(entity)
    written: str = module("mlflow.utils.proto_json_utils").message_to_json(to_message())
    return cast("JsonObject", json.loads(written))


def _of_fields(entity: Any) -> dict[str, Json]:  # noqa: ANN401
    """Return an entity of the MCP registry, which the API writes field by field."""
    record = {name: _plain(value) for name, value in _pairs(vars(entity))}
    aliases = record.get("aliases")
    if isinstance(aliases, dict):
        record["aliases"] = [{"alias": name, "version": version} for name, version in aliases.items()]
    return record


def _plain(value: Any) -> Json:  # noqa: ANN401
    if isinstance(value, Enum):
        return _plain(value.value)
    if value is None or isinstance(value, str | bool | int | float):
        return cast("Json", value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in _pairs(value)}
    return _of_fields(value)


def _pairs(mapping: Any) -> Iterable[tuple[Any, Any]]:  # noqa: ANN401
    pairs: Iterable[tuple[Any, Any]] = mapping.items()
    return pairs
