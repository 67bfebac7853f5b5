"""Claims that wait to be committed together, those of small scopes with each other.

What two scopes say of one thing may differ, and then the one that was recorded later is
believed. So such claims never share a commit: the later one has the others go first.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from graph.ledger.claims import about_of
from graph.ledger.operations import Subject
from ingest.section import Section, Waiting
from ingest.writer import Frame


@dataclass
class Batch:
    """What waits, by what it must have in common to share a commit; in the order in which it was said."""

    count: int = 0
    _waiting: dict[Frame, list[tuple[Section, Waiting]]] = field(
        default_factory=lambda: defaultdict[Frame, list[tuple[Section, Waiting]]](list)
    )
    _said: dict[Subject, set[tuple[int, str]]] = field(
        default_factory=lambda: defaultdict[Subject, set[tuple[int, str]]](set)
    )

    def has_room_for(self, section: Section, waiting: Waiting) -> bool:
        """Return whether a claim may wait too: no other scope says something else of its subject."""
        said = self._said.get(about_of(waiting.claim), ())
        return all(number == section.number or digest == waiting.digest for number, digest in said)

    def add(self, section: Section, waiting: Waiting) -> None:
        """Let a claim wait."""
        self._waiting[section.frame].append((section, waiting))
        self._said[about_of(waiting.claim)].add((section.number, waiting.digest))
        self.count += 1

    def taken(self) -> list[tuple[Frame, list[tuple[Section, Waiting]]]]:
        """Return all that waits, and let nothing wait any more."""
        taken = list(self._waiting.items())
        self._waiting.clear()
        self._said.clear()
        self.count = 0
        return taken
