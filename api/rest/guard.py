"""The first thing that every request meets: who may ask, what is sent with every answer.

A server on a loopback address can still be reached by any page that somebody opens in a
browser on the same machine: by a name that is made to point at 127.0.0.1, or by a request
from another origin. Both are refused here, for every method and for sockets too.
"""

from __future__ import annotations

import ipaddress
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.rest.problems import problem, problem_for
from api.rest.requests import HEADER, header_values, id_for

HOSTS: Final = frozenset({"127.0.0.1", "localhost", "::1"})
"""The names under which a loopback server may be asked; the port does not matter."""

_SECURITY_HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """Refuses strangers, numbers requests, adds security headers, and masks what goes wrong."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        request_id = id_for(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        refusal = refusal_of(scope)
        if scope["type"] == "websocket":
            # There are no sockets here; closing before accepting answers with 403.
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        answered = _Answered(send, request_id)
        if refusal is not None:
            code, detail, status = refusal
            await problem(status, code, detail, request_id)(scope, receive, answered)
            return
        try:
            await self._app(scope, receive, answered)
        except Exception as error:  # noqa: BLE001 - the server would log its message, which may quote anything
            response = problem_for(error, request_id)
            if not answered.begun:
                await response(scope, receive, answered)


class _Answered:
    """Sends an answer with the headers that all answers have, and knows whether it has begun."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id
        self.begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            headers = MutableHeaders(scope=message)
            for name, value in _SECURITY_HEADERS.items():
                headers[name] = value
            headers.setdefault("cache-control", "no-store")
            headers[HEADER] = self._request_id
        await self._send(message)


def refusal_of(scope: Scope) -> tuple[str, str, int] | None:
    """Return why a request is refused (code, words, status); None where it may pass."""
    client = scope.get("client")
    if client is None or not is_loopback(client[0]):
        return "not_loopback", "Only programs on this machine may ask.", 403
    hosts = header_values(scope, "host")
    if len(hosts) != 1 or host_in(hosts[0]) not in HOSTS:
        return "wrong_host", "Ask for 127.0.0.1 or localhost.", 421
    for origin in header_values(scope, "origin"):
        if not is_own_origin(origin, hosts[0]):
            return "wrong_origin", "Pages of another origin may not ask.", 403
    return None


def is_loopback(address: str) -> bool:
    """Return whether an address is one of this machine's own, given as a number or as localhost.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("0.0.0.0"), is_loopback("example.org")
    (True, True, False, False)
    """
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def host_in(header: str) -> str | None:
    """Return the name in a Host header, without port; None where it is none.

    >>> host_in("localhost:8321"), host_in("[::1]:8321"), host_in("user@localhost"), host_in("a/b")
    ('localhost', '::1', None, None)
    """
    if set(header) & set("/@\\?# \t"):
        return None
    try:
        parts = urlsplit(f"//{header}")
        _ = parts.port  # raises where it is no number
    except ValueError:
        return None
    return parts.hostname


def is_own_origin(origin: str, host: str) -> bool:
    """Return whether an Origin header names the very server that is asked.

    >>> is_own_origin("http://127.0.0.1:8321", "127.0.0.1:8321"), is_own_origin("null", "127.0.0.1:8321")
    (True, False)
    """
    scheme, separator, authority = origin.partition("://")
    return bool(separator) and scheme in ("http", "https") and authority.lower() == host.lower()
