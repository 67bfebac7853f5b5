"""The source ``people``: CSV files of people and teams, registers of owners, and CODEOWNERS."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from graph.errors import Problem
from graph.model import Scope
from ingest.csvtable import Row, Table, opened
from ingest.files import STANDARD_INPUT, Unreadable
from ingest.record import ReadContext, Record, Rejected, ScopeClosed, ScopeOpened, Skipped
from ingest.sidecar import InputFile, inputs, read_time
from ingest.sources.people import directory, register
from ingest.sources.people.codeowners import FILE_NAME, read_codeowners

_REPOSITORY: Final = (
    "--scope or a sidecar with the address of the repository, such as https://host/owner/name"
)


class RowReader(Protocol):
    """Reads the rows of one table."""

    def read(self, row: Row) -> Iterator[Record]:
        """Yield what a row says by itself."""
        ...

    def rest(self) -> Iterator[Record]:
        """Yield what only all rows together say."""
        ...


@dataclass(frozen=True, slots=True)
class _Directory:
    """Reads a list of people and teams, each row of which stands for itself."""

    scope: Scope
    context: ReadContext

    def read(self, row: Row) -> Iterator[Record]:
        return directory.read_row(row, self.scope, self.context)

    def rest(self) -> Iterator[Record]:
        return iter(())


@dataclass(frozen=True, slots=True)
class Form:
    """A form of table: what it is called, how it is recognised, what reads its rows, and what it covers."""

    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    reader: Callable[[Scope, ReadContext], RowReader]
    kinds: frozenset[str] | None
    relations: frozenset[str]


_DIRECTORY: Final = Form(
    "people", directory.REQUIRED, directory.OPTIONAL, _Directory, directory.KINDS, directory.RELATIONS
)
# That a register names owners of what it lists says nothing of what it does not list, so no kind is covered.
_REGISTER: Final = Form(
    "owners", register.REQUIRED, register.OPTIONAL, register.Register, frozenset(), register.RELATIONS
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
        "e-mail addresses of teams: counted",
        "which files of a repository a pattern matches",
        "CODEOWNERS of other forges: sections, sets of characters and exceptions are refused",
        "CODEOWNERS as accountability: being asked for a review is not answering for it",
    )

    def read(self, paths: Sequence[Path], context: ReadContext) -> Iterator[Record]:
        """Yield what the files say, one scope a file unless --scope names one for all."""
        done = 0
        for found in inputs(paths, (".csv", FILE_NAME)):
            if not isinstance(found, InputFile):
                yield found
                continue
            read = _read_codeowners if found.path.name == FILE_NAME else _read_table
            try:
                yield from read(found, context)
            except Unreadable as error:
                yield Rejected(error.problem)
            done += found.path.stat().st_size if found.path.exists() else 0
            context.progress(done)


def _read_table(file: InputFile, context: ReadContext) -> Iterator[Record]:
    table = opened(file.path)
    if isinstance(table, Problem):
        yield Rejected(table)
        return
    form = _form(table.columns)
    problem = table.header_problem(form.required)
    if problem is not None:
        yield Rejected(problem)
        return
    for column in table.columns:
        if column not in form.required + form.optional:
            yield Skipped(f"column {column}" if column else "column without a name")
    name = _scope_name(file, context)
    if name is None and file.path == STANDARD_INPUT:
        raise Unreadable(Problem(file.name, "", "scope", "no name for what the table is", "--scope"))
    # A list of people and a register of owners under one name must not close each other.
    scope_name = Path(file.path.name.removesuffix(".gz")).stem if name is None else f"{name}/{form.name}"
    scope = Scope(context.source, scope_name)
    read_at, warning = read_time(file, context)
    if warning is not None:
        yield warning
    yield ScopeOpened(scope, read_at, kinds=form.kinds, relations=form.relations)
    yield from _read_rows(table, form.reader(scope, context), scope)
    yield _closed(scope, file, context)


def _form(columns: Sequence[str]) -> Form:
    """Return what a table is; a register is one also where its owners stand under another name."""
    is_register = "owner" in columns or ("uid" in columns and "id" not in columns)
    return _REGISTER if is_register else _DIRECTORY


def _read_rows(table: Table, reader: RowReader, scope: Scope) -> Iterator[Record]:
    try:
        for row in table.rows():
            if isinstance(row, Problem):
                yield Rejected(row, scope)
            else:
                yield from reader.read(row)
    except Unreadable as error:
        yield Rejected(error.problem, scope)
    yield from reader.rest()


def _read_codeowners(file: InputFile, context: ReadContext) -> Iterator[Record]:
    repository = _scope_name(file, context)
    if repository is None:
        reason = "the file does not say which repository it belongs to"
        yield Rejected(Problem(file.name, "", "scope", reason, _REPOSITORY))
        return
    if not file.path.exists():
        yield Rejected(Problem(file.name, "", "", "no such file or directory", "a file that can be read"))
        return
    scope = Scope(context.source, repository)
    read_at, warning = read_time(file, context)
    if warning is not None:
        yield warning
    yield ScopeOpened(scope, read_at, kinds=frozenset(), relations=frozenset())
    yield from read_codeowners(file.path, scope, context)
    yield _closed(scope, file, context)


def _scope_name(file: InputFile, context: ReadContext) -> str | None:
    return context.scope or (file.sidecar.scope if file.sidecar else None)


def _closed(scope: Scope, file: InputFile, context: ReadContext) -> ScopeClosed:
    if context.complete:
        return ScopeClosed(scope, complete=True)
    if file.sidecar is None:
        why = "nothing says that the file is the whole of it (--complete, or a sidecar)"
        return ScopeClosed(scope, complete=False, reason=why)
    why_partial = file.sidecar.why_partial
    return ScopeClosed(scope, complete=why_partial is None, reason=why_partial)


SOURCE: Final = PeopleSource()
