"""What a server of a configuration comes to: the server, its tools, packages, addresses and secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from graph.model import NodeFacts, PropertyValue
from graph.vocabulary import Kind
from ingest.facts import Fact
from ingest.fingerprint import Fingerprinter
from ingest.jsontext import shown
from ingest.record import Skipped
from ingest.redaction import redact_text
from ingest.shapes import JsonObject, Misshapen, as_object, is_misshapen, optional_text
from ingest.sources.agents.addresses import Address, address_of
from ingest.sources.agents.entries import Entry, flag_at
from ingest.sources.agents.held import KEY_ID, Held, held_in
from ingest.sources.agents.keeping import secret_facts
from ingest.sources.agents.launch import (
    addresses_behind,
    command_of,
    held_by_arguments,
    packages_in,
    shown_arguments,
    variables_in,
)
from ingest.sources.agents.names import Holder, below, edge
from ingest.sources.agents.packages import Package
from ingest.uids import native_uid

_OPTIONAL: Final = frozenset({"optional"})
_ADDRESSES: Final = ("url", "serverUrl", "httpUrl")
_TRANSPORTS: Final[Mapping[str, str]] = {
    "stdio": "stdio",
    "local": "stdio",
    "sse": "sse",
    "http": "http",
    "streamable-http": "http",
    "streamable_http": "http",
    "streamableHttp": "http",
    "streamablehttp": "http",
}
_USED: Final = ("includeTools", "enabledTools", "enabled_tools", "tools")
_APPROVED: Final = ("alwaysAllow", "autoApprove")
_EXCLUDED: Final = ("excludeTools", "disabledTools", "disabled_tools")
_READ: Final = frozenset(
    (
        *("command", "args", "env", "headers", "requestOptions", "type", "transport", "transportType"),
        *("http_headers", "env_http_headers", "bearer_token_env_var", "env_vars"),
        *("disabled", "enabled", "name", "description", "trust", "envFile", "auth", "oauth", "inputs"),
        *(
            "targetServiceAccount",
            "authProviderType",
            "required",
            *_ADDRESSES,
            *_USED,
            *_APPROVED,
            *_EXCLUDED,
        ),
    )
)
_ALL: Final = "*"
_ACCOUNT: Final = re.compile(r"[a-z0-9-]+@[a-z0-9.-]+\.gserviceaccount\.com")


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the servers of one client's configuration."""

    holder: Holder
    secret_inputs: frozenset[str]

    def facts(self, entry: Entry, fingerprints: Fingerprinter) -> Iterator[Fact | Skipped]:
        """Yield what a server comes to.

        Raises:
            Misshapen: where one of its fields is of another shape than clients take.
        """
        launched = _launched(entry)
        addresses = [*_own_addresses(entry), *launched.addresses]
        if not launched.program and not addresses:
            raise Misshapen(entry.pointer, "neither a command nor an address", "command, or url")
        server = self.holder.server(entry.name)
        properties = launched.properties | _told(entry, launched, addresses)
        node = NodeFacts(server, Kind.ASSET, "mcp_server", redact_text(entry.name), properties)
        yield Fact(node, entry.pointer)
        if entry.is_on:
            is_required = flag_at(entry.body, "required", entry.pointer)
            marks = frozenset[str]() if is_required else _OPTIONAL
            yield edge("INVOKES", self.holder.agent, server, entry.pointer, marks=marks)
        yield from self._made_of(entry, launched)
        yield from self._reached(entry, addresses)
        yield from self._tools(entry)
        held = [*_held(entry, launched, self.secret_inputs), *(h for a, _ in addresses for h in a.held)]
        yield from secret_facts(
            held, self.holder, server, ("server", entry.name), fingerprints, used=entry.is_on
        )
        yield from self._runs_as(entry)
        yield from (Skipped(f"server's field {shown(key)}") for key in entry.body if key not in _READ)

    def _made_of(self, entry: Entry, launched: Launched) -> Iterator[Fact | Skipped]:
        server = self.holder.server(entry.name)
        for package, at in launched.packages:
            yield from package.facts(server, f"{entry.pointer}/args/{at}")
        yield from map(Skipped, launched.untold)

    def _reached(self, entry: Entry, addresses: list[tuple[Address, str]]) -> Iterator[Fact]:
        server = self.holder.server(entry.name)
        for address, position in addresses:
            node = address.node(self.holder.whose)
            yield Fact(node, position)
            yield edge("INVOKES", server, node.uid, position)

    def _tools(self, entry: Entry) -> Iterator[Fact]:
        server = self.holder.server(entry.name)
        named = {name for key in (*_USED, *_APPROVED) for name in _names(entry, key)} - {_ALL}
        for name in sorted(named):
            uid = self.holder.tool(entry.name, name)
            yield Fact(NodeFacts(uid, Kind.ASSET, "tool", redact_text(name)), entry.pointer)
            yield edge("PART_OF", uid, server, entry.pointer)

    def _runs_as(self, entry: Entry) -> Iterator[Fact]:
        """Yield the account whose tokens the client shows to the server, where one is named."""
        account = optional_text(entry.body, "targetServiceAccount", entry.pointer)
        if account is None or _ACCOUNT.fullmatch(account) is None or not entry.is_on:
            return
        place = f"{entry.pointer}/targetServiceAccount"
        uid = native_uid(Kind.IDENTITY, "gcp-service-account", account)
        yield Fact(NodeFacts(uid, Kind.IDENTITY, "service_account", account), place)
        yield edge("RUNS_AS", self.holder.server(entry.name), uid, place, to=Kind.IDENTITY)


@dataclass(frozen=True, slots=True)
class Launched:
    """What the command of a server comes to."""

    program: str
    properties: dict[str, PropertyValue]
    packages: tuple[tuple[Package, int], ...] = ()
    untold: tuple[str, ...] = ()
    variables: tuple[tuple[str, str, str], ...] = ()
    addresses: tuple[tuple[Address, str], ...] = ()
    held: tuple[Held, ...] = ()


def _launched(entry: Entry) -> Launched:
    program = optional_text(entry.body, "command", entry.pointer)
    if program is None:
        return Launched("", {})
    arguments = texts_at(entry.body, "args", entry.pointer)
    command = command_of(program, arguments)
    place = f"{entry.pointer}/args"
    own = _variables(entry)
    found = list(packages_in(command, {name: value for name, value, _ in own}))
    packages = tuple((one, at + command.first) for one, at in (f for f in found if not isinstance(f, str)))
    given = ((name, value, f"{place}/{at + command.first}") for name, value, at in variables_in(command))
    kinds = [package for package, _ in packages]
    properties: dict[str, PropertyValue] = {"command": redact_text(command.program)}
    if command.arguments:
        properties["args"] = shown_arguments(command)
    return Launched(
        command.program,
        properties,
        packages,
        tuple(one for one in found if isinstance(one, str)),
        tuple(given),
        tuple(addresses_behind(command, kinds, place)),
        tuple(held_by_arguments(command, place)),
    )


def _own_addresses(entry: Entry) -> Iterator[tuple[Address, str]]:
    for key in _ADDRESSES:
        text = optional_text(entry.body, key, entry.pointer)
        if text is None:
            continue
        place = f"{entry.pointer}/{key}"
        address = address_of(text, place)
        if address is None:
            raise Misshapen(place, "what is no address stands here", "an address such as https://host/mcp")
        yield address, place


def _told(entry: Entry, launched: Launched, addresses: list[tuple[Address, str]]) -> dict[str, PropertyValue]:
    """Return what is told of a server besides its command."""
    properties: dict[str, PropertyValue] = {"enabled": entry.is_on}
    transport = _transport(entry, launched)
    if transport is not None:
        properties["transport"] = transport
    if addresses:
        properties["url"] = addresses[0][0].text
    description = optional_text(entry.body, "description", entry.pointer)
    if description is not None:
        properties["description"] = redact_text(description)
    file = optional_text(entry.body, "envFile", entry.pointer)
    if file is not None:
        properties["environment_file"] = redact_text(file)
    names = {
        "environment_variables": {name for name, *_ in (*_variables(entry), *launched.variables)},
        "headers": {name for name, *_ in _headers(entry)},
        "auto_approved_tools": {n for key in _APPROVED for n in _names(entry, key)} - {_ALL},
        "excluded_tools": {n for key in _EXCLUDED for n in _names(entry, key)},
    }
    properties |= {key: tuple(map(redact_text, sorted(texts))) for key, texts in names.items() if texts}
    approves_all = flag_at(entry.body, "trust", entry.pointer) or any(
        _ALL in _names(entry, key) for key in _APPROVED
    )
    return properties | ({"auto_approves_all": True} if approves_all else {})


def _transport(entry: Entry, launched: Launched) -> str | None:
    """Return how a server is spoken to, where that is said."""
    for key in ("type", "transport", "transportType"):
        said = optional_text(entry.body, key, entry.pointer)
        if said is None:
            continue
        if said not in _TRANSPORTS:
            known = ", ".join(sorted(set(_TRANSPORTS.values())))
            raise Misshapen(f"{entry.pointer}/{key}", "another way to speak to a server", f"one of {known}")
        return _TRANSPORTS[said]
    if launched.program:
        return "stdio"
    return "http" if "httpUrl" in entry.body else None


def _held(entry: Entry, launched: Launched, secret_inputs: frozenset[str]) -> Iterator[Held]:
    own = _variables(entry)
    names = {name for name, *_ in own}
    # What a container is passed on stands in the variables of the server, where these name it.
    given = [one for one in launched.variables if one[0] not in names]
    ids = tuple(f"aws-access-key-id={value}" for _, value, _ in (*own, *given) if KEY_ID.fullmatch(value))
    for name, value, place in (*own, *given):
        for held in held_in(name, value, "environment", place, secret_inputs):
            is_half = name.upper() == "AWS_SECRET_ACCESS_KEY" and held.literal is not None
            yield replace(held, key_ids=ids) if is_half else held
    for name, value, place in _headers(entry):
        yield from held_in(name, value, "header", place, secret_inputs)
    for key in ("auth", "oauth"):
        for name, value, place in _pairs(entry.body, key, entry.pointer, strict=False):
            yield from held_in(name, value, "sign-in", place, secret_inputs)
    yield from launched.held


def _variables(entry: Entry) -> list[tuple[str, str, str]]:
    passed = texts_at(entry.body, "env_vars", entry.pointer)
    named = ((name, f"${{{name}}}", f"{entry.pointer}/env_vars/{n}") for n, name in enumerate(passed))
    return [*_pairs(entry.body, "env", entry.pointer), *named]


def _headers(entry: Entry) -> list[tuple[str, str, str]]:
    options = entry.body.get("requestOptions")
    place = f"{entry.pointer}/requestOptions"
    nested = () if options is None else _pairs(as_object(options, place), "headers", place)
    own = (pair for key in ("headers", "http_headers") for pair in _pairs(entry.body, key, entry.pointer))
    return [*own, *nested, *_headers_of_variables(entry)]


def _headers_of_variables(entry: Entry) -> Iterator[tuple[str, str, str]]:
    """Yield the headers of which Codex takes the values from variables that are only named."""
    token = optional_text(entry.body, "bearer_token_env_var", entry.pointer)
    if token is not None:
        yield "Authorization", f"Bearer ${{{token}}}", f"{entry.pointer}/bearer_token_env_var"
    for name, variable, place in _pairs(entry.body, "env_http_headers", entry.pointer):
        yield name, f"${{{variable}}}", place


def _pairs(
    body: JsonObject, key: str, pointer: str, *, strict: bool = True
) -> Iterator[tuple[str, str, str]]:
    """Yield the names, values and places of an object with scalars; others count as nothing if not strict."""
    value = body.get(key)
    if value is None or (not strict and not isinstance(value, dict)):
        return
    for name, one in as_object(value, f"{pointer}/{key}").items():
        place = below(f"{pointer}/{key}", name)
        if isinstance(one, str):
            yield name, one, place
        elif isinstance(one, bool | int | float):
            yield name, str(one).lower() if isinstance(one, bool) else str(one), place
        elif strict and one is not None:
            raise is_misshapen(one, "a text", place)


def texts_at(body: JsonObject, key: str, pointer: str) -> tuple[str, ...]:
    """Return the texts of a list, also those of numbers; an absent one is empty.

    Raises:
        Misshapen: for anything else.
    """
    value = body.get(key)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise is_misshapen(value, "a list of texts", f"{pointer}/{key}")
    for at, one in enumerate(value):
        if not isinstance(one, str | int | float) or isinstance(one, bool):
            raise is_misshapen(one, "a text", f"{pointer}/{key}/{at}")
    return tuple(str(one) for one in value)


def _names(entry: Entry, key: str) -> tuple[str, ...]:
    """Return the names of tools in a list; ``true`` is all of them."""
    value = entry.body.get(key)
    if isinstance(value, bool):
        return (_ALL,) if value else ()
    return texts_at(entry.body, key, entry.pointer)
