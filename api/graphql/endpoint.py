"""`POST /graphql`: GraphQL over HTTP, one request and one answer, resolved off the event loop.

Neither queries in the address nor batches, uploads or sockets: a page of another origin
can send those, and nobody here needs them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, cast

from anyio import CapacityLimiter, to_thread
from graphql import GraphQLError, GraphQLSyntaxError
from starlette.requests import Request
from starlette.responses import Response
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from api.errors import public
from api.graphql.context import Context
from api.graphql.schema import QuietSchema
from api.rest.problems import problem
from api.rest.requests import request_id_of
from api.session import Session

GRAPHQL_RESPONSE: Final = "application/graphql-response+json"
PLAIN_JSON: Final = "application/json"
MOST_BYTES: Final = 256 * 1024
"""How long the body of a request may be."""

AT_ONCE: Final = 4
"""How many requests are resolved at the same time; the others wait, and the loop stays free."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for."""

    query: str
    variables: dict[str, Any] | None
    operation: str | None


class BadRequest(Exception):
    """A request that is no GraphQL request; it has a status, and a code and words of ours."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail


class Endpoint:
    """Answers requests with one schema on one session."""

    def __init__(self, schema: QuietSchema, session: Session) -> None:
        self._schema = schema
        self._session = session
        self._turns = CapacityLimiter(AT_ONCE)

    async def answer(self, request: Request) -> Response:
        """Answer one request."""
        request_id = request_id_of(request.scope)
        media = media_type(request.headers.get("accept"))
        if media is None:
            return problem(
                406, "not_acceptable", f"This speaks {GRAPHQL_RESPONSE} and {PLAIN_JSON}.", request_id
            )
        try:
            asked = await read(request)
        except BadRequest as bad:
            return problem(bad.status, bad.code, bad.detail, request_id)
        result = await to_thread.run_sync(partial(self._resolved, asked, request_id), limiter=self._turns)
        return _response(result, media, request_id)

    def _resolved(self, asked: Asked, request_id: str) -> ExecutionResult:
        """Resolve a request; runs in a thread of its own."""
        context = Context(self._session, request_id, asked.operation)
        try:
            return self._schema.execute_sync(
                asked.query,
                variable_values=asked.variables,
                context_value=context,
                operation_name=asked.operation,
                allowed_operation_types=[OperationType.QUERY],
            )
        except (CannotGetOperationTypeError, InvalidOperationTypeError, MissingQueryError):
            error = GraphQLError(
                "There is no such operation, or it is no query; operationName chooses one of several."
            )
            return ExecutionResult(data=None, errors=[error])


async def read(request: Request) -> Asked:
    """Return what a request asks for.

    Raises:
        BadRequest: for another content type, too long a body, or a body of another shape.
    """
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != PLAIN_JSON:
        raise BadRequest(415, "unsupported_media_type", f"The body must be {PLAIN_JSON}.")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise BadRequest(413, "body_too_long", f"The body is longer than {MOST_BYTES} bytes.")
    try:
        said: Any = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest(400, "not_json", "The body is not JSON.") from None
    return asked_in(said)


def asked_in(said: object) -> Asked:
    """Return what a JSON body asks for.

    Raises:
        BadRequest: where it is no GraphQL request.
    """
    body = cast("dict[str, Any]", said) if isinstance(said, dict) else {}
    query, variables, operation = (body.get(name) for name in ("query", "variables", "operationName"))
    if not isinstance(query, str):
        raise BadRequest(
            400,
            "no_graphql_request",
            'The body must be one object with the text "query"; there are no batches.',
        )
    if not (variables is None or isinstance(variables, dict)):
        raise BadRequest(400, "no_graphql_request", '"variables" must be an object.')
    if not (operation is None or isinstance(operation, str)):
        raise BadRequest(400, "no_graphql_request", '"operationName" must be a text.')
    return Asked(query, cast("dict[str, Any] | None", variables), operation)


def media_type(accept: str | None) -> str | None:
    """Return in which type to answer; None where the client takes neither.

    >>> media_type("application/graphql-response+json, application/json;q=0.9")
    'application/graphql-response+json'
    >>> media_type("*/*"), media_type("text/html")
    ('application/json', None)
    """
    if accept is None or not accept.strip():
        return PLAIN_JSON
    wanted = {part.partition(";")[0].strip().lower() for part in accept.split(",")}
    if GRAPHQL_RESPONSE in wanted:
        return GRAPHQL_RESPONSE
    return PLAIN_JSON if wanted & {PLAIN_JSON, "application/*", "*/*"} else None


def _response(result: ExecutionResult, media: str, request_id: str) -> Response:
    """Return a result over HTTP: refused requests have status 400, whatever else data says."""
    refused = is_refused(result)
    document: dict[str, Any] = {} if refused else {"data": result.data}
    if result.errors:
        document["errors"] = [_error_of(error, request_id, refused=refused) for error in result.errors]
    # Clients of the old media type trust a body only under status 200.
    status = 400 if refused and media == GRAPHQL_RESPONSE else 200
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Response(text.encode("utf-8", "replace"), status, media_type=f"{media}; charset=utf-8")


def is_refused(result: ExecutionResult) -> bool:
    """Return whether a request was refused before anything of it was resolved.

    Such errors stand at a place in the document and at none in the answer; what breaks
    while resolving has a place in the answer, and what breaks around it has neither.
    """
    errors = result.errors or []
    return result.data is None and bool(errors) and all(_is_of_the_request(error) for error in errors)


def _is_of_the_request(error: GraphQLError) -> bool:
    return error.path is None and (bool(error.locations) or error.original_error is None)


def _error_of(error: GraphQLError, request_id: str, *, refused: bool) -> dict[str, Any]:
    """Return an error as it is told: ours by code, strangers masked, the request's own faults as they are."""
    if refused:
        extensions = {"code": _code_of(error), **(error.extensions or {})}
        return {**error.formatted, "extensions": extensions}
    told = public(error.original_error or error, request_id)
    formatted: dict[str, Any] = {
        "message": told.detail if told.rule.is_told else told.rule.title,
        "extensions": {"code": told.code, "requestId": request_id},
    }
    if error.path:
        formatted["path"] = list(error.path)
    return formatted


def _code_of(error: GraphQLError) -> str:
    is_syntax = isinstance(error, GraphQLSyntaxError)
    return "GRAPHQL_PARSE_FAILED" if is_syntax else "GRAPHQL_VALIDATION_FAILED"
