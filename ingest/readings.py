"""Files that together are one reading of a scope: at one time, and whole only if each of them is.

Where several files hold what one scope is about, none of them may close what another one says. So
they are planned before any is read: which of them belong together, when they were read, and why
they may not be all of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterable
from dataclasses import dataclass

from graph.errors import Problem
from graph.model import Instant, Scope
from ingest.documents import NOT_SAID
from ingest.files import Unreadable
from ingest.record import ReadContext, Record, Rejected
from ingest.sidecar import InputFile, read_time


@dataclass(frozen=True, slots=True)
class PartOfScope:
    """One file, the scope that it is a part of, and what is known of it besides the file.

    ``read_at`` and ``is_whole`` count where neither the person who runs the job nor a sidecar
    says it; ``why_partial`` speaks against its being whole whoever says so.
    """

    file: InputFile
    scope: str
    read_at: Instant | None = None
    is_whole: bool = False
    why_partial: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """The parts of a scope that were read at one time, and why they may not be all of it."""

    scope: Scope
    read_at: Instant
    parts: tuple[PartOfScope, ...]
    why_partial: str | None


def readings(
    parts: Iterable[PartOfScope], context: ReadContext
) -> Generator[Record, None, tuple[Reading, ...]]:
    """Return the readings that files make up, in order of scopes and times, and yield warnings.

    Files of which nothing says when they were read have the time at which the newest of them
    was changed. A file of which no time can be told is a problem of its scope.
    """
    timed: dict[tuple[str, Instant | None], list[PartOfScope]] = defaultdict(list)
    newest: dict[str, Instant] = {}
    for part in parts:
        try:
            read_at, warning = _time(part, context)
        except (Unreadable, OSError) as error:
            yield Rejected(_problem(part.file, error), Scope(context.source, part.scope))
            continue
        if warning is not None:
            yield warning
            newest[part.scope] = max(read_at, newest.get(part.scope, read_at))
        timed[part.scope, None if warning else read_at].append(part)
    found = [
        Reading(
            Scope(context.source, scope),
            newest[scope] if at is None else at,
            tuple(of_one),
            _why_partial(of_one, context),
        )
        for (scope, at), of_one in timed.items()
    ]
    return tuple(sorted(found, key=lambda reading: (reading.scope.name, reading.read_at)))


def _time(part: PartOfScope, context: ReadContext) -> tuple[Instant, Record | None]:
    if context.read_at is None and part.file.sidecar is None and part.read_at is not None:
        return part.read_at, None
    return read_time(part.file, context)


def _why_partial(parts: Iterable[PartOfScope], context: ReadContext) -> str | None:
    reasons = (_why_part_is_partial(part, context) for part in parts)
    return next((why for why in reasons if why is not None), None)


def _why_part_is_partial(part: PartOfScope, context: ReadContext) -> str | None:
    if part.why_partial is not None:
        return part.why_partial
    if part.file.sidecar is not None:
        return part.file.sidecar.why_partial
    return None if context.complete or part.is_whole else NOT_SAID


def _problem(file: InputFile, error: Unreadable | OSError) -> Problem:
    if isinstance(error, Unreadable):
        return error.problem
    return Problem(file.name, "", "", "no such file or directory", "a file that can be read")
