"""`GET /api/v1/export/{form}`: the estate at one date as files, in one tar archive, the manifest last."""

from __future__ import annotations

import shutil
import tarfile
import tempfile
from functools import partial
from pathlib import Path
from typing import Final

from anyio import CapacityLimiter, to_thread
from starlette.background import BackgroundTask
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from api import words
from api.exports.files import MANIFEST
from api.exports.forms import FORMS
from api.exports.writing import write_export
from api.rest.problems import problem_for
from api.rest.requests import request_id_of
from api.session import Session
from api.times import standpoint
from graph.errors import HoldfastError, InvalidQuestion
from queries.export_filtered import FilteredQuestion
from queries.filters import NodeFilter

_PARAMETERS: Final = frozenset({"kind", "environment", "min_criticality", "as_of", "known_at"})

_CRITICALITIES: Final = (None, "0", "1", "2", "3", "4")


class ExportFiles:
    """Writes exports, one at a time, since each holds the graph in memory."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._one = CapacityLimiter(1)

    async def answer(self, request: Request) -> Response:
        """Answer one request."""
        try:
            question = question_in(request.path_params["form"], request.query_params)
            work = partial(self._written, request.path_params["form"], question)
            archive = await to_thread.run_sync(work, limiter=self._one)
        except HoldfastError as error:
            return problem_for(error, request_id_of(request.scope))
        gone = BackgroundTask(shutil.rmtree, archive.parent, ignore_errors=True)
        return FileResponse(
            archive,
            media_type="application/x-tar",
            filename=archive.name,
            headers={"cache-control": "private, no-store"},
            background=gone,
        )

    def _written(self, form: str, question: FilteredQuestion) -> Path:
        """Return the archive, alone with its files in a folder of its own."""
        folder = Path(tempfile.mkdtemp(prefix="holdfast-export-"))
        try:
            export = write_export(self._session.estate, form, folder / form, question)
            archive = folder / f"holdfast-{form}.tar"
            with tarfile.open(archive, "w") as packed:
                for file in (*(f.name for f in export.files if f.name != MANIFEST), MANIFEST):
                    packed.add(folder / form / file, arcname=f"{form}/{file}")
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return archive


def question_in(form: str, given: QueryParams) -> FilteredQuestion:
    """Return what a request asks to be exported.

    Raises:
        InvalidQuestion: for a form or a parameter that there is not, or a value that cannot be read.
    """
    if form not in FORMS:
        raise InvalidQuestion("form", f"{form!r} is none", f"one of {', '.join(FORMS)}")
    for name in given:
        if name not in _PARAMETERS:
            expected = f"one of {', '.join(sorted(_PARAMETERS))}"
            raise InvalidQuestion("query", f"there is no parameter {name!r}", expected)
    criticality = given.get("min_criticality")
    if criticality not in _CRITICALITIES:
        raise InvalidQuestion("min_criticality", f"{criticality!r} is no criticality", "0 to 4")
    wanted = NodeFilter(
        words.kinds(given.getlist("kind") or None),
        frozenset(given.getlist("environment")),
        None if criticality is None else int(criticality),
    )
    return FilteredQuestion(wanted, standpoint(given.get("as_of"), given.get("known_at")))
