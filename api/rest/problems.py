"""Errors over plain HTTP, as `application/problem+json` (RFC 9457) with stable codes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.errors import public
from api.rest.requests import request_id_of

MEDIA_TYPE = "application/problem+json"

_CODES = {404: "no_such_address", 405: "method_not_allowed"}


@dataclass
class Refused(Exception):
    """A request that is refused; ``more`` are members of the problem that only this one has."""

    status: int
    code: str
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    more: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def response(self, request_id: str) -> Response:
        """Return the refusal as it is answered."""
        response = problem(self.status, self.code, self.detail, request_id, more=self.more)
        response.headers.update(self.headers)
        return response


def problem(
    status: int,
    code: str,
    detail: str,
    request_id: str,
    *,
    title: str | None = None,
    more: Mapping[str, Any] | None = None,
) -> Response:
    """Return a problem; `code` is stable, `request_id` finds it in the log and names the `instance`."""
    document = {
        "type": f"urn:holdfast:problem:{code}",
        "title": title or HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": f"urn:holdfast:request:{request_id}",
        "code": code,
        "request_id": request_id,
        **(more or {}),
    }
    return Response(json.dumps(document), status, media_type=MEDIA_TYPE)


def problem_for(error: BaseException, request_id: str) -> Response:
    """Return the problem that an error is told as; what is not told goes to the log."""
    told = public(error, request_id)
    return problem(told.rule.status, told.code, told.detail, request_id, title=told.rule.title)


async def on_http_exception(request: Request, error: Exception) -> Response:
    """Tell that there is nothing at an address, or not in that way."""
    if not isinstance(error, HTTPException):
        return problem_for(error, request_id_of(request.scope))
    code = _CODES.get(error.status_code, "refused")
    detail = "There is nothing here." if error.status_code == HTTPStatus.NOT_FOUND else str(error.detail)
    response = problem(error.status_code, code, detail, request_id_of(request.scope))
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response
