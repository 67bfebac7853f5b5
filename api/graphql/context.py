"""What a resolver is given: the session of the server, and the id of the request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import strawberry

from api.session import Session


@dataclass(frozen=True, slots=True)
class Context:
    """One request's context; `request_id` ties errors to the log, `operation` is the one that it names."""

    session: Session
    request_id: str
    operation: str | None


Info: TypeAlias = strawberry.Info[Context, None]
