"""The source ``people``: CSV files of people and teams, registers of owners, and CODEOWNERS."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph.errors import Problem
from graph.model import Instant, Scope
from ingest.files import Unreadable, expand, file_name, modified_at
from ingest.record import Noted, ReadContext, Record, Rejected, ScopeClosed, ScopeOpened, Skipped
from ingest.sources.people import directory, register
from ingest.sources.people.codeowners import FILE_NAME, read_codeowners
from ingest.sources.people.table import Row, Table, opened

_REPOSITORY: Final = "--scope with the address of the repository, such as https://host/owner/name"


@dataclass(frozen=True, slots=True)
class Form:
    """A form of table: how it is recognised, how a row is read, and what it covers."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    read_row: Callable[[Row, Scope, ReadContext], Iterator[Record]]
    kinds: frozenset[str] | None
    relations: frozenset[str]


_DIRECTORY: Final = Form(
    directory.REQUIRED, directory.OPTIONAL, directory.read_row, directory.KINDS, directory.RELATIONS
)
# That a register names owners of what it lists says nothing of what it does not list, so no kind is covered.
_REGISTER: Final = Form(
    register.REQUIRED, register.OPTIONAL, register.read_row, frozenset(), register.RELATIONS
)


class PeopleSource:
    """Reads CSV files by their columns, and files called CODEOWNERS."""

    name = "people"
    summary = "people and teams (CSV), registers of owners (CSV), CODEOWNERS"
    maps = (
        "people and teams with status, dates and memberships (columns kind, id, name, email, status, ...)",
        "who is accountable for what (columns uid, kind, owner, and type, name, criticality, role, ...)",
        "CODEOWNERS: stewards of a repository, with their patterns",
    )
    does_not_map = (
        "other columns: counted by name",
        "which files of a repository a pattern matches",
        "CODEOWNERS as accountability: being asked for a review is not answering for it",
    )

    def read(self, paths: Sequence[Path], context: ReadContext) -> Iterator[Record]:
        """Yield what the files say, one scope a file unless --scope names one for all."""
        done = 0
        for path in expand(paths):
            is_codeowners = path.name == FILE_NAME
            yield from _read_codeowners(path, context) if is_codeowners else _read_table(path, context)
            done += path.stat().st_size if path.exists() else 0
            context.progress(done)


def _read_table(path: Path, context: ReadContext) -> Iterator[Record]:
    table = opened(path)
    if isinstance(table, Problem):
        yield Rejected(table)
        return
    form = _REGISTER if "owner" in table.columns else _DIRECTORY
    problem = table.header_problem(form.required)
    if problem is not None:
        yield Rejected(problem)
        return
    for column in table.columns:
        if column not in form.required + form.optional:
            yield Skipped(f"column {column}")
    scope = Scope(context.source, context.scope or path.stem)
    read_at = _read_at(path, context)
    if context.read_at is None:
        yield _untimed(path)
    yield ScopeOpened(scope, read_at, kinds=form.kinds, relations=form.relations)
    yield from _read_rows(table, form, scope, context)
    yield _closed(scope, context)


def _read_rows(table: Table, form: Form, scope: Scope, context: ReadContext) -> Iterator[Record]:
    try:
        for row in table.rows():
            if isinstance(row, Problem):
                yield Rejected(row, scope)
            else:
                yield from form.read_row(row, scope, context)
    except Unreadable as error:
        yield Rejected(error.problem, scope)


def _read_codeowners(path: Path, context: ReadContext) -> Iterator[Record]:
    if context.scope is None:
        reason = "the file does not say which repository it belongs to"
        yield Rejected(Problem(file_name(path), "", "scope", reason, _REPOSITORY))
        return
    scope = Scope(context.source, context.scope)
    if context.read_at is None:
        yield _untimed(path)
    opened_at = _read_at(path, context)
    yield ScopeOpened(scope, opened_at, kinds=frozenset(), relations=frozenset())
    yield from read_codeowners(path, scope, context)
    yield _closed(scope, context)


def _closed(scope: Scope, context: ReadContext) -> ScopeClosed:
    why = None if context.complete else "nothing says that the file is the whole of it (--complete does)"
    return ScopeClosed(scope, context.complete, why)


def _read_at(path: Path, context: ReadContext) -> Instant:
    if context.read_at is not None:
        return context.read_at
    try:
        return Instant(modified_at(path))
    except OSError:
        return context.now


def _untimed(path: Path) -> Noted:
    name = file_name(path)
    return Noted(
        f"{name} does not say when it was read: the time it was last changed is taken; --read-at says better."
    )


SOURCE: Final = PeopleSource()
