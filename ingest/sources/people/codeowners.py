"""CODEOWNERS: who is asked when a file of a repository changes.

Being asked is stewardship, not accountability, so this covers no ownership: that a
repository has no accountable owner here means nothing. Source: GitHub's documentation
on code owners (pattern, then owners: ``@user``, ``@organisation/team`` or an address;
a pattern without owners takes them away; the last matching pattern counts).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from graph.errors import Problem
from graph.model import Claim, EdgeFacts, NodeFacts, Scope, Uid
from graph.vocabulary import Kind
from ingest.files import Unreadable, file_name, lines
from ingest.people import is_address
from ingest.record import ReadContext, Record, Rejected, Said, Skipped
from ingest.repositories import repository_address, repository_uid
from ingest.uids import address_uid, native_uid

FILE_NAME: Final = "CODEOWNERS"

_EVERYTHING: Final = frozenset({"*", "**", "/**", "**/*"})
"""Patterns that match every file of a repository."""

_FOREIGN: Final = {
    "[": "is the heading of a section, or a set of characters",
    "!": "is an exception",
}
"""What other forges know and GitHub does not, by its first letter: it changes what other lines mean."""

_PATTERN_EXPECTED: Final = "a pattern as GitHub's CODEOWNERS has it; other forges' files are not read"


def read_codeowners(path: Path, scope: Scope, context: ReadContext) -> Iterator[Record]:
    """Yield the repository and a steward for each owner of some pattern, the patterns on the edge.

    Each owner once, as long as one pattern still names them.
    """
    repository = repository_uid(scope.name)
    facts = NodeFacts(repository, Kind.ASSET, "repository", repository_address(scope.name))
    yield Said(Claim(scope, facts, locator=f"{file_name(path)}: line 1"), file_name(path), "line 1")
    patterns: dict[Uid, list[str]] = defaultdict(list)
    first_line: dict[Uid, int] = {}
    for number, pattern, owners in _last_of_each_pattern(_entries(path, scope)):
        if isinstance(pattern, Rejected):
            yield pattern
            continue
        for owner in owners:
            uid = _owner(owner, context)
            if uid is None:
                problem = Problem(
                    file_name(path), f"line {number}", "owner", "is no owner", "@name or an address"
                )
                yield Rejected(problem, scope)
                continue
            patterns[uid].append(pattern)
            first_line.setdefault(uid, number)
        if not owners:
            yield Skipped("a pattern that takes owners away")
    for uid, said in patterns.items():
        owns = EdgeFacts(
            "OWNS", uid, repository, frozenset({"steward"}), properties={"patterns": tuple(said)}
        )
        place = f"line {first_line[uid]}"
        yield Said(Claim(scope, owns, locator=f"{file_name(path)}: {place}"), file_name(path), place)


_Entry = tuple[int, "str | Rejected", list[str]]


def _entries(path: Path, scope: Scope) -> Iterator[_Entry]:
    try:
        for line in lines(path):
            if line.problem is not None:
                yield line.number, Rejected(line.problem, scope), []
                continue
            words = _words(line.text)
            foreign = _FOREIGN.get(words[0].removeprefix("^")[:1]) if words else None
            if foreign is not None:
                place = f"line {line.number}"
                problem = Problem(file_name(path), place, "pattern", foreign, _PATTERN_EXPECTED)
                yield line.number, Rejected(problem, scope), []
            elif words:
                yield line.number, words[0], words[1:]
    except Unreadable as error:
        yield 0, Rejected(error.problem, scope), []


def _last_of_each_pattern(entries: Iterator[_Entry]) -> list[_Entry]:
    """Return the entries without those that a later one makes void.

    That is the same pattern said again, and everything before a pattern for all files.
    Whether one pattern lies inside another otherwise is a question of paths.
    """
    kept: dict[object, _Entry] = {}
    for entry in entries:
        key = entry[1] if isinstance(entry[1], str) else entry[0]
        if key in _EVERYTHING:
            kept = {number: e for number, e in kept.items() if isinstance(e[1], Rejected)}
        kept.pop(key, None)
        kept[key] = entry
    return list(kept.values())


def _words(text: str) -> list[str]:
    """Return pattern and owners without the comment; a space in a pattern is escaped."""
    words: list[str] = []
    for word in text.replace("\\ ", "\x00").split():
        if word.startswith("#"):
            break
        words.append(word.replace("\x00", " "))
    return words


def _owner(owner: str, context: ReadContext) -> Uid | None:
    if owner.startswith("@") and "/" in owner:
        return native_uid(Kind.IDENTITY, "github-team", owner[1:])
    if owner.startswith("@") and len(owner) > 1:
        return native_uid(Kind.IDENTITY, "github-login", context.fingerprints.opaque_id(owner[1:].lower()))
    return address_uid(owner, context.fingerprints) if is_address(owner) else None
