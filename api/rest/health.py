"""`/livez` and `/readyz`: whether the process runs, and whether it can answer."""

from __future__ import annotations

import json

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.receiving.events import EventSpool
from api.rest.problems import problem_for
from api.rest.requests import request_id_of
from api.run_log import runs_before
from api.session import Session
from graph.errors import HoldfastError
from graph.model import as_text
from graph.store.schema import SCHEMA_VERSION


async def livez(request: Request) -> Response:  # noqa: ARG001 - every handler is given the request
    """Say that the process runs; nothing else is looked at."""
    return JSONResponse({"status": "alive"})


class Readiness:
    """Says whether the store answers, at which commit it stands, what was read in last, and what waits."""

    def __init__(self, session: Session, events: EventSpool) -> None:
        self._session = session
        self._events = events

    async def answer(self, request: Request) -> Response:
        """Ask the store; 503 where it does not answer."""
        try:
            return JSONResponse(await to_thread.run_sync(self._state))
        except HoldfastError as error:
            return problem_for(error, request_id_of(request.scope))

    def _state(self) -> dict[str, object]:
        store = self._session.store
        head = store.head()
        runs, _ = runs_before(store, None, 1)
        last = None
        if runs:
            state = json.loads(runs[0].report).get("state")
            last = {"source": runs[0].source, "finished_at": as_text(runs[0].finished_at), "state": state}
        return {
            "status": "ready",
            "schema_version": SCHEMA_VERSION,
            "commit": head.sequence,
            "run_position": head.runs,
            "last_run": last,
            "events_waiting": self._events.events,
            "events_set_aside": self._events.set_aside,
        }
