"""Requests to one server: who is asked, with which token, and what its refusals come to."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Final, cast

import httpx

from holdfast_client.errors import NotReached, Refused, UnexpectedAnswer

DEFAULT_URL: Final = "http://127.0.0.1:8321"
PATIENCE: Final = httpx.Timeout(3600.0, connect=5.0)
"""For what takes as long as it takes, and may wait for others' turns first."""

_PROBLEM: Final = "application/problem+json"
_THIS_MACHINE: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_LONGEST_DETAIL: Final = 2_000


class Token:
    """A bearer token that shows in no text."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        stripped = text.strip()
        if not stripped or not stripped.isascii() or not stripped.isprintable() or " " in stripped:
            # Without its text: it would end in a log.
            raise ValueError("the token is no text of printable characters without spaces")
        self._text = stripped

    def header(self) -> dict[str, str]:
        """Return the header that bears it."""
        return {"authorization": f"Bearer {self._text}"}

    def __repr__(self) -> str:
        return "<token>"

    def __reduce__(self) -> Any:  # noqa: ANN401
        raise TypeError("a token is not pickled")


def token_from(given: str | None) -> Token | None:
    """Return the given token, or that of HOLDFAST_TOKEN; None where there is none."""
    text = given if given is not None else os.environ.get("HOLDFAST_TOKEN", "")
    return Token(text) if text.strip() else None


def url_from(given: str | None) -> str:
    """Return the given address, or that of HOLDFAST_URL, or the default.

    Raises:
        ValueError: for one that is no address of a server, or has a login in it.
    """
    text = (given or os.environ.get("HOLDFAST_URL") or DEFAULT_URL).strip().rstrip("/")
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        raise ValueError("the server's address is no URL") from None
    if url.userinfo:
        raise ValueError("the server's address has a login in it; it takes a token instead")
    if url.scheme not in ("http", "https") or not url.host or url.query or url.fragment:
        raise ValueError(f"{text!r} is not like {DEFAULT_URL}")
    return text


def http_client(url: str, timeout: httpx.Timeout) -> httpx.Client:
    """Return what speaks HTTP with a server, and with no other: redirects are not followed.

    A proxy that the environment names is not asked for this machine, since it would see the token.
    """
    is_here = httpx.URL(url).host in _THIS_MACHINE
    return httpx.Client(base_url=url, timeout=timeout, follow_redirects=False, trust_env=not is_here)


class Connection:
    """Asks one server. Safe to share between threads."""

    def __init__(self, url: str, token: Token | None, timeout: httpx.Timeout) -> None:
        self.url = url
        self._token = token
        self._http = http_client(url, timeout)

    def __repr__(self) -> str:
        return f"<connection to {self.url}>"

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def send(self, method: str, path: str, *, is_write: bool = False, **more: Any) -> httpx.Response:  # noqa: ANN401
        """Return the answer to a request, whatever its status.

        Raises:
            NotReached: where there is none.
            Refused: with 401, for a write without a token; nothing is sent.
        """
        headers: dict[str, str] = {**more.pop("headers", {}), **self._authorised(is_write=is_write)}
        with self._reaching():
            return self._http.request(method, path, headers=headers, **more)

    @contextmanager
    def download(self, path: str, params: dict[str, Any]) -> Generator[httpx.Response]:
        """Yield an answer whose body is read piece by piece."""
        with self._reaching(), self._http.stream("GET", path, params=params, timeout=PATIENCE) as response:
            yield response

    @contextmanager
    def _reaching(self) -> Generator[None]:
        try:
            yield
        except httpx.TimeoutException:
            raise NotReached(self.url, "it took too long") from None
        except httpx.RequestError as error:
            raise NotReached(self.url, type(error).__name__) from None

    def _authorised(self, *, is_write: bool) -> dict[str, str]:
        if not is_write:
            return {}
        if self._token is None:
            detail = "A write needs a token: give one, or set HOLDFAST_TOKEN."
            raise Refused(401, "token_missing", detail)
        return self._token.header()


def json_of(response: httpx.Response) -> dict[str, Any]:
    """Return an answer's JSON object.

    Raises:
        UnexpectedAnswer: where it has none.
    """
    try:
        said: object = response.json()
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise UnexpectedAnswer(f"the body of status {response.status_code}", "a JSON object")
    return cast("dict[str, Any]", said)


def refusal_of(response: httpx.Response) -> Refused:
    """Return what a status other than 2xx comes to; also for those that are no problem of Holdfast's."""
    said: dict[str, Any] = {}
    if response.headers.get("content-type", "").startswith(_PROBLEM):
        try:
            said = json_of(response)
        except UnexpectedAnswer:
            said = {}
    request_id = said.get("request_id")
    return Refused(
        response.status_code,
        str(said.get("code", "not_of_holdfast")),
        str(said.get("detail", f"status {response.status_code} without a problem of Holdfast's"))[
            :_LONGEST_DETAIL
        ],
        None if request_id is None else str(request_id),
        seconds_to_wait(response),
    )


def seconds_to_wait(response: httpx.Response) -> float | None:
    """Return after how many seconds the server asks to be asked again; None where it does not say."""
    text = response.headers.get("retry-after", "")
    return float(text) if text.isdecimal() and len(text) < 6 else None
