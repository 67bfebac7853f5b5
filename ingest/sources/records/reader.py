"""From lines to what a source yields: which scope is open, what is said in it, whether it was whole.

The same reader serves files and third-party plug-ins, whose records are the same
objects without a file around them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from graph.errors import HoldfastError, InvalidValue, Problem
from graph.model import Instant, Scope, SourceInstance
from ingest.record import Noted, ReadContext, Record, Rejected, Said, ScopeClosed, ScopeOpened
from ingest.rejections import problem_of
from ingest.sources.records.shape import (
    EndLine,
    ScopeLine,
    Shaped,
    edge_claim,
    end_line,
    node_claim,
    scope_line,
    sort_of_line,
    source_of,
)

NO_END: Final = "it has no end line, so that nothing of it was closed"

_LOOKS_LIKE_SCOPE: Final = re.compile(r'\s*\{\s*"scope"')

_CLAIMS: Final = {"node": node_claim, "edge": edge_claim}


@dataclass
class _Open:
    """The scope that is open: under the name its line gave it, and with the lines counted so far.

    A line that is no JSON counts, too: its end line most likely counted it.
    In one that ``restates`` every line has to state since when it holds.
    """

    scope: Scope
    written_name: str
    restates: bool
    lines: int = 0


class RecordsReader:
    """Reads the records of one file, or of one plug-in, in order.

    ``read_at`` is when the input was read, for scopes that do not say; None where only
    the scopes can say. Feed every record with its position, then finish.
    """

    def __init__(self, file: str, context: ReadContext, *, read_at: Instant | None) -> None:
        self._file = file
        self._context = context
        self._read_at = read_at
        self._open: _Open | None = None
        self._warned: set[str] = set()
        self._names: set[str] = set()

    def feed(self, value: object, position: str) -> Iterator[Record]:
        """Yield what one record says; one that cannot be read is rejected with its position."""
        try:
            sort, content = sort_of_line(value)
            if sort == "scope":
                # Ended first: should the new scope be unreadable, its lines must not count as the old one's.
                yield from self.finish()
                yield from self._begin(scope_line(content))
            elif sort == "end":
                yield from self._end(end_line(content))
            else:
                yield from self._say(sort, content, position)
        except HoldfastError as error:
            yield self.rejected(problem_of(error, self._file, position))

    def rejected(self, problem: Problem) -> Rejected:
        """Return the rejection of a record in whatever scope is open."""
        return Rejected(problem, self._open.scope if self._open else None)

    def unreadable(self, problem: Problem, text: str) -> Iterator[Record]:
        """Yield the rejection of a line that is no JSON; if it was to open a scope, none is open then."""
        if _LOOKS_LIKE_SCOPE.match(text):
            yield from self.finish()
        elif self._open is not None:
            self._open.lines += 1
        yield self.rejected(problem)

    def finish(self, reason: str = NO_END) -> Iterator[Record]:
        """Yield the end of a scope that nothing has ended."""
        if self._open is not None:
            yield ScopeClosed(self._open.scope, complete=False, reason=reason)
            self._open = None

    def _begin(self, line: ScopeLine) -> Iterator[Record]:
        scope = Scope(self._source(line), self._name(line))
        yield from self._zone_warning(line.read_at is not None and not line.read_at.zoned)
        read_at, warning = self._time_of(line)
        if warning is not None:
            yield from self._warn_once(warning)
        self._open = _Open(scope, line.name, line.restates)
        yield ScopeOpened(scope, read_at, kinds=line.kinds, relations=line.relations, restates=line.restates)

    def _name(self, line: ScopeLine) -> str:
        if self._context.scope is None:
            return line.name
        self._names.add(line.name)
        if len(self._names) > 1:
            raise InvalidValue("scope.name", "a second scope", "one scope in the file, as --scope renames it")
        return self._context.scope

    def _source(self, line: ScopeLine) -> SourceInstance:
        given = self._context.source
        instance = given.instance if given.instance != "default" else None
        return source_of(line.source, given, instance=instance)

    def _time_of(self, line: ScopeLine) -> tuple[Instant, str | None]:
        """Return when the scope was read, and a warning where that is only the file's own date."""
        if self._context.read_at is not None:
            return self._context.read_at, None
        if line.read_at is not None:
            return line.read_at.moment, None
        if self._read_at is None:
            raise InvalidValue("scope.read_at", "nothing", "when the scope was read, or --read-at")
        warning = f"{self._file}: no read_at is given, so the time of the file's last change is taken."
        return self._read_at, warning

    def _say(self, sort: str, content: Any, position: str) -> Iterator[Record]:  # noqa: ANN401 - a JSON value
        if self._open is None:
            raise InvalidValue(sort, "no scope that it belongs to", "a scope line that can be read before it")
        self._open.lines += 1
        shaped: Shaped = _CLAIMS[sort](content, self._open.scope, f"{self._file}: {position}")
        if self._open.restates and shaped.claim.valid is None:
            raise InvalidValue(f"{sort}.valid_from", "nothing", "since when it holds, as the scope restates")
        yield from self._zone_warning(shaped.unzoned)
        yield Said(shaped.claim, self._file, position)

    def _end(self, line: EndLine) -> Iterator[Record]:
        if self._open is None:
            raise InvalidValue("end", "the end of a scope that is not open", "a scope line before it")
        opened, self._open = self._open, None
        if line.scope != opened.written_name:
            yield ScopeClosed(opened.scope, complete=False, reason="its end line names another scope")
            raise InvalidValue("end.scope", "the name of another scope", "the name of the scope that it ends")
        if line.count != opened.lines:
            reason = f"its end line says {line.count} lines and {opened.lines} were read"
            yield ScopeClosed(opened.scope, complete=False, reason=reason)
            raise InvalidValue("end.count", str(line.count), f"{opened.lines}, as many as were read")
        yield ScopeClosed(opened.scope, complete=True)

    def _zone_warning(self, unzoned: bool) -> Iterator[Noted]:  # noqa: FBT001 - what it is about
        if unzoned:
            yield from self._warn_once(f"{self._file}: a time without a zone is taken as UTC.")

    def _warn_once(self, message: str) -> Iterator[Noted]:
        if message not in self._warned:
            self._warned.add(message)
            yield Noted(message)
