"""One finding of a scanner, without the text that it matched."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from graph.model import Instant
from ingest.redaction import redact_text
from ingest.repositories import repository_address
from ingest.sources.leaks.matched import Matched


class Liveness(StrEnum):
    """Whether a secret that was found still opens something."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    UNKNOWN = "unknown"


REPOSITORY: Final = "repository"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was found: a repository by its address, or something else by its name."""

    type: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a scanner says of one place in which it found a secret.

    ``place`` is None where the report does not say of which repository it speaks. ``found_at`` is
    since when it stands there, as far as the report says. ``position`` is the finding's in the report.
    """

    place: Place | None
    rule: str
    file: str
    line: int
    commit: str | None
    found_at: Instant | None
    liveness: Liveness
    matched: Matched
    position: str
    key_ids: tuple[str, ...] = ()


def other_place(type_: str | None, name: str) -> Place:
    """Return something that is no repository, by its name without a secret value that stands in it."""
    return Place(type_, redact_text(name))


def repository_at(address: str) -> Place | None:
    """Return a repository by its address; None for what is none.

    >>> repository_at("git@github.com:fairbank/loan-forms.git")
    Place(type='repository', name='https://github.com/fairbank/loan-forms')
    """
    name = repository_address(address)
    return Place(REPOSITORY, name) if name.startswith("https://") else None
