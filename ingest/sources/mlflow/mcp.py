"""The registry of MCP servers: each server, its versions with their tools, and where they are reached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from graph.model import EdgeFacts, NodeFacts, PropertyValue
from graph.vocabulary import Kind
from ingest.facts import Fact
from ingest.record import Skipped
from ingest.redaction import Json, redact_text
from ingest.shapes import JsonObject, as_object, objects_at, optional_text, text_at
from ingest.sources.mlflow.aliases import UNKNOWN, deployments
from ingest.sources.mlflow.fields import described, number_text, part_at
from ingest.sources.mlflow.people import contact
from ingest.sources.mlflow.places import content_address
from ingest.sources.mlflow.reading import Desk, Item, edge
from ingest.sources.mlflow.settings import NOT_DEPLOYED

NO_VERSION: Final = "MCP endpoint that leads to no version"

_STAGES: Final = {"draft": "experimental", "deprecated": "deprecated", "deleted": "retired"}
"""Where a version stands, by the vocabulary's words; that one is active is no approval of it."""


def server(item: Item, desk: Desk) -> Iterator[Fact | Skipped]:
    """Yield an MCP server and the versions that its aliases name."""
    body = item.body
    name = text_at(body, "name")
    uid = desk.server.uid("mcp-server", name)
    properties = described(body, created="creation_timestamp") | _stage(body)
    ids = (desk.server.external_id("mcp-server", name),)
    shown = redact_text(optional_text(body, "display_name") or name)
    yield Fact(NodeFacts(uid, Kind.ASSET, "mcp_server", shown, properties, ids), "")
    yield from deployments(item, desk, uid, name, "mcp-server-version")
    yield from contact(optional_text(body, "created_by"), uid, Kind.ASSET, desk.fingerprints)


def version(item: Item, desk: Desk) -> Iterator[Fact | Skipped]:
    """Yield a version of an MCP server with its tools."""
    body = item.body
    name, number = text_at(body, "name"), number_text(body, "version")
    uid = desk.server.uid("mcp-server-version", name, number)
    properties: dict[str, PropertyValue] = {**_stage(body)}
    properties |= _card(part_at(body, "server_json"))
    ids = (desk.server.external_id("mcp-server-version", name, number),)
    shown = f"{redact_text(name)} {redact_text(number)}"
    yield Fact(NodeFacts(uid, Kind.ASSET, "mcp_server", shown, properties, ids), "")
    yield edge("VERSION_OF", uid, desk.server.uid("mcp-server", name))
    for place, tool in objects_at(body, "tools"):
        tool_name = text_at(tool, "name", place)
        tool_uid = desk.server.uid("mcp-tool", name, number, tool_name)
        said = optional_text(tool, "description", place)
        about: dict[str, PropertyValue] = {"description": redact_text(said)} if said else {}
        yield Fact(NodeFacts(tool_uid, Kind.ASSET, "tool", redact_text(tool_name), about), place)
        yield edge("PART_OF", tool_uid, uid, at=place)
    yield from contact(optional_text(body, "created_by"), uid, Kind.ASSET, desk.fingerprints)


def access(item: Item, desk: Desk) -> Iterator[Fact | Skipped]:
    """Yield an address at which an MCP server is reached, and the version that answers there."""
    body = item.body
    native, name = text_at(body, "id"), text_at(body, "server_name")
    uid = desk.server.uid("mcp-endpoint", native)
    address = content_address(text_at(body, "url"))
    properties: dict[str, PropertyValue] = {"uri": address} if address else {}
    ids = (desk.server.external_id("mcp-endpoint", native),)
    yield Fact(NodeFacts(uid, Kind.ASSET, "endpoint", address or native, properties, ids), "")
    alias = optional_text(body, "server_alias")
    number = optional_text(body, "server_version") or _resolved(body.get("resolved_version"))
    if number is None:
        yield Skipped(NO_VERSION)
        return
    environment = desk.settings.environment(name, alias) if alias else None
    if environment == NOT_DEPLOYED:
        environment = None
    facts = EdgeFacts(
        "SERVES",
        uid,
        desk.server.uid("mcp-server-version", name, number),
        environment=environment or UNKNOWN,
        subject_kind=Kind.ASSET,
        object_kind=Kind.ASSET,
    )
    yield Fact(facts, "")


def _resolved(value: Json) -> str | None:
    return None if value is None else number_text(as_object(value, "/resolved_version"), "version")


def _stage(body: JsonObject) -> dict[str, PropertyValue]:
    stage = _STAGES.get(optional_text(body, "status") or "")
    return {} if stage is None else {"lifecycle": stage}


def _card(card: JsonObject) -> dict[str, PropertyValue]:
    """Return what a server's own card says of it: its packages, its addresses, the variables it wants."""
    found: dict[str, set[str]] = {"packages": set(), "remotes": set(), "environment_variables": set()}
    for place, package in objects_at(card, "packages", "/server_json"):
        words = (optional_text(package, key, place) for key in ("registryType", "identifier", "version"))
        found["packages"].add(redact_text(" ".join(word for word in words if word)))
        found["environment_variables"] |= set(_names(package, place))
    for place, remote in objects_at(card, "remotes", "/server_json"):
        address = content_address(optional_text(remote, "url", place) or "")
        if address is not None:
            found["remotes"].add(address)
    properties: dict[str, PropertyValue] = {
        name: tuple(sorted(texts)) for name, texts in found.items() if texts
    }
    said = optional_text(card, "description", "/server_json")
    return {**properties, "description": redact_text(said)} if said else properties


def _names(package: JsonObject, place: str) -> Iterator[str]:
    for at, variable in objects_at(package, "environmentVariables", place):
        yield redact_text(text_at(variable, "name", at))
