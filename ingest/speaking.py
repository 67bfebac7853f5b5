"""A source bound to whom it may speak for: what comes from somebody with less than full access.

A file of the ``records`` format names the source of each of its scopes. What it says as
one that is not allowed is rejected with its place; the rest goes in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph.errors import Problem
from graph.model import SourceInstance
from ingest.record import ReadContext, Record, Rejected, Said, ScopeClosed, ScopeOpened
from ingest.rejections import safe
from ingest.wrapping import WrappedSource

NOT_ALLOWED: Final = "a source that whoever sends this may not speak for"
_EXPECTED: Final = "a source that is allowed"


@dataclass(frozen=True)
class BoundSource(WrappedSource):
    """A source of which only the scopes go in that ``may_speak_as`` allows."""

    may_speak_as: Callable[[SourceInstance], bool]

    def read(self, paths: Sequence[Path], context: ReadContext) -> Iterator[Record]:
        """Yield what the source does, rejections in place of scopes that are not allowed."""
        refused: SourceInstance | None = None
        for record in self.source.read(paths, context):
            match record:
                case ScopeOpened(scope=scope):
                    refused = None if self.may_speak_as(scope.source) else scope.source
                    yield record if refused is None else self._scope_refused(scope.source, scope.name)
                case Said(file=file, position=position) if refused is not None:
                    yield Rejected(Problem(file, position, "scope.source", NOT_ALLOWED, _EXPECTED))
                case ScopeClosed() if refused is not None:
                    refused = None
                case _:
                    yield record

    def _scope_refused(self, source: SourceInstance, name: str) -> Rejected:
        reason = f"{safe(str(source))}, {NOT_ALLOWED}"
        return Rejected(Problem(self.name, f"scope {safe(name)}", "scope.source", reason, _EXPECTED))
