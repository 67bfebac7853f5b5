"""A place in an answer as one opaque text: what the answer was asked for, and the last item that was seen."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from graph.errors import InvalidQuestion
from graph.model import CommitNumber, Instant
from queries.basis import Basis
from queries.estate import Standpoint


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in an answer: its date, its commit, the time of knowledge that was asked for, and the item."""

    as_of: Instant
    known: CommitNumber
    known_at: Instant | None
    key: tuple[str, ...]

    def text(self) -> str:
        """Return the cursor as an opaque text."""
        said = json.dumps([self.as_of, self.known, self.known_at, *self.key], separators=(",", ":"))
        return base64.urlsafe_b64encode(said.encode()).decode()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: the standpoint to ask from, and the last item seen; None for the first page.

    `asked_known_at` is the time of knowledge that the question states, which later cursors name too.
    """

    standpoint: Standpoint
    key: tuple[str, ...] | None = None
    asked_known_at: Instant | None = None

    def after(self, basis: Basis, key: tuple[str, ...]) -> str:
        """Return the cursor of an item of an answer to this."""
        return Cursor(basis.as_of, basis.commit.sequence, self.asked_known_at, key).text()


def resumed(after: str | None, asked: Standpoint) -> Place:
    """Return where a page begins: at the standpoint of the page before, else at that of the question.

    Raises:
        InvalidQuestion: for a text that is no cursor, or one of another standpoint than the
            question states.
    """
    if after is None:
        return Place(asked, None, asked.known_at)
    cursor = _parsed(after)
    stated = (
        (asked.as_of, cursor.as_of),
        (asked.known, cursor.known),
        (asked.known_at, cursor.known_at),
    )
    if any(mine is not None and mine != its for mine, its in stated):
        raise InvalidQuestion("after", "the cursor is of another date or commit", "the same question")
    same = Standpoint(as_of=cursor.as_of, known=cursor.known, rules_version=asked.rules_version)
    return Place(same, cursor.key, cursor.known_at)


def _parsed(text: str) -> Cursor:
    wrong = InvalidQuestion("after", "it is no cursor of an answer", "the cursor at the end of a page before")
    try:
        said: Any = json.loads(base64.b64decode(text.encode(), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        raise wrong from None
    match said:
        case [int(as_of), int(known), None | int() as known_at, *key] if all(isinstance(k, str) for k in key):
            moment = None if known_at is None else Instant(known_at)
            return Cursor(Instant(as_of), CommitNumber(known), moment, tuple(key))
        case _:
            raise wrong
