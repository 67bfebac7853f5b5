"""CODEOWNERS: who is asked when a file of a repository changes.

Being asked is stewardship, not accountability, so this covers no ownership: that a
repository has no accountable owner here means nothing. Source: GitHub's documentation
on code owners (pattern, then owners: ``@user``, ``@organisation/team`` or an address;
a pattern without owners takes them away; the last matching pattern counts).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from graph.errors import Problem
from graph.model import EdgeFacts, Uid
from graph.vocabulary import Kind
from ingest.files import Line
from ingest.fingerprint import Fingerprinter
from ingest.people import is_address
from ingest.uids import address_uid, native_uid

FILE_NAME: Final = "CODEOWNERS"
TAKEN_AWAY: Final = "a pattern that takes owners away"

_EVERYTHING: Final = frozenset({"*", "**", "/**", "**/*"})
"""Patterns that match every file of a repository."""

_FOREIGN: Final = {
    "[": "is the heading of a section, or a set of characters",
    "!": "is an exception",
}
"""What other forges know and GitHub does not, by its first letter: it changes what other lines mean."""

_PATTERN_EXPECTED: Final = "a pattern as GitHub's CODEOWNERS has it; other forges' files are not read"
_OWNER_EXPECTED: Final = "@name or an address"


@dataclass(frozen=True, slots=True)
class Steward:
    """Who is asked for some patterns; ``line`` is the first that names them."""

    uid: Uid
    patterns: tuple[str, ...]
    line: int

    def owns(self, repository: Uid) -> EdgeFacts:
        """Return that they are asked about a repository."""
        stewardship = frozenset({"steward"})
        return EdgeFacts("OWNS", self.uid, repository, stewardship, properties={"patterns": self.patterns})


@dataclass(frozen=True, slots=True)
class CodeOwners:
    """What a file says; ``taken_away`` counts patterns without owners."""

    stewards: tuple[Steward, ...]
    problems: tuple[Problem, ...]
    taken_away: int


@dataclass(frozen=True, slots=True)
class _Entry:
    """A pattern with its owners, or what is wrong with the line."""

    line: int
    pattern: str = ""
    owners: tuple[str, ...] = ()
    problem: Problem | None = None


def code_owners(found: Iterable[Line], file: str, fingerprints: Fingerprinter) -> CodeOwners:
    """Return a steward for each owner of some pattern, each once, as long as one pattern still names them."""
    patterns: dict[Uid, list[str]] = defaultdict(list)
    first_line: dict[Uid, int] = {}
    problems: list[Problem] = []
    taken_away = 0
    for entry in _last_of_each_pattern(_entries(found, file)):
        if entry.problem is not None:
            problems.append(entry.problem)
            continue
        for owner in entry.owners:
            uid = _owner(owner, fingerprints)
            if uid is None:
                problems.append(Problem(file, f"line {entry.line}", "owner", "is no owner", _OWNER_EXPECTED))
                continue
            patterns[uid].append(entry.pattern)
            first_line.setdefault(uid, entry.line)
        taken_away += not entry.owners
    stewards = tuple(Steward(uid, tuple(said), first_line[uid]) for uid, said in patterns.items())
    return CodeOwners(stewards, tuple(problems), taken_away)


def _entries(found: Iterable[Line], file: str) -> Iterator[_Entry]:
    for line in found:
        if line.problem is not None:
            yield _Entry(line.number, problem=line.problem)
            continue
        words = _words(line.text)
        foreign = _FOREIGN.get(words[0].removeprefix("^")[:1]) if words else None
        if foreign is not None:
            place = f"line {line.number}"
            yield _Entry(line.number, problem=Problem(file, place, "pattern", foreign, _PATTERN_EXPECTED))
        elif words:
            yield _Entry(line.number, words[0], tuple(words[1:]))


def _last_of_each_pattern(entries: Iterator[_Entry]) -> list[_Entry]:
    """Return the entries without those that a later one makes void.

    That is the same pattern said again, and everything before a pattern for all files.
    Whether one pattern lies inside another otherwise is a question of paths.
    """
    kept: dict[object, _Entry] = {}
    for number, entry in enumerate(entries):
        key = entry.pattern if entry.problem is None else number
        if key in _EVERYTHING:
            kept = {k: e for k, e in kept.items() if e.problem is not None}
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


def _owner(owner: str, fingerprints: Fingerprinter) -> Uid | None:
    if owner.startswith("@") and "/" in owner:
        return native_uid(Kind.IDENTITY, "github-team", owner[1:])
    if owner.startswith("@") and len(owner) > 1:
        return native_uid(Kind.IDENTITY, "github-login", fingerprints.opaque_id(owner[1:].lower()))
    return address_uid(owner, fingerprints) if is_address(owner) else None
