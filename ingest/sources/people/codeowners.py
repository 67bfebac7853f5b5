"""A file CODEOWNERS as claims: the repository, and who is asked about it; see ``ingest.codeowners``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from graph.model import Claim, NodeFacts, Scope
from graph.vocabulary import Kind
from ingest.codeowners import FILE_NAME as FILE_NAME  # noqa: PLC0414 - what the plug-in looks for
from ingest.codeowners import TAKEN_AWAY, code_owners
from ingest.files import Line, Unreadable, file_name, lines
from ingest.record import ReadContext, Record, Rejected, Said, Skipped
from ingest.repositories import repository_address, repository_uid


def read_codeowners(path: Path, scope: Scope, context: ReadContext) -> Iterator[Record]:
    """Yield the repository and a steward for each owner of some pattern, the patterns on the edge."""
    file = file_name(path)
    repository = repository_uid(scope.name)
    facts = NodeFacts(repository, Kind.ASSET, "repository", repository_address(scope.name))
    yield Said(Claim(scope, facts, locator=f"{file}: line 1"), file, "line 1")
    found = code_owners(_lines(path), file, context.fingerprints)
    yield from (Rejected(problem, scope) for problem in found.problems)
    yield from (Skipped(TAKEN_AWAY) for _ in range(found.taken_away))
    for steward in found.stewards:
        place = f"line {steward.line}"
        yield Said(Claim(scope, steward.owns(repository), locator=f"{file}: {place}"), file, place)


def _lines(path: Path) -> Iterator[Line]:
    """Yield the lines, and as the last one why there are no more."""
    try:
        yield from lines(path)
    except Unreadable as error:
        yield Line(0, "", error.problem, 0)
