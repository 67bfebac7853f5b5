"""Pages that stay in place while ingest writes: a cursor names the commit, the date and the last item."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final, TypeAlias

import strawberry
from strawberry import field

from api.cursors import Place
from graph.errors import InvalidQuestion
from queries.basis import Basis

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


def page_size(first: int) -> int:
    """Return the size of a page.

    Raises:
        InvalidQuestion: for one outside the bounds.
    """
    if not 1 <= first <= PAGE_MOST:
        raise InvalidQuestion("first", f"{first} items", f"1 to {PAGE_MOST}")
    return first


def page_after(keys: Sequence[tuple[str, ...]], place: Place, size: int) -> tuple[int, int]:
    """Return where a page begins and stops in an answer whose items have these keys.

    Raises:
        InvalidQuestion: where the cursor's item is not in the answer.
    """
    if place.key is None:
        return 0, min(size, len(keys))
    try:
        start = keys.index(place.key) + 1
    except ValueError:
        raise InvalidQuestion("after", "the cursor is of another answer", "the same question") from None
    return start, min(start + size, len(keys))


def page_of(
    basis: Basis, keys: Sequence[tuple[str, ...]], place: Place, size: int
) -> tuple[int, int, PageInfo]:
    """Return where a page begins and stops in an answer, and what to say of its end.

    Raises:
        InvalidQuestion: where the cursor's item is not in the answer.
    """
    start, stop = page_after(keys, place, size)
    end = place.after(basis, tuple(keys[stop - 1])) if stop > start else None
    return start, stop, PageInfo(has_next_page=stop < len(keys), end_cursor=end)
