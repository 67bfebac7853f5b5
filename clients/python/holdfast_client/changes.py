"""One run of a pipeline, told as it happens: what it uses, what it produces, and how it ends.

Nothing here raises into the pipeline, and what the pipeline raises goes through unchanged.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Generator, Iterable
from contextvars import ContextVar, Token
from functools import wraps
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Final, Literal, ParamSpec, TypeVar, cast

from holdfast_client.events import (
    BadName,
    Dataset,
    EventType,
    Facets,
    Job,
    Parent,
    dataset_of,
    event_of,
    named,
    new_run_id,
)
from holdfast_client.recorder import NOT_RECORDED, Recorder, Status, is_disabled

P = ParamSpec("P")
R = TypeVar("R")
_NOTHING_MORE: Final = "a dataset was not recorded"


class Change:
    """A run of a job. Use it with ``with``, or as a decorator: then each call is a run of its own."""

    def __init__(
        self,
        recorder: Recorder,
        job: str,
        namespace: str | None,
        uses: Iterable[str | Dataset],
        produces: Iterable[str | Dataset],
        parent: Change | Parent | None,
        job_facets: Facets | None,
        run_facets: Facets | None,
    ) -> None:
        self._recorder = recorder
        self._said = (job, namespace, uses, produces, parent, job_facets, run_facets)
        self._run_id = new_run_id()
        self._depth = 0
        self._is_used = False
        self._before: Token[Change | None] | None = None
        self._job: Job | None = None
        # By namespace and name: what is named twice is one dataset.
        self._inputs: dict[tuple[str, str], dict[str, Any]] = {}
        self._outputs: dict[tuple[str, str], dict[str, Any]] = {}
        if is_disabled():
            return
        with recorder.troubles.kept_from_the_pipeline("a change is not recorded"):
            self._prepare()

    def _prepare(self) -> None:
        job, namespace, uses, produces, parent, job_facets, run_facets = self._said
        of = parent.as_parent() if isinstance(parent, Change) else parent
        within = named(namespace or os.environ.get("HOLDFAST_NAMESPACE") or "default", "namespace")
        prepared = Job(within, named(job, "job"), of, job_facets or {}, run_facets or {})
        # Facets that are no JSON are found now, while they can still be left out.
        try:
            event_of(prepared, self._run_id, "START", inputs=(), outputs=())
        except BadName as bad:
            self._recorder.troubles.tell("facets were not recorded", str(bad))
            prepared = Job(within, prepared.name, of)
        self._job = prepared
        # A single text is one name, and no list of letters.
        used, made = (
            (given,) if isinstance(given, str | Dataset) else tuple(given) for given in (uses, produces)
        )
        self._said = (job, namespace, used, made, parent, job_facets, run_facets)
        for dataset in used:
            self.uses(dataset)
        for dataset in made:
            self.produces(dataset)

    @property
    def run_id(self) -> str:
        """Return the id of the run, a UUID of version 7."""
        return self._run_id

    def as_parent(self) -> Parent | None:
        """Return it as the parent of another run; None where it is not recorded."""
        return None if self._job is None else Parent(self._job.namespace, self._job.name, self._run_id)

    def uses(
        self,
        dataset: str | Dataset,
        *,
        namespace: str | None = None,
        dataset_type: str | None = None,
        version: str | None = None,
        facets: Facets | None = None,
    ) -> None:
        """Say that the run reads a dataset.

        Args:
            dataset: a URI such as ``s3://bucket/key``, which has its namespace in it; a name within
                ``namespace``, or that of the job; or a Dataset.
            namespace: of a name that is no URI.
            dataset_type: such as TABLE, FILE, TOPIC or MODEL.
            version: which version was read.
            facets: of OpenLineage, or of your own.
        """
        self._note(self._inputs, dataset, namespace, dataset_type, version, facets)

    def produces(
        self,
        dataset: str | Dataset,
        *,
        namespace: str | None = None,
        dataset_type: str | None = None,
        version: str | None = None,
        facets: Facets | None = None,
    ) -> None:
        """Say that the run writes a dataset; the arguments are those of `uses`."""
        self._note(self._outputs, dataset, namespace, dataset_type, version, facets)

    def _note(
        self,
        side: dict[tuple[str, str], dict[str, Any]],
        dataset: str | Dataset,
        namespace: str | None,
        dataset_type: str | None,
        version: str | None,
        facets: Facets | None,
    ) -> None:
        job = self._job
        if job is None:
            return
        with self._recorder.troubles.kept_from_the_pipeline(_NOTHING_MORE):
            if self._is_used and not self._depth:
                raise BadName("dataset: the run has ended")
            found = dataset_of(dataset, namespace or job.namespace)
            said = Dataset(
                found.namespace,
                found.name,
                dataset_type or found.dataset_type,
                version or found.version,
                {**found.facets, **(facets or {})},
            )
            side[said.namespace, said.name] = self._document(said)

    def _document(self, dataset: Dataset) -> dict[str, Any]:
        """Return a dataset as it is sent; what is said beside its name is left out where it is no JSON."""
        try:
            return dataset.document()
        except BadName as bad:
            bare = Dataset(dataset.namespace, dataset.name).document()
            self._recorder.troubles.tell("facets were not recorded", str(bad))
            return bare

    def __enter__(self) -> Change:  # noqa: PYI034 - Python 3.10 has no Self
        with self._recorder.troubles.kept_from_the_pipeline("a change is not recorded"):
            self._depth += 1
            if self._depth > 1:
                self._recorder.troubles.tell("a change is not recorded", "it is going on already")
                return self
            if self._is_used:
                self._renew()
            self._is_used = True
            self._before = _CURRENT.set(self)
            self._tell("START")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> Literal[False]:
        with self._recorder.troubles.kept_from_the_pipeline(NOT_RECORDED):
            self._depth -= 1
            if self._depth == 0:
                self._tell(*_end(error))
                self._leave()
        return False

    def _tell(self, what: EventType, error: str | None = None) -> None:
        if self._job is None or is_disabled():
            return
        with self._recorder.troubles.kept_from_the_pipeline(NOT_RECORDED):
            inputs, outputs = list(self._inputs.values()), list(self._outputs.values())
            event = event_of(self._job, self._run_id, what, inputs=inputs, outputs=outputs, error=error)
            self._recorder.take(event)

    def _leave(self) -> None:
        if self._before is not None:
            _CURRENT.reset(self._before)
            self._before = None

    def _renew(self) -> None:
        """Become another run: the next ``with`` of the same change is one."""
        self._run_id = new_run_id()
        self._inputs, self._outputs = {}, {}
        self._is_used = False
        self._prepare()

    def _again(self) -> Change:
        return Change(self._recorder, *self._said)

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """Make every call of a function a run; `current` is its change."""
        if inspect.isasyncgenfunction(function):
            self._recorder.troubles.tell("a change is not recorded", "an asynchronous generator")
            return cast("Callable[P, R]", function)
        if inspect.iscoroutinefunction(function):
            return cast("Callable[P, R]", self._awaited(function))
        if inspect.isgeneratorfunction(function):
            return cast("Callable[P, R]", self._generated(function))

        @wraps(function)
        def told(*args: P.args, **kwargs: P.kwargs) -> R:
            with self._again():
                return function(*args, **kwargs)

        return told

    def _awaited(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        async def told(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - those of the function
            with self._again():
                return await function(*args, **kwargs)

        return told

    def _generated(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def told(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:  # noqa: ANN401
            with self._again():
                return cast("Any", (yield from function(*args, **kwargs)))

        return told


def _end(error: BaseException | None) -> tuple[EventType, str | None]:
    """Return how a run ended. An exception's text stays out: it may hold anything."""
    if error is None or (isinstance(error, SystemExit) and not error.code):
        return "COMPLETE", None
    return "FAIL", type(error).__name__


_CURRENT: Final[ContextVar[Change | None]] = ContextVar("holdfast_client_change", default=None)


def current() -> Change | None:
    """Return the change that goes on; None outside of any."""
    return _CURRENT.get()


class _Default:
    """The recorder of this process, made when it is first needed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._recorder: Recorder | None = None

    def get(self) -> Recorder:
        if is_disabled():
            return Recorder()  # not for good: the variable may be unset later
        with self._lock:
            if self._recorder is None:
                self._recorder = Recorder()
            return self._recorder

    def set(self, recorder: Recorder) -> None:
        with self._lock:
            before, self._recorder = self._recorder, recorder
        if before is not None:
            before.close()


_DEFAULT: Final = _Default()


def change(
    job: str,
    *,
    namespace: str | None = None,
    uses: Iterable[str | Dataset] = (),
    produces: Iterable[str | Dataset] = (),
    parent: Change | Parent | None = None,
    job_facets: Facets | None = None,
    run_facets: Facets | None = None,
    recorder: Recorder | None = None,
) -> Change:
    """Return a run of a job, to be used with ``with`` or as a decorator.

    Args:
        job: what the job is called, the same in every run.
        namespace: in which namespace; HOLDFAST_NAMESPACE, or ``default``, if absent.
        uses: what it reads, as far as it is known before.
        produces: what it writes, as far as it is known before.
        parent: the run that it is a part of.
        job_facets: of OpenLineage, about the job.
        run_facets: of OpenLineage, about the run.
        recorder: where its events go; one that the environment describes if absent.
    """
    into = recorder or _DEFAULT.get()
    return Change(into, job, namespace, uses, produces, parent, job_facets, run_facets)


def configure(
    url: str | None = None,
    *,
    token: str | None = None,
    spool: Path | str | None = None,
    instance: str | None = None,
) -> Recorder:
    """Set where events of this process go, in place of what the environment says."""
    recorder = Recorder(url, token=token, spool=spool, instance=instance)
    _DEFAULT.set(recorder)
    return recorder


def flush(seconds: float = 5.0) -> bool:
    """Try to send all that waits, for at most so many seconds; return whether nothing waits any more."""
    return _DEFAULT.get().flush(seconds)


def status() -> Status:
    """Return how far the events of this process came."""
    return _DEFAULT.get().status()
