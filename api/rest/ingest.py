"""`PUT /api/v1/ingest/{source}`: files are read in by a source, and the answer is the run's report."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event
from typing import Final

from anyio import CancelScope, CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.access.gate import Gate, check_speaks_as
from api.access.tokens import Token
from api.errors import RULES
from api.ingesting import read_in
from api.receiving.spool import Spool
from api.rest.archives import MEDIA_TYPES, untar
from api.rest.bodies import is_packed, receive, unpack
from api.rest.problems import Refused, problem, problem_for
from api.rest.requests import request_id_of
from api.session import Session
from api.times import moment
from graph.errors import HoldfastError, InvalidQuestion
from graph.model import Instant, SourceInstance
from ingest.options import JobOptions, Progress
from ingest.record import Source
from ingest.registry import load_source
from ingest.report import RunReport, RunState
from ingest.sidecar import SUFFIX
from ingest.speaking import BoundSource

MOST_WAITING: Final = 4
"""How many bodies are held at once; one of them is read in, the others wait. More are sent away."""

_TRY_AGAIN: Final = {"retry-after": "30"}
_PARAMETERS: Final = frozenset({"instance", "scope", "read_at", "complete", "allow_closing", "file"})
_LONGEST_NAME: Final = 200
_WORDS: Final = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request says beside its body."""

    file: str
    is_packed: bool
    is_archive: bool
    instance: str | None
    scope: str | None
    read_at: Instant | None
    complete: bool
    allow_closing: bool

    def source_instance(self, source: Source) -> SourceInstance:
        """Return what is read: an installation of the source."""
        return SourceInstance(source.name, self.instance or "default")


class Ingest:
    """Reads bodies in, one after the other."""

    def __init__(self, session: Session, gate: Gate, spool: Spool) -> None:
        self._session = session
        self._gate = gate
        self._spool = spool
        self._one = CapacityLimiter(1)
        self._held = 0
        self._stopping = Event()

    def stop(self) -> None:
        """End the job that runs at its next step, and begin none any more."""
        self._stopping.set()

    async def answer(self, request: Request) -> Response:
        """Answer one request."""
        request_id = request_id_of(request.scope)
        try:
            report = await self._report(request)
        except Refused as refused:
            return refused.response(request_id)
        except HoldfastError as error:
            return problem_for(error, request_id)
        return answer_of(report, request_id)

    async def _report(self, request: Request) -> RunReport:
        token = await to_thread.run_sync(self._gate.admitted, request.scope)
        source = await to_thread.run_sync(load_source, request.path_params["source"])
        asked = asked_in(request)
        check_speaks_as(token, asked.source_instance(source))
        if self._held >= MOST_WAITING:
            detail = f"{MOST_WAITING} bodies are being read in already; nothing of this one was."
            raise Refused(503, "busy", detail, headers=_TRY_AGAIN)
        self._held += 1
        try:
            return await self._received(request, asked, source, token)
        finally:
            self._held -= 1

    async def _received(self, request: Request, asked: Asked, source: Source, token: Token) -> RunReport:
        folder = await to_thread.run_sync(self._new_folder)
        try:
            path = folder / asked.file
            await receive(request, path, self._session.settings.max_ingest_bytes)
            files = await to_thread.run_sync(self._unpacked, path, asked)
            return await to_thread.run_sync(self._read_in, files, asked, source, token, limiter=self._one)
        finally:
            with CancelScope(shield=True):  # also where the server ends meanwhile
                await to_thread.run_sync(partial(shutil.rmtree, folder, ignore_errors=True))

    def _new_folder(self) -> Path:
        return Path(tempfile.mkdtemp(dir=self._spool.incoming()))

    def _unpacked(self, path: Path, asked: Asked) -> Path:
        """Make a body what it was before it was packed, and return the file or the folder to be read."""
        most = self._session.settings.max_ingest_bytes
        unpack(path, most, packed=asked.is_packed)
        if not path.stat().st_size:
            # What a pipe sends whose first command failed must not pass for an empty system.
            raise Refused(400, "empty_body", "There is nothing in the body; nothing was read in.")
        os.utime(path, (0, 0))  # when it was received is not when it was read from its system
        if not asked.is_archive:
            return path
        files = path.with_name(f"{path.name}.files")
        untar(path, files, most)
        return files

    def _read_in(self, path: Path, asked: Asked, source: Source, token: Token) -> RunReport:
        """Run the job, while no other process reads the same."""
        from api.syncing.locks import Busy, reading

        options = JobOptions(
            actor=token.actor,
            fingerprints=self._gate.fingerprints,
            instance=asked.instance,
            scope=asked.scope,
            read_at=asked.read_at,
            complete=asked.complete,
            allow_closing=asked.allow_closing,
            progress=self._stop_if_asked,
        )
        bound = BoundSource(source, token.may_speak_as)
        try:
            with reading(self._session.settings, asked.source_instance(source)):
                return read_in(self._session, bound, [path], options)
        except Busy as busy:
            raise Refused(503, "busy", f"Nothing was read in: {busy}.", headers=_TRY_AGAIN) from None
        except KeyboardInterrupt:  # it was done already, or had not begun
            raise Refused(503, "interrupted", "The server is stopping.", headers=_TRY_AGAIN) from None

    def _stop_if_asked(self, progress: Progress) -> None:  # noqa: ARG002 - how far it came does not matter
        if self._stopping.is_set():
            raise KeyboardInterrupt  # how a job is told to log what it did, and to end


def asked_in(request: Request) -> Asked:
    """Return what a request's address asks for.

    Raises:
        InvalidQuestion: for a parameter that there is not, stands twice, or has a value it cannot have.
        Refused: for another encoding than gzip.
    """
    given = request.query_params.multi_items()
    said = dict(given)
    for name, _ in given:
        if name not in _PARAMETERS:
            raise InvalidQuestion(name[:80], "there is no such parameter", ", ".join(sorted(_PARAMETERS)))
    if len(said) < len(given):
        raise InvalidQuestion("query", "a parameter stands twice", "each parameter once")
    is_archive = request.headers.get("content-type", "").partition(";")[0].strip().lower() in MEDIA_TYPES
    if is_archive and "file" in said:
        raise InvalidQuestion("file", "the files of an archive have their names in it", "no such parameter")
    read_at = said.get("read_at")
    return Asked(
        file=_file_name(said.get("file", "body")),
        is_packed=is_packed(request),
        is_archive=is_archive,
        instance=said.get("instance") or None,
        scope=said.get("scope") or None,
        read_at=None if read_at is None else moment(read_at, "read_at"),
        complete=_flag(said, "complete"),
        allow_closing=_flag(said, "allow_closing"),
    )


def _flag(said: Mapping[str, str], name: str) -> bool:
    word = said.get(name, "false").lower()
    if word not in _WORDS:
        raise InvalidQuestion(name, f"{word[:20]!r} is neither", "true or false")
    return _WORDS[word]


def _file_name(name: str) -> str:
    """Return what a file is to be called in problems and locators; some sources tell files by their names."""
    plain = name.isprintable() and not set(name) & set("/\\") and not name.startswith((".", "-"))
    if not plain or not 0 < len(name.encode()) <= _LONGEST_NAME or name.endswith(SUFFIX):
        expected = f"a name without folders of at most {_LONGEST_NAME} bytes, and not that of a sidecar"
        raise InvalidQuestion("file", "no name of a file", expected)
    return name


def answer_of(report: RunReport, request_id: str) -> Response:
    """Return a run's report; where not everything went in, within a problem that says so."""
    document = report.to_json()
    if report.state is RunState.COMPLETED:
        return JSONResponse(document)
    more = {"report": document}
    if report.state is RunState.INTERRUPTED:
        detail = "The server is stopping; what was committed stays. Send it again."
        return problem(503, "interrupted", detail, request_id, more=more)
    code, detail = _shortfall(report)
    return problem(RULES[code].status, code, detail, request_id, title=RULES[code].title, more=more)


def _shortfall(report: RunReport) -> tuple[str, str]:
    """Return the code and the words for what did not go in."""
    if report.state is RunState.FAILED:
        return "broken_source", "The source stopped; what it had said went in."
    if any(scope.refused for scope in report.scopes):
        return "closing_refused", "A scope would have lost much and was not closed; allow_closing=true does."
    if report.rejected_count:
        words = f"{report.rejected_count} things could not be read in; `report` names them. The rest went in."
        return "source_rejected", words
    return "source_rejected", "There was nothing to read in; `report` says why."
