"""What is known of a request beside what it asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from api.errors import new_request_id

HEADER: Final = "x-request-id"

_ACCEPTED: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


def request_id_of(scope: Mapping[str, Any]) -> str:
    """Return the id of a request, as the guard has noted it."""
    found: Any = scope.get("state", {}).get("request_id")
    return found if isinstance(found, str) else new_request_id()


def header_values(scope: Mapping[str, Any], name: str) -> list[str]:
    """Return all values of a header; more than one of some is a trick."""
    wanted = name.encode("ascii")
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    return [value.decode("latin-1") for key, value in headers if key == wanted]


def id_for(scope: Mapping[str, Any]) -> str:
    """Return the id that the client gave, if it is a plain one, else a new one."""
    given = header_values(scope, HEADER)
    return given[0] if len(given) == 1 and _ACCEPTED.fullmatch(given[0]) else new_request_id()
