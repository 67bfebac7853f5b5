"""A source that was seen: what was seen of it, what would read it, and what that still lacks."""

from __future__ import annotations

from dataclasses import dataclass

YOURS = "YOURS"
"""What stands where only a person can say what belongs there."""


@dataclass(frozen=True, slots=True)
class Made:
    """A command that makes a file; without one it writes files of its own."""

    command: tuple[str, ...]
    output: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One table for the settings file.

    ``seen`` is what led to it, by names. ``lacks`` is what keeps it from running as it stands;
    it is commented out then. ``rights`` says what reading takes, ``notes`` what else to know.
    """

    source: str
    seen: tuple[str, ...]
    rights: str
    paths: tuple[str, ...] = ()
    made: tuple[Made, ...] = ()
    scope: str | None = None
    complete: bool = False
    live: bool = False
    cadence: str | None = "24h"
    lacks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_active(self) -> bool:
        """Return whether it runs as it stands."""
        return not self.lacks

    @property
    def page(self) -> str:
        """Return where the source is described."""
        return f"docs/sources/{self.source}.md"


def missing(*wanted: tuple[bool, str]) -> tuple[str, ...]:
    """Return what is lacking, of pairs of whether it is there and how it is called.

    >>> missing((True, "kubectl on the path"), (False, "a kubeconfig"))
    ('a kubeconfig',)
    """
    return tuple(name for is_there, name in wanted if not is_there)
