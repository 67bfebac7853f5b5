"""Where the servers of a client stand in its configuration, and which of them are switched off.

Most clients have an object ``mcpServers`` with a server under each name, Visual Studio Code has ``servers``,
and Continue a list whose items bear their names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ingest.record import Skipped
from ingest.redaction import Json
from ingest.shapes import (
    JsonObject,
    Misshapen,
    as_list,
    as_object,
    is_misshapen,
    object_at,
    objects_at,
    optional_text,
    text_at,
)
from ingest.sources.agents.names import below

ELSEWHERE: Final = "server that is defined elsewhere and only named here"
OF_ONE_PROJECT: Final = "project's own servers in a file of all projects"

_SERVERS: Final = ("mcpServers", "servers", "mcp_servers")
_SCHEMAS: Final = ("v1",)


@dataclass(frozen=True, slots=True)
class Entry:
    """One server of a configuration; ``is_on`` is False where the file says that it is not used."""

    name: str
    pointer: str
    body: JsonObject
    is_on: bool = True


@dataclass(frozen=True, slots=True)
class Configuration:
    """The configuration of a client, and the ids of its inputs that are passwords."""

    body: JsonObject
    secret_inputs: frozenset[str]

    def entries(self) -> Iterator[Entry | Skipped | Misshapen]:
        """Yield the servers, and what is wrong with those that are none."""
        for pointer, value in self._lists():
            for entry in _entries(value, pointer):
                yield self._with_rules(entry) if isinstance(entry, Entry) else entry
        projects = self.body.get("projects")
        for project in projects.values() if isinstance(projects, dict) else ():
            if isinstance(project, dict) and project.get("mcpServers"):
                yield Skipped(OF_ONE_PROJECT)

    def _lists(self) -> Iterator[tuple[str, Json]]:
        nested = self.body.get("mcp")
        for key in _SERVERS:
            if key in self.body:
                yield f"/{key}", self.body[key]
            if isinstance(nested, dict) and key in nested:
                yield f"/mcp/{key}", nested[key]

    def _with_rules(self, entry: Entry) -> Entry:
        """Return a server with what Gemini CLI's lists of allowed and excluded ones say of it."""
        rules = self.body.get("mcp")
        if not isinstance(rules, dict):
            return entry
        allowed, excluded = rules.get("allowed"), rules.get("excluded")
        is_out = isinstance(allowed, list) and bool(allowed) and entry.name not in allowed
        is_out = is_out or (isinstance(excluded, list) and entry.name in excluded)
        return Entry(entry.name, entry.pointer, entry.body, entry.is_on and not is_out)


def is_configuration(body: JsonObject) -> bool:
    """Return whether a document holds servers of a client."""
    nested = body.get("mcp")
    return any(key in body for key in _SERVERS) or (
        isinstance(nested, dict) and any(key in nested for key in _SERVERS)
    )


def configuration(body: JsonObject) -> Configuration:
    """Return a client's configuration.

    Raises:
        Misshapen: for another version of Continue's schema, and for inputs of another shape.
    """
    schema = optional_text(body, "schema")
    if schema is not None and schema not in _SCHEMAS:
        raise Misshapen("/schema", "another version of the format", f"one of {', '.join(_SCHEMAS)}")
    inputs = body.get("inputs")
    secret: set[str] = set()
    for place, one in objects_at(body, "inputs") if isinstance(inputs, list) else ():
        if one.get("password") is True:
            secret.add(text_at(one, "id", place))
    return Configuration(body, frozenset(secret))


def flag_at(body: Mapping[str, Json], key: str, pointer: str) -> bool | None:
    """Return whether true stands under a key; None where nothing does.

    Raises:
        Misshapen: for anything but true and false.
    """
    value = body.get(key)
    if value is None or isinstance(value, bool):
        return value
    raise is_misshapen(value, "true or false", f"{pointer}/{key}")


def _entries(value: Json, pointer: str) -> Iterator[Entry | Skipped | Misshapen]:
    try:
        if value is None:
            return
        if isinstance(value, list):
            named: list[tuple[str | None, str, Json]] = [
                (None, f"{pointer}/{n}", one) for n, one in enumerate(as_list(value, pointer))
            ]
        else:
            named = [(key, below(pointer, key), one) for key, one in as_object(value, pointer).items()]
    except Misshapen as fault:
        yield fault
        return
    for key, place, one in named:
        try:
            yield _entry(key, place, one)
        except Misshapen as fault:
            yield fault


def _entry(key: str | None, place: str, value: Json) -> Entry | Skipped:
    body = as_object(value, place)
    if key is None and "uses" in body:
        return Skipped(ELSEWHERE)
    name = text_at(body, "name", place) if key is None else key
    if not name:
        raise Misshapen(place, "a server without a name", "a name")
    if "command" not in body and isinstance(body.get("transport"), dict):
        # Some write what belongs to the server into an object of its own.
        body = {**object_at(body, "transport", place), **{k: v for k, v in body.items() if k != "transport"}}
    is_on = not flag_at(body, "disabled", place) and flag_at(body, "enabled", place) is not False
    return Entry(name, place, body, is_on)
