"""One event on its way: sent to the server, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, TypeAlias

import httpx

from holdfast_client.connection import Token, http_client, json_of, refusal_of
from holdfast_client.errors import UnexpectedAnswer

_LATER: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
"""Statuses of 400 and more that are not about the event."""

_LONGEST_WAIT: Final = 300.0


@dataclass(frozen=True, slots=True)
class Delivered:
    """The server has it on disk."""


@dataclass(frozen=True, slots=True)
class RefusedByServer:
    """The server will not take it, also not later; ``reason`` is what it said."""

    reason: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Later:
    """It did not get there this time; ``after`` is how many seconds the server asks for."""

    why: str
    after: float | None = None


Outcome: TypeAlias = Delivered | RefusedByServer | Later


class Courier:
    """Sends events to one server, one after the other; one thread uses it."""

    def __init__(self, url: str, token: Token | None, instance: str | None) -> None:
        self._token = token
        self._instance = instance
        self._url = url
        self._http: httpx.Client | None = None

    def send(self, event: bytes) -> Outcome:
        """Send an event, and return what came of it; never raises for what is wrong outside."""
        if self._token is None:
            return Later("there is no token; HOLDFAST_TOKEN has one")
        if self._http is None:
            self._http = http_client(self._url, httpx.Timeout(10.0, connect=3.0))
        try:
            response = self._http.post(
                "/api/v1/lineage",
                content=event,
                params={"instance": self._instance} if self._instance else {},
                headers={"content-type": "application/json", **self._token.header()},
            )
        except httpx.TimeoutException:
            return Later("the server took too long")
        except httpx.HTTPError as error:
            return Later(f"the server cannot be reached: {type(error).__name__}")
        return _outcome(response)

    def close(self) -> None:
        """Close the connection."""
        if self._http is not None:
            self._http.close()


def _outcome(response: httpx.Response) -> Outcome:
    if response.is_success:
        return Delivered() if _is_taken(response) else Later("what answers there is no Holdfast server")
    refused = refusal_of(response)
    if not response.is_client_error or response.status_code in _LATER:
        after = None if refused.retry_after is None else min(refused.retry_after, _LONGEST_WAIT)
        return Later(f"the server answered {refused.status} {refused.code}", after)
    said = {"status": refused.status, "code": refused.code, "detail": refused.detail}
    return RefusedByServer({**said, "request_id": refused.request_id})


def _is_taken(response: httpx.Response) -> bool:
    """Return whether the answer is the receiver's: what it is not may have kept nothing."""
    try:
        return json_of(response).get("status") == "success"
    except UnexpectedAnswer:
        return False
