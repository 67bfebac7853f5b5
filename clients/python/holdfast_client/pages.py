"""Long lists that come in pages: the first is there, the others are asked for when they are needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from holdfast_client.errors import UnexpectedAnswer

Item = TypeVar("Item")
Cursor = str | int
"""Where the next page begins."""


class Pages(Generic[Item]):
    """All items of a list, in order; all pages are of the one commit and date of the answer.

    Iterating asks the server for each further page as it gets there, and begins anew each time;
    only one page is held in memory. What the server cannot answer meanwhile is raised there.
    """

    __slots__ = ("_after", "_first_page", "_follow")

    def __init__(
        self,
        first_page: tuple[Item, ...],
        after: Cursor | None,
        follow: Callable[[Cursor], Pages[Item]],
    ) -> None:
        self._first_page = first_page
        self._after = after
        self._follow = follow

    @property
    def first_page(self) -> tuple[Item, ...]:
        """Return what came with the answer, without asking for more."""
        return self._first_page

    @property
    def has_more(self) -> bool:
        """Return whether there is more than the first page."""
        return self._after is not None

    def __iter__(self) -> Iterator[Item]:
        page: Pages[Item] = self
        while True:
            yield from page.first_page
            following = page.following()
            if following is None:
                return
            page = following

    def following(self) -> Pages[Item] | None:
        """Return the page after the first; None where there is none."""
        if self._after is None:
            return None
        page = self._follow(self._after)
        if page.has_more and page.goes_on_at(self._after):
            raise UnexpectedAnswer("the end of a page", "a new place")
        return page

    def goes_on_at(self, place: Cursor) -> bool:
        """Return whether what follows the first page begins at a place."""
        return self._after == place

    def __repr__(self) -> str:
        return f"<{len(self._first_page)} items{', and more' if self.has_more else ''}>"


class NumberedPages(Pages[Item]):
    """The same, for logs that are read from the newest entry back."""

    __slots__ = ()
