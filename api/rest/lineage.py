"""`POST /api/v1/lineage` and `/api/v1/lineage/batch`: events of OpenLineage, kept before the answer.

An answer of 2xx says that the event is on disk, cleaned of secrets and people's names; it
is worked out afterwards. Only what is wrong with a request is answered with 4xx, since
clients do not send such an event again; what is wrong here is answered with 5xx.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any, Final

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.access.gate import Gate, check_speaks_as
from api.access.tokens import Token
from api.errors import LOG, without_text
from api.receiving.events import SOURCE, EventSpool, Sender
from api.receiving.worker import Worker
from api.rest.bodies import is_packed, streamed, unpacked
from api.rest.problems import Refused, problem_for
from api.rest.requests import request_id_of
from graph.errors import HoldfastError, InvalidQuestion
from graph.model import now
from ingest.door import secret_in_identifier
from ingest.jsontext import NotJson
from ingest.record import ReadContext
from ingest.shapes import Misshapen
from ingest.sources.openlineage.arriving import prepared
from ingest.sources.openlineage.received import spool_line

MOST_BYTES: Final = 64 * 1024 * 1024
"""The longest body, packed and unpacked."""

AT_ONCE: Final = 8
"""How many bodies are looked at at the same time; the others wait."""

_VALUES: Final = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
_BLANK: Final = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an event was not taken; with ``retriable`` it is no fault of the event."""

    position: str
    field: str
    reason: str
    expected: str
    retriable: bool = False

    @property
    def words(self) -> str:
        """Return the fault as a sentence."""
        place = " ".join(part for part in (self.position, self.field) if part)
        return f"{place}: {self.reason}. Expected {self.expected}." if place else f"{self.reason}."


class Lineage:
    """Takes events."""

    def __init__(self, gate: Gate, events: EventSpool, worker: Worker) -> None:
        self._gate = gate
        self._events = events
        self._worker = worker
        self._turns = CapacityLimiter(AT_ONCE)

    async def one(self, request: Request) -> Response:
        """Take one event."""
        return await self._answered(request, self._one)

    async def batch(self, request: Request) -> Response:
        """Take a list of events; each by itself."""
        return await self._answered(request, self._batch)

    async def _answered(self, request: Request, take: Any) -> Response:  # noqa: ANN401 - one of the two below
        request_id = request_id_of(request.scope)
        try:
            token = await to_thread.run_sync(self._gate.admitted, request.scope)
            sender = sender_of(request, token)
            packed = is_packed(request)
            body = b"".join([piece async for piece in streamed(request, MOST_BYTES)])
            return await to_thread.run_sync(
                partial(self._taken, take, sender, body, packed), limiter=self._turns
            )
        except Refused as refused:
            return refused.response(request_id)
        except HoldfastError as error:
            return problem_for(error, request_id)

    def _taken(self, take: Any, sender: Sender, body: bytes, packed: bool) -> Response:  # noqa: ANN401, FBT001
        try:
            text = unpacked(body, MOST_BYTES, packed=packed).decode("utf-8").removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            fault = Fault(f"byte {error.start + 1}", "", "bytes that are not UTF-8", "UTF-8")
            raise _broken(fault) from None
        response: Response = take(sender, text)
        self._worker.tell()
        return response

    def _one(self, sender: Sender, text: str) -> Response:
        line = self._line(sender, text)
        if isinstance(line, Fault):
            raise _broken(line)
        self._events.take(sender, line, 1)
        return JSONResponse({"status": "success"})

    def _batch(self, sender: Sender, text: str) -> Response:
        lines = [self._line_or_ours(sender, one) for one in items_of(text)]
        kept = [line for line in lines if isinstance(line, bytes)]
        if kept:
            self._events.take(sender, b"".join(kept), len(kept))
        return _answer_of(lines)

    def _line(self, sender: Sender, text: str) -> bytes | Fault:
        """Return an event as it is to be kept, or what is wrong with it."""
        at = now()
        context = ReadContext(sender.source, self._gate.fingerprints, at)
        try:
            return spool_line(prepared(text, context), at)
        except NotJson as error:
            place = f"line {error.line}, column {error.column}" if error.line else ""
            return Fault(place, "", error.reason, error.expected)
        except Misshapen as broken:
            return Fault("", broken.pointer, broken.reason, broken.expected)

    def _line_or_ours(self, sender: Sender, text: str) -> bytes | Fault:
        """Return the same; one event that breaks us must not keep the others of its batch out."""
        try:
            return self._line(sender, text)
        except Exception as error:  # noqa: BLE001 - told as ours, to be sent again
            LOG.error("an event was not taken: %s", type(error).__name__, exc_info=without_text(error))
            return Fault("", "", "something went wrong here", "another attempt", retriable=True)


def sender_of(request: Request, token: Token) -> Sender:
    """Return whose events a request brings: of the instance that it names, or that its token stands for.

    Raises:
        InvalidQuestion: for a parameter that there is not, or an instance of a name that cannot be kept.
        Refused: with 403, where the token does not stand for the instance.
    """
    given = request.query_params.multi_items()
    if any(name != "instance" for name, _ in given) or len(given) > 1:
        raise InvalidQuestion("query", "there is no such parameter, or it stands twice", "instance")
    instance = dict(given).get("instance") or token.only_instance_of(SOURCE) or "default"
    sender = Sender(token.name, instance)
    if not (instance.isprintable() and sender.is_storable) or secret_in_identifier(instance):
        raise InvalidQuestion("instance", "no name of an instance", "a short printable name without a secret")
    check_speaks_as(token, sender.source)
    return sender


def items_of(text: str) -> list[str]:
    """Return the texts of the items of a JSON array.

    Raises:
        Refused: with 400, for any other text.

    >>> items_of('[{"a": 1}, "b" ]')
    ['{"a": 1}', '"b"']
    """
    at = _after_blank(text, 0)
    if text[at : at + 1] != "[":
        raise _broken(Fault("", "", "the body is no list", "a JSON array of events"))
    items: list[str] = []
    at = _after_blank(text, at + 1)
    while text[at : at + 1] != "]" or items:
        try:
            _, end = _VALUES.raw_decode(text, at)
        except (ValueError, RecursionError):
            raise _broken(Fault(f"item {len(items)}", "", "text that is not JSON", "a JSON array")) from None
        items.append(text[at:end])
        at = _after_blank(text, end)
        if text[at : at + 1] != ",":
            break
        at = _after_blank(text, at + 1)
    if text[at : at + 1] != "]" or text[at + 1 :].strip(_BLANK):
        raise _broken(Fault(f"item {len(items)}", "", "an array that does not end there", "a JSON array"))
    return items


def _after_blank(text: str, at: int) -> int:
    while text[at : at + 1] and text[at] in _BLANK:
        at += 1
    return at


def _answer_of(lines: Sequence[bytes | Fault]) -> Response:
    """Return what came of each event of a batch."""
    faults = {i: line for i, line in enumerate(lines) if isinstance(line, Fault)}
    retriable = sum(fault.retriable for fault in faults.values())
    told = {
        "summary": {
            "received": len(lines),
            "successful": len(lines) - len(faults),
            "failed": len(faults),
            "retriable": retriable,
            "non_retriable": len(faults) - retriable,
        },
        "failed_events": [
            {"index": i, "reason": fault.words, "retriable": fault.retriable} for i, fault in faults.items()
        ],
    }
    if lines and len(faults) == len(lines):
        if retriable:
            raise Refused(503, "not_taken", "No event was taken.", headers={"retry-after": "10"}, more=told)
        raise Refused(400, "broken_event", "No event of the batch can be used.", more=told)
    return JSONResponse({"status": "partial_success" if faults else "success", **told})


def _broken(fault: Fault) -> Refused:
    more = {name: value for name, value in asdict(replace(fault)).items() if name != "retriable"}
    return Refused(400, "broken_event", f"The event cannot be used. {fault.words}", more={"fault": more})
