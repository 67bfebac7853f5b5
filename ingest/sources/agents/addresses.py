"""Addresses of servers and agents: what may be told of them, and which mean the same for everybody."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from graph.model import NodeFacts, Uid
from graph.vocabulary import Kind
from ingest.redaction import MARK, is_secret_name, looks_made, redact_text, stands_in
from ingest.sources.agents.held import Held, held_in, shown_reference
from ingest.uids import native_uid

MADE: Final = "the part of the address that looks made by a machine is a secret"

_PORTS: Final = {"http": 80, "https": 443}
_VARIABLE: Final = re.compile(r"\$\{|\{\{|<[A-Za-z]|\$[A-Z_]{2,}|%[A-Z_]{2,}%")
_LOCAL: Final = (".local", ".internal", ".localhost", ".lan", ".home", ".svc", ".cluster.local")


@dataclass(frozen=True, slots=True)
class Address:
    """An address without user, password, query and fragment, and the secrets that stood in it.

    One that ``is_shared`` is the same place for whoever names it.
    """

    text: str
    is_shared: bool
    held: tuple[Held, ...] = field(default=(), repr=False)

    def endpoint(self, *whose: str) -> Uid:
        """Return the uid of what answers there; of an address that means something only here, with whose."""
        if self.is_shared:
            return native_uid(Kind.ASSET, "url", self.text)
        return native_uid(Kind.ASSET, "url-of", *whose, self.text)

    def node(self, *whose: str) -> NodeFacts:
        """Return the endpoint at the address."""
        return NodeFacts(self.endpoint(*whose), Kind.ASSET, "endpoint", self.text, {"uri": self.text})


def address_of(text: str, position: str) -> Address | None:
    """Return what may be told of an address on the web; None for any other text.

    >>> address_of("https://ada:hunter2@Host.example:443/mcp?key=abc#x", "").text
    'https://host.example/mcp'
    >>> address_of("http://localhost:3000/mcp", "").is_shared
    False
    """
    parts = _split(shown_reference(text.strip()))
    if parts is None or parts.scheme.lower() not in ("http", "https", "ws", "wss", "grpc", "grpcs"):
        return None
    try:
        port = parts.port
    except ValueError:
        port = None
    scheme, host = parts.scheme.lower(), (parts.hostname or "").lower()
    named = f":{port}" if port not in (None, _PORTS.get(scheme)) else ""
    path, made = _path(parts.path)
    host_text = f"[{host}]" if ":" in host else host
    told = redact_text(f"{scheme}://{host_text}{named}{path if path != '/' else ''}")
    is_shared = _is_public(host) and MARK not in told and not _VARIABLE.search(told)
    return Address(told, is_shared, (*_secrets(text, parts, position), *_made(made, position)))


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return parts if parts.netloc else None


def _is_public(host: str) -> bool:
    """Return whether a host is the same one from everywhere, as far as its name tells."""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith(_LOCAL)


def _path(path: str) -> tuple[str, list[str]]:
    """Return a path without the parts that look made by a machine, and these."""
    parts = path.split("/")
    made = [part for part in parts if looks_made(part) and not stands_in(part)]
    return "/".join(MARK if part in made else part for part in parts), made


def _secrets(text: str, parts: SplitResult, position: str) -> Iterator[Held]:
    if parts.password:
        yield from held_in("password", unquote(parts.password), "address", position)
    # The query of the text as it was: a variable's own default may be a secret, too.
    query = text.partition("?")[2].partition("#")[0]
    for name, value in parse_qsl(query, keep_blank_values=False):
        if is_secret_name(name) or name.lower() in ("key", "sig", "signature"):
            yield from held_in(name if is_secret_name(name) else f"{name}_key", value, "address", position)
        else:
            yield from held_in(name, value, "address", position)


def _made(made: list[str], position: str) -> Iterator[Held]:
    for number, part in enumerate(made, start=1):
        name = f"path of the address, part {number}"
        yield Held(name, "address", position, literal=unquote(part), condition=MADE)
