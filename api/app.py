"""The server: GraphQL, liveness, and the page, behind the guard; and what writes, behind the gate too."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from anyio import to_thread
from fastapi import FastAPI
from starlette.exceptions import HTTPException

from api.access.gate import Gate
from api.errors import UnsafeAddress, public
from api.graphql.endpoint import Endpoint
from api.graphql.schema import build_schema
from api.receiving.events import EventSpool
from api.receiving.spool import Spool
from api.receiving.worker import Worker
from api.rest.export import ExportFiles
from api.rest.guard import Guard, is_loopback
from api.rest.health import Readiness, livez
from api.rest.ingest import Ingest
from api.rest.lineage import Lineage
from api.rest.problems import on_http_exception
from api.session import Session
from api.web.pages import Page
from graph.errors import HoldfastError

if TYPE_CHECKING:
    from uvicorn import Server

_LAST_SECONDS: Final = 5.0
"""How long a server that ends waits for what it is working out; the rest waits for its next start."""


def create_app(session: Session) -> FastAPI:
    """Return the application on an open session, which outlives it."""
    gate, spool = Gate(session), Spool(session.settings.spool_folder)
    events = EventSpool(spool)
    worker = Worker(session, gate, events)
    ingest, lineage = Ingest(session, gate, spool), Lineage(gate, events, worker)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:  # noqa: ARG001 - the framework passes it
        await to_thread.run_sync(_warm_up, session)
        await to_thread.run_sync(spool.clean)
        worker.start()
        yield
        ingest.stop()
        await to_thread.run_sync(worker.stop, _LAST_SECONDS)
        spool.close()

    app = FastAPI(
        title="Holdfast",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.add_middleware(Guard)
    app.add_exception_handler(HTTPException, on_http_exception)
    app.add_route("/livez", livez, methods=["GET"])
    app.add_route("/readyz", Readiness(session, events).answer, methods=["GET"])
    app.add_route("/graphql", Endpoint(build_schema(), session).answer, methods=["POST"])
    app.add_route("/api/v1/ingest/{source}", ingest.answer, methods=["PUT"])
    app.add_route("/api/v1/export/{form}", ExportFiles(session).answer, methods=["GET"])
    app.add_route("/api/v1/lineage", lineage.one, methods=["POST"])
    app.add_route("/api/v1/lineage/batch", lineage.batch, methods=["POST"])
    page = Page.load().answer
    app.add_route("/", page, methods=["GET"])
    app.add_route("/assets/{name}", page, methods=["GET"])
    return app


def _warm_up(session: Session) -> None:
    """Compile the graph, so that the first question need not wait; a store that fails is seen by /readyz."""
    try:
        _ = session.estate.view().topology
    except HoldfastError as error:
        public(error, "start")


def server_for(session: Session, host: str, port: int) -> Server:
    """Return a server that is ready to run on a loopback address.

    Raises:
        UnsafeAddress: for any other address, as nobody is authenticated yet.
    """
    from uvicorn import Config, Server

    if not is_loopback(host):
        raise UnsafeAddress(host)
    config = Config(
        create_app(session),
        host="127.0.0.1" if host == "localhost" else host,
        port=port,
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
    )
    return Server(config)
