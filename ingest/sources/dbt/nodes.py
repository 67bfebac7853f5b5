"""The nodes of a dbt project as far as they are used: what they are, where they lie, what they are of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ingest.redaction import Json
from ingest.shapes import JsonObject, as_list, optional_text, text_at

MODEL, SEED, SNAPSHOT, SOURCE = "model", "seed", "snapshot", "source"
TEST, UNIT_TEST, EXPOSURE = "test", "unit_test", "exposure"
DATASETS: Final = frozenset({MODEL, SEED, SNAPSHOT, SOURCE})
BUILT: Final = frozenset({MODEL, SEED, SNAPSHOT})
SEEN_THROUGH: Final = frozenset({"metric", "semantic_model", "saved_query"})
"""What stands between data and who uses it, and holds none itself."""

KEPT: Final = DATASETS | SEEN_THROUGH | {TEST, UNIT_TEST}

EPHEMERAL: Final = "ephemeral"
_TYPES: Final[Mapping[str, str]] = {"view": "view", "materialized_view": "view"}
_TABLE: Final = "table"


@dataclass(frozen=True, slots=True)
class Node:
    """A model, seed, snapshot, source or test, or what is only seen through."""

    unique_id: str
    kind: str
    name: str
    position: str
    database: str | None = None
    schema: str | None = None
    table: str = ""
    description: str | None = None
    materialized: str | None = None
    group: str | None = None
    digest: str | None = None
    version: str | None = None
    attached: str | None = None
    column: str | None = None

    @property
    def is_dataset(self) -> bool:
        """Return whether it is data in the warehouse; an ephemeral model is only a part of others."""
        return self.kind in DATASETS and self.materialized != EPHEMERAL

    @property
    def type(self) -> str:
        """Return the type of dataset that it is."""
        return _TYPES.get(self.materialized or "", _TABLE)


@dataclass(frozen=True, slots=True)
class Owner:
    """Who is named as an owner: by addresses, else by name."""

    name: str | None
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A group of models and who owns it."""

    name: str
    owner: Owner
    position: str


@dataclass(frozen=True, slots=True)
class Exposure:
    """A dashboard, notebook, application or the like that uses data of the project."""

    unique_id: str
    name: str
    type: str | None
    description: str | None
    url: str | None
    maturity: str | None
    owner: Owner
    position: str


def node(unique_id: str, item: JsonObject, position: str) -> Node:
    """Return a node from a manifest.

    Raises:
        Misshapen: where a field that is used is no text.
    """
    config = _object(item, "config")
    name = text_at(item, "name")
    version = item.get("version")
    return Node(
        unique_id=unique_id,
        kind=text_at(item, "resource_type"),
        name=name,
        position=position,
        database=optional_text(item, "database"),
        schema=optional_text(item, "schema"),
        table=optional_text(item, "identifier") or optional_text(item, "alias") or name,
        description=optional_text(item, "description"),
        materialized=optional_text(config, "materialized", "/config"),
        group=optional_text(item, "group") or optional_text(config, "group", "/config"),
        digest=_digest(item.get("checksum")),
        version=str(version) if isinstance(version, str | int | float) else None,
        attached=optional_text(item, "attached_node"),
        column=optional_text(item, "column_name"),
    )


def exposure(unique_id: str, item: JsonObject, position: str) -> Exposure:
    """Return an exposure from a manifest.

    Raises:
        Misshapen: where a field that is used is no text.
    """
    return Exposure(
        unique_id=unique_id,
        name=text_at(item, "name"),
        type=optional_text(item, "type"),
        description=optional_text(item, "description"),
        url=optional_text(item, "url"),
        maturity=optional_text(item, "maturity"),
        owner=owner(_object(item, "owner")),
        position=position,
    )


def group(item: JsonObject, position: str) -> Group:
    """Return a group from a manifest.

    Raises:
        Misshapen: where a field that is used is no text.
    """
    return Group(text_at(item, "name"), owner(_object(item, "owner")), position)


def owner(item: JsonObject) -> Owner:
    """Return an owner; newer versions allow several addresses.

    Raises:
        Misshapen: where name or addresses are no texts.
    """
    email = item.get("email")
    if isinstance(email, list):
        addresses = tuple(text for text in as_list(email) if isinstance(text, str))
    else:
        one = optional_text(item, "email", "/owner")
        addresses = () if one is None else (one,)
    return Owner(optional_text(item, "name", "/owner"), addresses)


def _object(item: JsonObject, key: str) -> JsonObject:
    value = item.get(key)
    return value if isinstance(value, dict) else {}


def _digest(checksum: Json) -> str | None:
    """Return the digest of a node's code, where it has one."""
    if not isinstance(checksum, dict):
        return None
    name, value = checksum.get("name"), checksum.get("checksum")
    is_digest = isinstance(name, str) and isinstance(value, str) and name != "none" and value
    return f"{name}:{value}" if is_digest else None
