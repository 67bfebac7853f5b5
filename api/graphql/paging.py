"""Pages that stay in place while ingest writes: a cursor names the commit, the date and the last item."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeAlias

import strawberry
from strawberry import field

from graph.errors import InvalidQuestion
from graph.model import CommitNumber, Instant
from queries.basis import Basis
from queries.estate import Standpoint

PAGE_MOST: Final = 100
"""How many items a page may hold; more come by columns or by export."""

First: TypeAlias = Annotated[
    int, strawberry.argument(description="How many items the page holds at most, 1 to 100.")
]
After: TypeAlias = Annotated[
    str | None, strawberry.argument(description="The endCursor of the page before; the beginning if absent.")
]


@strawberry.type(description="Where a page ends.")
class PageInfo:
    """The end of a page."""

    has_next_page: bool = field(description="Whether there is more.")
    end_cursor: str | None = field(description="What to pass as after for the next page.")


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in an answer: the standpoint that it was given from, and the key of the last item seen."""

    as_of: Instant
    known: CommitNumber
    key: tuple[str, ...]

    def text(self) -> str:
        """Return the cursor as an opaque text."""
        said = json.dumps([self.as_of, self.known, *self.key], separators=(",", ":"))
        return base64.urlsafe_b64encode(said.encode()).decode()


def page_size(first: int) -> int:
    """Return the size of a page.

    Raises:
        InvalidQuestion: for one outside the bounds.
    """
    if not 1 <= first <= PAGE_MOST:
        raise InvalidQuestion("first", f"{first} items", f"1 to {PAGE_MOST}")
    return first


def resumed(after: str | None, standpoint: Standpoint) -> tuple[Cursor | None, Standpoint]:
    """Return the cursor, and the standpoint of the page before; that of the question without a cursor.

    Raises:
        InvalidQuestion: for a text that is no cursor, or one from another standpoint than the
            question states.
    """
    if after is None:
        return None, standpoint
    cursor = _parsed(after)
    if standpoint.known_at is not None:
        raise InvalidQuestion("after", "knownAt may stand for another commit by now", "knownCommit instead")
    for stated, said in ((standpoint.as_of, cursor.as_of), (standpoint.known, cursor.known)):
        if stated is not None and stated != said:
            raise InvalidQuestion("after", "the cursor is of another date or commit", "the same question")
    same = Standpoint(as_of=cursor.as_of, known=cursor.known, rules_version=standpoint.rules_version)
    return cursor, same


def page_after(keys: Sequence[tuple[str, ...]], cursor: Cursor | None, size: int) -> tuple[int, int]:
    """Return where a page begins and stops in an answer whose items have these keys.

    Raises:
        InvalidQuestion: where the cursor's item is not in the answer.
    """
    if cursor is None:
        return 0, min(size, len(keys))
    try:
        start = keys.index(cursor.key) + 1
    except ValueError:
        raise InvalidQuestion("after", "the cursor is of another answer", "the same question") from None
    return start, min(start + size, len(keys))


def page_of(
    basis: Basis, keys: Sequence[tuple[str, ...]], cursor: Cursor | None, size: int
) -> tuple[int, int, PageInfo]:
    """Return where a page begins and stops in an answer, and what to say of its end.

    Raises:
        InvalidQuestion: where the cursor's item is not in the answer.
    """
    start, stop = page_after(keys, cursor, size)
    end = None
    if stop > start:
        end = Cursor(basis.as_of, basis.commit.sequence, tuple(keys[stop - 1])).text()
    return start, stop, PageInfo(has_next_page=stop < len(keys), end_cursor=end)


def _parsed(text: str) -> Cursor:
    wrong = InvalidQuestion("after", "it is no cursor of this API", "the endCursor of a page before")
    try:
        said: Any = json.loads(base64.urlsafe_b64decode(text.encode()))
    except (binascii.Error, ValueError):
        raise wrong from None
    match said:
        case [int(as_of), int(known), *key] if all(isinstance(part, str) for part in key):
            return Cursor(Instant(as_of), CommitNumber(known), tuple(key))
        case _:
            raise wrong
