"""From the lists of a run to scopes with claims, and which of them are whole.

A list that comes in pages is whole where every page was read: the address of each page but the
first is the one at which the page before it says that the list goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from graph.errors import Problem
from graph.model import Instant, Scope
from ingest.facts import Fact, merged, said
from ingest.record import Noted, ReadContext, Record, Rejected, ScopeClosed, ScopeOpened, Skipped
from ingest.shapes import Misshapen, text_at
from ingest.sources.entra.listings import Item, Listing
from ingest.sources.entra.names import Tenant, folded
from ingest.sources.entra.scopes import Part, parts_of

_UNREAD: Final = "not all of its objects could be read"
_PAGES: Final = "it is one part of a list, of which not every part was read with the address it came from"
_NO_CLIENT: Final = "the application is in no list of applications of this run"


def sections(listings: Sequence[Listing], tenant: Tenant, context: ReadContext) -> Iterator[Record]:
    """Yield one scope for each list, in order of time."""
    clients = _clients(listings)
    for together in _together(listings):
        asked = together[0].asked
        if asked.resource == "organization":
            continue
        if asked.resource.startswith("deleted ") and asked.resource != "deleted users":
            yield from (
                Skipped(f"object of the list {asked.resource}") for one in together for _ in one.items
            )
            continue
        items = [item for listing in together for item in listing.items]
        parts = list(parts_of(asked.resource, asked.owner, items, tenant, clients))
        if not parts:
            yield from (_without_application(listing) for listing in together)
        for part in parts:
            yield from _section(part, together, tenant, context)


def _section(
    part: Part, together: Sequence[Listing], tenant: Tenant, context: ReadContext
) -> Iterator[Record]:
    found = part.found
    scope = Scope(context.source, part.scope)
    yield ScopeOpened(scope, _read_at(together), kinds=part.kinds, relations=part.relations)
    yield from (Rejected(problem, scope) for problem in found.problems)
    yield from (Skipped(what) for what in found.skipped)
    yield from (Noted(note) for note in found.notes)
    first = together[0].document.file.name
    placed = [(first, Fact(about, "")) for about in tenant.place_facts(part.place)] if part.place else []
    files = {id(fact): file for file, fact in (*placed, *found.facts)}
    for fact in merged([fact for _, fact in (*placed, *found.facts)]):
        yield said(fact, scope, files[id(fact)])
    why = _why_partial(part, together, context)
    yield ScopeClosed(scope, complete=why is None, reason=why)


def _why_partial(part: Part, together: Sequence[Listing], context: ReadContext) -> str | None:
    """Return why what was read may not be the whole list; None where it is said to be and nothing objects."""
    if part.found.problems:
        return _UNREAD
    for listing in together:
        why = listing.document.why_partial(context) or listing.asked.partial
        if why is not None:
            return why
    if any(listing.is_page for listing in together) and not _is_chain(together):
        return _PAGES
    return part.found.partial


def _is_chain(pages: Sequence[Listing]) -> bool:
    """Return whether pages are all pages of one list, going by their addresses."""
    following = {page.asked.address: page.next_address for page in pages}
    starts = [page.asked.address for page in pages if not page.asked.is_later_page]
    if len(starts) != 1 or None in following or len(following) != len(pages):
        return False
    seen: set[str | None] = set()
    address: str | None = starts[0]
    while address is not None and address in following and address not in seen:
        seen.add(address)
        address = following[address]
    return address is None and len(seen) == len(pages)


def _together(listings: Sequence[Listing]) -> list[list[Listing]]:
    """Return the lists, the pages of one list as one; each other list by itself, in order of time."""
    same: dict[tuple[str, str | None], list[Listing]] = {}
    for listing in sorted(listings, key=lambda one: (one.document.read_at, one.document.file.name)):
        same.setdefault((listing.asked.resource, listing.asked.owner), []).append(listing)
    found: list[list[Listing]] = []
    for group in same.values():
        found.extend([group] if any(one.is_page for one in group) else [[one] for one in group])
    return found


def _read_at(together: Sequence[Listing]) -> Instant:
    return max(listing.document.read_at for listing in together)


def _clients(listings: Sequence[Listing]) -> Mapping[str, str]:
    """Return the client ids of the applications in a run, by their object ids."""
    found: dict[str, str] = {}
    for listing in listings:
        if listing.asked.resource == "applications":
            for item in listing.items:
                client = _client(item)
                if client is not None:
                    found[client[0]] = client[1]
    return found


def _client(item: Item) -> tuple[str, str] | None:
    if not isinstance(item.value, dict):
        return None
    try:
        return folded(text_at(item.value, "id")), text_at(item.value, "appId")
    except Misshapen:
        return None


def _without_application(listing: Listing) -> Rejected:
    file = listing.document.file.name
    return Rejected(Problem(file, "", "", _NO_CLIENT, "the list of applications in the same run"))
